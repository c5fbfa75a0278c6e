"""How much memory a process has, asked of the system from outside.

It is what is resident (RSS). A share of what processes have in common (PSS) would swell when others end.
None where the process has ended, or the system does not say.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def memory_of(pid: int) -> int | None:
    """Bytes of memory that the process has."""
    if sys.platform == "linux":
        return _linux(pid)
    elif sys.platform == "win32":
        return _windows(pid)
    else:
        found = _told(["ps", "-o", "rss=", "-p", str(pid)])
        return found * 1024 if found else None


def memory_of_gpu() -> int | None:
    """Bytes in use on the first graphics card, by everybody; None without one that can be asked."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    found = _told([program, "--query-gpu=memory.used", "--format=csv,noheader,nounits", "--id=0"])
    return None if found is None else found << 20


def _linux(pid: int) -> int | None:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return None


def _told(command: list[str]) -> int | None:
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        return int(subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout)
    return None


def _windows(pid: int) -> int | None:
    listed = ["tasklist", "/FI", f"PID eq {pid}", "/FO", "CSV", "/NH"]
    with suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run(listed, capture_output=True, text=True, timeout=10, check=True).stdout
        digits = "".join(letter for letter in told.rsplit('","', 1)[-1] if letter.isdigit())
        return int(digits) * 1024 if digits else None
    return None
