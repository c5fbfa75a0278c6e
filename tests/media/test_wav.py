"""Takes on disk: readable by others, true to the bit, and there whole or not at all."""

from __future__ import annotations

import json
import struct
import wave
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
import pytest
import scipy.io.wavfile
import soundfile
import wavinfo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from foley_core.errors import DiskFull, EngineFailed, MediaUnreadable, OutputDenied
from foley_core.media.cue_points import CuePoint, hit_points, without_point
from foley_core.media.sound import sound
from foley_core.media.wav import read_record, write_date, write_wav
from foley_core.media.wav_header import WavHeader
from foley_core.take import SoundedImpact
from foley_core.timecode import TimecodeFormat

Samples = NDArray[np.float32]
RECORD = {"prompt": "wood ]]> <x> & \U0001f600 \x00 \uffff \x9f \u2028", "seed": 2**32 - 1, "start": 0.1}


def noise(samples: int, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).uniform(-1, 1, (samples, 2)).astype(np.float32)


def header(samples: int, **other: Any) -> WavHeader:
    values: dict[str, Any] = {
        "time_reference": 172_800_000,
        "description": "wood on stone",
        "record": json.dumps(RECORD).encode(),
    }
    return WavHeader(samples=samples, **values | other)


def write(path: Path, blocks: Iterator[Samples], samples: int, **other: Any) -> float:
    return write_wav(path, blocks, header(samples, **other))


def chunks(content: bytes) -> list[tuple[str, int, bytes]]:
    """Name, stated size and body of each chunk, read by hand; the padding must be there, and be zero."""
    form, size, kind = struct.unpack_from("<4sI4s", content)
    assert (form, size, kind) == (b"RIFF", len(content) - 8, b"WAVE")
    found, at = [], 12
    while at < len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        found.append((name.decode(), size, content[at + 8 : at + 8 + size]))
        at += 8 + size
        assert not any(content[at : at + size % 2])
        at += size % 2
    assert at == len(content)
    return found


@pytest.mark.parametrize("bits", [16, 24])
def test_other_programs_read_what_was_written(bits: int, tmp_path: Path) -> None:
    path, samples = tmp_path / "take.wav", noise(100_001)
    write(path, iter([samples[:777], samples[777:]]), len(samples), bits=bits)
    read, rate = soundfile.read(path, dtype="float64")
    assert rate == 48_000
    assert np.abs(read - samples).max() <= (0.5 if bits == 24 else 1.5) / 2 ** (bits - 1)
    info = wavinfo.WavInfoReader(str(path))
    assert (info.fmt.channel_count, info.fmt.sample_rate, info.fmt.bits_per_sample) == (2, 48_000, bits)
    assert (info.bext.time_reference, info.bext.version) == (172_800_000, 1)
    assert (info.bext.description, info.bext.originator) == ("wood on stone", "foley")
    assert info.ixml.project == "foley"
    assert [(track.channel_index, track.name) for track in info.ixml.track_list] == [("1", "L"), ("2", "R")]
    assert json.loads(info.ixml.parsed.findtext("FOLEY/RECORD")) == RECORD
    assert info.data.frame_count == len(samples)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=6).filter(any),
    bits=st.sampled_from([16, 24]),
    reference=st.integers(0, 2**63),
)
def test_blocks_of_any_size_give_the_same_file(
    sizes: list[int], bits: int, reference: int, tmp_path: Path
) -> None:
    samples = noise(sum(sizes))
    cuts = np.cumsum(sizes)[:-1]
    parts, whole = tmp_path / "parts.wav", tmp_path / "whole.wav"
    write(parts, iter(np.split(samples, cuts)), len(samples), bits=bits, time_reference=reference)
    write(whole, iter([samples]), len(samples), bits=bits, time_reference=reference)
    assert parts.read_bytes() == whole.read_bytes()
    assert len(soundfile.read(parts)[0]) == len(samples)
    assert wavinfo.WavInfoReader(str(parts)).bext.time_reference == reference


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), key=st.text(max_size=9), number=st.floats(allow_nan=False, allow_infinity=False))
def test_any_record_comes_back(text: str, key: str, number: float, tmp_path: Path) -> None:
    record = {"prompt": text, key: [number, None, {"x": text}]}
    path = tmp_path / "take.wav"
    write(path, iter([noise(8)]), 8, record=json.dumps(record).encode(), description=text)
    assert read_record(path) == record
    assert wavinfo.WavInfoReader(str(path)).ixml.project == "foley"


