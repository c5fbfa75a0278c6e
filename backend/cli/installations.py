"""Where editors keep what foley has put there: Blender's add-on, Resolve's script. Nothing is changed."""

from __future__ import annotations

import sys
from pathlib import Path

from backend.paths import home
from foley_core.errors import StateUnusable
from foley_core.state_folder import expanded, stated_folder

_MAINTAINER = 'maintainer = "The Foley authors"'
_BRIDGE = "backend.bridge"


def blender_settings() -> Path:
    """In which each version of Blender has a folder of its own; `StateUnusable` where nobody knows it."""
    if sys.platform == "win32":
        return stated_folder("APPDATA", "~") / "Blender Foundation" / "Blender"
    elif sys.platform == "darwin":
        return expanded("~/Library/Application Support/Blender")
    else:
        return stated_folder("XDG_CONFIG_HOME", "~/.config") / "blender"


def blender_extensions() -> list[Path]:
    """The add-on's folders, known by what their manifests say."""
    return [
        path.parent for path in _found(_blender(), "*/extensions/*/foley/blender_manifest.toml", _MAINTAINER)
    ]


def takes_of_unsaved_projects() -> list[Path]:
    """Where the add-on puts takes of projects that are not saved, and where older ones did."""
    root, here = _blender(), home() / "blender"
    older = sorted(root.glob("*/extensions/.user/*/foley")) if root is not None else []
    return [*([here] if here.is_dir() else []), *older]


def resolve_scripts() -> list[Path]:
    """The menu scripts in Resolve, known by what they start."""
    try:
        if sys.platform == "win32":
            support = stated_folder("APPDATA", "~") / "Blackmagic Design" / "DaVinci Resolve" / "Support"
        elif sys.platform == "darwin":
            support = expanded("~/Library/Application Support/Blackmagic Design/DaVinci Resolve")
        else:
            support = expanded("~/.local/share/DaVinciResolve")
    except StateUnusable:
        return []
    return _found(support, "Fusion/Scripts/Utility/Foley*.py", _BRIDGE)


def _blender() -> Path | None:
    try:
        return blender_settings()
    except StateUnusable:
        return None


def _found(root: Path | None, pattern: str, said: str) -> list[Path]:
    """The files of that name that say so."""
    found = []
    for path in sorted(root.glob(pattern)) if root is not None else []:
        try:
            if said in path.read_text(encoding="utf-8", errors="replace"):
                found.append(path)
        except OSError:
            continue
    return found
