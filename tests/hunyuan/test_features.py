"""Windows have all their features, of the frames that the film has there; none is looked at twice."""

from __future__ import annotations

import weakref
from fractions import Fraction
from itertools import count, islice

import pytest
import torch
from safetensors.torch import save

from backend.cache.cache import Cache
from foley_core.engines.hunyuan import encoder_frames, features
from foley_core.engines.hunyuan.config import HOP_SECONDS
from foley_core.engines.hunyuan.features import window_features
from foley_core.media.probe import probe
from tests.hunyuan.numbered import Reader, named, numbered

RATE = Fraction(24000, 1001)


class Windows:
    """Looks at windows of one film, and counts what that takes."""

    def __init__(self, path, store=None):
        self.info, self.store = probe(path), store
        self.encoders, self.frames, self.signs = Reader(), 0, 0

    def at(self, starts, rule="first"):
        return window_features(self.info, starts, self.encoders, rule, self.store, self._tick, self._sign)

    def _tick(self):
        self.frames += 1

    def _sign(self):
        self.signs += 1

    @property
    def work(self):
        """Frames decoded, frames and segments told of."""
        return self.frames, self.encoders.frames, self.encoders.segments


class FeaturesInMemory:
    """Keeps whatever it is given."""

    def __init__(self):
        self.kept = {}

    def recall(self, media, key):
        return self.kept.get(key)

    def keep(self, media, key, content):
        self.kept[key] = content


def expected(times, start, rule="first"):
    """What the reader tells of a window."""
    visual = [named(times, start + Fraction(k, 8), rule) for k in range(64)]
    sync = [
        [named(times, start + Fraction(8 * segment + 2 * token + one, 25), rule) for one in range(2)]
        for segment in range(24)
        for token in range(8)
    ]
    return torch.tensor(visual).float(), torch.tensor(sync).float()


