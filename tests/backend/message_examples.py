"""One message of each kind, as docs/messages.md shows them: requests as a client would write them, all else
as the backend encodes it. They tell one story: a cue, its job, and the take that comes of it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

from backend import messages
from backend.errors import JobUnknown
from backend.messages import PROTOCOL, Deliver, Fault
from backend.service import fields
from backend.service.abilities import LIMITS, OUTPUTS
from foley_core.audition import explain, listing
from foley_core.cue import Cue, decode_hook, plain
from foley_core.cue_range import CueRange
from foley_core.errors import MediaUnreadable
from foley_core.take import AlignmentSummary, SoundedImpact, Take
from foley_core.timecode import exact_text, sample_at

JOB, NEXT_JOB = "f3b1c07d5e2a4c6f", "9e02d4417bb84a15"
BUILD, INSTANCE, SEED, BROKER, WORKER = "0.2.0+3", "5d0c6f2ab91e7743", 1275946092, 4711, 4712
CUE: dict[str, Any] = {
    "media": "/films/door.mov",
    "in": "1001/1000",
    "out": "5/2",
    "prompt": "wooden knocks, light rain on the window",
    "handles": "1/2",
    "stems": True,
    "loudness": -23,
    "hit_list": [{"time": "3/2"}, {"time": "2", "sound": "glass", "strength": 0.9}],
    "batch": "reel 1",
}
DELIVER: dict[str, Any] = {
    "takes": ["/sound/door.wav"],
    "preview": "/sound/door.mp4",
    "made": "2026-11-29T18:25:06",
}
REQUESTS: dict[type[msgspec.Struct], dict[str, Any]] = {
    messages.Hello: {"protocol": list(PROTOCOL), "client": "my editor", "most_impacts": 500},
    messages.Capabilities: {},
    messages.Submit: {"job": JOB, "cue": CUE, "deliver": DELIVER},
    messages.Cancel: {"job": NEXT_JOB},
    messages.Status: {"job": JOB},
    messages.List: {"batch": "reel 1", "states": ["queued", "done"], "limit": 2},
    messages.Find: {"name": "f3b1"},
    messages.Impacts: {"job": JOB, "take": 0, "first": 1, "limit": 500},
    messages.Sounds: {},
    messages.Explain: {"prompt": "wooden knocks, lite rain"},
    messages.Hear: {"prompt": "light rain on the window", "path": "/sound/rain.wav", "seconds": "2"},
    messages.Subscribe: {"jobs": [JOB, NEXT_JOB]},
    messages.Unsubscribe: {"batch": "reel 1"},
    messages.Ping: {},
    messages.Shutdown: {"mode": "drain"},
}
"""Their fields beside `type` and `id`."""


def request(kind: type[msgspec.Struct], number: int) -> dict[str, Any]:
    """The whole request."""
    return {"type": kind.__struct_config__.tag, "id": str(number), **REQUESTS[kind]}


def take() -> Take:
    """What comes of the cue, in a film at 23.976 frames per second whose timecode begins at 10:00:00:00."""
    cue = msgspec.convert(CUE, Cue, dec_hook=decode_hook)
    assert cue.out_point is not None
    start, end = cue.in_point - cue.handles, cue.out_point + cue.handles
    ten_hours, day = Fraction(10 * 3600 * 1001, 1000), Fraction(24 * 3600 * 1001, 1000)
    lies = CueRange(cue.in_point, cue.out_point, start, end, Fraction(60), ten_hours, day)
    played: dict[str, Any] = plain(
        msgspec.structs.replace(cue, seed=SEED, engine="procedural", alignment="report")
    )
    del played["batch"]
    return Take(
        path=DELIVER["takes"][0],
        seed=SEED,
        engine="procedural",
        engine_version="4",
        samples=lies.samples,
        bits=cue.bits,
        start=float(start),
        start_exact=exact_text(start),
        time_reference=lies.time_reference,
        head=lies.head,
        tail=lies.tail,
        impacts=(
            _impact("3/2", lies, sound="wood", strength=0.7164, x=0.1954, y=0.6555),
            _impact("2/1", lies, sound="glass", strength=0.9, x=0.2608, y=0.6557),
        ),
        alignment=AlignmentSummary(
            shift_ms=0.0, p50_ms=0.0, p95_ms=0.0, worst_ms=0.0, unmatched_impacts=0, unmatched_onsets=0
        ),
        stems={layer: f"/sound/door-{layer}.wav" for layer in cue.layers},
        lufs=-23.0,
        true_peak=-2.57,
        gain_db=3.611,
        decoded_frames=152,
        notes={"ambience": "rain (light)", "hits": "wood", "movement": "none"},
        cue=played,
    )


def _impact(time: str, lies: CueRange, **seen: Any) -> SoundedImpact:
    at = Fraction(time)
    return SoundedImpact(
        time=float(at),
        time_exact=time,
        sample=sample_at(at) - lies.first_sample,
        before_ms=0.0,
        offset_ms=0.0,
        confidence=1.0,
        **seen,
    )


def _job(**more: Any) -> messages.JobInfo:
    told: dict[str, Any] = {
        "id": JOB,
        "state": "done",
        "progress": 1.0,
        "stage": "",
        "seq": 25,
        "attempts": 1,
        "created": 1795990883.822,
        "started": 1795990883.823,
        "finished": 1795990887.526,
        "batch": CUE["batch"],
        "prompt": CUE["prompt"],
        "media": CUE["media"],
        "seed": SEED,
        "cost": messages.Cost(worker=WORKER, seconds=3.698, memory=246358016),
        "short": JOB[:6],
        "deliver": msgspec.convert(DELIVER, Deliver),
        "client": "my editor",
    }
    return messages.JobInfo(**{**told, **more})


def _waiting_job() -> messages.JobInfo:
    place = {"place": 0, "wait_s": None, "reason": "start", "cost": None}
    times = {"created": 1795990890.117, "started": None, "finished": None}
    ids = {"id": NEXT_JOB, "short": NEXT_JOB[:6], "state": "queued", "progress": 0.0, "seq": 0, "attempts": 0}
    return _job(**ids, **times, **place, deliver=Deliver(takes=("/sound/next.wav",)))


def _status() -> messages.Report:
    return messages.Report(
        re="6",
        broker=messages.BrokerInfo(
            pid=BROKER, build=BUILD, instance=INSTANCE, uptime=6.001, home="/state/foley"
        ),
        workers=[
            messages.WorkerInfo(
                pid=WORKER,
                engine="procedural",
                device="CPU",
                engines=["hunyuan", "procedural"],
                state="ready",
                cues=1,
                memory=181751808,
            )
        ],
        jobs=[_waiting_job(), _job()],
    )


def _abilities() -> messages.Abilities:
    played = messages.EngineInfo(name="procedural", version="4", usable=True, why="", device="CPU")
    lacking = messages.EngineInfo(
        name="hunyuan",
        version="",
        usable=False,
        why="There is no hunyuanvideo_foley.pth in /models.",
        hint="Get it with `foley models pull xxl`.",
    )
    return messages.Abilities(
        re="2",
        protocol=PROTOCOL,
        build=BUILD,
        engines=[lacking, played],
        limits=LIMITS,
        outputs=OUTPUTS,
        fields=fields.fields(),
    )


def _sounds() -> messages.SoundList:
    """What is listed first and last of each."""
    known = listing()
    some = {name: [entries[0], entries[-1]] for name, entries in known.items()}  # type: ignore[index]
    return msgspec.convert({**some, "type": "sounds", "re": "13"}, messages.SoundList)


def _explanation() -> messages.Explanation:
    told = explain(REQUESTS[messages.Explain]["prompt"])
    return msgspec.convert({**told, "type": "explain", "re": "14"}, messages.Explanation)


def _fault(kind: type[JobUnknown | MediaUnreadable], message: str, hint: str) -> Fault:
    return Fault(code=kind.code, message=message, hint=hint)


def answers() -> dict[type[msgspec.Struct], msgspec.Struct]:
    """A reply of each kind."""
    unknown = _fault(JobUnknown, f"There is no job {JOB!r}.", "It may be too old; see `foley status`.")
    impact = plain(take().impacts[1])
    all_of_them: list[msgspec.Struct] = [
        messages.Welcome(re="1", protocol=PROTOCOL, build=BUILD, instance=INSTANCE, pid=BROKER),
        _abilities(),
        messages.Accepted(re="3", job=JOB, state="queued", seed=SEED),
        messages.Ok(re="4"),
        messages.Pong(re="11"),
        messages.Error(re="5", error=unknown),
        _status(),
        messages.ImpactList(re="8", job=JOB, take=0, first=1, total=2, impacts=[impact]),
        _sounds(),
        _explanation(),
        messages.Heard(
            re="15",
            path="/sound/rain.wav",
            sound="light rain on the window",
            sounds=["rain (light)"],
            space=None,
            unknown_words=[],
            near_words={},
        ),
    ]
    return {type(one): one for one in all_of_them}


def pushes() -> dict[type[msgspec.Struct], msgspec.Struct]:
    """A push of each kind."""
    damaged = _fault(MediaUnreadable, "/films/door.mov is cut off.", "Copy it again, whole.")
    all_of_them: list[msgspec.Struct] = [
        messages.Progress(job=JOB, seq=7, stage="sound", take=0, progress=0.4712),
        messages.Done(job=JOB, seq=25, takes=[plain(take())], preview=DELIVER["preview"]),
        messages.Failed(job=NEXT_JOB, seq=4, error=damaged),
        messages.Cancelled(job=NEXT_JOB, seq=4),
        messages.Waiting(job=NEXT_JOB, place=1, wait_s=25, reason="jobs"),
        messages.Leaving(mode="drain"),
    ]
    return {type(one): one for one in all_of_them}
