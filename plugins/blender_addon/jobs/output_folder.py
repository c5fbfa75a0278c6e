# SPDX-License-Identifier: GPL-3.0-or-later
"""Where takes are written."""

import os
from typing import List

import bpy

from ..core import places
from ..core.problem import Problem
from ..foley_launch import ClientError
from ..foley_launch import home as state_folder
from . import user_preferences


def of_open_project() -> str:
    """Where the takes of the open project are written."""
    place = of(bpy.data.filepath)
    try:
        make(place)
    except OSError as error:
        message = "Takes cannot be written: {}.".format(error)
        hint = "Save the project elsewhere, or choose a folder in Foley's preferences."
        raise Problem("output_denied", message, hint) from error
    return place


def make(folder: str) -> None:
    """Make a folder, if need be; the state folder too, for its owner alone. Raises `OSError`."""
    if places.below(folder, os.path.dirname(unsaved())):
        os.makedirs(os.path.dirname(unsaved()), mode=0o700, exist_ok=True)
    os.makedirs(folder, exist_ok=True)


def of(project: str) -> str:
    """Where takes are written: as preferred, if it can be told from where, else in the usual place."""
    chosen, beside = user_preferences.current().folder, os.path.dirname(project)
    if chosen and (beside or not chosen.startswith("//")):
        return os.path.abspath(bpy.path.abspath(chosen, start=beside or None))
    return usual(project)


def usual(project: str) -> str:
    """Beside the project; while that is not saved, in the state folder."""
    return os.path.join(os.path.dirname(os.path.abspath(project)), "foley") if project else unsaved()


def old() -> List[str]:
    """Where an older version wrote what was not saved; nowhere where the add-on is no extension."""
    try:
        return [bpy.utils.extension_path_user(user_preferences.ADDON, path="audio")]
    except ValueError:
        return []


def unsaved() -> str:
    """For projects that are not saved. Not the extension's own folder: Blender deletes that along with it."""
    try:
        return os.path.join(str(state_folder()), "blender")
    except ClientError as error:
        raise Problem(error.code, error.message, error.hint) from error
