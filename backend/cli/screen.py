"""What the command line shows: answers as text or as one JSON object, remarks, errors.

Standard output carries answers only: paths and JSON, each on a line of its own, never wrapped or coloured.
Everything else goes to standard error. What a terminal's or pipe's encoding cannot hold is no error: JSON has
escapes for it, in text it is replaced.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import suppress
from typing import Any

import click

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def say_what_can_be_said() -> None:
    """From here on, what an encoding cannot hold is replaced where it is printed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if stream is sys.stderr else "replace")


def nobody_listens() -> None:
    """Whoever read standard output has gone; nothing more is written, by Python's own end neither."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def answer(value: Any, as_json: bool, lines: list[str]) -> None:
    """Print `value` as one JSON object, or `lines`."""
    if as_json:
        click.echo(_json(value))
        return
    for line in lines:
        click.echo(line)


def remark(text: str) -> None:
    """Something worth knowing that is no answer."""
    click.echo(text, err=True)


def complain(code: str, message: str, hint: str, as_json: bool) -> None:
    """Print an error: a sentence that ends in its code, or a JSON object."""
    if as_json:
        click.echo(_json({"error": {"code": code, "message": message, "hint": hint}}))
    else:
        click.echo(f"Error: {' '.join(part for part in (message, hint) if part)} [{code}]", err=True)


def _json(value: Any) -> str:
    """One line; with escapes where the encoding, or a name that is no Unicode, wants them."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return json.dumps(value)
    return text
