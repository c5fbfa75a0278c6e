"""Blender with a window of its own, on a screen that nobody sees, and a way to work it as a user does."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 120.0
SIZE = "1600x1000"
INSIDE = [Path(__file__).with_name(name) for name in ("inside.py", "project.py")]


@dataclass(frozen=True)
class Program:
    """A Blender that has a window: a program, or one in the folder of another system (a chroot)."""

    path: str
    root: Path | None = None

    def command(self, arguments: list[str], shared: Path) -> list[str]:
        """How it is started; `shared` is seen in both systems at the same path.

        The mounts are in a namespace of their own, so that none is left when the program ends.
        """
        if self.root is None:
            return [self.path, *arguments]
        inner = self.root / str(shared).lstrip("/")
        inner.mkdir(parents=True, exist_ok=True)
        mounts = [f"mount --bind /{name} {self.root}/{name}" for name in ("proc", "dev", "sys")]
        sockets = self.root / "tmp" / ".X11-unix"
        sockets.mkdir(parents=True, exist_ok=True)
        mounts += [f"mount --bind /tmp/.X11-unix {sockets}", f"mount --bind {shared} {inner}"]
        script = " && ".join([*mounts, f'exec chroot {self.root} {self.path} "$@"'])
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", *arguments]


def find_program() -> Program | None:
    """The Blender named by FOLEY_UI_BLENDER, a program or a chroot's folder; else the one on the PATH."""
    named = os.environ.get("FOLEY_UI_BLENDER", "")
    if named and Path(named).is_dir():
        return Program("/usr/bin/blender", Path(named))
    found = named or shutil.which("blender")
    missing = [tool for tool in ("Xvfb", "import") if shutil.which(tool) is None]
    return Program(found) if found and not missing else None


class Window:
    """A Blender that runs; its whole state lies in `folder`."""

    def __init__(self, program: Program, folder: Path, home: Path, project: Path | None = None) -> None:
        self.folder = folder
        self._screen, self._display = _screen()
        environment = {
            **os.environ,
            "DISPLAY": self._display,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "BLENDER_USER_RESOURCES": str(folder / "resources"),
            "FOLEY_HOME": str(home),
            "FOLEY_UI_FOLDER": str(folder),
        }
        for script in INSIDE:
            shutil.copy(script, folder)
        arguments = ["--factory-startup", "--enable-event-simulate", "--app-template", "Video_Editing"]
        arguments += ["-p", "0", "0", *SIZE.split("x"), *([str(project)] if project else [])]
        arguments += ["--python", str(folder / "inside.py")]
        self.log = folder / "blender.log"
        with self.log.open("w") as log:
            self._blender = subprocess.Popen(
                program.command(arguments, folder),
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    def do(self, name: str, *given: Any, **more: Any) -> Any:
        """Call a function of `inside.py` once all events are worked through; gives what it gives."""
        answer = self.folder / "answer.json"
        answer.unlink(missing_ok=True)
        asked = self.folder / "ask.new"
        asked.write_text(json.dumps({"do": name, "with": given, "more": more}), encoding="utf-8")
        asked.rename(self.folder / "ask.json")
        deadline = time.monotonic() + PATIENCE
        while not answer.exists():
            assert self._blender.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < deadline, f"Blender does not answer {name}."
            time.sleep(0.05)
        told = json.loads(answer.read_text(encoding="utf-8"))
        assert "error" not in told, told["error"]
        return told["answer"]

    def until(self, name: str, wanted: Any) -> None:
        """Ask again and again, until the answer is this, or passes this test."""
        meets = wanted if callable(wanted) else wanted.__eq__
        deadline = time.monotonic() + PATIENCE
        while meets(found := self.do(name)) is not True:
            assert time.monotonic() < deadline, (found, self.do("problem"), self.log.read_text()[-2000:])
            time.sleep(0.1)

    def picture(self, path: Path) -> Path:
        """What the screen shows."""
        self.do("pause")
        self.do("pause", 0)
        command = ["import", "-display", self._display, "-window", "root", str(path)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return path

    def colours(self, picture: Path, colour: str) -> int:
        """How many points of a picture are of nearly this colour."""
        near = ["-fuzz", "3%", "-fill", "black", "+opaque", colour, "-fill", "white", "-opaque", colour]
        command = ["convert", str(picture), *near, "-format", "%[fx:round(w*h*mean)]", "info:"]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def quit(self) -> None:
        """Let Blender end by itself, as a user does."""
        self.do("quit")
        assert self._blender.wait(PATIENCE) == 0, self.log.read_text()[-2000:]
        self.close()

    def close(self) -> None:
        """End Blender and the screen."""
        for process in (self._blender, self._screen):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _screen() -> tuple[subprocess.Popen[bytes], str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE}x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(
        [*command, "+extension", "GLX"], pass_fds=[write], stderr=subprocess.DEVNULL, start_new_session=True
    )
    os.close(write)
    with os.fdopen(read) as told:
        return screen, f":{told.readline().strip()}"
