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

from foley_core.errors import FoleyError, ModelMissing, ModelUnreadable

_PIECE = 64 * 2**20
"""Bytes of tensors, more than which are held at once only if one of them is larger."""
_AGAIN = "Get it again with `foley models pull`, or `foley models convert` where that has made it."


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
            f"It is not opened, as it could run code. {_AGAIN}",
        ) from error
    except Exception as error:
        raise ModelUnreadable(
            f"{path} cannot be read: something in it is missing, cut off or damaged ({_first_line(error)}).",
            _AGAIN,
        ) from error


def _read(path: Path) -> dict[str, Tensor]:
    with readable(path):
        if path.is_dir():
            return _together(path)
        return _safe(path) if path.suffix == ".safetensors" else _pickled(path)


def _together(folder: Path) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for file in sorted(folder.glob("*.safetensors")):
        found = _safe(file)
        for key in tensors.keys() & found.keys():
            raise ModelUnreadable(
                f"{folder} has {key} in two files, one of them {file.name}.", "Move away what is not wanted."
            )
        tensors |= found
    return tensors


def _safe(path: Path) -> dict[str, Tensor]:
    with safe_open(path, "pt") as file:
        return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (it is no mapping)


def _pickled(path: Path) -> dict[str, Tensor]:
    loaded: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    state = loaded.get("state_dict", loaded) if isinstance(loaded, dict) else None
    if not isinstance(state, dict):
        return {}
    return {key: value for key, value in state.items() if isinstance(key, str) and isinstance(value, Tensor)}


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0][:200]
