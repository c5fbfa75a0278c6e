"""Which files a model is, and where they lie; none is opened, and torch is not needed.

They lie in the folder that `FOLEY_MODELS` names, else in `models` of the service's own. A model is there in
the published form (`.pth`, or `.safetensors` of the same name), or as a folder of our own, `xl` or `xxl`,
which is taken first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from foley_core.errors import ModelMissing
from foley_core.neural_settings import Model
from foley_core.state_folder import models_folder as models_folder

Size = Literal["xl", "xxl"]

STEMS: dict[Size, str] = {"xxl": "hunyuanvideo_foley", "xl": "hunyuanvideo_foley_xl"}
"""Of the transformers' files; the largest first."""
VAE, SYNCHFORMER = "vae_128d_48k", "synchformer_state_dict"
SIGLIP, CLAP = "siglip2-base-patch16-512", "larger_clap_general"
"""Folders, as transformers has them."""
ENDINGS = (
    ".pth",
    ".safetensors",
    "_bf16.safetensors",
    "_fp16.safetensors",
    "_fp8_e4m3fn.safetensors",
    "_fp8_e5m2.safetensors",
)
"""What may follow a stem; the most exact first."""
SAVED = ("transformer", "vae", "synchformer", "image_encoder", "text_encoder", "tokenizer")
"""What a folder of our own has in it: the parts of the pipeline, in the order of `Weights`."""
_IN_LIBRARY = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
"""Files by one of which transformers finds a model's weights."""


@dataclass(frozen=True)
class Weights:
    """Files or folders of the parts of one model."""

    size: Size
    transformer: Path
    vae: Path
    synchformer: Path
    siglip: Path
    clap: Path
    tokenizer: Path

    @property
    def parts(self) -> tuple[Path, ...]:
        """All of them, some more than once."""
        return self.transformer, self.vae, self.synchformer, self.siglip, self.clap, self.tokenizer

    def fingerprint(self) -> str:
        """Of each file's name, size and time: reading them all would take half a minute."""
        told = hashlib.sha256()
        for file in sorted(self._files()):
            about = file.stat()
            told.update(f"{file.name} {about.st_size} {about.st_mtime_ns}\n".encode())
        return told.hexdigest()[:16]

    def _files(self) -> Iterator[Path]:
        for part in dict.fromkeys(self.parts):
            yield from (file for file in part.rglob("*") if file.is_file()) if part.is_dir() else [part]


def find_weights(model: Model = "") -> Weights:
    """Those of that model, or of the largest that is whole; `ModelMissing` names what is not there."""
    folder = models_folder()
    sizes: list[Size] = [model] if model else list(STEMS)
    lacking: ModelMissing | None = None
    for size in sizes:
        try:
            if (folder / size / "model_index.json").is_file():
                return _saved(folder / size, size)
            if _file(folder, STEMS[size]) is not None:
                return find_published(size)
        except ModelMissing as error:
            lacking = lacking or error
    wanted = " or ".join(f"{STEMS[size]}.pth" for size in sizes)
    raise lacking or _missing(folder, wanted, model)


def find_published(size: Size) -> Weights:
    """Those in the published form, whether or not there is a folder of our own; or `ModelMissing`."""
    folder = models_folder()
    files = {stem: _file(folder, stem) for stem in (STEMS[size], VAE, SYNCHFORMER)}
    siglip, clap = folder / SIGLIP, folder / CLAP
    lacking = [f"{stem}.pth" for stem, path in files.items() if path is None]
    lacking += [*_lacking(siglip), *_lacking(clap)]
    if lacking:
        raise _missing(folder, ", ".join(lacking), size)
    transformer, vae, synchformer = (path for path in files.values() if path is not None)
    return Weights(size, transformer, vae, synchformer, siglip, clap, tokenizer=clap)


def find_synchformer() -> Path | None:
    """The published file, which holds all of it; a folder of our own has only the half that sees."""
    return _file(models_folder(), SYNCHFORMER)


def remedy(path: Path) -> str:
    """What to do about a file or folder of weights that is damaged, or in which something is missing."""
    folder = models_folder()
    name = path.relative_to(folder).parts[0] if folder in path.parents else ""
    for size, stem in STEMS.items():
        if name == size:
            return f"Delete {folder / size}, then run `foley models convert {size}` again."
        if name in {f"{stem}{ending}" for ending in ENDINGS}:
            return f"Get it again with `foley models pull {size}`; move it away first if it is your own."
    return "Get it again with `foley models pull xl` (or xxl); move it away first if it is your own."


def _lacking(folder: Path) -> list[str]:
    """Of a folder as transformers has them."""
    if not folder.is_dir():
        return [folder.name]
    there = {
        "config.json": (folder / "config.json").is_file(),
        _IN_LIBRARY[0]: any((folder / name).is_file() for name in _IN_LIBRARY),
        "tokenizer.json": folder.name != CLAP or has_tokenizer(folder),
    }
    return [f"{folder.name}/{name}" for name, is_there in there.items() if not is_there]


def has_tokenizer(folder: Path) -> bool:
    """Whether one of the two forms is there in which transformers reads one."""
    in_parts = all((folder / name).is_file() for name in ("vocab.json", "merges.txt"))
    return in_parts or (folder / "tokenizer.json").is_file()


def _saved(folder: Path, size: Size) -> Weights:
    for name in SAVED:
        if not (folder / name).is_dir():
            raise ModelMissing(
                f"There is no {name} in {folder}.", f"Make it again with `foley models convert {size}`."
            )
    return Weights(size, *(folder / name for name in SAVED))


def _file(folder: Path, stem: str) -> Path | None:
    return next((path for ending in ENDINGS if (path := folder / f"{stem}{ending}").is_file()), None)


def _missing(folder: Path, what: str, model: Model) -> ModelMissing:
    command = f"foley models pull {model}".strip()
    return ModelMissing(f"There is no {what} in {folder}.", f"Get it with `{command}`.")
