"""`docs/cli.md` against the program: every command, option and environment variable, and none beside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import click
import pytest

from backend.cli.app import cli
from tests.boundaries.sources import ROOT, files, tree

PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^### `(foley[^`]*)`$", re.MULTILINE)
CELL = re.compile(r"^\| ([^|]+) \| (.+) \|$", re.MULTILINE)
OURS = re.compile(r"FOLEY_[A-Z_]+")
READERS = {"os.environ.get", "os.getenv", "os.environ.pop", "os.environ.setdefault"}


def commands() -> dict[str, click.Command]:
    """Each with its arguments as it is typed."""
    context = click.Context(cli)

    def below(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
        arguments = [one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)]
        yield " ".join((path, *arguments)), command
        for name in command.list_commands(context) if isinstance(command, click.Group) else ():
            inner = command.get_command(context, name)
            assert inner is not None
            yield from below(inner, f"{path} {name}")

    return dict(below(cli, "foley"))


COMMANDS = commands()


def sections() -> dict[str, str]:
    """What the page says of each command, to the next heading."""
    parts = COMMAND.split(PAGE)[1:]
    return {
        name: re.split(r"^##", text, maxsplit=1, flags=re.MULTILINE)[0]
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_the_page_has_every_command_and_no_other() -> None:
    assert sorted(sections()) == sorted(COMMANDS)
    assert len(COMMAND.findall(PAGE)) == len(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_all_its_options_and_no_other_each_explained(name: str) -> None:
    rows = [row for row in CELL.findall(sections()[name]) if row[0].startswith("`-")]
    told = [option for options, _means in rows for option in re.findall(r"`(--?[a-z][\w-]*)", options)]
    own = [option for one in COMMANDS[name].params if isinstance(one, click.Option) for option in one.opts]
    assert sorted(told) == sorted(own + (["-h", "--help"] if name == "foley" else []))
    assert all(len(means) > 5 for _options, means in rows)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_begins_with_what_the_command_says_of_itself(name: str) -> None:
    if name != "foley":
        assert sections()[name].strip().startswith((COMMANDS[name].help or "").split("\n")[0])


def variables() -> set[str]:
    """The environment variables that the code reads, as far as can be told without running it."""
    code = [
        tree(path)
        for room in ("backend", "foley_core", "plugins", "installers")
        for path in files(room, ".py")
    ]
    nodes = [node for module in code for node in ast.walk(module)]
    constants = {
        target.id: node.value.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    named = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found = {name for name in named if OURS.fullmatch(name)}
    for node in nodes:
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            asked = node.slice if isinstance(node.ctx, ast.Load) else None
        elif isinstance(node, ast.Call) and (
            ast.unparse(node.func) in READERS or ast.unparse(node.func).endswith("stated_folder")
        ):
            asked = node.args[0]
        else:
            continue
        if isinstance(asked, ast.Constant):
            found.add(asked.value)
        elif isinstance(asked, ast.Name | ast.Attribute):
            found.add(constants.get(asked.id if isinstance(asked, ast.Name) else asked.attr, ""))
    return found - {""}


def test_the_page_has_every_environment_variable_that_is_read_and_no_other() -> None:
    rows = CELL.findall(PAGE.partition("## Environment variables")[2])
    told = {name for names, _means in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", names)}
    assert told == variables()


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/cli.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
