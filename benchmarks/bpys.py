"""Blenders to measure in: the Pythons that have bpy, each with a backend of its own."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from backend.client import Client, ClientError  # noqa: E402
from backend.launch import record_launch  # noqa: E402


def parser(about: str | None) -> argparse.ArgumentParser:
    """Of a benchmark that is `about` this, with the option that `chosen` reads."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--bpy", action="append", help="a Python that has bpy; without it, all that are here")
    return made


def chosen(options: argparse.Namespace) -> list[str]:
    """The Pythons to measure with."""
    program = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    return options.bpy or sorted(str(venv / program) for venv in ROOT.glob(".venv-bpy-*"))


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for everything, a backend's state too; a backend that was started from it ends with it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(FOLEY_HOME=str(Path(folder, "home")), FOLEY_TEST_ENGINES="1")
        record_launch()
        try:
            yield Path(folder)
        finally:
            _end_backend()


def half(python: str, name: str, *arguments: object, said: object = None) -> dict[str, Any]:
    """Run a benchmark's half that is for Blender, and tell it `said`; its last line is what it found."""
    command = [python, str(Path(__file__).with_name(name)), *map(str, arguments)]
    done = subprocess.run(command, input=json.dumps(said), stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _end_backend() -> None:
    """End the backend that Blender started, if it came so far."""
    with Client("benchmark", start=False) as client, suppress(ClientError):
        client.request("shutdown", {"mode": "now"})
        while client.state == "ready":
            client.wait(1.0)
