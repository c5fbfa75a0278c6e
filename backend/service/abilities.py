"""What this backend can do, as it tells clients that ask: engines, limits, and how names end."""

from __future__ import annotations

from msgspec import structs

from backend.messages import MAX_MESSAGE, EngineInfo, Limits, Outputs
from backend.service.acceptance import Disks, installed_engines
from backend.worker.delivery import PREVIEW_ENDINGS, REPORT_ENDINGS, TAKE_ENDINGS
from foley_core import cue
from foley_core.errors import FoleyError

MAX_LISTED = 1_000
MAX_SUBSCRIBED = 1_000
MAX_IMPACTS = 1_000
MAX_CLIENT = 200

LIMITS = Limits(
    request_bytes=MAX_MESSAGE,
    takes=cue.MAX_TAKES,
    prompt=cue.MAX_PROMPT,
    handles_s=int(cue.MAX_HANDLE),
    hits=cue.MAX_HITS,
    seed=cue.MAX_SEED,
    loudness=cue.LOUDNESS,
    batch=cue.MAX_BATCH,
    client=MAX_CLIENT,
    layers=cue.LAYERS,
    listed=MAX_LISTED,
    subscribed=MAX_SUBSCRIBED,
    impacts=MAX_IMPACTS,
)
OUTPUTS = Outputs(takes=TAKE_ENDINGS, preview=PREVIEW_ENDINGS, report=REPORT_ENDINGS)


def engines(
    known: list[str], versions: dict[str, str], devices: dict[str, str], disks: Disks
) -> list[EngineInfo]:
    """The engines that are there, and whether each can be used here and now; `known` are the worker's, which
    has used those with a version on these devices."""
    there = installed_engines(disks)
    found = [_engine(name, disks) for name in (known if there is None else there)]
    return [
        structs.replace(
            one, version=versions.get(one.name, ""), device=devices.get(one.name, "") or one.device
        )
        for one in found
    ]


def _engine(name: str, disks: Disks) -> EngineInfo:
    from foley_core.engine_choice import known_device, why_unusable  # not before: the broker is there sooner

    why = ["The disk with its files does not answer.", ""]

    def look() -> None:
        if error := why_unusable(name):
            raise error
        why[0] = ""

    try:
        disks.ask(look)
    except FoleyError as error:
        why[:] = error.message, error.hint
    usable = not why[0]
    return EngineInfo(
        name=name, version="", usable=usable, why=why[0], hint=why[1], device=known_device(name)
    )
