# SPDX-License-Identifier: GPL-3.0-or-later
"""Undo steps for what is placed by itself: one for a take, and one for all takes of a batch; and for words.

Takes of a batch come over minutes. Each makes the step of those before it anew, with itself in it, unless
the user has done something since, which then keeps its own place between two steps. So one undo takes all
takes of an undisturbed batch away, and in the middle of it those that have come so far.
"""

from typing import Optional

import bpy

from ..core.batches import Batch

WORDS = "Score Sequence"
TAKE, TAKES = "Insert Foley", "Insert Foley Takes"


def push_words() -> None:
    """What was just written into a plan can be undone by itself, and stays when the takes are undone."""
    bpy.ops.ed.undo_push(message=WORDS)


def push(batch: Optional[Batch]) -> None:
    """What was just placed can be undone, together with what of its batch was placed before."""
    if batch is None:
        bpy.ops.ed.undo_push(message=TAKE)
    elif not batch.has_step:
        bpy.ops.ed.undo_push(message=TAKES)
    else:
        bpy.ops.foley.same_step("EXEC_DEFAULT", True)
    if batch is not None:
        batch.has_step = True
