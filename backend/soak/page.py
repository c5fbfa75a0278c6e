"""The run as one page, drawn, and the same as JSON beside it: `soak.html` and `soak.json`, if so named.

The page holds everything in itself, runs no script and asks for nothing from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from backend.soak.plots import Plot, drawing
from backend.soak.run import CueResult, RunLog
from backend.soak.verdict import LATENCY, MEMORY, P95_MS, WORST_MS, Verdict, at_first, latencies
from foley_core.media.atomic_file import atomic_file
from foley_core.report.page import figures, page

PAGE = "soak.html"
_MOST_ROWS = 500
_MB = 1e6


def record_path(page: Path) -> Path:
    """Where the JSON of a page lies."""
    return page.with_suffix(".json")


def write_page(log: RunLog, found: Verdict, path: Path) -> None:
    """Write the page to `path` and its JSON beside it, whole or not at all. `OutputDenied`, `DiskFull`."""
    record = msgspec.json.format(msgspec.json.encode(_record(log, found)), indent=1)
    html = _page(log, found)
    with atomic_file(record_path(path)) as json_part, atomic_file(path) as page_part:
        json_part.write_bytes(record)
        page_part.write_text(html, encoding="utf-8", newline="\n")


def _record(log: RunLog, found: Verdict) -> dict[str, Any]:
    """The verdict, and all that it was made of."""
    return {
        **msgspec.to_builtins(found),
        "cues": [
            {
                "clip": made.clip.number + 1,
                "film": made.clip.footage.kind,
                "at_s": float(made.clip.at),
                "seconds": round(made.seconds, 3),
                "offsets_ms": [[round(at * 60, 3), round(ms, 3)] for at, ms in _offsets(made)],
                "unheard_s": [float(one.time) for one in made.heard if one.offset is None],
                "missing_samples": made.missing,
                "silent_samples": made.silent,
                "error": made.error,
            }
            for made in log.made
        ],
        "memory_bytes": {
            name: [[round(at * 60, 2), round(mb * _MB)] for at, mb in points]
            for name, points in _memory(log).items()
        },
        "latency_s_per_minute": [[at, round(seconds, 4)] for at, seconds in latencies(_whole(log))],
    }


def _page(log: RunLog, found: Verdict) -> str:
    header = f"""<p class="kind">Foley endurance test</p>
