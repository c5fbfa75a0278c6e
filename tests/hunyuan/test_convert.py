"""`foley models convert`: folders of our own that were made of the published files."""

import shutil
from contextlib import contextmanager

import pytest
import torch
from safetensors import safe_open

from backend.models import record
from backend.models.convert import convert
from backend.models.record import Entry
from foley_core.engines.hunyuan.pipeline import FoleyPipeline
from foley_core.engines.hunyuan.weights import find_weights
from foley_core.errors import ModelMissing, OutputDenied
from tests.cli.conftest import foley  # noqa: F401 (pytest's way)

WRITTEN = {"float32": "F32", "bf16": "BF16", "fp16": "F16", "fp8": "F8_E4M3"}
"""Number formats by safetensors' names."""


def numbers_in(folder):
    found = set()
    for path in folder.glob("*.safetensors"):
        with safe_open(path, "pt") as file:
            found |= {file.get_slice(key).get_dtype() for key in file.keys()}  # noqa: SIM118
    return found


@pytest.mark.process
@pytest.mark.parametrize(("form", "near"), [("float32", 0.0), ("bf16", 3e-3), ("fp16", 5e-4), ("fp8", 5e-2)])
def test_a_converted_model_is_taken_first_and_is_the_same_but_for_its_numbers(folder, form, near):
    published = FoleyPipeline.of(find_weights(), torch.float32)
    convert("xxl", form, lambda told: None)
    assert find_weights().transformer == folder / "xxl" / "transformer"
    assert numbers_in(folder / "xxl" / "transformer") == {WRITTEN[form]}
    converted = FoleyPipeline.of(find_weights(), torch.float32)
    for name, model in published.components.items():
        if name != "tokenizer":
            others = converted.components[name].state_dict()
            for key, tensor in model.state_dict().items():
                apart = (others[key].float() - tensor.float()).norm() / tensor.float().norm().clamp(min=1)
                assert apart <= (near if name == "transformer" else 0), key
    assert converted.tokenizer("boots on gravel") == published.tokenizer("boots on gravel")


def test_a_converted_model_is_never_written_over(folder):
    (folder / "xxl").mkdir()
    (folder / "xxl" / "mine").write_text("mine")
    with pytest.raises(OutputDenied, match="is there already"):
        convert("xxl", "bf16", lambda told: None)
    assert [path.name for path in (folder / "xxl").iterdir()] == ["mine"]


def test_a_converted_model_is_on_record_and_goes_when_its_model_goes(foley, folder):  # noqa: F811
    answer = foley("models", "convert", "xxl", "--json")
    assert answer.json["folder"] == str(folder / "xxl"), answer.err
    assert {one["state"] for one in foley("models", "verify", "--json").json["files"]} == {"whole"}
    foley("models", "remove", "xxl", "--yes")
    assert not (folder / "xxl").exists()
    assert find_weights().transformer == folder / "hunyuanvideo_foley.pth"


def test_a_folder_that_was_deleted_can_be_converted_again(foley, folder):  # noqa: F811
    convert("xxl", "bf16", lambda told: None)
    (folder / "xxl" / "vae" / "config.json").unlink()
    verified = foley("models", "verify", "--json")
    assert (verified.code, "foley models convert xxl" in verified.err) == (1, True)
    shutil.rmtree(folder / "xxl")
    stale = Entry(path="xxl/transformer/shard-2.safetensors", bytes=1, sha256="", origin="converted from w")
    record.write(folder, record.read(folder).having(stale))
    convert("xxl", "fp16", lambda told: None)
    assert foley("models", "verify", "--json").code == 0


def test_a_converted_folder_in_which_a_file_is_missing_is_made_again(foley, folder):  # noqa: F811
    convert("xxl", "bf16", lambda told: None)
    (folder / "xxl" / "tokenizer" / "tokenizer.json").unlink()
    with pytest.raises(ModelMissing, match=r"Delete .*xxl, then run `foley models convert xxl` again"):
        FoleyPipeline.of(find_weights(), torch.float32)


def test_where_the_record_cannot_be_read_nothing_is_written(foley, folder):  # noqa: F811
    (folder / record.NAME).write_text("{")
    assert foley("models", "convert", "xxl", "--json").json["error"]["code"] == "record_unreadable"
    assert not (folder / "xxl").exists()


def test_what_a_conversion_that_was_killed_has_left_is_in_nobodys_way(foley, folder):  # noqa: F811
    left = folder / ".converting-xxl" / "transformer" / "old.safetensors"
    for command in (["convert", "xxl"], ["remove", "xxl", "--yes"]):
        left.parent.mkdir(parents=True)
        left.write_bytes(b"half")
        assert foley("models", *command).code == 0
        assert not (folder / ".converting-xxl").exists()
        assert not list(folder.rglob("old.safetensors"))


def test_a_disk_that_fills_up_meanwhile_is_said_and_leaves_nothing(foley, folder):  # noqa: F811
    before = sorted(folder.rglob("*"))
    with largest_file(100_000):
        full = foley("models", "convert", "xxl", "--json")
    assert (full.code, full.json["error"]["code"]) == (1, "disk_full"), full.err
    assert sorted(path for path in folder.rglob("*") if path.name != ".lock") == before


@contextmanager
def largest_file(size):
    """Nothing longer can be written, here and by what is started here."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
