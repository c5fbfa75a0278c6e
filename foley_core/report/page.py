"""The form that our pages share: one file that holds everything in itself, and figures in pairs.

A page asks for nothing from anywhere, and runs no script but the one that it is given, which it names by its
digest; so nothing that got in by a name or a prompt could ever run. `title` and the pairs are escaped here;
what stands in `header` and `main` is HTML already.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files

_NEAR = "'self' file:"
"""Where the files lie that are beside a page."""


def page(
    title: str,
    header: str,
    main: Iterable[str],
    styles: str = "",
    *,
    script: str = "",
    plays: bool = False,
    plays_beside: bool = False,
) -> Iterator[str]:
    """The whole page, piece by piece; `styles` come after those that all pages have.

    `plays` says that there is sound or film in it, `plays_beside` that some is in files beside it.
    """
    common = (files("foley_core.report") / "page.css").read_text(encoding="utf-8")
    yield f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(script, plays, plays_beside)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>
{common}{styles}</style>
</head>
<body>
<header>
{header}
</header>
<main>
"""
    yield from main
    yield f"\n</main>\n{f'<script>{script}</script>' if script else ''}</body>\n</html>\n"


def figures(pairs: Iterable[tuple[str, str]], kind: str = "figures") -> str:
    """Names with their values; `kind` is how they are laid out."""
    inside = "\n".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in pairs)
    return f'<dl class="{kind}">\n{inside}\n</dl>'


def _policy(script: str, plays: bool, plays_beside: bool) -> str:
    allowed = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "img-src data:"]
    allowed.append("style-src 'unsafe-inline'")
    if plays or plays_beside:
        allowed.append(f"media-src data:{f' {_NEAR}' if plays_beside else ''}")
    if script:
        allowed.append(f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'")
    return "; ".join(allowed)
