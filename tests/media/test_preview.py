"""Preview films: the picture as it was, the take exactly where it belongs."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from foley_core.errors import Cancelled, DiskFull, MediaError, MediaUnreadable, OutputDenied
from foley_core.media.frames import frames
from foley_core.media.picture_encoding import encode_picture
from foley_core.media.preview import write_preview
from foley_core.media.preview_container import CONTAINERS
from foley_core.media.probe import probe
from foley_core.media.sound import sound
from foley_core.media.wav import write_wav
from foley_core.media.wav_header import WavHeader
from foley_core.take import Take
from foley_core.timecode import SAMPLE_RATE, exact_text, sample_at
from tests.films import MAKES, Film, barcode, flash_film
from tests.media.conftest import Draw

COARSE = (".webm", ".mkv")
OWN = {"webm": ".webm", "prores": ".mov"}
"""The container that holds the picture of a variant, where MP4 does not."""
CUTS = [(Fraction(0), Fraction(9, 2)), (Fraction(5, 2), Fraction(33, 10)), (Fraction(29, 10), Fraction(4))]


def clicking_take(folder: Path, start: Fraction, end: Fraction, click: Fraction) -> Take:
    """A take over [`start`, `end`) of media time, silent but for one sample at `click`."""
    samples = np.zeros((sample_at(end) - sample_at(start), 2), np.float32)
    samples[sample_at(click - start)] = 0.9
    path = folder / "take.wav"
    write_wav(path, iter([samples]), WavHeader(samples=len(samples), record=b"{}"))
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
    made = write_preview(
        take, film.path, in_point, out_point, tmp_path / f"preview{OWN.get(variant, '.mp4')}"
    )
    assert made.notes == ()
    preview = made.path
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
    preview = write_preview(take, film.path, Fraction(0), Fraction(4), tmp_path / "p.mp4").path
    info = probe(preview).sound
    assert info is not None
    assert (info.codec, info.start) == ("aac", 0)
    assert abs(click_in(preview) - 3 * SAMPLE_RATE) <= 1


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm"])
@pytest.mark.parametrize("variant", ["vfr", "edit_list", "late_start", "prores"])
def test_a_picture_that_is_encoded_anew_lies_where_it_lay(
    variant: str, suffix: str, draw: Draw, tmp_path: Path
) -> None:
    film, container = draw(variant), CONTAINERS[suffix]
    in_point, out_point = Fraction(29, 10), Fraction(4)
    info = probe(film.path)
    encoding = encode_picture(info, in_point, out_point, lambda: None)
    path = tmp_path / f"encoded{suffix}"
    with av.open(str(path), "w", format=container.muxer) as output:
        _stream, run = encoding.stream(output, container)
        for packet in run:
            output.mux(packet)
    found = shown(path)
    zero = film.times[found[0][1]]
    assert zero <= in_point < film.times[found[0][1] + 1]
    slack = Fraction(1, 1000) if suffix in COARSE else Fraction(0)
    assert all(abs(time - (film.times[number] - zero)) <= slack for time, number in found)
    assert [n for _, n in found] == [n for n, t in enumerate(film.times) if zero <= t < out_point]


@pytest.mark.parametrize(
    ("variant", "asked", "given", "sound_codec", "picture"),
    [
        ("cfr", "p.mp4", "p.mp4", "aac", "copied"),
        ("cfr", "p.mov", "p.mov", "pcm_s24le", "copied"),
        ("cfr", "p.MKV", "p.MKV", "pcm_s24le", "copied"),
        ("cfr", "p.webm", "p.webm", "opus", "vp9"),
        ("hevc", "p.avi", "p.avi", "pcm_s16le", "mpeg4"),
        ("webm", "p.mp4", "p.mp4", "aac", "h264"),
        ("prores", "p.mp4", "p.mp4", "aac", "h264"),
        ("prores", "p", "p.mov", "pcm_s24le", "copied"),
        ("webm", "p.wav", "p.webm", "opus", "copied"),
        ("mpegts", "p.ts", "p.mp4", "aac", "copied"),
    ],
)
def test_the_container_goes_by_the_name_and_without_one_by_the_picture(
    variant: str, asked: str, given: str, sound_codec: str, picture: str, draw: Draw, tmp_path: Path
) -> None:
    take, film = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1)), draw(variant)
    before = set(tmp_path.iterdir())
    preview = write_preview(take, film.path, Fraction(0), Fraction(2), tmp_path / asked)
    assert preview.path == tmp_path / given
    assert set(tmp_path.iterdir()) - before == {preview.path}
    info, codec = probe(preview.path), probe(film.path).video_codec
    assert info.sound is not None
    assert info.sound.codec == sound_codec
    assert info.video_codec == (codec if picture == "copied" else picture)
    assert (preview.notes == ()) == (picture == "copied")
    assert all(codec in note for note in preview.notes)


@dataclass(frozen=True)
class Odd:
    """A picture that not every container holds: where it comes in, and its encoder's size and pixels."""

    suffix: str
    encoder: str
    pixels: str = "yuv420p"
    size: tuple[int, int] = (320, 180)
    options: dict[str, str] = field(default_factory=dict)
    copied_into: tuple[str, ...] = ()
    """Containers that surely hold it as it is."""


