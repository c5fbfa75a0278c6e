"""All of Synchformer tells how late a sound is: by the published tensors and numbers, its sign as taught."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file

from benchmarks.parity import LAYOUT
from benchmarks.seeded import parameters, seeded
from foley_core.align.recording import align_recording
from foley_core.align.witness import LATENESSES, WINDOW, Witness
from foley_core.engines.hunyuan import lateness_witness
from foley_core.engines.hunyuan.lateness_witness import SynchformerWitness
from foley_core.engines.hunyuan.loading import UNUSED, load_whole_synchformer
from foley_core.engines.hunyuan.spectra import spectra
from foley_core.engines.hunyuan.synchformer_audio import SynchformerAudio
from foley_core.engines.hunyuan.synchformer_offset import OFFSETS, WholeSynchformer
from foley_core.errors import ModelMissing, ModelUnreadable, OutOfMemory
from foley_core.media.probe import probe
from foley_core.sync_witness import sync_witness
from foley_core.timecode import SAMPLE_RATE
from tests.align.test_recording import Kept, film, knocks, times, written
from tests.align.test_witness import even
from tests.hunyuan.numbered import BITS, named, numbered
from tests.picture.drawn import HEIGHT

__all__ = ["film"]
SHAPES = json.loads(LAYOUT.read_text(encoding="utf-8"))["synchformer"]
EXPECTED = load_file(Path(__file__).parent.parent / "data" / "hunyuan" / "offset.safetensors")
"""What the published program (v-iashin/Synchformer) tells of the same drawn weights, sound and features."""
FILE = "synchformer_state_dict.pth"
BEATS = even(0).impacts
"""Of which impacts and onsets alone do not tell."""


def apart(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found - expected).norm() / expected.norm())


def drawn(model: torch.nn.Module, prefix: str = "") -> torch.nn.Module:
    given = parameters({prefix + key: tensor.shape for key, tensor in model.state_dict().items()})
    model.load_state_dict({key.removeprefix(prefix): tensor for key, tensor in given.items()})
    return model.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def tiny() -> dict[str, torch.Tensor]:
    """Tensors of a whole Synchformer of one block each, with those that take no part."""
    with torch.device("meta"):
        model = WholeSynchformer(1, 1, 1)
    shapes = {key: tuple(tensor.shape) for key, tensor in model.state_dict().items()}
    unused = {key: tuple(SHAPES[key]) for key in SHAPES if re.fullmatch(UNUSED["whole synchformer"], key)}
    return parameters(shapes | unused)


def saved(folder: Path, tensors: dict[str, torch.Tensor]) -> Path:
    torch.save(tensors, folder / FILE)
    return folder / FILE


def test_it_has_exactly_the_published_tensors_that_take_part() -> None:
    with torch.device("meta"):
        model = WholeSynchformer()
    ours = {key: list(tensor.shape) for key, tensor in model.state_dict().items()}
    unused = re.compile(UNUSED["whole synchformer"])
    assert ours == {key: shape for key, shape in SHAPES.items() if not unused.fullmatch(key)}
    assert len(SHAPES) - len(ours) == 2


@pytest.fixture(scope="module")
def heard() -> torch.Tensor:
    """Spectra of fourteen segments, one of which is silent."""
    sound = 0.2 * seeded("synchformer.sound", (14, 10_240))
    sound[3] = 0
    return spectra(sound)


def test_spectra_are_the_published_ones_also_of_silence(heard: torch.Tensor) -> None:
    assert heard.shape == (14, 66, 128)
    assert apart(heard[2:4], EXPECTED["spectra"]) <= 3e-6


@pytest.mark.slow
def test_the_half_that_hears_and_what_compares_both_give_the_published_numbers(heard: torch.Tensor) -> None:
    audio = drawn(SynchformerAudio(), "afeat_extractor.")(heard)
    assert audio.shape == (14, 6, 768)
    assert apart(audio[2:4], EXPECTED["audio"]) <= 3e-6
    whole = drawn(WholeSynchformer(0, 0))
    seen = whole.vproj(seeded("synchformer.seen", (14, 8, 768)))
    logits = whole.transformer(seen.flatten(0, 1)[None], whole.aproj(audio).flatten(0, 1)[None])
    assert logits.shape == (21,)
    assert apart(logits, EXPECTED["logits"]) <= 3e-6


def test_the_published_file_is_loaded_as_it_is_and_tells_21_logits(tiny, tmp_path) -> None:
    model = load_whole_synchformer(saved(tmp_path, tiny))
    assert all(torch.equal(tensor, tiny[key]) for key, tensor in model.state_dict().items())
    assert model(torch.zeros(14, 16, 3, 224, 224), torch.zeros(14, 66, 128)).shape == (21,)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda w: w.pop("vproj.bias"), "has no vproj.bias"),
        (
            lambda w: w.update({"transformer.off_head.weight": torch.zeros(22, 768)}),
            "transformer.off_head.weight has the shape (22, 768)",
        ),
        (lambda w: w.update({"transformer.sync_head.bias": torch.zeros(2)}), "sync_head.bias is not known"),
        (lambda w: [w.pop(key) for key in list(w) if not key.startswith("vfeat")], "has no afeat_extractor."),
    ],
)
def test_weights_of_another_model_are_an_error_that_names_the_tensor_and_nothing_is_written(
    spoil, told, tiny, film, tmp_path
) -> None:
    weights = dict(tiny)
    spoil(weights)
    witness = SynchformerWitness(saved(tmp_path, weights))
    source = written(tmp_path / "s.wav", knocks(times(BEATS)))
    with pytest.raises(ModelUnreadable) as error:
        align_recording(film.path, source, tmp_path / "o.wav", store=Kept(*BEATS), witness=witness)
    assert told in error.value.message
    assert str(tmp_path / FILE) in error.value.message
    assert not (tmp_path / "o.wav").exists()


def test_a_file_that_went_away_is_an_error_that_says_how_to_get_it(film, tmp_path) -> None:
    source = written(tmp_path / "s.wav", knocks(times(BEATS)))
    witness = SynchformerWitness(tmp_path / FILE)
    with pytest.raises(ModelMissing, match="foley models pull"):
        align_recording(film.path, source, tmp_path / "o.wav", store=Kept(*BEATS), witness=witness)


@pytest.mark.slow
def test_a_recording_is_aligned_with_it_from_film_and_file_to_the_account(tiny, film, tmp_path) -> None:
    source = written(tmp_path / "s.wav", knocks(times(BEATS, 0.12)))
    witness: Witness = SynchformerWitness(saved(tmp_path, tiny))
    found = align_recording(film.path, source, tmp_path / "o.wav", store=Kept(*BEATS), witness=witness)
    assert found.witnessed == 2
    assert "Synchformer was asked" in found.notes[-1]
    assert soundfile.info(tmp_path / "o.wav").frames == 12 * SAMPLE_RATE


class Model(torch.nn.Module):
    """Says what it is told to say, and keeps what it is shown."""

    def __init__(self, logits: torch.Tensor | None = None) -> None:
        super().__init__()
        self.logits = torch.nn.Parameter(torch.zeros(21) if logits is None else logits)
        self.shown: list[tuple[torch.Tensor, torch.Tensor]] = []

    def forward(self, frames: torch.Tensor, spectra: torch.Tensor) -> torch.Tensor:
        self.shown.append((frames, spectra))
        return self.logits


def shown_to(model: Model, monkeypatch: pytest.MonkeyPatch) -> SynchformerWitness:
    monkeypatch.setattr(lateness_witness, "load_whole_synchformer", lambda path, dtype: model)
    return SynchformerWitness(Path(FILE))


def silence(first: int, count: int) -> np.ndarray:
    return np.zeros((count, 2), np.float32)


@pytest.mark.parametrize("number", [0, 9, 10, 20])
def test_a_positive_class_is_an_early_sound_for_it_was_taught_with_sound_from_so_much_later(
    number, film, monkeypatch
) -> None:
    picture_from, event = 3.0, 5.5
    sound_from = picture_from + OFFSETS[number]
    late = (event - sound_from) - (event - picture_from)
    witness = shown_to(Model(10 * torch.eye(21)[number]), monkeypatch)
    (told,) = witness(probe(film.path), [Fraction(1)], silence, lambda share: None)
    assert LATENESSES[np.argmax(told)] == round(late * SAMPLE_RATE)
    assert np.exp(told).sum() == pytest.approx(1)


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001)])
def test_each_segment_shows_the_sixteen_frames_nearest_to_its_times(rate, tmp_path, monkeypatch) -> None:
    shown = numbered(tmp_path / "film.mp4", [number / rate for number in range(int(13 * rate))])
    model, shares = Model(), []
    starts = [Fraction(1, 10), Fraction(51, 10)]
    told = shown_to(model, monkeypatch)(probe(tmp_path / "film.mp4"), starts, silence, shares.append)
    assert told.shape == (2, 21)
    assert shares == [0.5, 1.0]
    for start, (frames, _) in zip(starts, model.shown, strict=True):
        assert frames.shape == (14, 16, 3, 224, 224)
        assert (frames.min(), frames.max()) >= (-1, 0)
        for segment in range(14):
            for number in range(16):
                time = start + Fraction(8 * segment + number, 25)
                assert _number(frames[segment, number]) == named(shown, time, "nearest")


def _number(frame: torch.Tensor) -> int:
    """What stands in a frame of whose 256 lines the middle 224 are seen."""
    middles = (np.arange(BITS) + 0.5) * 16 - 80
    row = frame[1, 112, np.round(middles * 256 / HEIGHT + 112).astype(int)]
    return sum(int(level > 0) << bit for bit, level in enumerate(row))


def test_each_segment_hears_the_sound_at_its_picture_as_one_channel(film, monkeypatch) -> None:
    model, heard = Model(), []
    monkeypatch.setattr(lateness_witness.spectra, "spectra", lambda sound: heard.append(sound) or sound)

    def ramp(first: int, count: int) -> np.ndarray:
        """Says at each sample where it is; left and right differ."""
        where = np.arange(first, first + count, dtype=np.float64) / 1e6
        return np.stack([where + 0.1, where - 0.1], axis=1).astype(np.float32)

    shown_to(model, monkeypatch)(probe(film.path), [Fraction(51, 10)], ramp, lambda share: None)
    (segments,) = heard
    assert segments.shape == (14, 10_240)
    begins = (5.1 + 0.32 * np.arange(14)) * SAMPLE_RATE / 1e6
    assert segments[:, 0].numpy() == pytest.approx(begins, abs=1e-5)
    assert segments[:, -1].numpy() == pytest.approx(begins + (10_239 * 3) / 1e6, abs=1e-5)
    assert begins[-1] + 10_240 * 3 / 1e6 == pytest.approx((5.1 + float(WINDOW)) * SAMPLE_RATE / 1e6)


def test_a_card_with_too_little_memory_is_told_in_plain_words(film, monkeypatch) -> None:
    def full(path: Path, dtype: torch.dtype) -> Model:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(lateness_witness, "load_whole_synchformer", full)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (10**9, 16 * 10**9))
    with pytest.raises(OutOfMemory, match="graphics card"):
        SynchformerWitness(Path(FILE))(probe(film.path), [Fraction(1)], silence, lambda share: None)


def test_there_is_no_such_witness_without_weights_or_without_a_card(folder, monkeypatch) -> None:
    assert sync_witness() is None
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Card 9000")
    assert isinstance(sync_witness(), SynchformerWitness)
    monkeypatch.setenv("FOLEY_MEMORY", "cpu")
    assert sync_witness() is None
    monkeypatch.delenv("FOLEY_MEMORY")
    (folder / FILE).unlink()
    assert sync_witness() is None
