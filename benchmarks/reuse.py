"""The same stretch of film with another prompt: how many frames are decoded (asked: none), and how fast.

    python benchmarks/reuse.py [FILM]

Runs the real service in a state folder of its own; prints one JSON line; exit code 1 if a frame was decoded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def foley(*arguments: str) -> Any:
    """Run `foley ARGUMENTS --json`; gives the answer."""
    command = [sys.executable, "-m", "backend", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return json.loads(done.stdout)


def generate(film: str, prompt: str, output: Path) -> tuple[int, float]:
    """Frames decoded, and seconds from submit to answer."""
    start = time.perf_counter()
    answer = foley("generate", film, "--prompt", prompt, "--output", str(output), "--seed", "1")
    return answer["takes"][0]["decoded_frames"], time.perf_counter() - start


def main() -> int:
    """Measure, print, judge."""
    film = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "installers" / "demo" / "demo.mp4")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FOLEY_HOME"] = folder
        try:
            first, first_seconds = generate(film, "wood", Path(folder) / "a.wav")
            second, second_seconds = generate(film, "metal, rain", Path(folder) / "b.wav")
        finally:
            foley("shutdown", "--now")
    print(
        json.dumps(
            {
                "frames_decoded_first": first,
                "frames_decoded_with_another_prompt": {"asked": 0, "reached": second},
                "seconds_first": round(first_seconds, 3),
                "seconds_with_another_prompt": round(second_seconds, 3),
            }
        )
    )
    return 1 if second or not first else 0


if __name__ == "__main__":
    sys.exit(main())
