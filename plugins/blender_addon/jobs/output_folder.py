# SPDX-License-Identifier: GPL-3.0-or-later
"""Where takes are written."""

import os

import bpy

from ..core.problem import Problem
from . import user_preferences


def of_open_project() -> str:
    """Where the takes of the open project are written."""
    place = of(bpy.data.filepath)
    try:
        os.makedirs(place, exist_ok=True)
    except OSError as error:
        message = "Takes cannot be written: {}.".format(error)
        hint = "Save the project elsewhere, or choose a folder in Foley's preferences."
        raise Problem("output_denied", message, hint) from error
    return place


def of(project: str) -> str:
    """Where takes are written: as preferred, if it can be told from where, else in the usual place."""
    chosen, beside = user_preferences.current().folder, os.path.dirname(project)
    if chosen and (beside or not chosen.startswith("//")):
        return os.path.abspath(bpy.path.abspath(chosen, start=beside or None))
    return usual(project)


def usual(project: str) -> str:
    """Beside the project; while that is not saved, in the extension's own place."""
    if project:
        return os.path.join(os.path.dirname(os.path.abspath(project)), "foley")
    return str(bpy.utils.extension_path_user(user_preferences.ADDON, path="audio"))
