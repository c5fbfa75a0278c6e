"""What picture and words ask of the transformer, as it needs them at every step: made once for a whole cue.

Holds all that does not change over the steps: the projected tokens, the words' keys and values in each triple
block, the tables of rotary embedding, and of the sync tokens only the rows that differ. Of those there are
fewer than latents (24 a second, against 50), and where no picture is given only eight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from foley_core.engines.hunyuan.math import Rotation, rotation

KeysAndValues = tuple[Tensor, Tensor]
"""Of the words, (batch, heads, tokens, width) each."""


@dataclass(frozen=True)
class RotaryTables:
    """How far rotary embedding turns each token."""

    joint: Rotation
    """Of picture and sound where they attend to each other, interleaved in time; the picture comes first."""
    apart: Rotation
    """Of the same where they attend to the words, each counted on its own."""
    alone: Rotation
    """Of the sound by itself."""


@dataclass(frozen=True)
class Conditions:
    """Of a batch."""

    visual: Tensor
    """(batch, visual tokens, hidden)."""
    words: tuple[KeysAndValues, ...]
    """One for each triple block."""
    sync_rows: Tensor
    """The sync tokens that differ, of all that are in the batch: (rows, hidden)."""
    batch_of_row: Tensor
    """Which of the batch each row belongs to, (rows,)."""
    row_of: Tensor
    """Which row is each latent's, (batch, latents)."""
    tables: RotaryTables
    there: Tensor | None = None
    """Which of the words' tokens there are, (batch, 1, 1, tokens), where they were made more; or all."""

    @property
    def sync(self) -> Tensor:
        """(batch, latents, hidden)."""
        return self.sync_rows[self.row_of]

    @property
    def seen(self) -> int:
        """How many tokens of picture come before those of sound."""
        return self.visual.shape[1]


def joined(parts: Sequence[Conditions]) -> Conditions:
    """One batch of several; all of the same lengths."""
    batches = [0]
    rows = [0]
    for part in parts:
        batches.append(batches[-1] + len(part.row_of))
        rows.append(rows[-1] + len(part.sync_rows))
    return replace(
        parts[0],
        visual=torch.cat([part.visual for part in parts]),
        words=tuple(
            (torch.cat([keys for keys, _ in block]), torch.cat([values for _, values in block]))
            for block in zip(*(part.words for part in parts), strict=True)
        ),
        sync_rows=torch.cat([part.sync_rows for part in parts]),
        batch_of_row=torch.cat([p.batch_of_row + first for p, first in zip(parts, batches, strict=False)]),
        row_of=torch.cat([p.row_of + first for p, first in zip(parts, rows, strict=False)]),
    )


def moved(conditions: Conditions, place: torch.device) -> Conditions:
    """The same on that device."""

    def there(value: Any) -> Any:
        if isinstance(value, Tensor):
            return value.to(place)
        if isinstance(value, RotaryTables):
            return RotaryTables(there(value.joint), there(value.apart), there(value.alone))
        return tuple(there(part) for part in value) if isinstance(value, tuple) else value

    return replace(
        conditions, **{field.name: there(getattr(conditions, field.name)) for field in fields(conditions)}
    )


def lengthened(conditions: Conditions, tokens: int) -> Conditions:
    """The same with so many tokens of words, so that any have one shape; none attends to those added."""
    keys = conditions.words[0][0]
    more = (0, 0, 0, tokens - keys.shape[2])
    there = torch.arange(tokens, device=keys.device) < keys.shape[2]
    words = tuple(
        (F.pad(keys, more).contiguous(), F.pad(values, more).contiguous())
        for keys, values in conditions.words
    )
    return replace(conditions, words=words, there=there.expand(len(keys), 1, 1, tokens).contiguous())


def rotary_tables(latents: int, visual: int, width: int, device: torch.device) -> RotaryTables:
    """For so many tokens of sound and picture, and heads of that width."""
    sound = torch.arange(latents, device=device)
    picture = torch.arange(visual, device=device)
    between = (2 * picture + 1) * latents // (2 * visual)
    return RotaryTables(
        joint=rotation(torch.cat([2 * between + 1, 2 * sound]), width),
        apart=rotation(torch.cat([picture, sound]), width),
        alone=rotation(sound, width),
    )
