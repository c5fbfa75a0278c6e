"""The neural engine in the real service: by the command line, on a clip of 0.2 s, looked at in earnest."""

import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
import pytest
import soundfile

from backend.models.sources import HUNYUAN_REPOSITORY
from foley_core.engines.hunyuan.weights import CLAP, SIGLIP
from foley_core.timecode import sample_at
from tests.cli.conftest import ROOT, foley  # noqa: F401 (pytest's way)
from tests.films import flash_film
from tests.models.hub import served


@pytest.fixture
def models(monkeypatch, tiny_models):
    """Weights for the service, which sees no card."""
    monkeypatch.setenv("FOLEY_MODELS", str(tiny_models))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


@pytest.fixture
def hub(models, monkeypatch, tiny_models, tmp_path):
    """The same weights, still to be pulled."""
    clap = files(tiny_models / CLAP) | {"vocab.json": b"{}", "merges.txt": b""}
    siglip = files(tiny_models / SIGLIP)
    with served(
        {HUNYUAN_REPOSITORY: files(tiny_models), f"laion/{CLAP}": clap, f"google/{SIGLIP}": siglip}
    ) as hub:
        monkeypatch.setenv("FOLEY_MODELS", str(tmp_path / "models"))
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_clip_of_a_fifth_of_a_second_is_played_and_looked_at_once(foley, hub, tmp_path):  # noqa: F811
    pulled = foley("models", "pull", "xxl", "--accept-licence", "--json")
    assert pulled.code == 0, pulled.err
    asked = len(hub.asked)
    film = flash_film(tmp_path / "film", rate=Fraction(25), seconds=Fraction(1, 5), flashes=(2,)).path

    def made(name, prompt, *more):
        out = tmp_path / f"{name}.wav"
        quick = ["--engine", "hunyuan", "--steps", "2", "--seed", "7"]
        answer = foley("generate", film, "-p", prompt, "-o", out, *quick, *more, "--json")
        assert answer.code == 0, answer.err
        sound, rate = soundfile.read(out, dtype="float32")
        assert (len(sound), rate) == (sample_at(Fraction(1, 5)), 48_000)
        assert np.array_equal(sound[:, 0], sound[:, 1])
        return answer.json["takes"][0], sound

    take, sound = made("wood", "wood")
    assert (take["engine"], take["cue"]["engine"], take["cue"]["alignment"]) == ("hunyuan", "hunyuan", "snap")
    assert (take["notes"]["model"], take["cue"]["neural"]["model"]) == ("xxl", "xxl")
    assert take["decoded_frames"] == 2 * 5  # once for the impacts, once for the model

    other, other_sound = made("glass", "glass")
    assert (other["cached"], other["decoded_frames"]) == (False, 0)
    assert not np.array_equal(other_sound, sound)

    again, _ = made("again", "wood", "--model", "xxl", "--alignment", "snap")
    assert again["cached"]
    assert len(hub.asked) == asked, "after a pull nothing looks at the network"


def test_a_take_is_cancelled_between_two_steps_and_the_loaded_models_stay(foley, models, tmp_path):  # noqa: F811
    film = flash_film(tmp_path / "film", rate=Fraction(25), seconds=Fraction(1, 5), flashes=(2,)).path
    takes = tmp_path / "takes"
    takes.mkdir()
    command = [film, "-p", "wood", "-o", takes / "take.wav", "--engine", "hunyuan", "--seed", "1", "--json"]
    many = [sys.executable, "-m", "backend", "generate", *map(str, command), "--steps", "200"]
    with subprocess.Popen(many, cwd=ROOT, stdout=subprocess.PIPE, text=True) as generating:
        before = sampling(foley)
        assert foley("cancel", before["jobs"][0]["id"]).code == 0
        out, _err = generating.communicate(timeout=60)
    assert generating.returncode == 1
    assert '"code": "cancelled"' in out
    assert list(takes.iterdir()) == []

    again = foley("generate", *command, "--steps", "1")
    assert again.code == 0, again.err
    assert again.json["takes"][0]["decoded_frames"] == 5, "what the model has seen before is kept"
    assert foley("status", "--json").json["workers"][0]["pid"] == before["workers"][0]["pid"]


def sampling(foley):  # noqa: F811
    """What the service says as soon as the steps of its only job have begun."""
    for _ in range(600):
        told = foley("status", "--json").json
        if told["jobs"] and told["jobs"][0]["stage"] == "sound" and told["jobs"][0]["progress"] > 0.54:
            return told
        time.sleep(0.1)
    raise AssertionError(told)


def test_the_doctor_says_that_a_card_is_missing(foley, models):  # noqa: F811
    findings = {found["name"]: found["message"] for found in foley("doctor", "--json").json["findings"]}
    assert findings["engine"].startswith("procedural: there is no graphics card")


def test_weights_that_are_missing_are_a_clear_error(foley, monkeypatch, tmp_path):  # noqa: F811
    monkeypatch.setenv("FOLEY_MODELS", str(tmp_path))
    film = flash_film(tmp_path / "film", seconds=1).path
    answer = foley("generate", film, "-p", "x", "-o", tmp_path / "x.wav", "--engine", "hunyuan", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "model_missing"
    assert "foley models pull" in answer.json["error"]["hint"]
