"""A file of weights, or a folder of such: which tensors it has, and these a few at a time.

`.pth` is read without running anything that it may hold, `.safetensors` has nothing to run; both are mapped
into memory, and let go of between pieces, so that reading takes no more memory than a piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from foley_core.errors import ModelMissing, ModelUnreadable

_PIECE = 64 * 2**20
"""Bytes of tensors, more than which are held at once only if one of them is larger."""


@dataclass(frozen=True)
class Checkpoint:
    """What is in the file."""

    path: Path
    sizes: Mapping[str, int]
    """Bytes of each tensor."""
    shapes: Mapping[str, tuple[int, ...]]

    @classmethod
    def open(cls, path: Path) -> Checkpoint:
        """Raises `ModelMissing` and `ModelUnreadable`."""
        if not path.exists():
            raise ModelMissing(f"There is no {path}.", "Get it with `foley models pull`.")
        tensors = _read(path)
        if not tensors:
            raise ModelUnreadable(f"{path} holds no tensors.", "Give a file of weights.")
        sizes = {key: tensor.numel() * tensor.element_size() for key, tensor in tensors.items()}
        return cls(path, sizes, {key: tuple(tensor.shape) for key, tensor in tensors.items()})

    def pieces(self, keys: list[str]) -> Iterator[dict[str, Tensor]]:
        """The tensors of those names, as they lie in the file's memory, which goes with the next piece."""
        piece: list[str] = []
        for key in keys:
            if piece and sum(self.sizes[one] for one in [*piece, key]) > _PIECE:
                yield self._some(piece)
                piece = []
            piece.append(key)
        if piece:
            yield self._some(piece)

    def _some(self, keys: list[str]) -> dict[str, Tensor]:
        found = _read(self.path)
        return {key: found[key] for key in keys}


def _read(path: Path) -> dict[str, Tensor]:
    try:
        if path.is_dir():
            return {key: tensor for file in path.glob("*.safetensors") for key, tensor in _safe(file).items()}
        return _safe(path) if path.suffix == ".safetensors" else _pickled(path)
    except UnpicklingError as error:
        raise ModelUnreadable(
            f"{path} is no file of weights alone, or is damaged.",
            "It is not opened, as it could run code. Get it again with `foley models pull`.",
        ) from error
    except (SafetensorError, RuntimeError, EOFError, ValueError, KeyError, OSError) as error:
        raise ModelUnreadable(
            f"{path} cannot be read: it is cut off or damaged ({first_line(error)}).",
            "Get it again with `foley models pull`.",
        ) from error


def _safe(path: Path) -> dict[str, Tensor]:
    with safe_open(path, "pt") as file:
        return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (it is no mapping)


def _pickled(path: Path) -> dict[str, Tensor]:
    loaded: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    state = loaded.get("state_dict", loaded) if isinstance(loaded, dict) else {}
    return {key: value for key, value in state.items() if isinstance(value, Tensor)}


def first_line(error: Exception) -> str:
    """What a library's error says, in short."""
    return str(error).strip().split("\n", 1)[0][:200]
