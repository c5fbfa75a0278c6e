"""Preview films: the picture as it was, the take exactly where it belongs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from foley_core.errors import DiskFull, MediaError, OutputDenied
from foley_core.media.frames import frames
from foley_core.media.preview import write_preview
from foley_core.media.probe import probe
from foley_core.media.sound import sound
from foley_core.media.wav import write_wav
from foley_core.take import Take
from foley_core.timecode import SAMPLE_RATE, exact_text, sample_at
from tests.films import MAKES, Film, barcode, flash_film
from tests.media.conftest import Draw

COARSE = (".webm", ".mkv")
CUTS = [(Fraction(0), Fraction(9, 2)), (Fraction(5, 2), Fraction(33, 10)), (Fraction(29, 10), Fraction(4))]


def clicking_take(folder: Path, start: Fraction, end: Fraction, click: Fraction) -> Take:
    """A take over [`start`, `end`) of media time, silent but for one sample at `click`."""
    samples = np.zeros((sample_at(end) - sample_at(start), 2), np.float32)
    samples[sample_at(click - start)] = 0.9
    path = folder / "take.wav"
    write_wav(
        path,
        iter([samples]),
        samples=len(samples),
        bits=24,
        time_reference=0,
        description="",
        record=b"{}",
    )
    return Take(
        path=str(path),
        seed=1,
        engine="test",
        engine_version="1",
        samples=len(samples),
        bits=24,
        start=float(start),
        start_exact=exact_text(start),
        time_reference=0,
        head=0,
        tail=0,
        impacts=(),
        lufs=None,
        true_peak=None,
        gain_db=0,
        decoded_frames=0,
        cue={},
    )


def shown(path: Path) -> list[tuple[Fraction, int]]:
    """Time and number of every frame of a preview."""
    info = probe(path)
    found = []
    for frame in frames(info, Fraction(0), info.duration + 1):
        upright = frame.luma(info.width // 2, info.height // 2)
        found.append((frame.time, barcode(np.rot90(upright, -info.rotation // 90))))
    return found


def click_in(path: Path) -> int:
    """The loudest sample of a preview."""
    samples = np.concatenate(list(sound(path, Fraction(0), probe(path).duration)))
    return int(np.abs(samples[:, 0]).argmax())


def zero_of(film: Film, preview: Path) -> Fraction:
    """The film's media time at which its preview begins."""
    return film.times[shown(preview)[0][1]]


@pytest.mark.parametrize("variant", MAKES)
@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_picture_and_take_lie_where_they_lay(
    variant: str, cut: tuple[Fraction, Fraction], draw: Draw, tmp_path: Path
) -> None:
    film, (in_point, out_point) = draw(variant), cut
    click = next(time for time in film.times if time > in_point + Fraction(1, 5))
    take = clicking_take(tmp_path, in_point - Fraction(1, 4), out_point, click)
    preview = write_preview(take, film.path, in_point, out_point, tmp_path / "preview.mp4", mix=False)
    found, zero = shown(preview), zero_of(film, preview)
    slack = Fraction(1, 1000) if preview.suffix in COARSE else Fraction(0)
    assert all(abs(time - (film.times[number] - zero)) <= slack for time, number in found)
    numbers = [number for _, number in found]
    wanted = [n for n, time in enumerate(film.times) if in_point <= time < out_point]
    assert set(wanted) <= set(numbers)
    assert zero <= in_point
    assert film.times[numbers[-1]] < out_point + Fraction(1, 4)
    lossy = 1 if preview.suffix == ".mov" else SAMPLE_RATE // 1000
    assert abs(click_in(preview) - (click - zero) * SAMPLE_RATE) <= lossy


def test_aac_is_not_shifted_by_its_priming(draw: Draw, tmp_path: Path) -> None:
    film = draw("cfr")
    take = clicking_take(tmp_path, Fraction(0), Fraction(4), Fraction(3))
    preview = write_preview(take, film.path, Fraction(0), Fraction(4), tmp_path / "p.mp4")
    info = probe(preview).sound
    assert info is not None
    assert (info.codec, info.start) == ("aac", 0)
    assert abs(click_in(preview) - 3 * SAMPLE_RATE) <= 1


