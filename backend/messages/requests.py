"""What a client sends, and where it wants its files."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from foley_core.cue import Cue

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})


class Deliver(msgspec.Struct, frozen=True, kw_only=True):
    """Where the results of a job are put: absolute paths, written whole or not at all."""

    takes: tuple[str, ...]
    """One WAV per take; stems go beside it as NAME-LAYER.wav."""
    preview: str | None = None
    """A film of the cue with the first take."""
    preview_mix: bool = False
    """Keep the film's own sound under the take in the preview."""
    report: str | None = None
    """An HTML file; its JSON goes beside it."""
    reports: tuple[str, ...] = ()
    """The report under these names alone: as JSON where one ends in .json, its markers where in .csv, else as
    HTML."""
    made: Annotated[datetime, msgspec.Meta(tz=False)] | None = None
    """The date that the takes are to bear, in local time; None: they bear none, and the same job gives the
    same files to the bit."""


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Base of what a client sends."""

    id: str
    """Chosen by the client; the reply has it as `re`."""


class Hello(Request, frozen=True, kw_only=True):
    """First message. Starts the worker, so that it is warm when the first cue comes.

    The only one in which unknown fields are ignored: a newer client sends it before it knows the backend.
    """

    protocol: tuple[int, int]
    """Major and minor version that the client speaks; another major one is refused."""
    build: str = ""
    """Of the client, for those who look; nothing follows from it."""
    client: str = ""
    """Names the client. The jobs that it submits bear this name."""
    most_impacts: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """A take's record with more impacts than that comes without them, with their number as
    `impacts_left_out`; None: all come."""


class Submit(Request, frozen=True, kw_only=True):
    """Make takes for a cue. `job` is chosen by the client, so sending it twice is harmless."""

    job: str
    """The job's id, chosen by the client, best at random: letters, digits, `-` and `_`."""
    cue: Cue
    """What is asked for."""
    deliver: Deliver
    """Where it is to lie."""
    film_s: float | None = None
    """How many seconds of film that is, where the client has looked: by it the wait of others is told."""


class Cancel(Request, frozen=True, kw_only=True):
    """End a job that is queued or running."""

    job: str
    """The job's id."""


class Capabilities(Request, frozen=True, kw_only=True):
    """What this backend can do: engines, limits, fields, formats, versions."""


class Status(Request, frozen=True, kw_only=True):
    """The whole service, or one job with its result."""

    job: str | None = None
    """The job that is meant; None: the newest of all, and the one that runs."""


class List(Request, frozen=True, kw_only=True):
    """Jobs, newest first."""

    batch: str | None = None
    """Only jobs of this batch."""
    states: tuple[JobState, ...] | None = None
    """Only jobs in one of these states."""
    limit: int = 100
    """How many are wanted; more than the most counts as the most, less than 0 as 0."""
    before: str | None = None
    """Go on after this job, the last of a list that said that there are `more`."""
    mine: bool = False
    """Only those of clients with the sender's name."""


class Find(Request, frozen=True, kw_only=True):
    """Jobs by what a person calls them: the one of that very id; else those that are open; else those that
    have ended."""

    name: str = ""
    """How the id begins; empty: no id is meant."""
    file: str = ""
    """Absolute path of a file that the job writes; empty: none is meant."""


class Subscribe(Request, frozen=True, kw_only=True):
    """Have the pushes of these jobs from now on (a submit subscribes by itself)."""

    jobs: tuple[str, ...] = ()
    """Ids. Where one is unknown none is followed; those that have ended push nothing more."""
    batch: str | None = None
    """All jobs of this batch, those to come too."""


class Unsubscribe(Request, frozen=True, kw_only=True):
    """Follow these jobs, or this batch, no more, whether or not they are there or were followed."""

    jobs: tuple[str, ...] = ()
    """Ids."""
    batch: str | None = None
    """A batch that was followed; jobs of it that were asked for by their ids stay so."""


class Impacts(Request, frozen=True, kw_only=True):
    """Impacts of one take of a job that is done, some at a time."""

    job: str
    """The job's id."""
    take: int = 0
    """Number of the take, from 0."""
    first: int = 0
    """Number of the first impact that is wanted, from 0."""
    limit: int = 1_000
    """How many are wanted; more than the most counts as the most, less than 0 as 0."""


class Sounds(Request, frozen=True, kw_only=True):
    """What the built-in engine knows: every kind of sound with its words, and the words for how it should be.

    This and the next two are answered by the worker, which `hello` starts: once it is there, and during a job
    between two blocks of sound. Other requests may be answered before them.
    """


class Explain(Request, frozen=True, kw_only=True):
    """What the built-in engine takes each word of a prompt for."""

    prompt: str
    """As a cue has it."""
    negative: str = ""
    """As a cue has it."""


class Hear(Request, frozen=True, kw_only=True):
    """Write an audition, a sound or a whole prompt without any film, as the built-in engine plays it.

    What sounds for impacts is struck a few times, harder each time. The same request gives the same file.
    """

    prompt: str
    """The name of a sound, one of its words, or a prompt."""
    path: str
    """Where it is to lie; a file that is there is replaced."""
    seconds: Fraction = Fraction(5)
    """How long it is to be."""
    seed: int = 1
    """Another one sounds different."""


class Ping(Request, frozen=True, kw_only=True):
    """Are you there?"""


class Shutdown(Request, frozen=True, kw_only=True):
    """End the service: "drain" lets the running job end first, "now" puts it back into the queue."""

    mode: Literal["drain", "now"] = "drain"
    """`drain` lets the running job end, `now` puts it back into the queue."""
    replaced_by: str | None = None
    """The build for whose sake alone it is to end: heeded if that is newer, and the one that launch.json
    records. None: the user wishes it."""


AnsweredAtOnce = (
    Hello
    | Capabilities
    | Submit
    | Cancel
    | Status
    | List
    | Find
    | Impacts
    | Subscribe
    | Unsubscribe
    | Ping
    | Shutdown
)
Question = Sounds | Explain | Hear
"""Answered by the worker."""
AnyRequest = AnsweredAtOnce | Question
