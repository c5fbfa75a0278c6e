"""What is kept by content, what is thrown away, and that damage is never handed out."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from fractions import Fraction
from pathlib import Path

import pytest

from backend import atomic
from backend.cache.cache import Cache
from backend.cache.digest import film_digest
from backend.cli import doctor
from foley_core.errors import OutputDenied
from foley_core.picture.spotting import Impact, Spotting
from tests.backend.support import RawClient, Service, cue_of


def bits(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def take_of(client: RawClient, film: Path, target: Path, **cue) -> dict:
    done = client.end_of(client.submit(film, target, **cue))
    assert done["type"] == "done", done
    return done["takes"][0]


def kept(service: Service) -> list[Path]:
    return sorted((service.home / "cache" / "takes").iterdir())


@pytest.fixture
def running(shared_service, client):
    """The shared backend with an empty cache."""
    Cache(shared_service.home / "cache").clear()
    return shared_service, client


def test_the_same_film_under_another_path_is_known_again(running, film, tmp_path):
    _, client = running
    first = take_of(client, film, tmp_path / "first.wav")
    elsewhere = tmp_path / "elsewhere" / film.name
    elsewhere.parent.mkdir()
    shutil.copyfile(film, elsewhere)
    again = take_of(client, elsewhere, tmp_path / "again.wav", batch="another")
    assert (first["cached"], again["cached"], again["decoded_frames"]) == (False, True, 0)
    assert first["decoded_frames"] > 0
    assert again["cue"]["media"] == str(elsewhere)
    assert bits(tmp_path / "first.wav") == bits(tmp_path / "again.wav")


def test_another_prompt_or_seed_decodes_no_frame_and_a_changed_film_does(running, film, tmp_path):
    service, client = running
    copy = tmp_path / "film.mp4"
    shutil.copyfile(film, copy)
    take_of(client, copy, tmp_path / "take.wav")
    for change in ({"prompt": "other"}, {"seed": 8}, {"negative": "wind"}):
        take = take_of(client, copy, tmp_path / "take.wav", **change)
        assert (take["cached"], take["decoded_frames"]) == (False, 0)
    with copy.open("ab") as file:
        file.write(b"\0\0\0\x08free")
    assert take_of(client, copy, tmp_path / "take.wav")["decoded_frames"] > 0
    assert len(kept(service)) == 5


@pytest.mark.parametrize(
    "damage", ["cut off", "a bit turned", "no record", "a record that is no JSON", "a stem gone"]
)
def test_a_damaged_take_is_made_anew_and_never_handed_out(running, film, tmp_path, damage):
    service, client = running
    cue = {"stems": True, "layers": ["hits", "ambience"]}
    take_of(client, film, tmp_path / "take.wav", **cue)
    expected = bits(tmp_path / "take.wav")
    (folder,) = kept(service)
    wav = folder / "take.wav"
    if damage == "cut off":
        os.truncate(wav, 1000)
    elif damage == "a bit turned":
        sound = bytearray(wav.read_bytes())
        sound[-100] ^= 1
        wav.write_bytes(sound)
    elif damage == "no record":
        (folder / "record.json").unlink()
    elif damage == "a record that is no JSON":
        (folder / "record.json").write_text("{")
    else:
        (folder / "take-hits.wav").unlink()
    again = take_of(client, film, tmp_path / "again.wav", **cue)
    assert again["cached"] is False
    assert bits(tmp_path / "again.wav") == expected
    assert take_of(client, film, tmp_path / "third.wav", **cue)["cached"] is True


def test_stems_come_out_of_the_cache_too(running, film, tmp_path):
    _, client = running
    cue = {"stems": True, "layers": ["hits", "ambience"]}
    take_of(client, film, tmp_path / "first.wav", **cue)
    again = take_of(client, film, tmp_path / "again.wav", **cue)
    assert again["cached"] is True
    assert again["stems"] == {layer: str(tmp_path / f"again-{layer}.wav") for layer in cue["layers"]}
    for layer in cue["layers"]:
        assert bits(tmp_path / f"first-{layer}.wav") == bits(tmp_path / f"again-{layer}.wav")


@pytest.mark.process
def test_the_quota_lets_go_of_what_was_used_longest_ago(home, film, tmp_path):
    with Service(home, FOLEY_CACHE_BYTES="500000") as service:
        service.start()
        with service.client() as client:
            for seed in (1, 2):
                take_of(client, film, tmp_path / "take.wav", seed=seed)
            assert take_of(client, film, tmp_path / "take.wav", seed=1)["cached"] is True
            take_of(client, film, tmp_path / "take.wav", seed=3)
            take_of(client, film, tmp_path / "take.wav", seed=4)
            assert Cache(home / "cache").show()["bytes"] <= 500_000
            assert take_of(client, film, tmp_path / "take.wav", seed=2)["cached"] is False


@pytest.mark.process
def test_a_job_larger_than_the_quota_still_runs(home, film, tmp_path):
    with Service(home, FOLEY_CACHE_BYTES="1000") as service:
        service.start()
        with service.client() as client:
            deliver = {"takes": [str(tmp_path / f"{number}.wav") for number in range(3)]}
            client.ask("submit", job="large", cue=cue_of(film, takes=3), deliver=deliver)
            assert client.end_of("large")["type"] == "done"
        assert Cache(home / "cache").show()["bytes"] <= 1000


def test_the_cache_may_be_cleared_while_the_service_runs(running, film, tmp_path):
    service, client = running
    take_of(client, film, tmp_path / "take.wav")
    cache = Cache(service.home / "cache")
    shown = cache.show()
    assert (shown["takes"], shown["spottings"]) == (1, 1)
    assert cache.clear() == shown["bytes"] > 0
    assert cache.show()["bytes"] == 0
    take = take_of(client, film, tmp_path / "take.wav")
    assert take["cached"] is False
    assert take["decoded_frames"] > 0


def spotting() -> Spotting:
    impact = Impact(time=Fraction(1001, 24000), strength=0.5, x=0.25, y=0.75, thumbnail="abc")
    return Spotting(start=Fraction(0), end=Fraction(1, 3), impacts=(impact,), frames=8)


@pytest.fixture
def some_film(tmp_path):
    path = tmp_path / "some.mp4"
    path.write_bytes(b"some film")
    return path


def test_a_spotting_comes_back_exactly_for_its_stretch_alone(tmp_path, some_film):
    cache = Cache(tmp_path / "cache")
    assert cache.recall(some_film, Fraction(0), Fraction(1, 3)) is None
    cache.keep(some_film, spotting())
    assert cache.recall(some_film, Fraction(0), Fraction(1, 3)) == spotting()
    assert cache.recall(some_film, Fraction(0), Fraction(1, 2)) is None
    some_film.write_bytes(b"another film")
    assert cache.recall(some_film, Fraction(0), Fraction(1, 3)) is None


def test_a_damaged_spotting_is_thrown_away(tmp_path, some_film):
    cache = Cache(tmp_path / "cache")
    cache.keep(some_film, spotting())
    (file,) = (tmp_path / "cache" / "spottings").iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    assert cache.recall(some_film, Fraction(0), Fraction(1, 3)) is None
    assert not file.exists()


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path, some_film):
    (tmp_path / "cache").write_text("a file where the folder should be")
    cache = Cache(tmp_path / "cache")
    cache.keep(some_film, spotting())
    assert cache.recall(some_film, Fraction(0), Fraction(1, 3)) is None


@pytest.mark.parametrize("part", ["", "takes", "spottings", "features", "digests"])
def test_a_cache_that_cannot_be_written_is_no_cache_and_costs_no_take(service, film, home, tmp_path, part):
    in_the_way = home / "cache" / part
    in_the_way.parent.mkdir(parents=True, mode=0o700)
    in_the_way.write_text("a file where the folder should be")
    with service.start().client() as client:
        takes = [
            take_of(client, film, tmp_path / f"{at}.wav", layers=["hits", "ambience"], stems=True)
            for at in range(3)
        ]
        assert [Path(take["path"]).is_file() for take in takes] == [True] * 3
        assert bits(tmp_path / "0.wav") == bits(tmp_path / "2.wav")
    assert in_the_way.is_file()
    assert service.log("worker.log").count("the cache cannot be written") == (part in ("", "takes"))
    assert list(tmp_path.glob("foley-*")) == []
    state, message, hint = doctor.check_cache()
    assert (state, str(in_the_way) in message, bool(hint)) == ("warn", True, True)


def test_what_cannot_be_thrown_away_is_not_said_to_be_freed(tmp_path, some_film, monkeypatch):
    cache = Cache(tmp_path / "cache")
    cache.keep(some_film, spotting())

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    assert cache.clear() == 0


def test_a_cache_that_may_only_be_read_is_read(tmp_path, some_film, monkeypatch):
    cache = Cache(tmp_path / "cache")
    cache.keep(some_film, spotting())
    cache.features.keep(some_film, "key", b"features")

    def refuse(path: Path, *times: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "utime", refuse)
    assert cache.recall(some_film, Fraction(0), Fraction(1, 3)) == spotting()
    assert cache.features.recall(some_film, "key") == b"features"


def test_features_come_back_for_their_film_and_key_alone(tmp_path, some_film):
    store = Cache(tmp_path / "cache").features
    assert store.recall(some_film, "a") is None
    store.keep(some_film, "a", b"of the first window")
    store.keep(some_film, "b", b"")
    assert store.recall(some_film, "a") == b"of the first window"
    assert store.recall(some_film, "b") == b""
    elsewhere = tmp_path / "elsewhere.mp4"
    shutil.copyfile(some_film, elsewhere)
    assert store.recall(elsewhere, "a") == b"of the first window"
    some_film.write_bytes(b"another film")
    assert store.recall(some_film, "a") is None


@pytest.mark.parametrize("damage", ["cut off", "a bit turned", "empty"])
def test_damaged_features_are_thrown_away(tmp_path, some_film, damage):
    cache = Cache(tmp_path / "cache")
    cache.features.keep(some_film, "a", bytes(1000))
    (file,) = (tmp_path / "cache" / "features").iterdir()
    whole = file.read_bytes()
    file.write_bytes({"cut off": whole[:-1], "a bit turned": whole[:-1] + b"\1", "empty": b""}[damage])
    assert cache.features.recall(some_film, "a") is None
    assert not file.exists()
    cache.features.keep(some_film, "a", b"new")
    assert cache.features.recall(some_film, "a") == b"new"


def test_features_count_against_the_quota_and_the_oldest_go_first(tmp_path, some_film, monkeypatch):
    monkeypatch.setenv("FOLEY_CACHE_BYTES", "2500")
    cache = Cache(tmp_path / "cache")
    for age, key in ((300, "old"), (200, "older than it looks"), (100, "new")):
        cache.features.keep(some_film, key, bytes(1000))
        newest = max((tmp_path / "cache" / "features").iterdir(), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (time.time() - age, time.time() - age))
    cache.features.recall(some_film, "old")  # used just now
    shown = cache.show()
    assert (shown["features"], shown["bytes"]) == (3, 3 * 1032)
    cache.make_room()
    assert cache.show()["features"] == 2
    assert cache.features.recall(some_film, "older than it looks") is None
    assert cache.clear() == 2 * 1032
    assert cache.features.recall(some_film, "new") is None


def test_features_that_cannot_be_kept_are_no_error(tmp_path, some_film):
    (tmp_path / "cache").write_text("a file where the folder should be")
    cache = Cache(tmp_path / "cache")
    cache.features.keep(some_film, "a", b"content")
    assert cache.features.recall(some_film, "a") is None


def test_a_film_is_read_once_until_it_changes(tmp_path, some_film):
    reads = []

    def digest() -> str:
        return film_digest(some_film, tmp_path / "digests", lambda: reads.append(1))

    first = digest()
    assert (digest(), len(reads)) == (first, 1)
    assert first == hashlib.sha256(b"some film").hexdigest()
    some_film.write_bytes(b"same size")
    os.utime(some_film, ns=(time.time_ns(), time.time_ns() + 1_000_000))
    assert digest() != first
    assert len(reads) == 2


def test_a_film_that_was_replaced_within_the_tick_of_a_clock_is_another(tmp_path, some_film):
    times = some_film.stat()
    first = film_digest(some_film, tmp_path / "digests")
    for content in (b"same size", b"SAME SIZE"):
        other = tmp_path / "other"
        other.write_bytes(content)
        other.replace(some_film)
        os.utime(some_film, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert film_digest(some_film, tmp_path / "digests") == bits(some_film) != first
    time.sleep(0.02)  # more than a tick of the system's clock
    some_film.write_bytes(b"in place.")
    os.utime(some_film, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert film_digest(some_film, tmp_path / "digests") == bits(some_film)


def test_a_digest_that_an_earlier_version_wrote_is_believed_once_and_then_renewed(tmp_path, some_film):
    reads = []
    film_digest(some_film, tmp_path / "digests")
    (note,) = (tmp_path / "digests").iterdir()
    known = json.loads(note.read_bytes())
    del known["inode"], known["ctime_ns"]
    note.write_text(json.dumps(known))
    assert film_digest(some_film, tmp_path / "digests", lambda: reads.append(1)) == bits(some_film)
    assert reads == []
    assert json.loads(note.read_bytes())["ctime_ns"] == some_film.stat().st_ctime_ns


def test_a_small_file_is_there_whole_or_not_at_all(tmp_path):
    path = tmp_path / "small.json"
    atomic.write_atomic(path, b"first")
    atomic.write_atomic(path, b"second")
    assert path.read_bytes() == b"second"
    with pytest.raises(OutputDenied):
        atomic.write_atomic(tmp_path / "nowhere" / "small.json", b"third")
    assert [entry.name for entry in tmp_path.iterdir()] == ["small.json"]


def test_what_a_dead_worker_left_unfinished_is_swept_by_the_next(service, film, tmp_path):
    left = service.home / "cache" / "takes" / ".new-0123"
    left.mkdir(parents=True)
    (left / "take.wav").write_bytes(b"half")
    service.start()
    with service.client() as client:
        client.end_of(client.submit(film, tmp_path / "take.wav"))
    assert not left.exists()


def test_records_in_the_cache_name_no_path(running, film, tmp_path):
    service, client = running
    take_of(client, film, tmp_path / "take.wav")
    (folder,) = kept(service)
    record = json.loads((folder / "record.json").read_text())
    assert record["take"]["path"] == "take.wav"
    assert str(tmp_path) not in json.dumps(record)