def test_a_record_given_as_utf_8_comes_back(tmp_path: Path) -> None:
    write(tmp_path / "take.wav", iter([noise(8)]), 8, record='{"prompt":"Tür 音 🚪"}'.encode())
    assert read_record(tmp_path / "take.wav") == {"prompt": "Tür 音 🚪"}


def test_a_take_is_read_back_by_our_own_reader(tmp_path: Path) -> None:
    path, samples = tmp_path / "take.wav", noise(48_000)
    write(path, iter([samples]), len(samples))
    read = np.concatenate(list(sound(path, Fraction(0), Fraction(1))))
    assert np.abs(read - samples).max() <= 0.5 / 2**23


@pytest.mark.parametrize("bits", [16, 24])
def test_what_is_past_full_scale_saturates(bits: int, tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    write(path, iter([np.array([[1.5, -1.5], [1, -1]], np.float32)]), 2, bits=bits)
    top = 1 - 2.0 ** (1 - bits)
    read = soundfile.read(path, dtype="float64")[0]
    np.testing.assert_allclose(read, [[top, -1], [top, -1]], atol=0 if bits == 24 else 2 / 2**15)


def test_16_bits_are_dithered_but_silence_stays_silent(tmp_path: Path) -> None:
    quiet = np.full((48_000, 2), 0.3 / 2**15, np.float32)
    quiet[24_000:] = 0
    path = tmp_path / "take.wav"
    write(path, iter([quiet]), len(quiet), bits=16)
    read = soundfile.read(path, dtype="int16")[0]
    assert set(np.unique(read[:24_000])) == {-1, 0, 1}
    assert abs(read[:24_000].mean() - 0.3) < 0.02
    assert not read[24_000:].any()


def test_past_4_gib_the_header_is_rf64(tmp_path: Path) -> None:
    samples = 5 * 2**30 // 6
    points = [CuePoint(0, "wood 1"), CuePoint(samples - 1, "glass 22")]
    about = header(samples, time_reference=1, description="long", record=b'{"long":true}', points=points)
    head = about.encoded()
    data_size = samples * 6
    assert head[:4] == b"RF64"
    assert head[4:16] == b"\xff\xff\xff\xffWAVEds64"
    riff, data, count, table = struct.unpack_from("<QQQI", head, 20)
    assert (riff, data, count, table) == (len(head) - 8 + data_size + data_size % 2, data_size, samples, 0)
    assert head[-8:] == b"data\xff\xff\xff\xff"
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + data_size)
    assert soundfile.info(path).frames == samples
    info = wavinfo.WavInfoReader(str(path))
    assert (info.data.frame_count, info.bext.description) == (samples, "long")
    assert read_record(path) == {"long": True}
    assert not np.concatenate(list(sound(path, Fraction(18_000), Fraction(18_001)))).any()


def test_short_takes_are_riff_with_room_for_ds64() -> None:
    largest = (2**32 - 1 - 2000) // 6
    head = header(largest, time_reference=0, description="", record=b"{}").encoded()
    assert head[:4] == b"RIFF"
    assert struct.unpack_from("<I", head, 4)[0] == len(head) - 8 + largest * 6
    assert head[12:20] == b"JUNK" + struct.pack("<I", 28)


@pytest.mark.parametrize("bits", [16, 24, 32])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("samples", [99, 100])
@pytest.mark.filterwarnings("ignore:Chunk")  # scipy knows no bext
def test_the_chunks_lie_in_the_order_and_with_the_sizes_that_they_state(
    bits: int, channels: int, samples: int, tmp_path: Path
) -> None:
    path, points = tmp_path / "take.wav", [CuePoint(7, "wood 1"), CuePoint(98, "boots on gravel 2")]
    write(path, iter([noise(samples)]), samples, bits=bits, channels=channels, points=points)
    found = chunks(path.read_bytes())
    fact = ["fact"] if bits == 32 else []
    names = ["JUNK", "fmt ", *fact, "bext", "iXML", "cue ", "LIST", "data"]
    assert [name for name, _size, _body in found] == names
    bodies = {name: body for name, _size, body in found}
    frame = channels * bits // 8
    kind = 3 if bits == 32 else 1
    assert struct.unpack_from("<HHIIHH", bodies["fmt "]) == (
        kind, channels, 48_000, 48_000 * frame, frame, bits,
    )  # fmt: skip
    assert bodies["fmt "][16:] == (b"\0\0" if bits == 32 else b"")
    assert bodies.get("fact", struct.pack("<I", samples)) == struct.pack("<I", samples)
    assert len(bodies["data"]) == samples * frame
    assert bodies["cue "] == struct.pack("<I", 2) + b"".join(
        struct.pack("<II4sIII", number, at, b"data", 0, 0, at) for number, at in ((1, 7), (2, 98))
    )
    assert bodies["LIST"] == (
        b"adtllabl" + struct.pack("<II", 11, 1) + b"wood 1\0\0"
        b"labl" + struct.pack("<II", 22, 2) + b"boots on gravel 2\0"
    )
    with soundfile.SoundFile(path) as file:
        assert (file.frames, file.channels) == (samples, channels)
    with av.open(str(path)) as file:
        (stream,) = file.streams.audio
        assert sum(frame.samples for frame in file.decode(stream)) == samples
    if bits != 32:
        with wave.open(str(path)) as file:
            assert (file.getnframes(), file.getnchannels(), file.getsampwidth()) == (
                samples, channels, bits // 8,
            )  # fmt: skip
    assert len(scipy.io.wavfile.read(path)[1]) == samples


