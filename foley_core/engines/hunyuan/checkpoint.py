"""A file of weights, or a folder of such: which tensors it has, and these a few at a time.

`.pth` is read without running anything that it may hold, `.safetensors` has nothing to run; both are mapped
into memory, and let go of between pieces, so that reading takes no more memory than a piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

from foley_core.engines.hunyuan.weights import remedy
from foley_core.errors import FoleyError, ModelMissing, ModelUnreadable

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
            raise ModelMissing(f"There is no {path}.", remedy(path))
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
        return _read(self.path, set(keys))


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What the libraries raise for files that they cannot read, which may be anything, in our words."""
    try:
        yield
    except (FoleyError, MemoryError):
        raise
    except UnpicklingError as error:
        raise ModelUnreadable(
            f"{path} is no file of weights alone, or is damaged.",
            f"It is not opened, as it could run code. {remedy(path)}",
        ) from error
    except Exception as error:
        raise ModelUnreadable(
            f"{path} cannot be read: something in it is missing, cut off or damaged ({_first_line(error)}).",
            remedy(path),
        ) from error


def _read(path: Path, keys: set[str] | None = None) -> dict[str, Tensor]:
    """The tensors of those names; of all without any."""
    with readable(path):
        if path.is_dir():
            return _together(path, keys)
        return _safe(path, keys) if path.suffix == ".safetensors" else _pickled(path, keys)


def _together(folder: Path, keys: set[str] | None) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for file in sorted(folder.glob("*.safetensors")):
        found = _safe(file, keys)
        for key in tensors.keys() & found.keys():
            raise ModelUnreadable(
                f"{folder} has {key} in two files, one of them {file.name}.", "Move away what is not wanted."
            )
        tensors |= found
    return tensors


def _safe(path: Path, keys: set[str] | None) -> dict[str, Tensor]:
    with safe_open(path, "pt") as file:
        wanted = file.keys() if keys is None else keys.intersection(file.keys())
        return {key: file.get_tensor(key) for key in wanted}  # each takes some memory, looked at or not


def _pickled(path: Path, keys: set[str] | None) -> dict[str, Tensor]:
    loaded: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    state = loaded.get("state_dict", loaded) if isinstance(loaded, dict) else None
    if not isinstance(state, dict):
        return {}
    tensors = {key: each for key, each in state.items() if isinstance(key, str) and isinstance(each, Tensor)}
    return tensors if keys is None else {key: tensors[key] for key in tensors.keys() & keys}


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0][:200]
