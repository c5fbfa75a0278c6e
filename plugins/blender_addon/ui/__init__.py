# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the user sees and presses: sidebar, menus, dialogs, operators, preferences.

What goes wrong is said in one sentence. It knows no socket and no way of putting strips on a timeline.
Begin with `sidebar` and `menus`; the operators that these name are in the modules called `_ops`.
"""
