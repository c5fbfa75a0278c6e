"""Where the weights come from: which files of which repositories on the Hugging Face hub.

Facts about the published model; nothing is fetched here.
"""

from __future__ import annotations

from dataclasses import dataclass

from foley_core.engines.hunyuan.weights import CLAP, SIGLIP, STEMS, SYNCHFORMER, VAE, Size

HUNYUAN_REPOSITORY = "tencent/HunyuanVideo-Foley"

_CONFIG, _WEIGHTS = ("config.json",), ("model.safetensors", "pytorch_model.bin")
_TOKENIZER = (("tokenizer.json",), ("vocab.json",), ("merges.txt",))
LICENCE_FOLDER = "hunyuanvideo_foley_licence"
"""The licence's own, for a `LICENSE` beside the weights may be anyone's."""
_LICENCES = ("LICENSE", "LICENSE.txt", "License.txt")
_TOKENIZER_MORE = ("tokenizer_config.json", "special_tokens_map.json")


@dataclass(frozen=True)
class Source:
    """Files of one repository."""

    repository: str
    folder: str
    """Below the folder of all models, where they are put; empty for that folder itself."""
    needed: tuple[tuple[str, ...], ...]
    """Of each group the first that the repository has."""
    welcome: tuple[str, ...] = ()
    """Taken along if they are there."""


def sources(size: Size) -> tuple[Source, ...]:
    """All that one model needs, the small things first."""
    hunyuan = tuple((f"{stem}.pth", f"{stem}.safetensors") for stem in (SYNCHFORMER, VAE, STEMS[size]))
    return (
        Source(f"laion/{CLAP}", CLAP, (_CONFIG, *_TOKENIZER, _WEIGHTS), _TOKENIZER_MORE),
        Source(f"google/{SIGLIP}", SIGLIP, (_CONFIG, _WEIGHTS)),
        Source(HUNYUAN_REPOSITORY, LICENCE_FOLDER, (), _LICENCES),
        Source(HUNYUAN_REPOSITORY, "", hunyuan),
    )