def test_hits_are_cue_points_that_others_read(tmp_path: Path) -> None:
    path, points = tmp_path / "take.wav", [CuePoint(7, "wood 1"), CuePoint(98_765, "boots on gravel 2")]
    write(path, iter([noise(100_000)]), 100_000, points=points)
    cues = wavinfo.WavInfoReader(str(path)).cues
    assert [(cue.name, cue.position, cue.sample_offset) for cue in cues.cues] == [
        (1, 7, 7), (2, 98_765, 98_765),
    ]  # fmt: skip
    assert [(label.name, label.text) for label in cues.labels] == [(1, "wood 1"), (2, "boots on gravel 2")]


def hit(sample: int | None, sound: str) -> SoundedImpact:
    return SoundedImpact(time=0.0, time_exact="0/1", strength=1, x=0, y=0, sound=sound, sample=sample)


def test_what_a_cue_point_cannot_name_has_none_and_is_counted() -> None:
    furthest = 2**32 - 1
    impacts = (hit(furthest + 1, "late"), hit(5, "wood"), hit(None, ""), hit(furthest, "glass"), hit(2, "a"))
    assert hit_points(impacts) == [
        CuePoint(2, "a 1"), CuePoint(5, "wood 2"), CuePoint(furthest, "glass 3"),
    ]  # fmt: skip
    assert without_point(impacts) == 1
    assert hit_points(impacts, "hits") == hit_points(impacts)
    assert hit_points(impacts, "ambience") == []


@pytest.mark.parametrize(
    ("rate", "drop", "told"),
    [
        (Fraction(30000, 1001), True, ("30000/1001", "DF")),
        (Fraction(30000, 1001), False, ("30000/1001", "NDF")),
        (Fraction(24000, 1001), False, ("24000/1001", "NDF")),
        (Fraction(25), True, ("25/1", "NDF")),
    ],
)
def test_ixml_says_how_the_timecode_counts_and_where_the_sound_begins(
    rate: Fraction, drop: bool, told: tuple[str, str], tmp_path: Path
) -> None:
    path, reference = tmp_path / "take.wav", 5 * 2**32 + 77
    write(
        path, iter([noise(8)]), 8, bits=16, time_reference=reference, timecode=TimecodeFormat(rate, drop)
    )  # fmt: skip
    speed = wavinfo.WavInfoReader(str(path)).ixml.parsed.find("SPEED")
    assert (speed.findtext("TIMECODE_RATE"), speed.findtext("TIMECODE_FLAG")) == told
    assert speed.findtext("MASTER_SPEED") == speed.findtext("CURRENT_SPEED") == told[0]
    high, low = (speed.findtext(f"TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_{part}") for part in ("HI", "LO"))
    assert (high, low) == ("5", "77")
    rates = {speed.findtext(f"{name}_SAMPLE_RATE") for name in ("FILE", "DIGITIZER", "TIMESTAMP")}
    assert (rates, speed.findtext("AUDIO_BIT_DEPTH")) == ({"48000"}, "16")
    write(path, iter([noise(8)]), 8)
    assert wavinfo.WavInfoReader(str(path)).ixml.parsed.find("SPEED") is None


