"""Whole films of every odd form, and prompts of every script, through the command line and the service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile
from av.video.stream import VideoStream
from numpy.typing import NDArray

from foley_core.media.wav import read_record
from foley_core.timecode import sample_at
from tests.cli.conftest import run

BLACK, DARK, WHITE = 0, 40, 255
HOURS = 10
ROUND = 60
"""Seconds of film that the ten hours are made of."""


@dataclass(frozen=True)
class Form:
    """A film: a brightness for each frame, or None for a picture that has nothing to do with the last."""

    rate: Fraction
    frames: Sequence[int | None]
    size: tuple[int, int] = (320, 180)
    options: dict[str, str] = field(default_factory=lambda: {"preset": "ultrafast", "crf": "40"})

    @property
    def clicks(self) -> list[int]:
        """Samples at which a white frame is first shown."""
        return [sample_at(n / self.rate) for n, brightness in enumerate(self.frames) if brightness == WHITE]


INTERLACED = {"preset": "ultrafast", "flags": "+ildct+ilme", "x264-params": "tff=1"}

FORMS = {
    "a tenth of a second": Form(Fraction(30), [DARK, WHITE, DARK]),
    "one frame": Form(Fraction(25), [WHITE]),
    "1 fps": Form(Fraction(1), [DARK, DARK, WHITE, DARK]),
    "240 fps": Form(Fraction(240), [DARK] * 100 + [WHITE] + [DARK] * 19),
    "8 x 8": Form(Fraction(24), [DARK] * 30 + [WHITE] + [DARK] * 5, (8, 8)),
    "8K": Form(Fraction(30), [DARK, DARK, WHITE], (7680, 4320)),
    "interlaced": Form(Fraction(25), [DARK] * 20 + [WHITE] + [DARK] * 9, (720, 576), INTERLACED),
    "portrait": Form(Fraction(30000, 1001), [DARK] * 17 + [WHITE] + [DARK] * 9, (180, 320)),
    "black": Form(Fraction(24), [BLACK] * 36),
    "a cut every frame": Form(Fraction(25), [None] * 50),
}


def pictures(form: Form) -> Iterator[NDArray[np.uint8]]:
    chance = np.random.default_rng(1)
    for brightness in form.frames:
        if brightness is None:
            coarse = chance.integers(0, 200, (9, 16), np.uint8)
            yield np.kron(coarse, np.ones((20, 20), np.uint8))
        else:
            yield np.full(form.size[::-1], brightness, np.uint8)


def draw(path: Path, form: Form) -> Path:
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=form.rate, options=form.options)
        assert isinstance(stream, VideoStream)
        (stream.width, stream.height), stream.pix_fmt = form.size, "yuv420p"
        for picture in pictures(form):
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of one service for all of these tests."""
    folder = tmp_path_factory.mktemp("home") / "home"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FOLEY_HOME", str(folder))
        environment.setenv("FOLEY_TEST_ENGINES", "1")
        yield folder
        run("shutdown", "--now")


