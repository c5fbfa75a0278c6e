# SPDX-License-Identifier: GPL-3.0-or-later
"""The copy of a scene that is rendered in its stead: what of it is seen, and what kind of film it makes.

The user's own scene is only read. The copy carries a mark, so that one that an undo or a saved file brings
back is known and taken away.
"""

from typing import Any, Sequence, Tuple

import bpy

from ..core.custom_properties import COPY
from ..core.problem import Problem
from . import compat, effects

LONGER = 640
"""Pixels of the longer side that the film has about; the engines look at fewer."""


def make(scene: Any, shows: Sequence[str], span: Tuple[int, int], path: str) -> Any:
    """A copy that shows only the strips named, in the frames `span`, both inclusive, for the film `path`.

    `Problem`: one of them shows a scene without a camera.
    """
    copy = scene.copy()
    copy.name, copy[COPY] = ".Foley", True
    try:
        _show_only(copy, shows)
        _leave_out_scenes(copy, span)
        _set_colours(copy)
        _set_size(copy.render)
        _set_film(copy.render, path)
        copy.frame_start, copy.frame_end = span
        copy.frame_step = 1
    except Exception:
        bpy.data.scenes.remove(copy)
        raise
    return copy


def remove() -> None:
    """Take away every copy there is."""
    for scene in [scene for scene in bpy.data.scenes if COPY in scene]:
        bpy.data.scenes.remove(scene)


def _show_only(copy: Any, shows: Sequence[str]) -> None:
    """Mute what is not part of the picture, on the level of the strips and on those above it."""
    strips = compat.all_strips(copy.sequence_editor)
    chosen = [strip for strip in strips if strip.name in shows]
    if len(chosen) == 1 and chosen[0].blend_type not in effects.NORMAL:
        chosen[0].blend_type = "ALPHA_OVER"  # Nothing is left beneath it that it could be blended with.
    while chosen:
        level = compat.level_of(copy, chosen[0])
        names = effects.kept(level, chosen)
        for strip in level:
            strip.mute = strip.mute or strip.name not in names
        meta = chosen[0].parent_meta()
        chosen = [meta] if meta is not None else []


def _leave_out_scenes(copy: Any, span: Tuple[int, int]) -> None:
    """Take the scene out of strips that are not seen.

    Before a render in a window Blender asks every scene strip for a camera, muted or not, wherever it lies.
    """
    for strip in compat.all_strips(copy.sequence_editor):
        if strip.type != "SCENE" or strip.scene is None or strip.scene_input != "CAMERA":
            continue
        if not _is_seen(copy, strip, span):
            strip.scene = None
        elif not (strip.scene_camera or compat.renders(strip.scene)):
            message = "The scene {!r}, which {!r} shows, has no camera.".format(strip.scene.name, strip.name)
            raise Problem("no_camera", message, "Give it one, or let the strip show its sequencer.")


def _is_seen(copy: Any, strip: Any, span: Tuple[int, int]) -> bool:
    """Whether it is seen in these frames; an effect shows its strips even where they are muted."""
    place = compat.bounds(strip)
    if place.right <= span[0] or span[1] < place.left:
        return False
    shows_it = (other for other in compat.level_of(copy, strip) if strip in effects.inputs(other))
    return not compat.is_muted(copy, strip) or any(_is_seen(copy, effect, span) for effect in shows_it)


def _set_colours(copy: Any) -> None:
    """As the film itself is: AgX, which a new scene has, makes another picture of it."""
    view = copy.view_settings
    view.view_transform, view.look = "Standard", "None"
    view.exposure, view.gamma, view.use_curve_mapping = 0.0, 1.0, False
    copy.render.dither_intensity = 0.0


def _set_size(render: Any) -> None:
    """Only the percentage is changed: another resolution would move the strips' pictures."""
    render.resolution_percentage = percentage(render.resolution_x, render.resolution_y)
    render.use_border = render.use_crop_to_border = render.use_multiview = False


def percentage(width: int, height: int) -> int:
    """The one with which H.264 can be written, which takes even sides alone, nearest to a small picture.

    At 200 % both are even at last.
    """
    wanted = min(100, 100 * LONGER // max(width, height))
    even = (
        percent
        for percent in range(1, 201)
        if all(side * percent // 100 % 2 == 0 and side * percent >= 1600 for side in (width, height))
    )
    return min(even, key=lambda percent: abs(percent - wanted), default=200)


def _set_film(render: Any, path: str) -> None:
    compat.write_film(render)
    film = render.ffmpeg
    film.format, film.codec, film.audio_codec = "MPEG4", "H264", "NONE"
    film.constant_rate_factor, film.ffmpeg_preset, film.gopsize = "HIGH", "REALTIME", 24
    film.use_max_b_frames = film.use_autosplit = film.use_lossless_output = False
    render.image_settings.color_mode = "RGB"
    render.filepath, render.use_file_extension, render.use_overwrite = path, False, True
    render.use_sequencer, render.use_compositing, render.use_lock_interface = True, False, False
    render.frame_map_old = render.frame_map_new = 100
    for name in [prop.identifier for prop in render.bl_rna.properties]:
        if name.startswith("use_stamp"):  # Burnt in, or kept in the file with the date and the user's paths.
            setattr(render, name, False)
