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
from cut import Cut, clicks, cut_off, samples_of, shorten, show_scene, where  # noqa: E402

ADD_ON = "bl_ext.user_default.foley"


def place(cut: Any, film: dict[str, Any]) -> Any:
    """Add a film as a user does, and trim it."""
    cut.set_rate(film["fps"], film["fps_base"])
    clip = cut.add(film["path"], start=9)
    cut_off(clip, left=film["trim"])
    shorten(clip, film["frames"])
    return clip


def listen(film: dict[str, Any]) -> dict[str, Any]:
    """Generate for one film; gives where the clicks lie in the take and in the mixdown."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    show_scene()
    cut = Cut(addon_utils.enable(ADD_ON), FOLDER)
    clip = place(cut, film)
    cut.generate()
    sound = cut.take()
    assert where(sound).start == where(clip).start
    take = json.loads(sound["foley_meta"])["take"]
    heard = samples_of(take["path"])
    return {
        "strip_start": where(sound).start,
        "scene_start": cut.scene.frame_start,
        "wav": clicks(heard[take["head"] : len(heard) - take["tail"]]),
        "mixdown": clicks(cut.mix()),
    }


def main() -> None:
    """Do all films."""
    assemble(FOLDER / "blender" / "extensions" / "user_default" / "foley")
    heard = {film["kind"]: listen(film) for film in json.load(sys.stdin)}
    addon_utils.disable(ADD_ON)
    print(json.dumps({"blender": bpy.app.version_string, **heard}), flush=True)


main()
