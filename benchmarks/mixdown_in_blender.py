"""The half of `mixdown.py` that runs in Blender: JSON of films in, JSON of where their clicks lie out."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = Path(sys.argv[1])
os.environ["BLENDER_USER_RESOURCES"] = str(FOLDER / "blender")
sys.path[:0] = [str(ROOT / "installers"), str(ROOT / "tests" / "blender")]

import bpy  # noqa: E402, I001 (it makes the next one known)
import addon_utils  # noqa: E402
from build_blender import assemble  # noqa: E402
from cut import Cut, clicks, samples_of  # noqa: E402

ADD_ON = "bl_ext.user_default.foley"


def place(cut: Any, film: dict[str, Any]) -> Any:
    """Add a film as a user does, and trim it."""
    cut.set_rate(film["fps"], film["fps_base"])
    cut.scene.sequence_editor_create()
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    with bpy.context.temp_override(window=window, area=area, region=area.regions[-1]):
        bpy.ops.sequencer.movie_strip_add(
            filepath=film["path"],
            frame_start=9,
            channel=1,
            sound=False,
            use_framerate=False,
            adjust_playback_rate=True,
        )
    (clip,) = cut.strips
    clip.frame_offset_start = film["trim"]
    clip.frame_final_duration = film["frames"]
    cut.select(clip)
    return clip


def listen(film: dict[str, Any]) -> dict[str, Any]:
    """Generate for one film; gives where the clicks lie in the take and in the mixdown."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    cut = Cut(addon_utils.enable(ADD_ON), FOLDER)
    clip = place(cut, film)
    cut.generate()
    sound = cut.take()
    assert sound.frame_final_start == clip.frame_final_start
    take = json.loads(sound["foley_meta"])["take"]
    return {
        "strip_start": sound.frame_final_start,
        "scene_start": cut.scene.frame_start,
        "wav": clicks(samples_of(take["path"])),
        "mixdown": clicks(cut.mix()),
    }


def main() -> None:
    """Do all films."""
    assemble(FOLDER / "blender" / "extensions" / "user_default" / "foley")
    heard = {film["kind"]: listen(film) for film in json.load(sys.stdin)}
    addon_utils.disable(ADD_ON)
    print(json.dumps(heard), flush=True)


main()
