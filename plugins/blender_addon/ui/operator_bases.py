# SPDX-License-Identifier: GPL-3.0-or-later
"""What our operators have in common: they say in one sentence why not, and none runs again by itself."""

from abc import abstractmethod
from typing import Any, ClassVar, Optional, Set

from ..core.problem import Problem
from ..jobs.queue import queue
from ..timeline import compat


class ReportingOperator:
    """An operator whose `Problem` becomes its report. For any class that is an operator, too."""

    # One undo takes all of it back. Not REGISTER: the "Adjust Last Operation" box would run it again, and ask
    # for another take, with every change.
    bl_options: ClassVar[Set[str]] = {"UNDO"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Wherever there is a timeline."""
        return compat.scene_of(context) is not None

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

    def invoke(self, context: Any, _event: Any) -> Set[str]:
        """Open the dialog."""
        try:
            self.prefill(context)
            queue.connect()
        except Problem as problem:
            return self.refuse(problem)
        opened: Set[str] = context.window_manager.invoke_props_dialog(
            self, width=self.width, confirm_text=self.confirm
        )
        return opened

    @abstractmethod
    def prefill(self, context: Any) -> None:
        """Set what was not set. A `Problem` where there is nothing to ask for."""