@pytest.mark.parametrize("channels", [1, 2])
def test_a_date_changes_eighteen_bytes_and_no_other(channels: int, tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    write(path, iter([noise(99)]), 99, channels=channels)
    before = path.read_bytes()
    assert wavinfo.WavInfoReader(str(path)).bext.originator_date == ""
    write_date(path, datetime(2026, 2, 3, 4, 5, 6))
    bext = wavinfo.WavInfoReader(str(path)).bext
    assert (bext.originator_date, bext.originator_time, bext.originator) == (
        "2026-02-03",
        "04:05:06",
        "foley",
    )
    assert path.read_bytes().replace(b"2026-02-0304:05:06", bytes(18)) == before
    write_date(path, datetime(1999, 12, 31, 23, 59, 59))
    assert path.read_bytes().replace(b"1999-12-3123:59:59", bytes(18)) == before


def test_float_keeps_every_sample_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, samples = tmp_path / "take.wav", noise(10_001) * np.float32(7.5)
    assert write(path, iter([samples[:333], samples[333:]]), len(samples), bits=32) == 0
    assert soundfile.info(path).subtype == "FLOAT"
    np.testing.assert_array_equal(soundfile.read(path, dtype="float32")[0], samples)
    np.testing.assert_array_equal(np.concatenate(list(sound(path, Fraction(0), None))), samples)
    assert caplog.text == ""


@pytest.mark.parametrize(("bits", "step"), [(16, 1.5 / 2**15), (24, 0.5 / 2**23), (32, 0)])
def test_one_channel_is_the_left_side(bits: int, step: float, tmp_path: Path) -> None:
    path, samples = tmp_path / "take.wav", noise(1_001)
    write(path, iter([samples[:500], samples[500:]]), len(samples), bits=bits, channels=1)
    read = soundfile.read(path, dtype="float64", always_2d=True)[0]
    assert read.shape == (1_001, 1)
    assert np.abs(read[:, 0] - samples[:, 0]).max() <= step
    info = wavinfo.WavInfoReader(str(path))
    assert "M=mono" in info.bext.coding_history
    assert [(track.channel_index, track.name) for track in info.ixml.track_list] == [("1", "M")]


@pytest.mark.process
@pytest.mark.root
def test_no_room_leaves_nothing_behind(small_disk: Path) -> None:
    with pytest.raises(DiskFull) as caught:
        write(small_disk / "take.wav", iter([noise(48_000)]), 48_000)
    assert caught.value.code == "disk_full"
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("number", [0, 99, 101, 200])
def test_a_wrong_number_of_samples_leaves_nothing_behind(number: int, tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    folder.mkdir()
    with pytest.raises(EngineFailed, match="not 100"):
        write(folder / "take.wav", iter([noise(number)]), 100)
    assert list(folder.iterdir()) == []


def test_an_error_on_the_way_leaves_the_old_take_alone(tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    folder.mkdir()
    write(folder / "take.wav", iter([noise(100)]), 100)
    before = (folder / "take.wav").read_bytes()

    def broken() -> Iterator[Samples]:
        yield noise(50)
        raise EngineFailed("It broke.")

    with pytest.raises(EngineFailed, match="broke"):
        write(folder / "take.wav", broken(), 100)
    assert [file.name for file in folder.iterdir()] == ["take.wav"]
    assert (folder / "take.wav").read_bytes() == before


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "folder.wav").mkdir()
    for path in (tmp_path / "none" / "take.wav", tmp_path / "file" / "take.wav", tmp_path / "folder.wav"):
        with pytest.raises(OutputDenied) as caught:
            write(path, iter([noise(10)]), 10)
        assert str(path) in caught.value.message
    assert sorted(file.name for file in tmp_path.iterdir() if file.name != "home") == ["file", "folder.wav"]


def test_a_wav_of_another_program_has_no_record(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "other.wav", np.zeros((10, 2)), 48_000)
    (tmp_path / "text.wav").write_text("RIFF")
    for name in ("other.wav", "text.wav"):
        with pytest.raises(MediaUnreadable, match="no record"):
            read_record(tmp_path / name)


@pytest.mark.parametrize("bits", [16, 24])
def test_what_is_cut_off_over_full_scale_is_returned_and_logged(
    bits: Literal[16, 24], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def cut_off(level: float) -> float:
        blocks = iter([np.full((100, 2), level / 2, np.float32), np.full((100, 2), -level, np.float32)])
        return write(tmp_path / "a.wav", blocks, 200, bits=bits)

    assert cut_off(1.0) == 0
    assert caplog.text == ""
    assert abs(cut_off(2.0) - 6.02) < 0.01
    assert "6.0 dB over full scale are cut off" in caplog.text
