"""`foley --help` names every command, and loads none of them to do so."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from backend.cli.app import COMMANDS, cli
from tests.cli.conftest import ROOT, Foley

pytestmark = pytest.mark.process

HEAVY = ("av", "cv2", "numpy", "rich", "scipy", "soundfile", "soxr", "sqlite3", "torch", "zmq")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_of_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(1_000) == COMMANDS[name][1]


def test_help_names_every_command_in_order(foley: Foley) -> None:
    said = foley("--help").out.partition("Commands:\n")[2]
    assert [line.split()[0] for line in said.splitlines()] == sorted(COMMANDS)


def test_a_command_that_is_not_there_is_a_wrong_usage(foley: Foley) -> None:
    answer = foley("generat")
    assert answer.code == 2
    assert "No such command 'generat'" in answer.err
    assert "[usage]" in answer.err


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_no_command(option: str) -> None:
    code = f"""
import sys
from backend.cli import main
try:
    main([{option!r}])
finally:
    print(*sorted(set(sys.modules) & set({HEAVY})), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr.split() == []
