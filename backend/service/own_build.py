"""Notices that the files a backend runs from are gone, or have become another build's.

The folder may be moved, removed or updated in place while the backend runs. What is loaded goes on, but its
next worker would be of another build, or would not start at all. So the backend lets its job end, and leaves;
the one that is there then is started by `successor`, or by the next client. Only names, sizes and times are
looked at.
"""

from __future__ import annotations

import logging
import time

from backend.build import sources

_logger = logging.getLogger(__name__)

LOOK_SECONDS = 10.0


class OwnBuild:
    """The sources as they were when this was made, which must be before anything else is done."""

    def __init__(self) -> None:
        self.sources = sources()
        self._looked_at = time.monotonic()
        self._gone = False

    def is_gone(self) -> bool:
        """Whether they are others now; looks only now and then."""
        return self._gone or (time.monotonic() - self._looked_at > LOOK_SECONDS and self.is_gone_now())

    def is_gone_now(self) -> bool:
        """The same; looks at once."""
        if not self._gone:
            self._looked_at = time.monotonic()
            self._gone = sources() != self.sources
            if self._gone:
                _logger.warning("our own files are gone, or another build's: the backend ends")
        return self._gone
