# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the backend, on its way, and come back; no job is lost, and Blender never waits.

It imports no panels, dialogs or operators: they look at the one `queue` of this Blender, and call it. What
the user is to be told lies in `queue.news`, for them to take. It knows one by name: `foley.same_step`, for
undo.
Begin with `queue`, which does all the work, a little with each call; `timer` calls it.
"""
