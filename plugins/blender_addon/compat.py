# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that knows how Blender 4.2 to 5.2 differ.

4.4 renamed sequences to strips and 5.0 dropped the old name; 5.0 gave the sequencer a scene of its own; 5.2
renamed the handles, and warns whoever uses the old names.
"""

from contextlib import suppress
from typing import Any, Callable, Iterator, List, NamedTuple, Optional

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


def level_of(scene: Any, strip: Any) -> List[Any]:
    """The strips beside a strip, and the strip itself: those of its meta, or those that are in none."""
    return list(strips(strip.parent_meta() or scene.sequence_editor))


def open_level(editor: Any) -> List[Any]:
    """The strips that the timeline shows: those of the meta that is open, or those that are in none."""
    return list(strips(editor.meta_stack[-1] if len(editor.meta_stack) else editor))


def is_muted(scene: Any, strip: Any) -> bool:
    """Whether the strip, its channel, or a meta around it is muted."""
    meta = strip.parent_meta()
    channels = (meta or scene.sequence_editor).channels
    muted = strip.mute or channels[strip.channel].mute
    return bool(muted or (meta is not None and is_muted(scene, meta)))


def curves(scene: Any) -> List[Any]:
    """The animation curves and drivers of a scene. From 4.4 on an action has layers, since 5.0 no others."""
    animation = scene.animation_data
    action = animation.action if animation else None
    found = list(animation.drivers) if animation else []
    if hasattr(action, "fcurves"):
        found += action.fcurves
    elif action is not None and animation.action_slot is not None:
        bags = [strip.channelbag(animation.action_slot) for layer in action.layers for strip in layer.strips]
        found += [curve for bag in bags if bag is not None for curve in bag.fcurves]
    return found


def write_film(render: Any) -> None:
    """Let a render become a film. From 5.0 on it must be told first that it becomes no picture."""
    if hasattr(render.image_settings, "media_type"):
        render.image_settings.media_type = "VIDEO"
    render.image_settings.file_format = "FFMPEG"


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


def trim(strip: Any, offset: int, right: int) -> None:
    """Let a strip begin so many frames inside its content, and end at the frame `right` (exclusive)."""
    if hasattr(strip, "left_handle"):
        strip.left_handle_offset = offset
        strip.right_handle = right
    else:
        strip.frame_offset_start = offset
        strip.frame_final_end = right


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
    if not hasattr(pair[0], "connections"):
        return
    group = [strip for one in pair for strip in (one, *one.connections)]
    _on_selected(scene, group, lambda: bpy.ops.sequencer.connect(toggle=False))


def reload(scene: Any, strip: Any) -> None:
    """Let a strip have the length of its file; where no timeline is open it keeps the one that it had.

    That one is seen where its trims are dragged; what is heard does not depend on it.
    """
    _on_selected(scene, [strip], lambda: bpy.ops.sequencer.reload(adjust_length=True))


def move_content(strip: Any, start: int) -> None:
    """Let the content of a strip begin in a frame; its trims move with it."""
    if hasattr(strip, "content_start"):
        strip.content_start = start
    else:
        strip.frame_start = start


def split(strip: Any, frame: int) -> Any:
    """Split one strip, and none that it is connected to; gives the right part."""
    known = strip.bl_rna.functions["split"].parameters
    alone = {"ignore_connections": True} if "ignore_connections" in known else {}
    return strip.split(frame=frame, split_method="SOFT", **alone)


def _on_selected(scene: Any, group: List[Any], run: Callable[[], Any]) -> None:
    """Run an operator with these strips selected, if a timeline of the scene is open."""
    place = next((place for place in sequencers() if _shows_timeline(place[1])), None)
    if place is None or scene_of(bpy.context) != scene:
        return
    names, everything = {strip.name for strip in group}, all_strips(scene.sequence_editor)
    selected = [strip.select for strip in everything]
    for strip in everything:
        strip.select = strip.name in names
    window, area = place
    shown = {"window": window, "area": area, "region": _main_region(area)}
    with suppress(RuntimeError), bpy.context.temp_override(**shown):
        run()
    for strip, was in zip(everything, selected, strict=True):
        strip.select = was


def _shows_timeline(area: Any) -> bool:
    return area.spaces.active.view_type != "PREVIEW"


def _main_region(area: Any) -> Optional[Any]:
    return next((region for region in area.regions if region.type == "WINDOW"), None)
