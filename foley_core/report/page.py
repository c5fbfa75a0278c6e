"""The form that our pages share: one file that holds everything in itself, and figures in pairs.

A page runs no script and asks for nothing from anywhere. `title` and the pairs are escaped here; what stands
in `header` and `main` is HTML already.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(title: str, header: str, main: str, styles: str = "") -> str:
    """The whole page; `styles` come after those that all pages have."""
    common = (files("foley_core.report") / "page.css").read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
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
{main}
</main>
</body>
</html>
"""


def figures(pairs: Iterable[tuple[str, str]], kind: str = "figures") -> str:
    """Names with their values; `kind` is how they are laid out."""
    inside = "\n".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in pairs)
    return f'<dl class="{kind}">\n{inside}\n</dl>'