@pytest.fixture(autouse=True)
def home(service: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of a fresh one for each test."""
    monkeypatch.setenv("FOLEY_HOME", str(service))
    monkeypatch.setenv("FOLEY_TEST_ENGINES", "1")
    return service


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second."""
    return draw(tmp_path_factory.mktemp("small") / "small.mp4", Form(Fraction(24), [DARK] * 24))


@pytest.fixture(scope="module")
def ten_hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """At four frames a second, one white frame in each minute: at its second second."""
    folder = tmp_path_factory.mktemp("long")
    frames = [DARK] * 8 + [WHITE] + [DARK] * (ROUND * 4 - 9)
    minute = draw(folder / "minute.mp4", Form(Fraction(4), frames))
    path = folder / "long.mp4"
    with av.open(str(minute)) as source, av.open(str(path), "w") as output:
        stream = output.add_stream_from_template(source.streams.video[0])
        packets = [packet for packet in source.demux(video=0) if packet.size]
        step = int(ROUND / packets[0].time_base)
        for _ in range(HOURS * 60):
            for packet in packets:
                packet.stream = stream
                output.mux(packet)
                packet.time_base = source.streams.video[0].time_base
                packet.pts, packet.dts = packet.pts + step, packet.dts + step
    return path


def generate(film: Path, output: Path, *arguments: str) -> dict[str, Any]:
    """The one take that the command line answers with."""
    answer = run("generate", film, "-o", output, "--seed", "1", "--json", *arguments)
    assert answer.code == 0, answer.out
    (take,) = answer.json["takes"]
    return dict(take)


@pytest.mark.parametrize("name", FORMS)
def test_a_film_of_any_form_gets_a_take_of_its_length_with_its_flashes(name: str, tmp_path: Path) -> None:
    form = FORMS[name]
    take = generate(draw(tmp_path / "film.mp4", form), tmp_path / "t.wav", "-p", "x", "--engine", "impulse")
    sound, _ = soundfile.read(tmp_path / "t.wav")
    assert len(sound) == take["samples"] == sample_at(len(form.frames) / form.rate)
    heard = np.flatnonzero(np.abs(sound[:, 0]) > 0.1).tolist()
    assert heard == [
        click for click in form.clicks if click
    ]  # a take fades in, so its first sample is silent
    assert take["decoded_frames"] == len(form.frames)
    assert take["impacts"] == []
    assert take["notes"]["flashes"] == str(len(form.clicks))


def test_the_interlaced_film_is_interlaced(tmp_path: Path) -> None:
    with av.open(str(draw(tmp_path / "film.mp4", FORMS["interlaced"]))) as film:
        assert all(frame.interlaced_frame for frame in film.decode(video=0))


def test_a_cue_in_the_middle_of_ten_hours_is_exact_and_known_afterwards(
    ten_hours: Path, tmp_path: Path
) -> None:
    start = HOURS * 3600 // 2
    cue = ["--in", str(start), "--out", str(start + 5), "--handles", "0.5"]
    take = generate(ten_hours, tmp_path / "a.wav", "-p", "x", "--engine", "impulse", *cue)
    sound, _ = soundfile.read(tmp_path / "a.wav")
    assert len(sound) == take["samples"] == 6 * 48_000
    assert take["time_reference"] == start * 48_000 - 24_000
    assert np.flatnonzero(np.abs(sound[:, 0]) > 0.1).tolist() == [sample_at(Fraction(5, 2))]
    assert 0 < take["decoded_frames"] < 80
    again = generate(ten_hours, tmp_path / "b.wav", "-p", "wood, rain", *cue)
    assert (again["decoded_frames"], again["samples"]) == (0, take["samples"])
    assert again["time_reference"] == take["time_reference"]


PROMPTS = {
    "emoji": "🌧️ 👩‍👩‍👧 💥",
    "other scripts": "dождь 雨 المطر می‌خواهم กลอง ꦮꦪꦁ",
    "markup": '<b onclick="x()">rain</b> &amp; [wood](http://x) %s {0} $(id) `id` \\n',
    "as long as may be": ("wood stone " * 200)[:2_000],
}


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_in_any_script_gets_a_take_and_stays_as_it_was(
    name: str, small: Path, tmp_path: Path
) -> None:
    take = generate(small, tmp_path / "t.wav", "-p", PROMPTS[name])
    assert take["samples"] == 48_000
    assert take["cue"]["prompt"] == PROMPTS[name]
    assert read_record(tmp_path / "t.wav")["cue"]["prompt"] == PROMPTS[name]


def test_ten_thousand_words_are_one_clear_error(small: Path, tmp_path: Path) -> None:
    answer = run("generate", small, "-p", "wood " * 10_000, "-o", tmp_path / "t.wav", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "bad_prompt")
    assert answer.json["error"]["message"] == "The prompt has 50000 characters."
    assert not (tmp_path / "t.wav").exists()
