"""Takes that play in the page: each one within it or linked, as long as the take, to the sample."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from foley_core.report import embedding
from foley_core.report.embedding import BIT_RATES, MOST_SOUND, bit_rates, link_to
from foley_core.report.report import write_report
from foley_core.timecode import SAMPLE_RATE
from tests.report.pages import made_of, page_of, take_of


def sounds(path: Path) -> list[np.ndarray]:
    """The sounds that the page holds, as a browser decodes them."""
    found = []
    for audio in page_of(path).named("audio"):
        kind, _, data = str(audio["src"]).partition(";base64,")
        assert kind == "data:audio/mp4"
        with av.open(io.BytesIO(b64decode(data, validate=True))) as file:
            track = file.streams.audio[0]
            assert track.codec_context.codec.canonical_name == "aac"
            blocks = [
                frame.to_ndarray()
                for frame in file.decode(track)
                if frame.pts is not None and frame.pts * frame.time_base >= 0
            ]
        found.append(np.concatenate([np.zeros((2, 0)), *blocks], axis=1)[0])
    return found


@pytest.mark.parametrize("samples", [1_023, 48_000, 353_760])
def test_each_take_of_the_job_plays_at_its_time(samples: int, tmp_path: Path) -> None:
    takes = [take_of(tmp_path, [], samples, name=f"take-{n}.wav", seed=n) for n in (1, 2, 3)]
    for number, take in enumerate(takes):
        click = np.zeros((samples, 2))
        click[samples * number // 4] = 0.9
        soundfile.write(take.path, click, SAMPLE_RATE, subtype="PCM_24")
    write_report(made_of(*takes), tmp_path / "page.html")
    page = page_of(tmp_path / "page.html")
    assert [section["id"] for section in page.named("section")[:3]] == ["take-1", "take-2", "take-3"]
    for number, heard in enumerate(sounds(tmp_path / "page.html")):
        assert samples <= len(heard) < samples + 2 * 1_024
        if samples > 1_024:
            assert abs(int(np.abs(heard).argmax()) - samples * number // 4) <= 1
    for section in page.named("section")[:3]:
        assert float(section["data-length"] or 0) == pytest.approx(samples / SAMPLE_RATE)
    assert "nan" not in (tmp_path / "page.html").read_text(encoding="utf-8").partition("<script>")[0].lower()


@given(st.lists(st.fractions(Fraction(1, 48_000), 10_000), min_size=1, max_size=32))
def test_a_page_never_holds_more_sound_than_its_bound(lengths: list[Fraction]) -> None:
    rates = bit_rates(lengths)
    held = [length * rate for length, rate in zip(lengths, rates, strict=True) if rate]
    assert sum(held) <= MOST_SOUND * 8
    assert len({rate for rate in rates if rate}) <= 1
    if None in rates:
        assert sum(lengths) * BIT_RATES[-1] > MOST_SOUND * 8


def test_the_longer_the_takes_the_lower_the_rate_until_the_last_ones_are_linked() -> None:
    minutes = [bit_rates([Fraction(60 * each)] * 2) for each in (1, 10, 11, 13, 14, 20, 21, 60)]
    kilobits = (128, 128, 96, 96, 64, 64)
    assert minutes == [*([1_000 * each] * 2 for each in kilobits), [64_000, None], [None, None]]
    assert all(above > below for above, below in pairwise(BIT_RATES))


def test_a_take_that_is_too_long_is_linked_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "MOST_SOUND", 64_000 // 8 * 3)
    takes = [take_of(tmp_path, [], name=name) for name in ("take 1.wav", 'b"&<.wav')]
    write_report(made_of(*takes), tmp_path / "page.html")
    page = page_of(tmp_path / "page.html")
    first, second = page.named("audio")
    assert str(first["src"]).startswith("data:audio/mp4")
    assert second["src"] == "./b%22%26%3C.wav"
    assert page.text.count("Too long to be within this page") == 1
    (policy,) = [tag["content"] for tag in page.named("meta") if tag.get("http-equiv")]
    assert "media-src data: 'self' file:;" in str(policy)


@pytest.mark.parametrize(
    ("name", "size", "within"),
    [
        ("p.mp4", 100, True),
        ("p.webm", 100, True),
        ("p.mov", 100, False),
        ("javascript:x.mp4", 9_000_000, False),
    ],
)
def test_the_preview_is_in_the_page_if_it_is_small_and_plays_else_linked(
    name: str, size: int, within: bool, tmp_path: Path
) -> None:
    preview = tmp_path / "films" / name
    preview.parent.mkdir()
    preview.write_bytes(bytes(size))
    take = take_of(tmp_path, [], head=4_800, tail=0)
    write_report(made_of(take, preview=preview), tmp_path / "page.html", folder=tmp_path / "pages")
    page = page_of(tmp_path / "page.html")
    (film,) = page.named("video")
    link = f"./../films/{name.replace(':', '%3A')}"
    assert link in [a["href"] for a in page.named("a")]
    assert float(film["data-from"] or 0) == 0.1
    if within:
        assert str(film["src"]).startswith("data:video/")
        assert "within this page" in page.text
    else:
        assert film["src"] == link
        assert "not within this page, but only linked" in page.text
        assert ("Not every browser plays" in page.text) == name.endswith(".mov")


def test_a_link_is_always_a_file_s(tmp_path: Path) -> None:
    assert link_to(tmp_path / "javascript:alert(1)", tmp_path) == "./javascript%3Aalert%281%29"
    assert link_to(tmp_path / "a" / "täke #1?.wav", tmp_path / "b") == "./../a/t%C3%A4ke%20%231%3F.wav"


def test_every_time_is_told_as_timecode(tmp_path: Path) -> None:
    take = take_of(tmp_path, [Fraction(1)])
    write_report(made_of(take), tmp_path / "page.html")
    text = page_of(tmp_path / "page.html").text
    assert re.findall(r"(?<![\d:])\d+:\d\d(?:\.\d+)?(?![\d:;])", text) == []
    assert len(re.findall(r"\b\d\d:\d\d:\d\d[:;]\d\d\b", text)) > 10


def test_nothing_is_left_beside_the_page(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        raise KeyboardInterrupt

    take = take_of(tmp_path, [])
    with pytest.raises(KeyboardInterrupt):
        write_report(made_of(take), tmp_path / "page.html", tick=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["take.wav"]
