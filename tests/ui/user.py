"""What a user does again and again: choose from the right-click menu by its search, type, confirm, undo."""

from __future__ import annotations

from tests.ui.window import Window


def choose(window: Window, entry: str, strip: str = "Film") -> None:
    """Choose an entry of a strip's right-click menu by typing its name."""
    window.do("point_at", strip)
    window.do("press", "LEFTMOUSE")
    window.do("pause")
    window.do("press", "RIGHTMOUSE")
    window.do("pause", 10)
    window.do("press", "SPACE")
    window.do("write", entry)
    window.do("pause")
    window.do("press", "RET")
    window.do("pause", 10)


def confirm(window: Window) -> None:
    """End the typing, then press the dialog's button, which is the one that Enter presses."""
    for _ in range(2):
        window.do("press", "RET")
        window.do("pause")


def generate(window: Window, prompt: str, strip: str = "Film") -> None:
    """Ask for a take with these words."""
    choose(window, "generate f", strip)
    window.do("write", prompt)
    confirm(window)


def undo(window: Window) -> None:
    """Ctrl+Z, over the timeline."""
    window.do("press", "Z", ctrl=True)
    window.do("pause")


def redo(window: Window) -> None:
    """Shift+Ctrl+Z, over the timeline."""
    window.do("press", "Z", ctrl=True, shift=True)
    window.do("pause")


def move_mouse(window: Window) -> None:
    """A little, over the timeline; a report opens with that."""
    window.do("move", 500, 420)
    window.do("move", 520, 430)
    window.do("pause")


def close_report(window: Window) -> None:
    """Esc, over the report."""
    window.do("press", "ESC")
    window.do("pause")


def read_report(window: Window) -> None:
    """Let the report open that waits, and close it."""
    window.until("unreported", lambda left: left > 0)
    move_mouse(window)
    window.until("unreported", 0)
    close_report(window)
