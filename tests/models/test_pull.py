"""`foley models pull`: real commands against a hub on the loopback, which breaks off, lies and damages."""

import hashlib
import json
import os
import subprocess
import sys
import time

import pytest

from tests.cli.conftest import ROOT
from tests.models.published import MANY, SHARED, SIGLIP, content, fetched_of_the_large, held


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
        while not fetched_of_the_large(folder) and time.monotonic() < deadline:
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
    begun, before = fetched_of_the_large(folder), large.sent
    assert 0 < begun < MANY
    assert foley("models", "pull", "xxl").code == 0
    assert large.sent - before == MANY - begun
    assert not (folder / ".pulling").exists()


def _assert_it_goes_on(foley, large, folder):
    begun, before = fetched_of_the_large(folder), large.sent
    assert 0 < begun < MANY
    assert foley("models", "pull", "xxl").code == 0
    assert large.sent - before == MANY - begun
    assert large.asked[-1].endswith(f"hunyuanvideo_foley.pth bytes={begun}-")
    assert (folder / "hunyuanvideo_foley.pth").read_bytes() == content("large", MANY)
    assert held(folder) == SHARED | {"hunyuanvideo_foley.pth"}


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
    part = folder / ".pulling" / f"vae_128d_48k.pth.{hashlib.sha256(vae).hexdigest()}.part"
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


def test_nothing_is_told_of_the_user(foley, hub, folder, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    foley("models", "pull", "xxl", "--accept-licence")
    assert hub.headers
    assert not [header for header in hub.headers if "secret" in header.lower()]


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


@pytest.mark.process
def test_the_licence_is_asked_for_where_somebody_can_answer(hub, folder):
    assert "Do you accept" in _answered("n")
    assert (hub.asked, held(folder)) == ([], set())
    assert "to fetch into" in _answered("y")
    assert held(folder) == SHARED | {"hunyuanvideo_foley_xl.pth"}


def _answered(word):
    """What is said in a terminal where that word is typed."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    os.write(ours, f"{word}\n".encode())
    command = [sys.executable, "-m", "backend", "models", "pull", "xl"]
    done = subprocess.run(command, cwd=ROOT, stdin=theirs, capture_output=True, text=True, check=False)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == (word != "y"), done.stderr
    return done.stderr


def test_without_the_library_it_is_said_before_anything_is_asked(foley, hub, tmp_path, monkeypatch):
    stub = tmp_path / "stub" / "huggingface_hub.py"
    stub.parent.mkdir()
    stub.write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(stub.parent))
    lacking = foley("models", "pull", "xxl", "--json")
    assert lacking.json["error"]["code"] == "engine_failed"
    assert "bootstrap.py neural" in lacking.json["error"]["hint"]
    assert "European Union" not in lacking.err


@pytest.mark.parametrize("page", [b"<html>Log in to the hotel's network</html>", b"{}", b"[]"])
def test_a_page_in_the_place_of_the_hub_is_a_clear_error(foley, hub, folder, monkeypatch, page):
    monkeypatch.setattr(hub, "about", lambda repository: page)
    refused = foley("models", "pull", "xxl", "--accept-licence", "--json").json["error"]
    assert refused["code"] == "pull_failed"
    assert "no answer of a hub" in refused["message"]
    assert held(folder) == set()


def test_files_of_common_names_are_somebody_elses_and_in_nobodys_way(foley, hub, folder):
    folder.mkdir()
    others = {"LICENSE": "of mine", "models.json": '{"entries": 7}'}
    for name, text in others.items():
        (folder / name).write_text(text)
    assert foley("models", "pull", "xxl", "--accept-licence").code == 0
    assert foley("models", "remove", "xxl", "--yes").code == 0
    assert {name: (folder / name).read_text() for name in held(folder)} == others
