"""What the command line shows: answers as text or as one JSON object, remarks, errors.

Standard output carries answers only: paths and JSON, each on a line of its own, never wrapped or coloured.
Everything else goes to standard error.
"""

from __future__ import annotations

import json
from typing import Any

import click

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def answer(value: Any, as_json: bool, lines: list[str]) -> None:
    """Print `value` as one JSON object, or `lines`."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
        return
    for line in lines:
        click.echo(line)


def remark(text: str) -> None:
    """Something worth knowing that is no answer."""
    click.echo(text, err=True)


def complain(code: str, message: str, hint: str, as_json: bool) -> None:
    """Print an error: a sentence that ends in its code, or a JSON object."""
    if as_json:
        click.echo(
            json.dumps({"error": {"code": code, "message": message, "hint": hint}}, ensure_ascii=False)
        )
    else:
        click.echo(f"Error: {' '.join(part for part in (message, hint) if part)} [{code}]", err=True)
