# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads Blender's sequencer, and puts takes on it in sync with their picture: all of them, or nothing.

It knows no backend, no queue and no preferences: what it lays down comes as a `Job` that is done.
Begin with `pictures`, which reads what a take is made for, and `inserting`, which puts it in place.
"""
