"""The repository's own files, and what they import."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MADE = {"__pycache__", "build", "demo-output", "dist", "node_modules"}


def files(folder: str = ".", suffix: str = "") -> list[Path]:
    """The files below a folder that somebody wrote, `.ci` among them."""
    inside = (ROOT / folder).resolve()
    return [path for path in _all() if path.is_relative_to(inside) and path.name.endswith(suffix)]


@cache
def _all() -> list[Path]:
    found = []
    for folder, inner, here in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in _MADE and (name[0] != "." or name == ".ci")]
        found += [Path(folder, name) for name in here]
    return sorted(found)


def name(path: Path) -> str:
    """As it is called in the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Its code."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Full names of what a file imports, anywhere in it; `from a import b` gives `a` and `a.b`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.relative_to(ROOT).parent.parts[: _depth(path, node.level)])
            module = ".".join(part for part in (package, node.module) if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _depth(path: Path, level: int) -> int:
    """How many folders of the path a relative import keeps."""
    return len(path.relative_to(ROOT).parent.parts) - level + 1 if level else 0


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """A circle of imports, where there is one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def falls_under(module: str, package: str) -> bool:
    """Whether a module is the package or lies in it."""
    return module == package or module.startswith(f"{package}.")
