# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps the add-on from doing what was asked, as one sentence for the user."""


class Problem(Exception):
    """A stable code, what is the matter with which thing, and what to do about it."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.code, self.message, self.hint = code, message, hint

    def __str__(self) -> str:
        return "{} [{}]".format(" ".join(part for part in (self.message, self.hint) if part), self.code)
