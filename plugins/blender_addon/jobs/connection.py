# SPDX-License-Identifier: GPL-3.0-or-later
"""The one connection to the backend, what the backend told of itself, and what there is to tell the user."""

from typing import Any

from ..core.news import News
from ..core.told import Told
from . import backend_client


class Connection:
    """Made with the first use."""

    def __init__(self) -> None:
        super().__init__()
        self.news = News()
        self.told = Told()
        self._client: Any = None

    @property
    def problem(self) -> str:
        """What went wrong last, in one sentence; empty where nothing did, or it was taken away."""
        return str(self.news.newest or "")

    @property
    def note(self) -> str:
        """What the take that was placed last did not understand."""
        return self.news.note

    @property
    def backend(self) -> str:
        """The state of the connection."""
        return str(self._client.state) if self._client is not None else "away"

    @property
    def client(self) -> Any:
        """The client that is connected, or will be."""
        if self._client is None:
            self._client = backend_client.new_client()
        return self._client

    def connect(self) -> None:
        """Wake the backend, so that it is warm when the cue comes."""
        self.client.connect()

    def hang_up(self) -> None:
        """Let go of it. What was told over it is forgotten."""
        if self._client is not None:
            self._client.close()
        self._client, self.news = None, News()
        self.told.forget()
