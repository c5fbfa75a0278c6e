"""Answers: what the built-in engine knows, what it takes a prompt for, and how that sounds without a film.

Guarantees a reply to each question, an error where it comes to nothing: the worker lives on.
"""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from backend.messages import Error, Explain, Explanation, Fault, Heard, Question, SoundList, Sounds
from foley_core.audition import audition, explain, listing
from foley_core.errors import FoleyError

_logger = logging.getLogger(__name__)


def reply_to(request: Question) -> SoundList | Explanation | Heard | Error:
    """The reply to a question."""
    try:
        return _answer(request)
    except FoleyError as error:
        fault = Fault(code=error.code, message=error.message, hint=error.hint)
    except Exception as error:
        _logger.exception("a question broke")
        message = f"The worker failed over this request: {type(error).__name__}: {error}."
        fault = Fault(code="internal", message=message, hint="worker.log in the log folder says more.")
    return Error(re=request.id, error=fault)


def _answer(request: Question) -> SoundList | Explanation | Heard:
    match request:
        case Sounds():
            return msgspec.convert({**listing(), "type": "sounds", "re": request.id}, SoundList)
        case Explain():
            told = explain(request.prompt, request.negative)
            return msgspec.convert({**told, "type": "explain", "re": request.id}, Explanation)
    played = audition(request.prompt, Path(request.path), seconds=request.seconds, seed=request.seed)
    return msgspec.convert({**played, "type": "hear", "re": request.id, "path": request.path}, Heard)
