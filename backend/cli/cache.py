"""`foley cache`: what is kept so that nothing is made twice."""

from __future__ import annotations

import click

from backend.cache.cache import Cache
from backend.cli.screen import JSON, answer


@click.group()
def cache() -> None:
    """What is kept so that nothing is made twice."""


@cache.command("show")
@JSON
def cache_show(as_json: bool) -> None:
    """Show how much is kept."""
    kept = Cache().show()
    lines = [f"{name}: {figure}" for name, figure in kept.items()]
    answer(kept, as_json, lines)


@cache.command("clear")
@JSON
def cache_clear(as_json: bool) -> None:
    """Throw all of it away; delivered takes are not touched."""
    freed = Cache().clear()
    answer({"freed_bytes": freed}, as_json, [f"Freed {freed / 1e6:.1f} MB."])
