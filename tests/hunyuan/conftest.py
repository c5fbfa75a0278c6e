"""The tiny model, as files of weights of every form."""

from __future__ import annotations

import json
import shutil

import pytest
import torch

from benchmarks.parity import LAYOUT, Models
from benchmarks.seeded import parameters
from tests.hunyuan.tiny import write_tiny

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def layout():
    return json.loads(LAYOUT.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def models():
    return Models()


@pytest.fixture(scope="session")
def tiny_weights(layout):
    """Of the transformer, as published: with what takes no part."""
    return parameters(layout["transformer.tiny"])


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory):
    """A folder with a tiny model of each kind, in the published form."""
    folder = tmp_path_factory.mktemp("models")
    write_tiny(folder)
    return folder


@pytest.fixture
def folder(monkeypatch, tmp_path, tiny_models):
    """A copy of the tiny models that may be spoilt."""
    monkeypatch.setenv("FOLEY_MODELS", str(tmp_path / "models"))
    shutil.copytree(tiny_models, tmp_path / "models")
    return tmp_path / "models"
