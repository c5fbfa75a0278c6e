# SPDX-License-Identifier: GPL-3.0-or-later
"""What our operators have in common: they say in one sentence why not, and none runs again by itself."""

from abc import abstractmethod
from typing import Any, Callable, ClassVar, Optional, Set

from ..core.problem import Problem
from ..jobs import backend_status
from ..jobs.queue import queue


def _nothing(_context: Any) -> None:
    """Can always be done."""


class ReportingOperator:
    """An operator whose `Problem` becomes its report. For any class that is an operator, too."""

    # One undo takes all of it back. Not REGISTER: the "Adjust Last Operation" box would run it again, and ask
    # for another take, with every change.
    bl_options: ClassVar[Set[str]] = {"UNDO"}

    needs: Callable[[Any], None] = staticmethod(_nothing)
    """A `Problem` where it cannot be done with what is selected; asked with every redraw (`refusals`)."""

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Where it can be done; elsewhere its entry is grey, and tells why."""
        try:
            cls.needs(context)
        except Problem as problem:
            cls.poll_message_set(str(problem))  # type: ignore[attr-defined]
            return False
        return True

    def execute(self, context: Any) -> Set[str]:
        """Run it, and say what there is to be said."""
        try:
            said = self.run(context)
        except Problem as problem:
            return self.refuse(problem)
        if said:
            self.report({"INFO"}, said)  # type: ignore[attr-defined]
        return {"FINISHED"}

    def refuse(self, problem: Problem) -> Set[str]:
        """Say why not."""
        self.report({"ERROR"}, str(problem))  # type: ignore[attr-defined]
        return {"CANCELLED"}

    @abstractmethod
    def run(self, context: Any) -> Optional[str]:
        """Do it; gives what is to be said of it, if anything."""


class NoUndoOperator(ReportingOperator):
    """One that changes nothing in the project, so there is nothing to undo."""

    bl_options: ClassVar[Set[str]] = {"INTERNAL"}


class DialogOperator(ReportingOperator):
    """One that asks first, while the backend warms up. `run` prefills too, for scripts open no dialog."""

    confirm: ClassVar[str]
    """What stands on the dialog's button."""
    width: ClassVar[int] = 420

    def invoke(self, context: Any, event: Any) -> Set[str]:
        """Open the dialog."""
        try:
            self.prefill(context)
            queue.connect()
            backend_status.ask_for_engines()
        except Problem as problem:
            return self.refuse(problem)
        _leave_edge(context, event, self.width)
        opened: Set[str] = context.window_manager.invoke_props_dialog(
            self, width=self.width, confirm_text=self.confirm
        )
        return opened

    @abstractmethod
    def prefill(self, context: Any) -> None:
        """Set what was not set. A `Problem` where there is nothing to ask for."""


def _leave_edge(context: Any, event: Any, width: int) -> None:
    """Let a dialog find room to the left of the pointer.

    Where it has none, the pointer may lie on the button that clears the first field, and what is typed then
    does not go into it, but presses the buttons of these letters.
    """
    room = round(width * context.preferences.system.ui_scale)
    if room * 0.6 < event.mouse_x < room:
        context.window.cursor_warp(room, event.mouse_y)
