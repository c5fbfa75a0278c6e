"""`foley models list`, `verify` and `remove`: what foley put there, and nothing else."""

import json
import shutil

import pytest

from tests.models.published import MANY, SHARED, content, fetched_of_the_large, held


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


def test_what_both_models_share_is_fetched_once_and_goes_with_the_last(foley, hub, folder):
    foley("models", "pull", "xxl", "--accept-licence")
    asked = len(hub.asked)
    second = foley("models", "pull", "xl", "--json").json
    assert second["fetched"] == ["hunyuanvideo_foley_xl.pth"]
    assert not [line for line in hub.asked[asked:] if "/resolve/" in line and "_xl.pth" not in line]
    foley("models", "remove", "xxl", "--yes")
    assert held(folder) == SHARED | {"hunyuanvideo_foley_xl.pth"}
    assert foley("models", "pull", "xl", "--json").json["fetched"] == []


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
    assert found.err.count("foley models pull xl`") == 1, "the same is said once"
    assert foley("models", "pull", "xxl").code == 0
    assert foley("models", "verify").code == 0


@pytest.mark.parametrize("text", ["{", "[]", '{"entries": [], "more": 1}'])
def test_a_damaged_record_is_a_clear_error(foley, hub, folder, text):
    folder.mkdir()
    (folder / "foley-models.json").write_text(text)
    error = foley("models", "verify", "--json").json["error"]
    assert error["code"] == "record_unreadable"
    assert "foley-models.json" in error["message"]


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
    (folder / "foley-models.json").write_text(json.dumps({"entries": [entry]}))
    refused = foley("models", "remove", "xxl", "--yes", "--json")
    assert refused.json["error"]["code"] == "record_unreadable"
    assert mine.read_text() == "mine"


def test_what_a_pull_that_broke_off_has_left_can_be_removed(foley, large, folder):
    large.breaks_off["hunyuanvideo_foley.pth"] = 15_000_000
    foley("models", "pull", "xxl", "--accept-licence")
    begun = fetched_of_the_large(folder)
    assert 0 < begun < MANY
    removed = foley("models", "remove", "xxl", "--yes", "--json").json
    assert removed["freed_bytes"] > begun
    assert [name for name in removed["removed"] if name.startswith(".pulling/hunyuanvideo_foley.pth.")]
    assert held(folder) == set()


def test_nothing_is_removed_where_nobody_can_be_asked(foley, hub, folder):
    foley("models", "pull", "xl", "--accept-licence")
    refused = foley("models", "remove", "xl", "--json").json["error"]
    assert (refused["code"], "--yes" in refused["message"]) == ("usage", True)
    assert held(folder) == SHARED | {"hunyuanvideo_foley_xl.pth"}


def test_what_is_shared_stays_while_another_model_is_half_there(foley, large, folder):
    foley("models", "pull", "xl", "--accept-licence")
    large.breaks_off["hunyuanvideo_foley.pth"] = 15_000_000
    foley("models", "pull", "xxl")
    begun = fetched_of_the_large(folder)
    assert 0 < begun < MANY
    large.is_down = False
    removed = foley("models", "remove", "xl", "--yes", "--json").json["removed"]
    assert removed == ["hunyuanvideo_foley_xl.pth"]
    assert fetched_of_the_large(folder) == begun
    assert foley("models", "pull", "xxl", "--json").json["fetched"] == ["hunyuanvideo_foley.pth"]


def test_a_folder_in_which_something_is_missing_is_no_model(foley, hub, folder):
    foley("models", "pull", "xxl", "--accept-licence")
    named = {"config.json": "config.json", "pytorch_model.bin": "model.safetensors"}
    for name, told in named.items():
        (folder / "larger_clap_general" / name).rename(folder / "away")
        assert not any(one["there"] for one in foley("models", "list", "--json").json["models"])
        assert f"no larger_clap_general/{told} in" in foley("models", "list").out
        (folder / "away").rename(folder / "larger_clap_general" / name)
    assert "GB  hunyuanvideo_foley.pth" in foley("models", "list").out


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(foley, hub, folder):
    folder.write_text("mine")
    refused = foley("models", "pull", "xl", "--accept-licence", "--json").json["error"]
    assert (refused["code"], "FOLEY_MODELS" in refused["hint"]) == ("output_denied", True)
    verified = foley("models", "verify")
    assert (verified.code, "Nothing in" in verified.err) == (0, True)
    assert folder.read_text() == "mine"
