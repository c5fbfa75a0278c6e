"""The form that sound has in memory, everywhere in the product."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Sound: TypeAlias = NDArray[np.float32]
"""float32, shape (samples, 2), 48 kHz, full scale at ±1."""