@pytest.mark.parametrize(
    ("variant", "asked", "given_suffix", "codec"),
    [
        ("cfr", "p.mp4", ".mp4", "aac"),
        ("cfr", "p.mov", ".mov", "pcm_s24le"),
        ("cfr", "p.MKV", ".MKV", "pcm_s24le"),
        ("cfr", "p.webm", ".mp4", "aac"),
        ("hevc", "p.avi", ".mp4", "aac"),
        ("webm", "p.mp4", ".webm", "opus"),
        ("prores", "p.mp4", ".mov", "pcm_s24le"),
        ("prores", "p", ".mov", "pcm_s24le"),
    ],
)
def test_the_container_goes_by_the_picture(
    variant: str, asked: str, given_suffix: str, codec: str, draw: Draw, tmp_path: Path
) -> None:
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    preview = write_preview(take, draw(variant).path, Fraction(0), Fraction(2), tmp_path / asked)
    assert preview == tmp_path / ("p" + given_suffix)
    info = probe(preview)
    assert info.sound is not None
    assert info.sound.codec == codec
    assert info.video_codec == probe(draw(variant).path).video_codec


def test_a_picture_that_no_other_container_holds_goes_into_matroska(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    with av.open(str(film), "w") as output:
        video = output.add_stream("ffv1", rate=24)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for number in range(48):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64), number, np.uint8), "gray")
            frame.pts = number
            output.mux(video.encode(frame.reformat(format="yuv420p")))
        output.mux(video.encode(None))
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    preview = write_preview(take, film, Fraction(1), Fraction(2), tmp_path / "p.mp4")
    assert preview.suffix == ".mkv"
    zero = Fraction(1)
    assert abs(click_in(preview) - (1 - zero) * SAMPLE_RATE) <= 1


def test_a_turned_film_stays_turned(draw: Draw, tmp_path: Path) -> None:
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    preview = write_preview(take, draw("rotated").path, Fraction(0), Fraction(2), tmp_path / "p.mp4")
    assert probe(preview).rotation == 90


def test_a_mix_has_both_sounds_and_never_clips(draw: Draw, tmp_path: Path) -> None:
    film = draw("prores")
    assert film.click is not None
    take = clicking_take(tmp_path, Fraction(0), Fraction(4), Fraction(3))
    out = tmp_path / "p.mov"
    plain = write_preview(take, film.path, Fraction(0), Fraction(4), out)
    alone = np.concatenate(list(sound(plain, Fraction(0), Fraction(4))))
    mixed_film = write_preview(take, film.path, Fraction(0), Fraction(4), out, mix=True)
    mixed = np.concatenate(list(sound(mixed_film, Fraction(0), Fraction(4))))
    own = mixed[sample_at(film.click) - 2 : sample_at(film.click) + 3]
    assert np.abs(alone[sample_at(film.click)]).max() == 0
    assert 0.2 < np.abs(own).max() < 0.4
    assert abs(mixed[3 * SAMPLE_RATE, 0] - 0.6) < 0.01
    both = clicking_take(tmp_path, Fraction(0), Fraction(4), film.click)
    summed = write_preview(both, film.path, Fraction(0), Fraction(4), out, mix=True)
    assert np.abs(np.concatenate(list(sound(summed, Fraction(0), Fraction(4))))).max() < 1


def test_a_mix_over_a_silent_film_is_the_take(tmp_path: Path) -> None:
    film = flash_film(tmp_path / "silent", seconds=2)
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    preview = write_preview(take, film.path, Fraction(0), Fraction(2), tmp_path / "p.mp4", mix=True)
    assert abs(click_in(preview) - SAMPLE_RATE) <= 1


@pytest.mark.process
@pytest.mark.root
def test_no_room_leaves_nothing_behind(draw: Draw, small_disk: Path, tmp_path: Path) -> None:
    take = clicking_take(tmp_path, Fraction(0), Fraction(7), Fraction(1))
    with pytest.raises(DiskFull):
        write_preview(take, draw("prores").path, Fraction(0), Fraction(7), small_disk / "p.mov")
    assert list(small_disk.iterdir()) == []


def test_a_missing_folder_or_film_is_said(draw: Draw, tmp_path: Path) -> None:
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    with pytest.raises(OutputDenied):
        write_preview(take, draw("cfr").path, Fraction(0), Fraction(2), tmp_path / "none" / "p.mp4")
    with pytest.raises(MediaError):
        write_preview(take, tmp_path / "none.mp4", Fraction(0), Fraction(2), tmp_path / "p.mp4")
    assert not list(tmp_path.glob("*.mp4"))
