# SPDX-License-Identifier: GPL-3.0-or-later
"""Lengths of time as people say them. No Blender here."""


def clock(seconds: float) -> str:
    """A length of time as people say it, never less than what is left: 40 s, 3 min, 1 h 05 min."""
    whole = int(-(-seconds // 1))
    if whole < 60:
        return "{} s".format(whole)
    minutes = -(-whole // 60)
    return "{} min".format(minutes) if minutes < 60 else "{} h {:02} min".format(*divmod(minutes, 60))
