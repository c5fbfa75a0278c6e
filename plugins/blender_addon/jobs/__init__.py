# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the backend, on its way, and come back; no job is lost, and Blender never waits.

It imports no panels, dialogs or operators: they look at the one `queue`, and take from `queue.news` what the
user is to be told. Of them it knows one by name: `foley.same_step`, for undo.
Begin with `queue`, which does all the work, a little with each call; `timer` calls it.
"""