ODD = {
    "av1": Odd(".mp4", "libsvtav1", options={"preset": "12"}, copied_into=(".mp4", ".mkv", ".webm")),
    "av1 in mkv": Odd(".mkv", "libsvtav1", options={"preset": "12"}, copied_into=(".mp4", ".mkv", ".webm")),
    "dv": Odd(".mov", "dvvideo", "yuv420p", (720, 576), copied_into=(".mov", ".avi")),
    "dnxhr": Odd(".mov", "dnxhd", "yuv422p", options={"profile": "dnxhr_hq"}, copied_into=(".mov",)),
    "dnxhr in mxf": Odd(".mxf", "dnxhd", "yuv422p", options={"profile": "dnxhr_hq"}, copied_into=(".mov",)),
    "cineform": Odd(".mov", "cfhd", "yuv422p10le", copied_into=(".mov", ".avi")),
    "animation": Odd(".mov", "qtrle", "rgb24", copied_into=(".mov",)),
    "png": Odd(".mov", "png", "rgb24", copied_into=(".mov", ".mp4")),
    "v210": Odd(".mov", "v210", "yuv422p10le", copied_into=(".mov", ".avi")),
    "ut video": Odd(".avi", "utvideo", "gbrp", copied_into=(".avi",)),
    "huffyuv": Odd(".avi", "huffyuv", "yuv422p", copied_into=(".avi",)),
    "magicyuv": Odd(".avi", "magicyuv", "gbrp", copied_into=(".avi", ".mov")),
    "raw": Odd(".avi", "rawvideo", "bgr24", copied_into=(".avi",)),
    "y4m": Odd(".y4m", "wrapped_avframe", "yuv420p"),
    "wmv": Odd(".wmv", "wmv2"),
    "flv": Odd(".flv", "flv", copied_into=(".avi",)),
    "gif": Odd(".gif", "gif", "rgb8"),
    "ffv1": Odd(".mkv", "ffv1", copied_into=(".mkv", ".mp4")),
    "jpeg": Odd(".avi", "mjpeg", "yuvj420p", copied_into=(".avi", ".mov", ".mkv")),
}


def odd_film(path: Path, odd: Odd) -> Path:
    """Two seconds at 25 frames per second; the frame at 1 s is white."""
    with av.open(str(path), "w") as output:
        video = output.add_stream(odd.encoder, rate=25, options=dict(odd.options))
        assert isinstance(video, VideoStream)
        (video.width, video.height), video.pix_fmt = odd.size, odd.pixels
        for number in range(50):
            gray = np.full(odd.size[::-1], 255 if number == 25 else 40, np.uint8)
            frame = av.VideoFrame.from_ndarray(gray, "gray").reformat(format=odd.pixels)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
    return path


@pytest.mark.parametrize("name", ODD)
def test_a_picture_of_any_kind_comes_into_any_container_in_time_with_the_take(
    name: str, tmp_path: Path
) -> None:
    odd = ODD[name]
    film = odd_film(tmp_path / f"film{odd.suffix}", odd)
    take = clicking_take(tmp_path, Fraction(1, 2), Fraction(2), Fraction(1))
    for suffix in CONTAINERS:
        made = write_preview(take, film, Fraction(3, 4), Fraction(3, 2), tmp_path / f"p{suffix}")
        assert made.path.name == f"p{suffix}"
        assert made.notes == () or suffix not in odd.copied_into
        info = probe(made.path)
        white = [f.time for f in frames(info, Fraction(0), info.duration) if f.luma(8, 8).mean() > 150]
        (flash,) = white
        assert abs(Fraction(click_in(made.path), SAMPLE_RATE) - flash) <= Fraction(1, 1000), suffix


def tag_of(path: Path) -> str:
    """The codec tag of the picture."""
    with av.open(str(path)) as film:
        return film.streams.video[0].codec_context.codec_tag


@pytest.mark.parametrize(
    ("profile", "tag"), [("0", "apco"), ("1", "apcs"), ("2", "apcn"), ("3", "apch"), ("4", "ap4h")]
)
def test_each_kind_of_prores_keeps_its_tag(profile: str, tag: str, tmp_path: Path) -> None:
    pixels = "yuva444p10le" if tag == "ap4h" else "yuv422p10le"
    film = odd_film(tmp_path / "film.mov", Odd(".mov", "prores_ks", pixels, options={"profile": profile}))
    assert tag_of(film) == tag
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    made = write_preview(take, film, Fraction(0), Fraction(2), tmp_path / "p.mov")
    assert (tag_of(made.path), made.notes) == (tag, ())
    again = write_preview(
        take,
        write_preview(take, film, Fraction(0), Fraction(2), tmp_path / "p.mkv").path,
        Fraction(0),
        Fraction(2),
        tmp_path / "q.mov",
    )
    assert (tag_of(again.path), again.notes) == (tag, ())


