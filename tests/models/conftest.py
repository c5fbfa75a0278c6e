"""A hub on the loopback with small files, and a folder for them."""

import pytest

from tests.cli.conftest import foley
from tests.models.hub import served
from tests.models.published import HUNYUAN, MANY, content, published

__all__ = ["foley"]


@pytest.fixture
def hub(monkeypatch, tmp_path):
    with served(published()) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
        monkeypatch.setenv("FOLEY_MODELS", str(tmp_path / "models"))
        yield hub


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def large(hub):
    hub.files[HUNYUAN]["hunyuanvideo_foley.pth"] = content("large", MANY)
    return hub
