# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of the custom properties in which Foley keeps things on strips, sounds and scenes.

Saved projects have them, so none is ever changed.
"""

UID = "foley_uid"
"""On strips: by what one is found again."""
PROMPT = "foley_prompt"
"""On picture strips: the prompt of their own."""
WISHED = "foley_wished"
"""On picture strips: whether that was set for a sound that is still to be made."""
META = "foley_meta"
"""On sound strips: the record of the take."""
OWN_SOUND = "foley_own_sound"
"""On a clip's own sound: what was done to it under a take."""
FADES = "foley_fades"
"""On sound strips: how the sound comes in and goes out."""
HEARING = "foley_hearing"
"""On scenes: how one was set before a take was heard, and gone afterwards."""
PACKED = "foley_packed"
"""On packed sounds: that we have given them a fake user."""
PROJECT = "foley_project"
"""On scenes with our strips: the folder in which the project was saved."""
COPY = "foley_copy"
"""On scenes: a copy that is rendered, and gone afterwards."""
