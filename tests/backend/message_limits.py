"""What the fields that clients send may hold, in words, each with values at the limit and past it.

The numbers are those of the code. `test_messages_page.py` sends the values, so that a limit which is told is
one that holds; what has none is told so, by values that nobody would send.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from backend import messages
from backend.service.abilities import LIMITS, OUTPUTS
from backend.service.acceptance import JOB_ID
from backend.service.questions import LONGEST, SHORTEST
from backend.worker.delivery import LONGEST_PATH
from foley_core.cue import LOUDNESS, MAX_HANDLE, Cue, WantedHit
from foley_core.neural_settings import MAX_GUIDANCE, MAX_STEPS, NeuralSettings

LONG = "x" * 100_000


@dataclass(frozen=True)
class Limit:
    """Of one field."""

    words: str
    holds: tuple[Any, ...]
    breaks: tuple[Any, ...] = ()


def number(value: float) -> str:
    """As the page writes it: 4 294 967 295."""
    return f"{value:,}".replace(",", " ") if isinstance(value, int) else f"{value:g}"


def within(least: float, most: float, step: float = 1) -> Limit:
    return Limit(f"{number(least)} to {number(most)}", (least, most), (least - step, most + step))


def letters(most: int) -> Limit:
    return Limit(f"at most {number(most)} letters", ("x" * most,), ("x" * (most + 1),))


def free(*values: Any) -> Limit:
    return Limit("", values)


def counted_as(least: int, most: int) -> Limit:
    return Limit(f"{least} to {number(most)}", (least - 1, least, most, most + 1))


def files(endings: Iterable[str] = ()) -> str:
    named = " or ".join(f"`{ending}`" for ending in endings)
    return f"absolute, at most {number(LONGEST_PATH)} letters" + (f", ends in {named}" if named else "")


TEXT = free("", LONG)
SHARE = within(0.0, 1.0, 0.001)
PATH = Limit(files(), (None, "/no/such/file"), ("file", "", "/" + "x" * LONGEST_PATH))
TAKE_PATHS = (["/no/such/take.wav"], ["/no/such/take.WAV"])
NOT_TAKE_PATHS: tuple[list[str], ...] = ([], ["take.wav"], ["/no/such/take.mp3"], ["/a.wav", "/b.wav"])

Sent = type[msgspec.Struct]
LIMITS_OF: dict[tuple[Sent, str], Limit] = {
    (messages.Hello, "protocol"): Limit(
        f"the first is {messages.PROTOCOL[0]}",
        ([messages.PROTOCOL[0], 0], [messages.PROTOCOL[0], 99]),
        ([messages.PROTOCOL[0] + 1, 0],),
    ),
    (messages.Hello, "build"): TEXT,
    (messages.Hello, "client"): Limit(f"the first {number(LIMITS.client)} letters count", ("", LONG)),
    (messages.Hello, "most_impacts"): Limit("at least 0", (None, 0, 10**9), (-1,)),
    (messages.Submit, "job"): Limit(
        f"`{JOB_ID.pattern}`", ("-", "x" * 64), ("", "x" * 65, "a b", "a/b", "é", "..")
    ),
    (messages.Submit, "film_s"): free(None, -1, 0, 1e300),
    (messages.Cancel, "job"): TEXT,
    (messages.Status, "job"): free(None, LONG),
    (messages.List, "batch"): free(None, LONG),
    (messages.List, "states"): free(None, [], ["done", "failed"]),
    (messages.List, "limit"): counted_as(0, LIMITS.listed),
    (messages.List, "before"): free(None, LONG),
    (messages.Find, "name"): TEXT,
    (messages.Find, "file"): Limit("absolute, or empty", ("", "/" + LONG), ("take.wav", "./take.wav")),
    (messages.Impacts, "job"): TEXT,
    (messages.Impacts, "take"): Limit("of a take that there is", (0,)),
    (messages.Impacts, "first"): Limit("less than 0 counts as 0", (-1, 0, 10**9)),
    (messages.Impacts, "limit"): counted_as(0, LIMITS.impacts),
    (messages.Explain, "prompt"): letters(LIMITS.prompt),
    (messages.Explain, "negative"): letters(LIMITS.prompt),
    (messages.Hear, "prompt"): Limit(f"at most {number(LIMITS.prompt)} letters", ("wood",), ("x" * 2_001,)),
    (messages.Hear, "path"): Limit(
        files(OUTPUTS.takes), (), ("", "a.wav", "/a.mp3", "/no/such/folder/a.wav")
    ),
    (messages.Hear, "seconds"): Limit(f"{SHORTEST} to {LONGEST}", ("1/2", "30"), ("0.499", "30.001")),
    (messages.Hear, "seed"): within(0, LIMITS.seed),
    (messages.Subscribe, "jobs"): Limit(
        f"at most {number(LIMITS.subscribed)}",
        (["x"] * LIMITS.subscribed,),
        (["x"] * (LIMITS.subscribed + 1),),
    ),
    (messages.Subscribe, "batch"): letters(LIMITS.batch),
    (messages.Unsubscribe, "jobs"): free([], ["x"] * 10_000),
    (messages.Unsubscribe, "batch"): free(None, LONG),
    (messages.Shutdown, "replaced_by"): Limit(
        "newer than the backend, and recorded in `launch.json`", (), ("", "0.0.1", LONG)
    ),
    (messages.Deliver, "takes"): Limit(
        f"as many as the cue has `takes`; {files(OUTPUTS.takes)}", TAKE_PATHS, NOT_TAKE_PATHS
    ),
    (messages.Deliver, "preview"): PATH,
    (messages.Deliver, "report"): PATH,
    (messages.Deliver, "reports"): Limit(
        files(), ([], ["/no/such/a.csv", "/no/such/b"]), (["a.csv"], ["/a.csv"] * 2)
    ),
    (messages.Deliver, "made"): Limit(
        "without a time zone",
        (None, "2026-11-29T18:25:06"),
        ("2026-11-29T18:25:06Z", "2026-02-30T00:00:00", "2026-11-29"),
    ),
    (Cue, "media"): Limit("absolute", ("/no/such/film.mp4",), ("film.mp4", "")),
    (Cue, "prompt"): letters(LIMITS.prompt),
    (Cue, "negative"): letters(LIMITS.prompt),
    (Cue, "in"): Limit("at least 0", ("0", "10/1"), ("-1/1000",)),
    (Cue, "out"): Limit("after `in`", (None, "1/1000"), ("0", "-1")),
    (Cue, "layers"): Limit("at least one, none twice", (["hits"],), ([], ["hits", "hits"])),
    (Cue, "hits"): Limit(
        f"at most {number(LIMITS.hits)}", (None, [], ["1"] * LIMITS.hits), (["1"] * (LIMITS.hits + 1),)
    ),
    (Cue, "hit_list"): Limit(f"at most {number(LIMITS.hits)}", (None, [], [{"time": "1"}] * 10_000)),
    (Cue, "min_sure"): SHARE,
    (Cue, "min_strength"): SHARE,
    (Cue, "seed"): within(0, LIMITS.seed),
    (Cue, "takes"): within(1, LIMITS.takes),
    (Cue, "handles"): Limit(
        f"0 to {MAX_HANDLE}", ("0", str(MAX_HANDLE)), ("-1/1000", f"{MAX_HANDLE * 1000 + 1}/1000")
    ),
    (Cue, "engine"): Limit("one that there is", ("auto", "procedural"), ("bagpipes",)),
    (Cue, "loudness"): within(*LOUDNESS, 0.001),
    (Cue, "width"): SHARE,
    (Cue, "batch"): letters(LIMITS.batch),
    (WantedHit, "time"): free("-1", "1001/24000", "12.5"),
    (WantedHit, "sound"): letters(LIMITS.prompt),
    (WantedHit, "strength"): SHARE,
    (WantedHit, "x"): SHARE,
    (WantedHit, "y"): SHARE,
    (WantedHit, "size"): SHARE,
    (NeuralSettings, "steps"): within(1, MAX_STEPS),
    (NeuralSettings, "guidance"): within(0.0, MAX_GUIDANCE, 0.001),
    (NeuralSettings, "guided"): Limit(
        "0 to 1, in order", ([0, 1], [0.5, 0.5]), ([0.6, 0.5], [-0.1, 1], [0, 1.1])
    ),
    (NeuralSettings, "block_cache"): Limit("0 to less than 1", (0, 0.999), (-0.001, 1)),
}
"""A request's `id` may be any text. What holds an object, a boolean, or one of some words, has none."""
