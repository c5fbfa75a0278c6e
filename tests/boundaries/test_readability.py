"""Files and functions stay short enough to be read, and the repository speaks of the product alone."""

from __future__ import annotations

import ast
import re

import pytest

from tests.boundaries.sources import files, name, tree

LONGEST_FILE = 350
LONGEST_FUNCTION = 60

# Folders of somebody's machine, and hosts of package registries: neither belongs to the product.
FOREIGN = re.compile(
    r"(?<![\w.:}])/(?:root|work|Users|home)/\w"
    r"|[A-Z]:\\+Users\\+\w"
    r"|py(?:pi|thonhosted)\.org|registry\.npmjs|deb(?:ian)?\.debian\.org|/opt/(?:wheels|pypi)"
)
BINARY = {".blend", ".sqlite", ".mp4", ".png", ".wav", ".jpg", ".mov", ".mkv", ".safetensors"}


def test_no_file_outside_the_tests_is_longer_than_can_be_read_at_once() -> None:
    code = [path for path in files(suffix=".py") if not name(path).startswith("tests/")]
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{name(path)}: {node.name}": node.end_lineno - node.lineno + 1
        for path in files(suffix=".py")
        if not name(path).startswith("tests/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert {function: length for function, length in long.items() if length > LONGEST_FUNCTION} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        name(path)
        for path in files(suffix=".py")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_nothing_names_a_machine_or_the_host_of_a_registry() -> None:
    named = [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in files()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert named == []


@pytest.mark.parametrize(
    "text",
    ["see /" + "root/x", "'/" + "home/me/film.mp4'", "https://py" + "pi.org/simple", "C:\\Us" + "ers\\me"],
)
def test_the_check_sees_it(text: str) -> None:
    assert FOREIGN.search(text)
