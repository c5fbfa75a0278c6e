# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules and plain data of the add-on: wishes, jobs, takes, and where a take goes.

Guarantees exact times, and the same answer to the same question: no state is kept. It knows no Blender, no
backend and no files of a project: numbers, names and texts come in and go out.
Begin with `job`, which names the rest: the picture, the wishes, what a take is made for.
"""
