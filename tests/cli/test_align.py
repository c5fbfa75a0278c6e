"""`foley align`: any recording put in step with a film, without a service; bad input changes nothing."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
import wavinfo

from foley_core.align.sound_analysis import analyze_sound
from foley_core.media.wav import read_record
from foley_core.timecode import SAMPLE_RATE
from tests.cli.conftest import Foley, run
from tests.films import Film
from tests.picture.strikes import strikes, struck_film

pytestmark = pytest.mark.process

LATE = 0.18
KEYS = {
    "told",
    "moved",
    "within_ms",
    "pairs",
    "shift_ms",
    "p50_ms",
    "p95_ms",
    "worst_ms",
    "unmatched_impacts",
    "unmatched_onsets",
    "notes",
}


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds in which things strike."""
    return struck_film(tmp_path_factory.mktemp("struck") / "film.mp4", Fraction(25))


def knocks(times: list[float], seconds: float, rate: int = SAMPLE_RATE, channels: int = 1) -> np.ndarray:
    """A knock at each time, over soft noise."""
    chance = np.random.default_rng(1)
    wave = chance.normal(0, 5e-4, (round(seconds * rate), channels))
    length = rate // 10
    for time in times:
        knock = chance.normal(0, 0.3, length) * np.exp(-np.arange(length) / (0.01 * rate))
        part = wave[round(time * rate) :][:length]
        part += knock[: len(part), None]
    return wave


def heard(path: Path) -> list[float]:
    """Seconds at which something begins in a file."""
    wave, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return [onset.sample / SAMPLE_RATE for onset in analyze_sound(iter([wave])).onsets]


def written(path: Path, wave: np.ndarray, rate: int = SAMPLE_RATE, subtype: str = "PCM_24") -> Path:
    soundfile.write(path, wave, rate, subtype)
    return path


def test_a_late_recording_is_put_right(struck: Path, tmp_path: Path) -> None:
    rate, channels = 44_100, 1
    times = [float(strike.time) for strike in strikes()]
    late = knocks([time + LATE for time in times], 12, rate, channels)
    answer = run(
        "align", struck, written(tmp_path / "late.wav", late, rate), "-o", tmp_path / "o.wav", "--json"
    )
    assert answer.code == 0, answer.err
    found = answer.json
    assert set(found) == KEYS
    assert (found["told"], found["moved"], found["notes"]) == (True, True, [])
    assert abs(found["shift_ms"] - 1000 * LATE) < 20
    assert found["p95_ms"] < 25
    assert len(found["pairs"]) >= 8
    assert {"impact", "onset", "before_ms", "after_ms", "confidence"} == set(found["pairs"][0])
    after = np.array(heard(tmp_path / "o.wav"))
    off = [np.abs(after - time).min() for time in times if time < 12 - LATE]
    assert np.median(off) < 0.02
    assert max(off) < 0.05
    info = soundfile.info(tmp_path / "o.wav")
    assert (info.samplerate, info.channels, info.subtype, info.frames) == (48_000, 2, "PCM_24", 12 * 48_000)
    assert read_record(tmp_path / "o.wav")["shift_ms"] == found["shift_ms"]
    header = wavinfo.WavInfoReader(str(tmp_path / "o.wav"))
    made = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    assert f"{header.bext.originator_date} {header.bext.originator_time}" == f"{made:%Y-%m-%d %H:%M:%S}"
    assert header.ixml.parsed.findtext("SPEED/TIMECODE_FLAG") == "NDF"


def test_a_recording_that_is_right_comes_back_bit_for_bit(struck: Path, tmp_path: Path) -> None:
    wave = knocks([float(strike.time) for strike in strikes()], 12, channels=2)
    source = written(tmp_path / "right.wav", wave)
    answer = run("align", struck, source, "-o", tmp_path / "o.wav")
    assert answer.out.split() == [str(tmp_path / "o.wav")]
    assert "Measured against the picture's impacts" in answer.err
    assert answer.err.rstrip().endswith("nothing is moved.")
    assert "in sync" not in answer.err
    before, after = (soundfile.read(path, dtype="int32")[0] for path in (source, tmp_path / "o.wav"))
    assert np.array_equal(before, after)


def test_what_cannot_be_done_is_one_clear_error_and_nothing_is_written(
    foley: Foley, film: Film, struck: Path, tmp_path: Path
) -> None:
    source = written(tmp_path / "s.wav", knocks([1.0], 2))
    before, kept = sorted(path.name for path in tmp_path.iterdir()), source.read_bytes()
    for video, recording, output, code in (
        (struck, source, source, "output_denied"),
        (struck, source, tmp_path / "o.mp3", "usage"),
        (struck, film.path, tmp_path / "o.wav", "media_unreadable"),
    ):
        answer = foley("align", video, recording, "-o", output, "--json")
        assert answer.code in (1, 2)
        assert answer.json["error"]["code"] == code
        assert answer.err == ""
        there = sorted(path.name for path in tmp_path.iterdir() if path.name != "home")
        assert (there, source.read_bytes()) == (before, kept)
