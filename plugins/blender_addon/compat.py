# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that knows how Blender 4.2 to 5.2 differ.

4.4 renamed sequences to strips and 5.0 dropped the old name; 5.0 gave the sequencer a scene of its own; 5.2
renamed the handles, and warns whoever uses the old names.
"""

from contextlib import suppress
from typing import Any, Iterator, List, NamedTuple, Optional

import bpy

DRAGGING = ("TRANSFORM_OT", "SEQUENCER_OT")


class Bounds(NamedTuple):
    """Where a strip lies, in frames.

    Its handles (`right` is exclusive), how far they are inside its content (below zero: beyond it), and the
    length of that content.
    """

    left: int
    right: int
    offset: float
    offset_right: float
    content: int


def strips(owner: Any) -> Any:
    """The strips of a sequence editor or a meta strip, without those inside metas."""
    return owner.strips if hasattr(owner, "strips") else owner.sequences


def all_strips(editor: Any) -> List[Any]:
    """All strips, those inside metas too."""
    return list(editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all)


def scene_of(context: Any) -> Any:
    """The scene that the sequencer shows."""
    return getattr(context, "sequencer_scene", None) or context.scene


def bounds(strip: Any) -> Bounds:
    """Where the strip lies."""
    if hasattr(strip, "left_handle"):
        return Bounds(
            strip.left_handle,
            strip.right_handle,
            strip.left_handle_offset,
            strip.right_handle_offset,
            strip.content_duration,
        )
    return Bounds(
        strip.frame_final_start,
        strip.frame_final_end,
        strip.frame_offset_start,
        strip.frame_offset_end,
        strip.frame_duration,
    )


def sequencers() -> Iterator[Any]:
    """Window and area of every open sequencer, previews too."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                yield window, area


def redraw() -> None:
    """Draw every sequencer anew."""
    for _window, area in sequencers():
        area.tag_redraw()


def busy() -> bool:
    """Whether strips must be left alone now: the user drags them, or a render reads them."""
    dragging = any(
        operator.bl_idname.startswith(DRAGGING)
        for window in bpy.context.window_manager.windows
        for operator in window.modal_operators
    )
    return dragging or bpy.app.is_job_running("RENDER")


def connect(scene: Any, pair: List[Any]) -> None:
    """Connect two strips, and all that each was connected to, so that they are selected and moved together.

    The operator takes away the connections that its strips had before, and these can be read from 5.2 on
    only. So on older versions, or where no timeline is open, it does nothing: a film keeps its own sound.
    """
    place = next((place for place in sequencers() if _shows_timeline(place[1])), None)
    if place is None or not hasattr(pair[0], "connections") or scene_of(bpy.context) != scene:
        return
    group = {strip.name: strip for one in pair for strip in (one, *one.connections)}
    window, area = place
    everything = all_strips(scene.sequence_editor)
    selected = [strip.select for strip in everything]
    for strip in everything:
        strip.select = strip.name in group
    region = _main_region(area)
    with suppress(RuntimeError), bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.sequencer.connect(toggle=False)
    for strip, was in zip(everything, selected, strict=True):
        strip.select = was


def _shows_timeline(area: Any) -> bool:
    return area.spaces.active.view_type != "PREVIEW"


def _main_region(area: Any) -> Optional[Any]:
    return next((region for region in area.regions if region.type == "WINDOW"), None)
