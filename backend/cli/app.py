"""The command line, `foley`: which commands there are, and how every error ends.

A command is loaded when it is asked for: most are clients like any other, but some need no service and bring
a decoder or an engine, which takes a while. Exit codes: 0 done, 2 wrong usage, 1 anything else. Errors end in
their code.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from backend.cli.interrupts import raised, silent
from backend.cli.screen import complain, nobody_listens, say_what_can_be_said
from backend.errors import WrongUsage
from foley_core import __version__
from foley_core.errors import FoleyError, too_little_memory

COMMANDS = {
    "align": ("align", "Write SOUND to a WAV, moved so that its hits meet the impacts seen in VIDEO."),
    "cache": ("cache", "What is kept so that nothing is made twice."),
    "cancel": ("service", "End a job that waits or runs."),
    "detect": ("detect", "Show the impacts seen in VIDEO, without making sound."),
    "doctor": ("doctor", "Check that everything is in place, and say what to do where it is not."),
    "generate": ("generate", "Make sound for VIDEO and write it to a WAV."),
    "models": ("models", "The weights of the neural engine: fetch, list, check, convert, remove."),
    "serve": ("service", "Run the backend in the foreground; clients start it by themselves otherwise."),
    "shutdown": ("service", "End the backend."),
    "soak": (
        "soak",
        "Work a service of its own for long, and check that nothing drifts, swells, slows or is lost.",
    ),
    "sounds": ("sounds", "List the sounds and words that the built-in engine knows."),
    "status": ("status", "Show the backend, its worker and its jobs."),
    "uninstall": ("uninstall", "Tell what of foley lies on this machine, and remove it."),
    "wait": (
        "wait",
        "Wait for jobs, and show what comes of them; for all that are open where none is named.",
    ),
}
"""Each with its module in this room, and the first sentence of its own help."""


class Commands(click.Group):
    """Loads a command when it is asked for, and none of them to list them all."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _about = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"backend.cli.{module}"), cmd_name)
        raised()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        width = formatter.width - 6 - max(map(len, COMMANDS))
        listed = [click.Command(name, help=about) for name, (_module, about) in COMMANDS.items()]
        with formatter.section("Commands"):
            formatter.write_dl([(str(one.name), one.get_short_help_str(width)) for one in listed])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="foley")
def cli() -> None:
    """Sound that fits the picture, made on your own machine."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; this is where every error becomes one sentence and an exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    say_what_can_be_said()
    exit_code = _run(typed, "--json" in typed)
    silent()
    sys.exit(exit_code)


def _run(typed: list[str], as_json: bool) -> int:
    try:
        ended = cli.main(typed, prog_name="foley", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        hint = "" if error.ctx is None else f"Try '{error.ctx.command_path} --help'."
        complain(WrongUsage.code, error.format_message(), hint, as_json)
        return 2
    except BrokenPipeError:
        nobody_listens()
        return 1
    except (Exception, KeyboardInterrupt) as error:
        code, message, hint = _reason(error)
        for on_stdout in (True, False) if as_json else (False,):
            try:
                complain(code, message, hint, on_stdout)
                break
            except OSError:  # The terminal was closed, or where the output goes is full.
                nobody_listens()
        return 1
    return ended if isinstance(ended, int) else 0


def _reason(error: BaseException) -> tuple[str, str, str]:
    """Code, sentence and hint; an error that nobody foresaw is raised again."""
    from backend.client import ClientError  # not before: it brings ZeroMQ

    if isinstance(error, MemoryError):
        error = too_little_memory()
    if isinstance(error, FoleyError | ClientError):
        return error.code, error.message, error.hint
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return "cancelled", "Cancelled.", ""
    if isinstance(error, OSError):
        return "output_denied", f"{error.strerror or error}.", ""
    raise error
