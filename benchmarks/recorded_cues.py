"""Twenty takes by the command line, as digests: what must not be heard is held against the version before.

    .venv/bin/python benchmarks/recorded_cues.py > before.json
    .venv/bin/python benchmarks/recorded_cues.py --against before.json

Digests are of whole files (takes, stems, reports, previews), of the sound alone of WAVs, and of the takes'
records without their paths.
They hold for one machine with the same packages installed. Ends with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_FOLEY = (sys.executable, "-m", "backend")
DEMO = ROOT / "installers" / "demo" / "demo.mp4"

CUES: tuple[tuple[str, ...], ...] = (
    ("--prompt", "wooden knocks, light rain on the window"),
    ("--prompt", "boots on gravel, distant thunder", "--seed", "2", "--stems"),
    ("--prompt", "boots on gravel, distant thunder", "--seed", "2", "--bits", "16"),
    ("--prompt", "metal clanks", "--layers", "hits"),
    ("--prompt", "cloth, a cart", "--layers", "movement", "--stems"),
    ("--prompt", "wind in the trees, birds", "--layers", "ambience"),
    ("--prompt", "footsteps on wood", "--in", "1.37", "--out", "4.1"),
    ("--prompt", "footsteps on wood", "--in", "10f", "--out", "77f", "--handles", "1"),
    ("--prompt", "glass, in a cathedral", "--handles", "0.517"),
    ("--prompt", "heavy knocks, no wind", "--loudness", "-23"),
    ("--prompt", "heavy knocks", "--negative", "rain", "--loudness", "-16", "--seed", "77"),
    ("--prompt", "drums", "--hits", "0.5,1.25,2.0833", "--report", "{out}/report.html"),
    ("--prompt", "keys, a dog", "--takes", "3", "--in", "2", "--out", "3.21"),
    ("--prompt", "engine, traffic", "--alignment", "report"),
    ("--prompt", "wooden knocks", "--alignment", "off", "--preview", "{out}/preview.mp4"),
    ("--prompt", "", "--engine", "impulse"),
    ("--prompt", "", "--engine", "drifting", "--alignment", "snap", "--stems"),
    ("--prompt", "", "--engine", "drifting", "--alignment", "report"),
    ("--prompt", "xyzzy, rain", "--in", "00:00:01:00", "--out", "00:00:02:12"),
    ("--prompt", "waves, gulls, a distant bell", "--seed", "4294967295", "--report", "{out}/report.html"),
)
"""What is typed for each, but for the film, the output, and a seed of 1 where none is given."""


def main() -> int:
    """Make the takes; print their digests, or what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, help="What an earlier run printed.")
    parser.add_argument("--film", type=Path, default=DEMO)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = dict(_digests(asked.film, Path(folder)))
    if asked.against is None:
        print(json.dumps(found, indent=1))
        return 0
    before = json.loads(asked.against.read_text())
    different = sorted(name for name in before.keys() | found if before.get(name) != found.get(name))
    print(json.dumps({"digests": len(found), "different": different}))
    return 1 if different else 0


def _digests(film: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Name and digest of every file and record, each cue in a folder of its own."""
    home = {**os.environ, "FOLEY_HOME": str(folder / "home"), "FOLEY_TEST_ENGINES": "1"}
    home["SOURCE_DATE_EPOCH"] = "0"
    at = Path(shutil.copy(film, folder / f"film{film.suffix}"))
    try:
        for number, typed in enumerate(CUES, 1):
            out = folder / "out"
            out.mkdir()
            takes = _generate(at, out, typed, home)
            for path in sorted(out.iterdir()):
                content = path.read_bytes().replace(str(folder).encode(), b"")
                yield f"{number}/{path.name}", hashlib.sha256(content).hexdigest()
                if path.suffix == ".wav":
                    yield f"{number}/{path.name} sound", hashlib.sha256(_sound(content)).hexdigest()
            yield f"{number}/records", hashlib.sha256(_records(takes, folder)).hexdigest()
            shutil.rmtree(out)
    finally:
        subprocess.run([*_FOLEY, "shutdown", "--now"], cwd=ROOT, env=home, stdout=subprocess.DEVNULL)


def _sound(wav: bytes) -> bytes:
    """The chunk `data` of a WAV."""
    at = 12
    while wav[at : at + 4] != b"data":
        size = int.from_bytes(wav[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return wav[at:]


def _generate(film: Path, out: Path, typed: tuple[str, ...], home: dict[str, str]) -> list[dict[str, Any]]:
    arguments = [word.replace("{out}", str(out)) for word in typed]
    seed = () if "--seed" in typed else ("--seed", "1")
    command = [*_FOLEY, "generate", str(film), *arguments, *seed]
    command += ["--output", str(out / "take.wav"), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=home, stdout=subprocess.PIPE, check=True)
    takes: list[dict[str, Any]] = json.loads(done.stdout)["takes"]
    return takes


def _records(takes: list[dict[str, Any]], folder: Path) -> bytes:
    return json.dumps(takes, sort_keys=True).replace(str(folder), "").encode()


if __name__ == "__main__":
    sys.exit(main())
