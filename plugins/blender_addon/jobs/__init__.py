# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the backend, on its way, and come back; no job is lost, and Blender never waits.

It imports no panels, dialogs or operators: they look at the one `queue` of this Blender, and call it.
Of them it knows one by its name, `foley.tell`, which says what a placed take did not understand.
Begin with `queue`, which does all the work, a little with each call; `timer` calls it.
"""
