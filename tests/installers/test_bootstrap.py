"""`bootstrap.py` starts on old Pythons, with nothing but their standard library."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import pythons
import system

from tests.installers.trees import INSTALLERS, ROOT

pytestmark = pytest.mark.process

PARTS = (
    "bootstrap",
    "environments",
    "fetching",
    "node",
    "pip_progress",
    "pythons",
    "results",
    "running",
    "suites",
    "system",
)


@pytest.mark.parametrize("part", PARTS)
def test_it_keeps_to_the_grammar_of_python_3_9(part: str) -> None:
    ast.parse((INSTALLERS / f"{part}.py").read_text(), feature_version=(3, 9))


@pytest.mark.parametrize("part", PARTS)
def test_it_imports_the_standard_library_alone(part: str) -> None:
    tree = ast.parse((INSTALLERS / f"{part}.py").read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, *PARTS}


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"])
def test_it_starts_on_every_python_that_is_here(version: str, tmp_path: Path) -> None:
    python = pythons.find((version,))
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    for arguments in ([], ["--help"]):
        done = subprocess.run(
            [python.path, "-B", INSTALLERS / "bootstrap.py", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "bootstrap.py demo" in done.stdout


def test_an_unknown_command_is_wrong_usage() -> None:
    done = subprocess.run(
        [sys.executable, INSTALLERS / "bootstrap.py", "dance"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "invalid choice: 'dance'" in done.stderr


def test_continuous_integration_runs_exactly_this() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if not line.startswith("#")]
    assert [command.split("exec ")[-1] for command in commands] == ["python3 installers/bootstrap.py test"]


def test_what_a_module_lacks_is_told_in_a_line() -> None:
    assert system.why_not(Path(sys.executable), "json") == ""
    assert re.fullmatch(
        "ModuleNotFoundError: .*no_such_thing.*", system.why_not(Path(sys.executable), "no_such_thing")
    )
