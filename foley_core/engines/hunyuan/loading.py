"""Models filled with published weights: built without memory, and given each tensor as it is read.

Every tensor of a file is used once, or stands on the list of those that are known and not used; anything else
is a `ModelUnreadable` that names it. Takes hardly more memory than the model itself has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn
from transformers import AutoTokenizer, ClapTextModelWithProjection, SiglipVisionModel
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from foley_core.engines.hunyuan.checkpoint import Checkpoint, readable
from foley_core.engines.hunyuan.config import Size
from foley_core.engines.hunyuan.synchformer import Synchformer
from foley_core.engines.hunyuan.synchformer_offset import WholeSynchformer
from foley_core.engines.hunyuan.transformer import FoleyTransformer
from foley_core.engines.hunyuan.vae import FoleyVAE
from foley_core.engines.hunyuan.weights import has_tokenizer, remedy
from foley_core.errors import ModelMissing, ModelUnreadable

UNUSED = {
    "transformer": r"final_layer\.adaLN_modulation\.1\.(weight|bias)",
    "vae": r"(?!)",
    "saved": r"(?!)",
    "synchformer": r"(afeat_extractor|vproj|aproj|transformer)\..*|vfeat_extractor\.patch_embed\.proj\..*",
    "whole synchformer": r"vfeat_extractor\.patch_embed\.proj\..*",
}
"""Tensors that are in the published files and take no part: what the last layer was to be modulated by, and
of Synchformer patches of single frames; where sound is made, also the half that hears and what compares both
halves."""

_PREFIX = "vfeat_extractor."
_TELLING = "audio_embedder.proj.weight", "triple_blocks.0.audio_self_q_norm.weight"
"""The transformer's width, and that of one head."""

Module = TypeVar("Module", bound=nn.Module)

disable_progress_bar()
set_verbosity_error()  # it lists the halves that hear and read, which are in the files and are not needed


def load_transformer(path: Path, dtype: torch.dtype = torch.float32) -> FoleyTransformer:
    """Of whichever size it is."""
    if path.is_dir():
        return _saved(FoleyTransformer, path, dtype)
    checkpoint = Checkpoint.open(path)
    size = size_of(checkpoint.shapes, path)
    return _filled(lambda: FoleyTransformer(**asdict(size)), checkpoint, UNUSED["transformer"], dtype)


def load_vae(path: Path, dtype: torch.dtype = torch.float32) -> FoleyVAE:
    """Of the published rates, as wide as its tensors are."""
    if path.is_dir():
        return _saved(FoleyVAE, path, dtype)
    checkpoint = Checkpoint.open(path)
    encoder = _length(checkpoint.shapes, "encoder.block.0.weight_v") or 128
    decoder = _length(checkpoint.shapes, "decoder.model.0.weight_v") or 2048
    return _filled(
        lambda: FoleyVAE(encoder_dim=encoder, decoder_dim=decoder), checkpoint, UNUSED["vae"], dtype
    )


def load_synchformer(path: Path, dtype: torch.dtype = torch.float32) -> Synchformer:
    """The half that sees."""
    if path.is_dir():
        return _saved(Synchformer, path, dtype)
    checkpoint = Checkpoint.open(path)
    depth = _count(checkpoint.shapes, f"{_PREFIX}blocks")
    return _filled(lambda: Synchformer(depth), checkpoint, UNUSED["synchformer"], dtype, _PREFIX)


def load_whole_synchformer(path: Path, dtype: torch.dtype = torch.float32) -> WholeSynchformer:
    """Both halves, and what compares them."""
    checkpoint = Checkpoint.open(path)
    stacks = (f"{_PREFIX}blocks", "afeat_extractor.ast.encoder.layer", "transformer.blocks")
    depths = [_count(checkpoint.shapes, stack) for stack in stacks]
    return _filled(lambda: WholeSynchformer(*depths), checkpoint, UNUSED["whole synchformer"], dtype)


def load_image_encoder(folder: Path, dtype: torch.dtype = torch.float32) -> SiglipVisionModel:
    """SigLIP2's half that sees."""
    return _pretrained(SiglipVisionModel, folder, dtype)


