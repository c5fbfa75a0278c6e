"""`foley models`: real commands against a hub on the loopback, which breaks off, lies and damages."""

import hashlib
import json
import shutil
import subprocess
import sys
import time

import pytest

from tests.cli.conftest import ROOT
from tests.hub import served

HUNYUAN, CLAP, SIGLIP = (
    "tencent/HunyuanVideo-Foley",
    "laion/larger_clap_general",
    "google/siglip2-base-patch16-512",
)


def content(name, length=3_000):
    return (hashlib.sha256(name.encode()).digest() * (length // 32 + 1))[:length]


def published():
    hunyuan = ("hunyuanvideo_foley.pth", "hunyuanvideo_foley_xl.pth", "vae_128d_48k.pth")
    tokenizer = ("config.json", "tokenizer.json", "vocab.json", "merges.txt")
    return {
        HUNYUAN: {name: content(name) for name in (*hunyuan, "synchformer_state_dict.pth")}
        | {"LICENSE": b"the licence", "assets/film.mp4": content("film")},
        CLAP: {name: content(name, 100) for name in tokenizer} | {"pytorch_model.bin": content("clap")},
        SIGLIP: {"config.json": b"{}", "model.safetensors": content("siglip"), "pytorch_model.bin": b"old"},
    }


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


def held(folder):
    """What lies in the folder, but for our own notes."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in files if name not in ("models.json", ".lock")}


SHARED = {
    "LICENSE",
    "vae_128d_48k.pth",
    "synchformer_state_dict.pth",
    *(f"larger_clap_general/{name}" for name in published()[CLAP]),
    "siglip2-base-patch16-512/config.json",
    "siglip2-base-patch16-512/model.safetensors",
}


def test_a_model_is_fetched_checked_listed_and_removed(foley, hub, folder):
    pulled = foley("models", "pull", "xl", "--accept-licence", "--json")
    assert pulled.code == 0, pulled.err
    assert held(folder) == SHARED | {"hunyuanvideo_foley_xl.pth"} == set(pulled.json["fetched"])
    assert (folder / "vae_128d_48k.pth").read_bytes() == content("vae_128d_48k.pth")

    there = {one["model"]: one["there"] for one in foley("models", "list", "--json").json["models"]}
    assert there == {"xxl": False, "xl": True}
    verified = foley("models", "verify", "--json")
    assert (verified.code, {one["state"] for one in verified.json["files"]}) == (0, {"whole"})

    asked = len(hub.asked)
    assert foley("models", "remove", "xl", "--yes").code == 0
    assert held(folder) == set()
    assert len(hub.asked) == asked


def test_the_licence_is_shown_and_nothing_is_fetched_before_it_is_accepted(foley, hub, folder):
    refused = foley("models", "pull", "xxl")
    assert refused.code == 1
    assert "European Union, the United Kingdom and South Korea" in refused.err
    assert "licence_not_accepted" in refused.err
    assert (hub.asked, held(folder)) == ([], set())

    assert foley("models", "pull", "xxl", "--accept-licence").code == 0
    again = foley("models", "pull", "xl")
    assert again.code == 0, "it was accepted before"
    assert "European Union" not in again.err


def test_what_both_models_share_is_fetched_once_and_goes_with_the_last(foley, hub, folder):
    foley("models", "pull", "xxl", "--accept-licence")
    asked = len(hub.asked)
    second = foley("models", "pull", "xl", "--json").json
    assert second["fetched"] == ["hunyuanvideo_foley_xl.pth"]
    assert not [line for line in hub.asked[asked:] if "/resolve/" in line and "_xl.pth" not in line]
    foley("models", "remove", "xxl", "--yes")
    assert held(folder) == SHARED | {"hunyuanvideo_foley_xl.pth"}
    assert foley("models", "pull", "xl", "--json").json["fetched"] == []


MANY = 25_000_000
"""More than is written at once, which is ten million and some."""


@pytest.fixture
def large(hub):
    hub.files[HUNYUAN]["hunyuanvideo_foley.pth"] = content("large", MANY)
    return hub


def test_a_pull_that_was_cut_off_goes_on_where_it_broke_off(foley, large, folder):
    large.breaks_off["hunyuanvideo_foley.pth"] = 15_000_000
    cut = foley("models", "pull", "xxl", "--accept-licence", "--json")
    assert (cut.code, cut.json["error"]["code"]) == (1, "pull_failed")
    assert "again" in cut.json["error"]["hint"]
    assert not (folder / "hunyuanvideo_foley.pth").exists()
    assert not any(one["there"] for one in foley("models", "list", "--json").json["models"])
    large.is_down = False
    _assert_it_goes_on(foley, large, folder)


def test_a_pull_that_is_killed_leaves_no_half_file_and_goes_on_where_it_broke_off(foley, large, folder):
    large.stalls_at["hunyuanvideo_foley.pth"] = 15_000_000
    command = [sys.executable, "-m", "backend", "models", "pull", "xxl", "--accept-licence"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as pulling:
        deadline = time.monotonic() + 60
        while not _fetched_of_the_large(folder) and time.monotonic() < deadline:
            time.sleep(0.05)
        pulling.kill()
    assert not (folder / "hunyuanvideo_foley.pth").exists()
    large.stalls_at.clear()
    _assert_it_goes_on(foley, large, folder)


def test_another_models_half_file_is_left_to_go_on_with(foley, large, folder):
    large.breaks_off["hunyuanvideo_foley.pth"] = 15_000_000
    foley("models", "pull", "xxl", "--accept-licence")
    large.is_down = False
    assert foley("models", "pull", "xl").code == 0
    begun, before = _fetched_of_the_large(folder), large.sent
    assert 0 < begun < MANY
    assert foley("models", "pull", "xxl").code == 0
    assert large.sent - before == MANY - begun
    assert not (folder / ".pulling").exists()


def _assert_it_goes_on(foley, large, folder):
    begun, before = _fetched_of_the_large(folder), large.sent
    assert 0 < begun < MANY
    assert foley("models", "pull", "xxl").code == 0
    assert large.sent - before == MANY - begun
    assert large.asked[-1].endswith(f"hunyuanvideo_foley.pth bytes={begun}-")
    assert (folder / "hunyuanvideo_foley.pth").read_bytes() == content("large", MANY)
    assert held(folder) == SHARED | {"hunyuanvideo_foley.pth"}


def _fetched_of_the_large(folder):
    digest = hashlib.sha256(content("large", MANY)).hexdigest()
    part = folder / ".pulling" / f"{digest}.part"
    return part.stat().st_size if part.exists() else 0


def test_a_file_that_comes_damaged_is_not_taken(foley, hub, folder):
    hub.damaged.add("vae_128d_48k.pth")
    damaged = foley("models", "pull", "xxl", "--accept-licence", "--json")
    assert damaged.json["error"]["code"] == "pull_failed"
    assert "checksum" in damaged.json["error"]["message"]
    assert not (folder / "vae_128d_48k.pth").exists()
    hub.damaged.clear()
    assert foley("models", "pull", "xxl").code == 0
    assert (folder / "vae_128d_48k.pth").read_bytes() == content("vae_128d_48k.pth")


def test_what_was_fetched_in_part_and_cannot_be_right_is_begun_anew(foley, hub, folder):
    vae = content("vae_128d_48k.pth")
    part = folder / ".pulling" / f"{hashlib.sha256(vae).hexdigest()}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(vae + b"too much")
    assert foley("models", "pull", "xxl", "--accept-licence").code == 0
    assert (folder / "vae_128d_48k.pth").read_bytes() == vae


def test_a_model_for_which_there_is_no_room_is_not_begun(foley, hub, folder):
    hub.announced["hunyuanvideo_foley.pth"] = 10**17
    full = foley("models", "pull", "xxl", "--accept-licence", "--json")
    error = full.json["error"]
    assert (full.code, error["code"]) == (1, "disk_full")
    assert "100000000.0 GB" in error["message"]
    assert "are free" in error["message"]
    assert not [line for line in hub.asked if "/resolve/" in line]


def test_a_hub_that_does_not_answer_or_lacks_a_file_is_a_clear_error(foley, hub, folder):
    hub.is_down = True
    down = foley("models", "pull", "xxl", "--accept-licence", "--json").json["error"]
    assert (down["code"], "again" in down["hint"]) == ("pull_failed", True)
    hub.is_down = False
    del hub.files[SIGLIP]["config.json"]
    lacking = foley("models", "pull", "xxl", "--json").json["error"]
    assert (lacking["code"], lacking["message"]) == ("pull_failed", f"{SIGLIP} has no config.json.")


def test_what_was_changed_afterwards_is_found_and_fetched_again(foley, hub, folder):
    foley("models", "pull", "xxl", "--accept-licence")
    (folder / "vae_128d_48k.pth").write_bytes(content("other"))
    (folder / "larger_clap_general/vocab.json").unlink()
    (folder / "mine.safetensors").write_bytes(b"mine")
    found = foley("models", "verify", "--json")
    states = {one["path"]: one["state"] for one in found.json["files"] if one["state"] != "whole"}
    assert found.code == 1
    assert states == {"vae_128d_48k.pth": "damaged", "larger_clap_general/vocab.json": "gone"}
    assert found.json["unknown"] == ["mine.safetensors"]
    assert foley("models", "pull", "xxl").code == 0
    assert foley("models", "verify").code == 0


def test_files_that_somebody_else_put_there_are_used_but_never_touched(foley, hub, folder):
    folder.mkdir()
    (folder / "vae_128d_48k.pth").write_bytes(content("vae_128d_48k.pth"))
    (folder / "hunyuanvideo_foley.pth").write_bytes(content("mine"))
    refused = foley("models", "pull", "xxl", "--accept-licence", "--json").json["error"]
    assert "is not the published file" in refused["message"]
    assert (folder / "hunyuanvideo_foley.pth").read_bytes() == content("mine")

    (folder / "hunyuanvideo_foley.pth").rename(folder / "hunyuanvideo_foley_fp16.safetensors")
    fetched = foley("models", "pull", "xl", "--json").json["fetched"]
    assert "vae_128d_48k.pth" not in fetched
    foley("models", "remove", "xl", "--yes")
    assert held(folder) == {"hunyuanvideo_foley_fp16.safetensors", "vae_128d_48k.pth"}


def test_two_changes_at_a_time_are_refused(foley, hub, folder):
    from backend.models.pull import changing

    with changing(folder):
        busy = foley("models", "pull", "xxl", "--accept-licence", "--json")
    assert (busy.code, busy.json["error"]["code"]) == (1, "models_busy")


def test_a_damaged_record_is_a_clear_error(foley, hub, folder):
    folder.mkdir()
    (folder / "models.json").write_text("{")
    error = foley("models", "verify", "--json").json["error"]
    assert error["code"] == "record_unreadable"
    assert "models.json" in error["message"]


def test_nothing_is_told_of_the_user(foley, hub, folder, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    foley("models", "pull", "xxl", "--accept-licence")
    assert hub.headers
    assert not [header for header in hub.headers if "secret" in header.lower()]


def test_what_was_changed_since_is_not_removed(foley, hub, folder):
    foley("models", "pull", "xxl", "--accept-licence")
    (folder / "hunyuanvideo_foley.pth").write_bytes(b"my own training")
    removed = foley("models", "remove", "xxl", "--yes", "--json")
    assert removed.json["kept"] == ["hunyuanvideo_foley.pth"]
    assert "was changed since" in removed.err
    assert (folder / "hunyuanvideo_foley.pth").read_bytes() == b"my own training"
    assert not (folder / "vae_128d_48k.pth").exists()


def test_a_model_of_which_a_folder_was_deleted_by_hand_is_removed(foley, hub, folder):
    foley("models", "pull", "xxl", "--accept-licence")
    shutil.rmtree(folder / "larger_clap_general")
    assert foley("models", "remove", "xxl", "--yes").code == 0
    assert held(folder) == set()


@pytest.mark.parametrize("path", ["{outside}", "../mine", "a/../../mine", "a\\..\\mine", "c:mine"])
def test_a_record_of_files_elsewhere_is_refused_and_none_is_removed(foley, hub, folder, tmp_path, path):
    mine = tmp_path / "mine"
    mine.write_text("mine")
    folder.mkdir(parents=True, exist_ok=True)
    entry = {"path": path.format(outside=mine), "bytes": 4, "sha256": "", "origin": ""}
    (folder / "models.json").write_text(json.dumps({"entries": [entry]}))
    refused = foley("models", "remove", "xxl", "--yes", "--json")
    assert refused.json["error"]["code"] == "record_unreadable"
    assert mine.read_text() == "mine"


def test_a_hub_cannot_choose_where_a_file_is_kept_meanwhile(foley, hub, folder, tmp_path, monkeypatch):
    part = tmp_path / "film.mkv.part"
    part.write_bytes(b"mine")
    lying = hub.about

    def about(repository):
        told = json.loads(lying(repository))
        told["siblings"][0].pop("lfs", None)
        told["siblings"][0]["blobId"] = str(tmp_path / "film.mkv")
        return json.dumps(told).encode()

    monkeypatch.setattr(hub, "about", about)
    refused = foley("models", "pull", "xxl", "--accept-licence", "--json")
    assert refused.json["error"]["code"] == "pull_failed"
    assert part.read_bytes() == b"mine"
