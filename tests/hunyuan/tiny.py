"""A whole set of weights as it is published, but tiny: of every model one layer or few, all drawn."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import ClapConfig, ClapModel, PreTrainedTokenizerFast, SiglipConfig, SiglipModel

from benchmarks.parity import LAYOUT
from benchmarks.seeded import parameters
from foley_core.engines.hunyuan.synchformer import Synchformer
from foley_core.engines.hunyuan.vae import FoleyVAE

_WORDS = ["noisy", ",", "harsh", "wood", "glass", "voices", "rain", "boots", "on", "gravel"]


def write_tiny(folder: Path, name: str = "hunyuanvideo_foley") -> None:
    """Write it; Synchformer has one block, and SigLIP2 looks at 64 places of a frame only."""
    layout = json.loads(LAYOUT.read_text(encoding="utf-8"))
    torch.save(parameters(layout["transformer.tiny"]), folder / f"{name}.pth")
    vae = FoleyVAE(encoder_dim=4, decoder_dim=32)
    kwargs = {"encoder_dim": 4, "encoder_rates": [2, 3, 4, 5, 8], "latent_dim": 128, "decoder_dim": 32}
    metadata = {"kwargs": {**kwargs, "decoder_rates": [8, 5, 4, 3, 2], "sample_rate": 48_000}}
    torch.save({"state_dict": _drawn(vae), "metadata": metadata}, folder / "vae_128d_48k.pth")
    torch.save(_drawn(Synchformer(1), "vfeat_extractor."), folder / "synchformer_state_dict.pth")
    _write_siglip(folder / "siglip2-base-patch16-512")
    _write_clap(folder / "larger_clap_general")


def _write_siglip(folder: Path) -> None:
    """Both halves, as they are published."""
    seeing = {"hidden_size": 768, "num_hidden_layers": 1, "intermediate_size": 64, "image_size": 512}
    reading = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = SiglipConfig(
        vision_config={**seeing, "patch_size": 64}, text_config={**reading, "vocab_size": 16}
    )
    _with_drawn(SiglipModel(config)).save_pretrained(folder)


def _write_clap(folder: Path) -> None:
    """Both halves, as they are published, and the tokenizer."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    vocabulary = {word: number for number, word in enumerate([*special, *_WORDS])}
    reading = {"hidden_size": 768, "num_hidden_layers": 1, "intermediate_size": 64}
    hearing = {"depths": [1, 1], "num_attention_heads": [1, 1], "patch_embeds_hidden_size": 8}
    config = ClapConfig(
        text_config={**reading, "vocab_size": len(vocabulary)},
        audio_config={**hearing, "hidden_size": 16, "spec_size": 64, "window_size": 4},
    )
    _with_drawn(ClapModel(config)).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    names = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)


def _drawn(model: torch.nn.Module, prefix: str = "") -> dict[str, torch.Tensor]:
    shapes = {prefix + key: tuple(tensor.shape) for key, tensor in model.state_dict().items()}
    return parameters(shapes)


def _with_drawn(model: torch.nn.Module) -> torch.nn.Module:
    floating = {key: value for key, value in model.state_dict().items() if value.is_floating_point()}
    model.load_state_dict(
        parameters({key: tuple(value.shape) for key, value in floating.items()}), strict=False
    )
    return model
