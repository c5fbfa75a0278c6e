"""What the commands have in common in what is typed: times, paths, `--json`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import click

from foley_core.errors import BadTime
from foley_core.media.probe import MediaInfo
from foley_core.timecode import parse_time

SHARE = click.FloatRange(0.0, 1.0)
"""How sure, or how strong, an impact is."""
WIDTH = click.FloatRange(0.0, 1.0)
"""How far apart left and right are."""


@dataclass(frozen=True)
class TimeReader:
    """Reads the times that were typed, against one film."""

    info: MediaInfo

    def time(self, text: str, option: str) -> Fraction:
        """A position; timecodes count from the film's own first timecode."""
        return self._read(text, option, self.info.first_timecode)

    def length(self, text: str, option: str) -> Fraction:
        """A length of time."""
        return self._read(text, option, "")

    def _read(self, text: str, option: str, first_timecode: str) -> Fraction:
        try:
            return parse_time(
                text,
                self.info.rate,
                first_timecode,
                timecode_rate=self.info.timecode_rate,
                duration=self.info.duration,
            )
        except BadTime as error:
            raise click.BadParameter(str(error), param_hint=option) from error


def take_paths(output: Path, takes: int) -> list[str]:
    """OUT.wav, or OUT-1.wav, OUT-2.wav and so on, absolute."""
    if takes == 1:
        return [absolute_path(output)]
    return [absolute_path(output.with_name(f"{output.stem}-{n}{output.suffix}")) for n in range(1, takes + 1)]


def absolute_path(path: Path) -> str:
    """The absolute path, without `..`, so that the same file is always called the same.

    A usage error where it is relative, and the current folder was removed.
    """
    try:
        return os.path.abspath(path)  # noqa: PTH100  # Path.resolve would follow links
    except FileNotFoundError as error:
        raise click.UsageError(f"{path} is told from the current folder, which is gone.") from error
