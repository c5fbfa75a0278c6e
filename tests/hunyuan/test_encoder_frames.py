"""The frames of both encoders are exactly those that the rule names, and look as the model was taught."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import av
import cv2
import numpy as np
import pytest
import torch
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from torch.nn.functional import interpolate

from foley_core.engines.hunyuan.encoder_frames import FrameRequest, sample_frames
from foley_core.media.frames import Frame
from foley_core.media.probe import probe
from foley_core.timecode import SAMPLE_RATE, sample_at
from tests.films import barcode, flash_film
from tests.hunyuan.numbered import named, number, numbered
from tests.picture.drawn import film_at

RULES = ("first", "nearest")
SECONDS = 3
FILMS = {
    "23.976": ("cfr", Fraction(24000, 1001)),
    "25": ("cfr", Fraction(25)),
    "29.97": ("cfr", Fraction(30000, 1001)),
    "variable rate": ("vfr", Fraction(30)),
    "late start": ("late_start", Fraction(24)),
    "edit list": ("edit_list", Fraction(25)),
    "sound before picture": ("delayed", Fraction(24000, 1001)),
    "transport stream": ("mpegts", Fraction(30000, 1001)),
    "turned": ("rotated", Fraction(24)),
}


def looks_at(times, encoder="visual"):
    return [FrameRequest(time, encoder) for time in times]


def seen(path, requests, rule="first", tick=lambda: None):
    """What is seen, turned back as it was drawn."""
    info = probe(path)
    found = list(sample_frames(info, requests, rule, tick))
    assert [request for request, _ in found] == requests
    return [np.rot90(pixels, -info.rotation // 90) for _, pixels in found]


def code(pixels):
    return barcode(pixels[..., 1])


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    folder = tmp_path_factory.mktemp("looking")
    return {
        name: flash_film(folder / name, rate=rate, seconds=SECONDS, variant=variant)
        for name, (variant, rate) in FILMS.items()
    }


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", FILMS)
def test_each_look_sees_the_frame_that_the_rule_names(films, name, rule):
    film = films[name]
    for start, rate in ((Fraction(0), 25), (Fraction(-1, 3), 8), (Fraction(1001, 1000), 25)):
        times = [start + Fraction(k, rate) for k in range(2 * rate)]
        found = [code(pixels) for pixels in seen(film.path, looks_at(times), rule)]
        assert found == [named(film.times, time, rule) for time in times]


@pytest.mark.parametrize("name", ["23.976", "25", "29.97"])
def test_a_window_that_begins_on_the_sample_nearest_a_frame_sees_that_frame(films, name):
    film = films[name]
    starts = [Fraction(sample_at(time), SAMPLE_RATE) for time in film.times]
    assert [code(pixels) for pixels in seen(film.path, looks_at(starts))] == list(range(len(starts)))


@pytest.mark.parametrize("rule", RULES)
def test_before_the_film_its_first_frame_stands_and_after_it_its_last(films, rule):
    film = films["23.976"]
    times = [
        Fraction(-9),
        Fraction(-1, 10**9),
        film.times[-1] + Fraction(1, 10**9),
        Fraction(3),
        Fraction(60),
    ]
    last = len(film.times) - 1
    assert [code(x) for x in seen(film.path, looks_at(times), rule)] == [0, 0, last, last, last]
    assert [code(x) for x in seen(film.path, looks_at([Fraction(1000)]), rule)] == [last]


@pytest.mark.parametrize("rule", RULES)
def test_a_look_into_a_long_gap_between_frames_is_exact_too(tmp_path, rule):
    shown = [Fraction(k, 25) for k in (0, 1, 2, 175, 176)]
    numbered(tmp_path / "gap.mp4", shown)
    for start in (Fraction(3), Fraction(7, 2), Fraction(5)):
        found = [number(x) for x in seen(tmp_path / "gap.mp4", looks_at([start, start + 4], "sync"), rule)]
        assert found == [named(shown, time, rule) for time in (start, start + 4)]


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001)])
def test_both_eyes_see_the_frames_named_in_one_pass(tmp_path, rate):
    times = numbered(tmp_path / "film.mp4", [k / rate for k in range(int(4 * rate))])
    encoders = [FrameRequest(Fraction(k, 25), "sync") for k in range(100)] + looks_at(
        Fraction(k, 8) for k in range(32)
    )
    decoded = []
    info = probe(tmp_path / "film.mp4")
    for request, pixels in sample_frames(info, sorted(encoders), "first", lambda: decoded.append(1)):
        side = 224 if request.encoder == "sync" else 512
        assert pixels.shape == (side, side, 3)
        assert number(pixels) == named(times, request.time, "first")
    assert len(decoded) == len(times)


def test_a_film_is_decoded_only_as_far_as_is_looked(films):
    film, decoded = films["25"], []
    endless = (FrameRequest(1 + Fraction(k, 25), "sync") for k in range(10**9))
    found = sample_frames(probe(film.path), endless, "first", lambda: decoded.append(1))
    assert [request.time for request, _ in islice(found, 10)] == [1 + Fraction(k, 25) for k in range(10)]
    assert len(decoded) < 45
    found.close()
    assert list(sample_frames(probe(film.path), [], "first", lambda: decoded.append(1))) == []


def test_what_is_raised_while_frames_are_decoded_passes_through(films):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(sample_frames(probe(films["25"].path), [FrameRequest(Fraction(0), "sync")], "first", stop))


@pytest.mark.parametrize(
    ("width", "height", "turned"),
    [
        (320, 180, 0),
        (180, 320, 0),
        (320, 180, 90),
        (322, 180, 270),
        (100, 64, 0),
        (128, 128, 180),
        (640, 96, 0),
    ],
)
def test_the_picture_is_squeezed_for_one_eye_and_cut_around_its_middle_for_the_other(
    tmp_path, width, height, turned
):
    across, down = np.meshgrid(np.linspace(20, 235, width), np.linspace(20, 235, height))
    for ramp, axis in ((across, 0), (down, 1)):
        path = film_at(
            tmp_path / f"{axis}.mp4", [Fraction(0)], lambda _, x=ramp: x.astype(np.uint8), rotation=turned
        )
        whole, middle = seen(path, [FrameRequest(Fraction(0), "visual"), FrameRequest(Fraction(0), "sync")])
        assert (whole.shape, middle.shape) == ((512, 512, 3), (224, 224, 3))
        size = (width, height)[axis]
        covered = min(width, height) / size
        for pixels, share in ((whole, 1.0), (middle, covered)):
            line = pixels[..., 1].astype(float).mean(axis)
            ends = 127.5 + np.array([-1, 1]) * 107.5 * share
            drawn = np.array([line[:3].mean(), line[-3:].mean()])
            assert np.abs(drawn - ends).max() < 5
            assert abs(drawn.sum() - 255) < 3


def painted(width, height):
    """Soft blotches of colour, with hard edges on them."""
    draw = np.random.default_rng(1)
    coarse = draw.random((height // 24 + 2, width // 24 + 2, 3)).astype(np.float32) * 235
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(30):
        x, y = draw.integers(0, width - 60), draw.integers(0, height - 30)
        colour = [int(level) for level in draw.integers(0, 255, 3)]
        cv2.rectangle(picture, (int(x), int(y)), (int(x) + 40, int(y) + 20), colour, -1)
    return np.clip(picture, 0, 255).astype(np.uint8)


def frame_of(picture):
    return Frame(Fraction(0), picture, 0, VideoReformatter())


@pytest.mark.parametrize(("kernel", "side"), [("bilinear", None), ("bicubic", 224)])
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 720), (320, 180)])
def test_pictures_are_made_small_as_torch_makes_them(kernel, side, size):
    width, height = size
    painting = painted(width, height)
    small = (width * side // min(size), height * side // min(size)) if side else (512, 512)
    pixels = torch.from_numpy(painting).permute(2, 0, 1)[None].float()
    truth = interpolate(pixels, small[::-1], mode=kernel, antialias=True).clamp(0, 255)[0].permute(1, 2, 0)
    as_drawn = av.VideoFrame.from_ndarray(painting, "rgb24")
    off = np.abs(frame_of(as_drawn).rgb(*small, kernel) - truth.numpy())
    assert off.mean() < 0.4  # 0.25 of it are whole numbers
    assert off.max() < 8  # at hard edges
    fast = np.abs(frame_of(as_drawn).rgb(*small) - truth.numpy())
    assert fast.mean() > 2 * off.mean()


@pytest.mark.parametrize("space", ["ITU601", "ITU709"])
def test_colours_come_out_as_they_were_shot(space):
    best = Interpolation.BICUBIC | Interpolation.FULL_CHR_H_INP | Interpolation.ACCURATE_RND
    soft = cv2.GaussianBlur(painted(1280, 720), (0, 0), 8)
    shot = av.VideoFrame.from_ndarray(soft, "rgb24").reformat(
        format="yuv420p", dst_colorspace=Colorspace[space], interpolation=best
    )
    truth = cv2.resize(soft, (512, 512), interpolation=cv2.INTER_AREA).astype(float)
    off = frame_of(shot).rgb(512, 512, "bilinear") - truth
    assert np.abs(off).mean() < 1
    assert np.abs(off.mean((0, 1))).max() < 0.5
