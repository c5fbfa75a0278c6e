"""The command line, `foley`: generate, detect, sounds, and looking after the service.

Every command is a client like any other; those that only look (`status`, `shutdown`, `cancel`, `sounds`)
never start a backend. Exit codes: 0 done, 2 wrong usage, 1 anything else. Errors end in their code.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, ClassVar

import click

from backend.client import CLIENT_NAME, Client, ClientError
from backend.messages import ENDED
from backend.screen import answer, complain
from foley_core import __version__
from foley_core.errors import FoleyError

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


class Commands(click.Group):
    """Loads some commands only when asked for: they bring a decoder or an engine, which takes a while."""

    HEAVY: ClassVar = {
        "align": "backend.cli_align",
        "detect": "backend.cli_generate",
        "generate": "backend.cli_generate",
        "models": "backend.cli_models",
        "soak": "backend.cli_soak",
        "sounds": "backend.cli_sounds",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands."""
        return sorted([*super().list_commands(ctx), *self.HEAVY])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name in self.HEAVY:
            command: click.Command = getattr(import_module(self.HEAVY[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="foley")
def cli() -> None:
    """Sound that fits the picture, made on your own machine."""


@cli.command()
def serve() -> None:
    """Run the backend in the foreground; clients start it by themselves otherwise."""
    from backend.serve import serve as run

    sys.exit(run())


@cli.command()
@JSON
def status(as_json: bool) -> None:
    """Show the backend, its worker and its jobs."""
    try:
        with Client(CLIENT_NAME, start=False) as client:
            report = client.request("status", {})
    except ClientError as error:
        if error.code != "backend_absent":
            raise
        answer({"broker": None, "workers": [], "jobs": []}, as_json, ["The backend is not running."])
        return
    value = {name: report[name] for name in ("broker", "workers", "jobs")}
    answer(value, as_json, _status_lines(value))


def _status_lines(value: dict[str, Any]) -> list[str]:
    broker = value["broker"]
    lines = [f"Backend {broker['build']}, process {broker['pid']}, {broker['home']}"]
    for worker in value["workers"]:
        engine = f", {worker['engine']} on {worker['device']}" if worker["engine"] else ""
        held = f", cues {worker['cues']}, {worker['memory'] / 1e6:.0f} MB" if worker["cues"] else ""
        lines.append(f"Worker  {worker['state']}, process {worker['pid']}{engine}{held}")
    for job in value["jobs"]:
        share = f"{job['progress'] * 100:3.0f} %" if job["state"] == "running" else "     "
        cost = job["cost"]
        took = f"{cost['seconds']:7.1f} s {cost['memory'] / 1e6:6.0f} MB" if cost else " " * 19
        lines.append(f"{job['id']}  {job['state']:<9} {share} {took}  {job['prompt'][:50]}")
    return lines


@cli.command()
@click.argument("job")
@JSON
def cancel(job: str, as_json: bool) -> None:
    """End a job that waits or runs."""
    with Client(CLIENT_NAME, start=False) as client:
        state = client.request("status", {"job": job})["jobs"][0]["state"]
        if state in ENDED:
            answer({"job": job, "state": state}, as_json, [f"{job} has ended already ({state})."])
            return
        client.request("cancel", {"job": job})
    answer({"job": job, "state": "cancelled"}, as_json, [f"Cancelled {job}."])


@cli.command()
@click.option("--now", is_flag=True, help="Do not let the running job end; it is taken up again next time.")
@JSON
def shutdown(now: bool, as_json: bool) -> None:
    """End the backend. Jobs that wait stay in its database."""
    try:
        with Client(CLIENT_NAME, start=False) as client:
            client.request("shutdown", {"mode": "now" if now else "drain"})
    except ClientError as error:
        if error.code != "backend_absent":
            raise
        answer({"running": False}, as_json, ["The backend is not running."])
        return
    answer({"running": True}, as_json, ["The backend ends."])


@cli.group()
def cache() -> None:
    """What is kept so that nothing is made twice."""


@cache.command("show")
@JSON
def cache_show(as_json: bool) -> None:
    """Show how much is kept."""
    from backend.cache import Cache

    kept = Cache().show()
    lines = [f"{name}: {figure}" for name, figure in kept.items()]
    answer(kept, as_json, lines)


@cache.command("clear")
@JSON
def cache_clear(as_json: bool) -> None:
    """Throw all of it away; delivered takes are not touched."""
    from backend.cache import Cache

    freed = Cache().clear()
    answer({"freed_bytes": freed}, as_json, [f"Freed {freed / 1e6:.1f} MB."])


@cli.command()
@JSON
def doctor(as_json: bool) -> None:
    """Check that everything is in place, and say what to do where it is not."""
    from backend.doctor import run_checks

    findings = run_checks()
    lines = [f"{f.state:<5} {f.name}: {f.message}" + (f" {f.hint}" if f.hint else "") for f in findings]
    value = [{"state": f.state, "name": f.name, "message": f.message, "hint": f.hint} for f in findings]
    answer({"findings": value}, as_json, lines)
    if any(finding.state == "fail" for finding in findings):
        sys.exit(1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; this is where every error becomes one sentence and an exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_run(typed, "--json" in typed))


def _run(typed: list[str], as_json: bool) -> int:
    try:
        ended = cli.main(typed, prog_name="foley", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        hint = "" if error.ctx is None else f"Try '{error.ctx.command_path} --help'."
        complain("usage", error.format_message(), hint, as_json)
        return 2
    except (click.Abort, KeyboardInterrupt):
        complain("cancelled", "Cancelled.", "", as_json)
        return 1
    except (FoleyError, ClientError) as error:
        complain(error.code, error.message, error.hint, as_json)
        return 1
    except BrokenPipeError:
        return 1
    except OSError as error:
        complain("output_denied", f"{error.strerror or error}.", "", as_json)
        return 1
    return ended if isinstance(ended, int) else 0
