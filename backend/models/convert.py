"""A published model as a folder of our own, its transformer in another number format.

Such a folder is what the pipeline saves and loads. The new folder is there whole or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from backend.cache.digest import file_digest
from backend.models import record
from backend.models.record import Entry
from foley_core.engines.hunyuan.weights import Size, Weights, find_published, models_folder
from foley_core.errors import DiskFull, EngineFailed, OutputDenied, writing
from foley_core.media.atomic_file import put

if TYPE_CHECKING:
    from foley_core.engines.hunyuan.pipeline import FoleyPipeline

Format = Literal["float32", "bf16", "fp16", "fp8"]
FORMATS: tuple[Format, ...] = get_args(Format)

_SHARD = "2GB"
"""Of the largest file that is written: each is in memory whole while it is."""


def convert(size: Size, form: Format, told: Callable[[str], None]) -> Path:
    """Write the folder, and say where. `ModelMissing` where there is nothing to convert; `DiskFull`."""
    folder = models_folder()
    target, staging = folder / size, unfinished(folder, size)
    if target.exists():
        raise OutputDenied(f"{target} is there already.", "Delete it, or move it away.")
    record.read(folder)  # where it cannot be, that is said before anything is written
    weights = find_published(size)
    shutil.rmtree(staging, ignore_errors=True)  # of a conversion that was killed
    told(f"Reading {weights.transformer.name}")
    pipeline = _loaded(weights, form)
    _check_room(folder, pipeline)
    told(f"Writing {target}")
    try:
        with writing(target), _plain_system_errors():
            pipeline.save_pretrained(staging, max_shard_size=_SHARD)
            entries = [
                _entry(file, staging, weights, size) for file in sorted(staging.rglob("*")) if file.is_file()
            ]
            put(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    record.write(folder, record.read(folder).without_folder(size).having(*entries))
    return target


def unfinished(folder: Path, size: Size) -> Path:
    """Where a folder is while it is being written."""
    return folder / f".converting-{size}"


@contextmanager
def _plain_system_errors() -> Iterator[None]:
    """Those that safetensors wraps: it tells their numbers in words alone."""
    from safetensors import SafetensorError

    try:
        yield
    except SafetensorError as error:
        found = re.search(r"\(os error (\d+)\)", str(error))
        if found is None:
            raise
        number = int(found[1])
        raise OSError(number, os.strerror(number), None, number) from error  # the last is for Windows


def _loaded(weights: Weights, form: Format) -> FoleyPipeline:
    try:
        import torch

        from foley_core.engines.hunyuan import loading
        from foley_core.engines.hunyuan.pipeline import FoleyPipeline
    except ImportError as error:
        raise EngineFailed(
            f"Weights cannot be converted: {error}.", "Run `python3 installers/bootstrap.py neural`."
        ) from error
    dtypes: dict[Format, Any] = {
        "float32": torch.float32,
        "bf16": torch.bfloat16,
        "fp16": torch.float16,
        "fp8": torch.float8_e4m3fn,
    }
    return FoleyPipeline(
        loading.load_transformer(weights.transformer, dtypes[form]),
        loading.load_vae(weights.vae),
        loading.load_synchformer(weights.synchformer),
        loading.load_image_encoder(weights.siglip),
        loading.load_text_encoder(weights.clap),
        loading.load_tokenizer(weights.tokenizer),
    )


def _check_room(folder: Path, pipeline: FoleyPipeline) -> None:
    models = (model for model in pipeline.components.values() if hasattr(model, "parameters"))
    needed = sum(tensor.nbytes for model in models for tensor in model.parameters())
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DiskFull(
            f"The converted model needs {needed / 1e9:.1f} GB in {folder}; {free / 1e9:.1f} GB are free.",
            "Free some space, or set FOLEY_MODELS to a folder on another disk.",
        )


def _entry(file: Path, staging: Path, weights: Weights, size: Size) -> Entry:
    return Entry(
        path=f"{size}/{file.relative_to(staging).as_posix()}",
        bytes=file.stat().st_size,
        sha256=file_digest(file),
        origin=f"converted from {weights.transformer.name}",
    )
