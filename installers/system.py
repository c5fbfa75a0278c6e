"""System libraries that Blender's Python module needs on Linux: installed by apt, or listed for the user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from running import SetupFailed, run, say

DEBIAN_PACKAGES = (
    "libgl1",
    "libgomp1",
    "libice6",
    "libsm6",
    "libx11-6",
    "libxfixes3",
    "libxi6",
    "libxkbcommon0",
    "libxrender1",
    "libxt6",
    "libxxf86vm1",
)
"""What `ldd` finds missing beside the wheels of bpy 4.3 to 5.2 on a bare Debian."""

_APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y")


def make_bpy_load(python: Path) -> None:
    """See to it that `import bpy` works in that environment; `SetupFailed` says what is missing."""
    if not why_not(python, "bpy"):
        return
    if sys.platform == "linux" and shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Installing system libraries (about 55 MB): {' '.join(DEBIAN_PACKAGES)}")
        run([*_APT, "update"], "apt-get update failed")
        run([*_APT, "install", "--no-install-recommends", *DEBIAN_PACKAGES], "apt-get install failed")
    if reason := why_not(python, "bpy"):
        raise SetupFailed(f"Blender's module cannot be loaded: {reason}\n{_advice()}".rstrip())


def why_not(python: Path, module: str) -> str:
    """Why a module cannot be imported in that environment, in a line; empty if it can."""
    done = subprocess.run(
        [str(python), "-c", f"import {module}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    if done.returncode == 0:
        return ""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"


def _advice() -> str:
    names = " ".join(DEBIAN_PACKAGES)
    if sys.platform != "linux":
        return ""
    elif shutil.which("apt-get"):
        return f"Type: sudo apt install {names}"
    else:
        return f"Install the libraries that Debian calls {names} with your system's package manager."