def assert_is(told, times, start, rule="first"):
    assert told.visual.shape == (64, 768)
    assert told.sync.shape == (192, 768)
    visual, sync = expected(times, start, rule)
    assert torch.equal(told.visual[:, 0], visual)
    assert torch.equal(told.sync[:, [0, -1]], sync)


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """A film of 16 s, and the times of its frames."""
    path = tmp_path_factory.mktemp("features") / "long.mp4"
    return path, numbered(path, [k / RATE for k in range(int(16 * RATE))])


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A film of a second."""
    path = tmp_path_factory.mktemp("features") / "short.mp4"
    return path, numbered(path, [k / RATE for k in range(24)])


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def hops(first, windows):
    return [first + number * HOP_SECONDS for number in range(windows)]


@pytest.mark.parametrize("rule", ["first", "nearest"])
def test_a_window_has_the_frames_that_the_film_has_there(long, rule):
    path, times = long
    for start in (Fraction(1001, 48_000) * 7, Fraction(12)):
        (told,) = Windows(path).at([start], rule)
        assert_is(told, times, start, rule)


@pytest.mark.parametrize(("frames", "rate"), [(1, RATE), (4, Fraction(30)), (4, RATE)])
def test_of_a_film_shorter_than_a_fifth_of_a_second_a_window_is_whole(tmp_path, frames, rate):
    times = numbered(tmp_path / "short.mp4", [k / rate for k in range(frames)])
    watching = Windows(tmp_path / "short.mp4")
    for start in (Fraction(0), Fraction(-1, 3), Fraction(1, 7)):
        (told,) = watching.at([start])
        assert_is(told, times, start)


def test_a_film_that_lies_on_its_head_is_looked_at_upright(tmp_path):
    times = numbered(tmp_path / "turned.mp4", [k / RATE for k in range(24)], rotation=180)
    (told,) = Windows(tmp_path / "turned.mp4").at([Fraction(0)])
    mirrored = [int(f"{int(one):010b}"[::-1], 2) for one in expected(times, Fraction(0))[0]]
    assert told.visual[:, 0].tolist() == mirrored


def test_windows_of_a_long_cue_take_one_pass_and_share_segments(long):
    path, times = long
    watching, starts = Windows(path), hops(Fraction(1, 3), 3)
    for start, told in zip(starts, watching.at(starts), strict=True):
        assert_is(told, times, start)
    assert watching.frames <= len(times)
    assert watching.encoders.frames == 3 * 64
    assert watching.encoders.segments == 24 + 22 + 22
    assert watching.signs > 0


def test_windows_that_overlap_in_any_way_are_what_they_are_alone(short):
    path, times = short
    starts = [Fraction(-8), Fraction(-71, 10), Fraction(-7), Fraction(-7) + Fraction(8, 25), Fraction(1, 2)]
    for start, told in zip(starts, Windows(path).at(starts), strict=True):
        assert_is(told, times, start)


def test_windows_are_looked_at_as_they_are_asked_for(long):
    path, _ = long
    watching, taken = Windows(path), []

    def starts():
        for number in count():
            taken.append(number)
            yield number * HOP_SECONDS

    found = watching.at(starts())
    next(found)
    assert watching.encoders.frames == 64
    assert len(taken) <= 3
    assert watching.frames < 8.5 * RATE
    list(islice(found, 20))  # nearly all of them past the end, where the last frame stands
    assert len(taken) <= 23
    found.close()


def test_while_sound_is_made_no_pictures_are_held_but_those_where_windows_overlap(long, monkeypatch):
    path, _ = long
    pictures = []

    def looked(*given):
        for request, pixels in encoder_frames.sample_frames(*given):
            pictures.append(weakref.ref(pixels))
            yield request, pixels

    monkeypatch.setattr(features, "sample_frames", looked)
    for _ in Windows(path).at(hops(Fraction(0), 2)):
        held = {id(one()) for one in pictures if one() is not None}
        assert len(held) <= 2 * 8 + 24 + 2
    assert len(pictures) == 64 + 200 + 64 + 176


def test_what_was_looked_at_once_is_not_looked_at_again(long, cache):
    path, times = long
    starts = hops(Fraction(0), 2)
    list(Windows(path, cache.features).at(starts))
    again = Windows(path, cache.features)
    for start, told in zip(starts, again.at(starts), strict=True):
        assert_is(told, times, start)
    assert again.work == (0, 0, 0)


def test_only_the_windows_that_are_not_known_are_looked_at(long, cache):
    path, times = long
    first, second, third = hops(Fraction(0), 3)
    list(Windows(path, cache.features).at([first]))
    more = Windows(path, cache.features)
    for start, told in zip((first, second), more.at([first, second]), strict=True):
        assert_is(told, times, start)
    assert more.work[1:] == (64, 22)  # the segments shared with the known window are known, too
    before = Windows(path, cache.features)
    starts = [first - HOP_SECONDS, first, second, third]
    for start, told in zip(starts, before.at(starts), strict=True):
        assert_is(told, times, start)
    assert before.work[1:] == (2 * 64, 24 + 22)


def test_another_rule_start_film_or_model_is_looked_at_anew(short, long, cache, monkeypatch):
    path, times = short
    list(Windows(path, cache.features).at([Fraction(0)]))
    for start, rule in ((Fraction(0), "nearest"), (Fraction(1, 48_000), "first")):
        other = Windows(path, cache.features)
        (told,) = other.at([start], rule)
        assert_is(told, times, start, rule)
        assert other.encoders.frames == 64
    other = Windows(long[0], cache.features)
    (told,) = other.at([Fraction(0)])
    assert_is(told, long[1], Fraction(0))
    monkeypatch.setattr(Reader, "fingerprint", "another reader")
    other = Windows(path, cache.features)
    list(other.at([Fraction(0)]))
    assert other.encoders.frames == 64


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no tensors",
        save({"visual": torch.zeros(64, 768)}),
        save({"visual": torch.zeros(8, 768), "sync": torch.zeros(192, 768)}),
    ],
    ids=["empty", "no tensors", "half", "of another window"],
)
def test_what_is_kept_but_no_features_is_told_anew(short, content):
    path, times = short
    store = FeaturesInMemory()
    list(Windows(path, store).at([Fraction(0)]))
    ((key, good),) = store.kept.items()
    store.kept[key] = content
    (told,) = Windows(path, store).at([Fraction(0)])
    assert_is(told, times, Fraction(0))
    assert store.kept == {key: good}


def test_a_cancel_passes_through_and_closes_the_film(short):
    def cancel():
        raise KeyboardInterrupt

    path, _ = short
    for tick, meanwhile in ((cancel, lambda: None), (lambda: None, cancel)):
        with pytest.raises(KeyboardInterrupt):
            list(window_features(probe(path), [Fraction(0)], Reader(), "first", None, tick, meanwhile))
