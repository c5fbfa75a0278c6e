"""Takes on disk: readable by others, true to the bit, and there whole or not at all."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import soundfile
import wavinfo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from foley_core.errors import DiskFull, EngineFailed, MediaUnreadable, OutputDenied
from foley_core.media.sound import sound
from foley_core.media.wav import header, read_record, write_wav

Samples = NDArray[np.float32]
RECORD = {"prompt": "wood ]]> <x> & \U0001f600 \x00 \uffff \x9f \u2028", "seed": 2**32 - 1, "start": 0.1}


def noise(samples: int, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).uniform(-1, 1, (samples, 2)).astype(np.float32)


def write(path: Path, blocks: Iterator[Samples], samples: int, **other: Any) -> None:
    values: dict[str, Any] = {
        "bits": 24,
        "time_reference": 172_800_000,
        "description": "wood on stone",
        "record": json.dumps(RECORD).encode(),
    }
    write_wav(path, blocks, samples=samples, **values | other)


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
    head = header(samples=samples, bits=24, time_reference=1, description="long", record=b'{"long":true}')
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
    head = header(samples=largest, bits=24, time_reference=0, description="", record=b"{}")
    assert head[:4] == b"RIFF"
    assert struct.unpack_from("<I", head, 4)[0] == len(head) - 8 + largest * 6
    assert head[12:20] == b"JUNK" + struct.pack("<I", 28)


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
        return write_wav(
            tmp_path / "a.wav",
            blocks,
            samples=200,
            bits=bits,
            time_reference=0,
            description="",
            record=b"{}",
        )

    assert cut_off(1.0) == 0
    assert caplog.text == ""
    assert abs(cut_off(2.0) - 6.02) < 0.01
    assert "6.0 dB over full scale are cut off" in caplog.text
