# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that knows how Blender 4.2 to 5.2 differ.

4.4 renamed sequences to strips and 5.0 dropped the old name; 5.0 gave the sequencer a scene of its own; 5.2
renamed the handles, and warns whoever uses the old names.
"""

from contextlib import contextmanager, suppress
from functools import partial
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
    if action is not None and hasattr(action, "fcurves"):
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


def renders(scene: Any) -> bool:
    """Whether a scene has a camera, or compositing nodes, which need none. 5.0 keeps these as a group."""
    seen = any(one.type == "CAMERA" for layer in scene.view_layers for one in layer.objects)
    nodes = "compositing_node_group" if hasattr(scene, "compositing_node_group") else "node_tree"
    return bool(scene.camera or seen or getattr(scene, nodes))


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


def cut_away(strip: Any) -> int:
    """How many frames at the beginning of its file a strip has given up for good, as a hold split does."""
    name = "content_trim_start" if hasattr(strip, "left_handle") else "animation_offset_start"
    return int(getattr(strip, name, 0))


def trim(strip: Any, offset: float, right: int) -> None:
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


def is_playing() -> bool:
    """Whether the picture runs in any window."""
    windows = bpy.context.window_manager.windows
    return any(window.screen.is_animation_playing for window in windows)


def play() -> None:
    """Let the picture run, unless it does."""
    if not is_playing():
        with suppress(RuntimeError):
            bpy.ops.screen.animation_play()


def stop() -> None:
    """Let the picture stand, where it is now."""
    for window in bpy.context.window_manager.windows:
        if window.screen.is_animation_playing:
            with bpy.context.temp_override(window=window), suppress(RuntimeError):
                bpy.ops.screen.animation_cancel(restore_frame=False)


def redraw() -> None:
    """Draw every sequencer anew."""
    for _window, area in sequencers():
        area.tag_redraw()


def session_of(block: Any) -> int:
    """A number that a data-block keeps over undo and renaming, as long as its file is open."""
    return int(getattr(block, "session_uid", 0))


def busy() -> bool:
    """Whether strips must be left alone now: the user drags them, or a render reads them."""
    return dragging() or bpy.app.is_job_running("RENDER")


def dragging() -> bool:
    """Whether the user drags something."""
    return any(
        operator.bl_idname.startswith(DRAGGING)
        for window in bpy.context.window_manager.windows
        for operator in window.modal_operators
    )


def show_tab(name: str) -> bool:
    """Open the sidebar beside the first timeline, at this tab; whether there is a timeline.

    Blender knows the tabs of a sidebar only once it was drawn: where it was closed, a timer does the rest.
    """
    areas = [area for _window, area in sequencers() if _shows_timeline(area)]
    if not areas:
        return False
    areas[0].spaces.active.show_region_ui = True
    if not _bring_to_front(name) and not bpy.app.background:
        bpy.app.timers.register(partial(_until_there, name, [5]), first_interval=0.1)
    return True


def _until_there(name: str, tries: List[int]) -> Optional[float]:
    tries[0] -= 1
    return 0.1 if not _bring_to_front(name) and tries[0] else None


def _bring_to_front(name: str) -> bool:
    areas = [area for _window, area in sequencers() if _shows_timeline(area)]
    for sidebar in [one for area in areas[:1] for one in area.regions if one.type == "UI"]:
        with suppress(AttributeError, TypeError):
            sidebar.active_panel_category = name
            areas[0].tag_redraw()
            return True
    return False


def connect(scene: Any, strip: Any, others: List[Any]) -> None:
    """Connect a strip and others, so that they are selected and moved together.

    The operator takes away what each was connected to before: so the strip's own connections are made anew
    with the others, and where they cannot be told nothing is done.
    """
    known = connected(scene, strip)
    if known is not None:
        group = [strip, *known, *others]
        _on_selected(scene, group, lambda _region: bpy.ops.sequencer.connect(toggle=False))


def connected(scene: Any, strip: Any) -> Optional[List[Any]]:
    """What a strip is connected to; none where it cannot be told, as where no timeline is open.

    It can be read from 5.2 on. Before, only a box knows: it selects what it touches, and what that is
    connected to. A strip that is hardly to be seen on the screen cannot be told from those beside it.
    """
    if hasattr(strip, "connections"):
        return list(strip.connections)
    touched = _on_selected(scene, [], lambda region: _touched(scene, region, strip))
    return [other for other in touched if other != strip] if touched and strip in touched else None


def _touched(scene: Any, region: Any, strip: Any) -> List[Any]:
    """The strips that are selected by a box within a strip; none where there is no room for it."""
    place, to_region = bounds(strip), partial(region.view2d.view_to_region, clip=False)
    left, below = to_region(place.left, strip.channel + 0.3)
    right, above = to_region(place.right, strip.channel + 0.7)
    if right - left < 5 or above - below < 2:
        return []
    middle = (left + right) // 2
    box = {"xmin": middle, "xmax": middle + 1, "ymin": below, "ymax": above}
    bpy.ops.sequencer.select_box(wait_for_input=False, mode="SET", **box)
    return [one for one in all_strips(scene.sequence_editor) if one.select]


def reload(scene: Any, strip: Any) -> None:
    """Let a strip have the length of its file; where no timeline is open it keeps the one that it had.

    That one is seen where its trims are dragged; what is heard does not depend on it.
    """
    _on_selected(scene, [strip], lambda _region: bpy.ops.sequencer.reload(adjust_length=True))


def move_content(strip: Any, start: int) -> None:
    """Let the content of a strip begin in a frame; its trims move with it."""
    if hasattr(strip, "content_start"):
        strip.content_start = start
    else:
        strip.frame_start = start


def sound_offset(strip: Any) -> float:
    """By how many seconds a sound is moved within a frame; old versions cannot move one."""
    return float(getattr(strip, "sound_offset", 0.0))


def set_sound_offset(strip: Any, seconds: float) -> None:
    """Move a sound within a frame, where that can be done; else it stays on the frame."""
    if hasattr(strip, "sound_offset"):
        strip.sound_offset = seconds


def split(scene: Any, strip: Any, frame: int) -> Any:
    """Split one strip, and none that it is connected to; gives the right part. Connections may be lost."""
    if "ignore_connections" in strip.bl_rna.functions["split"].parameters:
        return strip.split(frame=frame, split_method="SOFT", ignore_connections=True)
    _on_selected(scene, [strip], lambda _region: bpy.ops.sequencer.disconnect(), borrow=True)
    return strip.split(frame=frame, split_method="SOFT")


def _on_selected(scene: Any, group: List[Any], run: Callable[[Any], Any], borrow: bool = False) -> Any:
    """What `run` gives for a timeline's region, with these strips selected; none where no timeline is open.

    Where none is, another area may be borrowed for that moment.
    """
    places = [place for place in sequencers() if _shows_timeline(place[1])]
    if borrow and not places:
        window = bpy.context.window_manager.windows[0]
        places = [(window, window.screen.areas[0])]
    for window, area in places[:1]:
        with _as_timeline(area), _alone(scene, group), suppress(RuntimeError):
            region = _main_region(area)
            with bpy.context.temp_override(window=window, area=area, region=region, scene=scene):
                if scene_of(bpy.context) == scene:
                    return run(region)
    return None


@contextmanager
def _as_timeline(area: Any) -> Iterator[None]:
    was = area.type
    if was != "SEQUENCE_EDITOR":
        area.type = "SEQUENCE_EDITOR"
    try:
        yield
    finally:
        if was != "SEQUENCE_EDITOR":
            area.type = was


@contextmanager
def _alone(scene: Any, group: List[Any]) -> Iterator[None]:
    """Only these strips are selected."""
    names, everything = {strip.name for strip in group}, all_strips(scene.sequence_editor)
    selected = [strip.select for strip in everything]
    for strip in everything:
        strip.select = strip.name in names
    try:
        yield
    finally:
        for strip, was in zip(everything, selected, strict=True):
            strip.select = was


def _shows_timeline(area: Any) -> bool:
    return area.spaces.active.view_type != "PREVIEW"


def _main_region(area: Any) -> Optional[Any]:
    return next((region for region in area.regions if region.type == "WINDOW"), None)