def load_text_encoder(folder: Path, dtype: torch.dtype = torch.float32) -> ClapTextModelWithProjection:
    """CLAP's half that reads."""
    return _pretrained(ClapTextModelWithProjection, folder, dtype)


def load_tokenizer(folder: Path) -> Any:
    """CLAP's."""
    if not has_tokenizer(folder):
        _need(folder, "tokenizer.json")
    with readable(folder):
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)


def _saved(kind: Any, folder: Path, dtype: torch.dtype) -> Any:
    """A model that was saved by us. Not by `from_pretrained`, which holds the files and the model at once."""
    _need(folder, "config.json")
    with readable(folder):
        config = kind.load_config(folder, local_files_only=True)
    return _filled(lambda: kind.from_config(config), Checkpoint.open(folder), UNUSED["saved"], dtype)


def _pretrained(kind: Any, folder: Path, dtype: torch.dtype) -> Any:
    """A model by its library; the other half of it may be in the file as well."""
    _need(folder, "config.json")
    with readable(folder):
        model, told = kind.from_pretrained(
            folder, local_files_only=True, output_loading_info=True, dtype=dtype
        )
    for key in told["missing_keys"]:
        raise _wrong(folder, f"it has no {key}")
    for key, *shapes in told["mismatched_keys"]:
        raise _wrong(folder, f"{key} has the shape {tuple(shapes[0])}")
    return model.eval().requires_grad_(False)


def size_of(shapes: Mapping[str, tuple[int, ...]], path: Path) -> Size:
    """Which size a transformer has, by the shapes of its tensors."""
    hidden, width = (_length(shapes, key) for key in _TELLING)
    if not hidden or not width:
        lacking = _TELLING[1] if hidden else _TELLING[0]
        raise ModelUnreadable(
            f"{path} is no transformer of HunyuanVideo-Foley: it has no {lacking}.",
            "Give the file hunyuanvideo_foley.pth, or one made of it.",
        )
    return Size(hidden, hidden // width, _count(shapes, "triple_blocks"), _count(shapes, "single_blocks"))


def _length(shapes: Mapping[str, tuple[int, ...]], key: str) -> int:
    """Of the first side; 0 where there is no such tensor, or it has no sides."""
    return (*shapes.get(key, ()), 0)[0]


def _count(shapes: Mapping[str, tuple[int, ...]], kind: str) -> int:
    """How many blocks there are: not more than tensors, whatever number one of these has."""
    numbers = (re.match(rf"{re.escape(kind)}\.(\d{{1,9}})\.", key) for key in shapes)
    return min(1 + max((int(found[1]) for found in numbers if found), default=-1), len(shapes))


def _filled(
    build: Callable[[], Module], checkpoint: Checkpoint, unused: str, dtype: torch.dtype, prefix: str = ""
) -> Module:
    with readable(checkpoint.path), torch.device("meta"):
        model = build()
    wanted = {prefix + key: tuple(tensor.shape) for key, tensor in model.state_dict().items()}
    _check(checkpoint, wanted, unused)
    for piece in checkpoint.pieces(list(wanted)):
        given = {key.removeprefix(prefix): tensor.to(dtype, copy=True) for key, tensor in piece.items()}
        model.load_state_dict(given, strict=False, assign=True)
    return model.eval().requires_grad_(False)


def _check(checkpoint: Checkpoint, wanted: Mapping[str, tuple[int, ...]], unused: str) -> None:
    for key, shape in wanted.items():
        if key not in checkpoint.shapes:
            raise _wrong(checkpoint.path, f"it has no {key}")
        if checkpoint.shapes[key] != shape:
            raise _wrong(checkpoint.path, f"{key} has the shape {checkpoint.shapes[key]} instead of {shape}")
    for key in checkpoint.shapes:
        if key not in wanted and not re.fullmatch(unused, key):
            raise _wrong(checkpoint.path, f"{key} is not known")


def _wrong(path: Path, what: str) -> ModelUnreadable:
    return ModelUnreadable(f"{path} holds another model: {what}.", "Give the published file.")


def _need(folder: Path, name: str) -> None:
    """Said here, for the library would look for it elsewhere."""
    if not (folder / name).is_file():
        raise ModelMissing(f"There is no {name} in {folder}.", remedy(folder))