@pytest.mark.parametrize("made_as", [".mp4", ".mov"])
@pytest.mark.parametrize(
    ("suffix", "tag", "kept"),
    [
        (".mp4", "hvc1", "hvc1"),
        (".mov", "hvc1", "hvc1"),
        (".mov", "hev1", "hev1"),
        (".mkv", "", "hvc1"),
        (".ts", "", "hvc1"),
    ],
)
def test_hevc_keeps_its_tag_and_gets_the_one_that_all_players_take(
    suffix: str, tag: str, kept: str, made_as: str, tmp_path: Path
) -> None:
    film = tmp_path / f"film{suffix}"
    with av.open(str(film), "w") as output:
        video = output.add_stream("libx265", rate=25, options={"x265-params": "log-level=error:keyint=25"})
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p10le"
        if tag:
            video.codec_context.codec_tag = tag
        for number in range(50):
            frame = av.VideoFrame.from_ndarray(np.full((180, 320), 4 * number, np.uint8), "gray")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            output.mux(video.encode(frame.reformat(format="yuv420p10le")))
        output.mux(video.encode(None))
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    made = write_preview(take, film, Fraction(0), Fraction(2), tmp_path / f"p{made_as}")
    assert (tag_of(made.path), made.notes) == (kept, ())
    with av.open(str(made.path)) as copy:
        extradata = copy.streams.video[0].codec_context.extradata
    assert extradata is not None
    assert extradata[22] >= 3  # arrays of parameter sets in the hvcC box: VPS, SPS and PPS at least


def test_a_picture_that_avi_cannot_hold_in_time_is_no_preview(draw: Draw, tmp_path: Path) -> None:
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    with pytest.raises(MediaUnreadable, match=r"neither be copied nor encoded into p\.avi"):
        write_preview(take, draw("vfr").path, Fraction(0), Fraction(2), tmp_path / "p.avi")
    assert not list(tmp_path.glob("p.*")) + list(tmp_path.glob(".*"))


def test_square_pixels_and_turns_are_kept_when_encoded(draw: Draw, tmp_path: Path) -> None:
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    for suffix in (".webm", ".mkv", ".mov"):
        film = draw("rotated").path
        made = write_preview(take, film, Fraction(0), Fraction(2), tmp_path / f"p{suffix}")
        old, new = probe(film), probe(made.path)
        assert (new.width, new.height, new.rotation) == (old.width, old.height, old.rotation)


def test_progress_is_told_and_what_it_raises_ends_it(draw: Draw, tmp_path: Path) -> None:
    take, told = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1)), []
    write_preview(
        take, draw("cfr").path, Fraction(0), Fraction(2), tmp_path / "p.mov", on_progress=told.append
    )
    assert told == sorted(told)
    assert told[-1] > 0.9

    def enough(share: float) -> None:
        raise Cancelled

    for suffix in (".mov", ".webm"):
        with pytest.raises(Cancelled):
            write_preview(
                take,
                draw("cfr").path,
                Fraction(0),
                Fraction(2),
                tmp_path / f"q{suffix}",
                on_progress=enough,
            )
    assert not list(tmp_path.glob("q.*")) + list(tmp_path.glob(".*"))


def test_a_turned_film_stays_turned(draw: Draw, tmp_path: Path) -> None:
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    preview = write_preview(take, draw("rotated").path, Fraction(0), Fraction(2), tmp_path / "p.mp4").path
    assert probe(preview).rotation == 90


def test_a_mix_has_both_sounds_and_never_clips(draw: Draw, tmp_path: Path) -> None:
    film = draw("prores")
    assert film.click is not None
    take = clicking_take(tmp_path, Fraction(0), Fraction(4), Fraction(3))
    out = tmp_path / "p.mov"
    plain = write_preview(take, film.path, Fraction(0), Fraction(4), out).path
    alone = np.concatenate(list(sound(plain, Fraction(0), Fraction(4))))
    mixed_film = write_preview(take, film.path, Fraction(0), Fraction(4), out, mix=True).path
    mixed = np.concatenate(list(sound(mixed_film, Fraction(0), Fraction(4))))
    own = mixed[sample_at(film.click) - 2 : sample_at(film.click) + 3]
    assert np.abs(alone[sample_at(film.click)]).max() == 0
    assert 0.2 < np.abs(own).max() < 0.4
    assert abs(mixed[3 * SAMPLE_RATE, 0] - 0.6) < 0.01
    both = clicking_take(tmp_path, Fraction(0), Fraction(4), film.click)
    summed = write_preview(both, film.path, Fraction(0), Fraction(4), out, mix=True).path
    assert np.abs(np.concatenate(list(sound(summed, Fraction(0), Fraction(4))))).max() < 1


def test_a_mix_over_a_silent_film_is_the_take(tmp_path: Path) -> None:
    film = flash_film(tmp_path / "silent", seconds=2)
    take = clicking_take(tmp_path, Fraction(0), Fraction(2), Fraction(1))
    preview = write_preview(take, film.path, Fraction(0), Fraction(2), tmp_path / "p.mp4", mix=True).path
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
