"""What the version before has kept is read: jobs, takes, spottings, features, digests, and its own records.

`tests/data/kept/backend` was written by foley 0.1.0 of November 2026, over a film of a second.
"""

from __future__ import annotations

import hashlib
import shutil
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from backend import paths
from backend.cache.digest import film_digest
from backend.cache.features import FeatureCache
from backend.cache.takes import TakeCache
from backend.connection import published
from backend.launch import Launch
from backend.models import record
from backend.service.jobs import JobStore
from foley_core.cue import decode_hook
from foley_core.picture.spotting import Spotting
from tests.backend.support import Service
from tests.boundaries.sources import ROOT

KEPT = ROOT / "tests" / "data" / "kept" / "backend"
DONE = "a wooden knock"


@pytest.fixture
def kept(home: Path) -> Path:
    """The state folder of the version before, as ours."""
    return Path(shutil.copytree(KEPT, home))


def test_its_take_comes_from_the_cache_whole(kept: Path, tmp_path: Path) -> None:
    (folder,) = (kept / "cache" / "takes").iterdir()
    take = TakeCache(folder.parent).fetch(folder.name, tmp_path / "take.wav")
    assert take is not None
    assert (take.cached, take.seed, take.cue["prompt"], take.bits) == (True, 7, DONE, 16)
    assert [impact.time_exact for impact in take.impacts] == ["3/10"]
    for path in (take.path, *take.stems.values()):
        sound = folder / Path(path).name
        assert Path(path).read_bytes() == (KEPT / sound.relative_to(kept)).read_bytes()


def test_its_spotting_is_read(kept: Path) -> None:
    (path,) = (kept / "cache" / "spottings").iterdir()
    spotting = msgspec.json.decode(path.read_bytes(), type=Spotting, dec_hook=decode_hook)
    assert (spotting.start, spotting.end, spotting.frames) == (Fraction(1, 5), Fraction(1, 2), 25)


def test_its_features_are_found_by_the_film(kept: Path) -> None:
    def digest(film: Path) -> str:
        return film_digest(film, kept / "cache" / "digests")

    features = FeatureCache(kept / "cache" / "features", digest)
    told = features.recall(kept / "film.mp4", "features 2, an encoder, first 1/5")
    assert told == b"what was seen"


def test_its_jobs_are_read_with_their_cues_and_how_they_ended(kept: Path) -> None:
    jobs = JobStore(paths.jobs_file())
    failed, done = (jobs.find(job.id) for job in jobs.newest())
    jobs.close()
    assert (done.state, done.cue.prompt, done.cue.seed, done.cue.hits) == (
        "done",
        DONE,
        7,
        (Fraction(3, 10),),
    )
    assert done.outcome.takes[0]["path"] == done.deliver.takes[0] == "/srv/kept/take.wav"
    assert (failed.state, failed.cue.engine) == ("failed", "nobody")
    assert failed.outcome.error is not None
    assert failed.outcome.error.code == "engine_unknown"


def test_its_records_are_read(kept: Path) -> None:
    connection = published()
    assert connection is not None
    assert connection.endpoint.startswith("tcp://127.0.0.1:")
    launch = msgspec.json.decode(paths.launch_file().read_bytes(), type=Launch)
    assert launch.command[1:] == ["-m", "backend", "serve"]
    models = record.read(kept)
    assert [entry.path for entry in models.entries] == ["hunyuanvideo_foley_xl.pth"]
    assert models.accepted == ("tencent-hunyuan-community",)


def test_its_digest_is_of_the_same_film(kept: Path) -> None:
    (note,) = (kept / "cache" / "digests").iterdir()
    sha256 = msgspec.json.decode(note.read_bytes())["sha256"]
    assert sha256 == hashlib.sha256((kept / "film.mp4").read_bytes()).hexdigest()


def test_a_backend_goes_on_from_it(kept: Path, service: Service) -> None:
    with service.start().client() as client:
        client.hello()
        states = {job["prompt"]: job["state"] for job in client.ask("list")["jobs"]}
    assert states == {DONE: "done", "nonsense": "failed"}