<h1>{_count(found.minutes, "minute")} of film in {_count(found.clips, "cue")}</h1>
<p class="prompt">{escape(found.engine)}: {escape(log.plan.prompt)}</p>
{_figures(found)}
{_judged(found)}"""
    main = f"""<h2>Offset of each impact: how much later it is heard than seen</h2>
{_offset_plot(log, found)}
<h2>Time to make a minute of film</h2>
{_latency_plot(log, found)}
<h2>Memory</h2>
{_memory_plots(log, found)}
<h2>Cues</h2>
{_cues(log)}
{_faults(log)}"""
    styles = (files("backend.soak") / "page.css").read_text(encoding="utf-8")
    return "".join(page("Endurance test · foley", header, [main], styles))


def _figures(found: Verdict) -> str:
    offset = found.offset_ms
    pairs = [
        ("Worst offset", _ms(offset.worst)),
        ("95 of 100 within", _ms(offset.p95)),
        ("Median at the start", _ms(offset.first)),
        ("Median at the end", _ms(offset.last)),
        ("Impacts heard", f"{found.impacts['heard']} of {found.impacts['true']}"),
        ("Latency, last / first", _number(found.latency_ratio)),
        *((f"Memory, {name}", _number(ratio)) for name, ratio in found.memory_ratio.items()),
        ("Gaps", f"{found.gap_samples} samples"),
        ("Speed", "–" if found.speed is None else f"{found.speed:.1f} ×"),
    ]
    if found.faults["given"]:
        pairs.append(("Faults survived", f"{found.faults['survived']} of {found.faults['given']}"))
    return figures(pairs)


def _judged(found: Verdict) -> str:
    left = f'<div class="left">Not judged:{_list(found.not_judged)}</div>' if found.not_judged else ""
    if found.failed:
        return f'<div class="verdict bad">Missed:{_list(found.failed)}{left}</div>'
    return f'<div class="verdict">Everything that was judged is as it should be.{left}</div>'


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _offset_plot(log: RunLog, found: Verdict) -> str:
    by_film: dict[str, list[tuple[float, float]]] = {}
    for made in log.made:
        by_film.setdefault(made.clip.footage.kind, []).extend(_offsets(made))
    series = {name: points for name, points in by_film.items() if points}
    bounds = (-WORST_MS, -P95_MS, P95_MS, WORST_MS)
    return drawing(Plot("Offset of each impact", "ms", found.minutes, series, bounds))


def _latency_plot(log: RunLog, found: Verdict) -> str:
    points = [(at / 60, seconds) for at, seconds in latencies(_whole(log))]
    bounds = [at_first(points, found.minutes) * LATENCY] if points else []
    return drawing(Plot("Latency", "s", found.minutes, {"latency": points}, bounds))


def _memory_plots(log: RunLog, found: Verdict) -> str:
    """One for each process, with what its last tenth may have."""
    return "\n".join(
        f"<h3>{escape(name.capitalize())}</h3>\n"
        + drawing(
            Plot(
                f"Memory of the {name}",
                "MB",
                found.minutes,
                {name: points},
                [at_first(points, found.minutes) * MEMORY],
                lines=True,
                from_zero=False,
            )
        )
        for name, points in _memory(log).items()
    )


def _cues(log: RunLog) -> str:
    rows = "\n".join(_row(made) for made in log.made[:_MOST_ROWS])
    head = "".join(f'<th class="number">{name}</th>' for name in ("Impacts", "Worst", "Time", "Gaps"))
    return f"""<table>
<thead><tr><th>Cue</th><th>Film</th>{head}<th>Outcome</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _row(made: CueResult) -> str:
    worst = max((abs(ms) for _, ms in _offsets(made)), default=None)
    count = sum(one.offset is not None for one in made.heard)
    outcome = f'<td class="bad">{escape(made.error)}</td>' if made.error else "<td>done</td>"
    return (
        f"<tr><td>{made.clip.number + 1}</td><td>{escape(made.clip.footage.kind)}</td>"
        f'<td class="number">{count} of {len(made.heard)}</td><td class="number">{_ms(worst)}</td>'
        f'<td class="number">{made.seconds:.1f} s</td><td class="number">{made.missing + made.silent}</td>'
        f"{outcome}</tr>"
    )


def _faults(log: RunLog) -> str:
    results = log.results
    if results is None:
        return ""
    rows = "\n".join(
        f'<tr><td>{escape(kind)}</td><td class="number">{count}</td></tr>'
        for kind, count in sorted(results.given.items())
    )
    return f"""<h2>Faults</h2>
<table>
<thead><tr><th>What was killed or filled</th><th class="number">Times</th></tr></thead>
<tbody>
{rows}
<tr><td>Takes lost</td><td class="number">{results.lost}</td></tr>
<tr><td>Takes with other bits</td><td class="number">{results.different}</td></tr>
</tbody>
</table>"""


def _offsets(made: CueResult) -> list[tuple[float, float]]:
    """Minutes of film into the run, and milliseconds."""
    return [
        (float(made.clip.at + one.time - made.clip.start) / 60, float(one.offset * 1000))
        for one in made.heard
        if one.offset is not None
    ]


def _memory(log: RunLog) -> dict[str, list[tuple[float, float]]]:
    """Minutes of film into the run, and megabytes, by process."""
    found: dict[str, list[tuple[float, float]]] = {}
    for reading in log.readings:
        found.setdefault(reading.process, []).append((reading.at / 60, reading.bytes / _MB))
    return found


def _whole(log: RunLog) -> list[CueResult]:
    return [made for made in log.made if not made.error]


def _count(number: float, what: str) -> str:
    return f"{number:g} {what}{'' if number == 1 else 's'}"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} ms".replace("-", "−")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
