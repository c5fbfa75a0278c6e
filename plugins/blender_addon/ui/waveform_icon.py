# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the active take as an icon, made a little at a time by a timer of its own."""

import wave
from typing import Any, Dict, Optional

import bpy
import bpy.utils.previews

from ..core.waveform import Waveform, handles, impacts_of, paint
from ..timeline import compat

SIZE = 160
STEP_SECONDS, PAUSE_SECONDS = 0.002, 0.02


class WaveformIcon:
    """The one picture that there is, of the take that was asked for last."""

    def __init__(self) -> None:
        self.path = ""
        """Of the take."""
        self.preview: Any = None
        """Blender's image; none until it is painted, or where the take cannot be read."""
        self._take: Dict[str, Any] = {}
        self._waveform = Waveform("", 0)
        self._previews: Any = None
        self._timer = self.step  # Blender knows a timer by its identity, and each `self.step` is a new one.

    def icon(self, path: str, take: Dict[str, Any]) -> int:
        """The number of the icon for a take, or 0. Opens nothing itself, so that a panel can ask."""
        if self.path != path:
            self.path, self.preview = path, None
            self._take, self._waveform = take, Waveform(path, SIZE)
            if not bpy.app.timers.is_registered(self._timer):
                bpy.app.timers.register(self._timer, persistent=True)
        return self.preview.icon_id if self.preview is not None else 0

    def step(self) -> Optional[float]:
        """Go on for a moment; gives when to do so again, or nothing once it is over."""
        try:
            if not self._waveform.read(STEP_SECONDS):
                return PAUSE_SECONDS
        except (OSError, EOFError, wave.Error):
            return None
        self._show(paint(self._waveform.peaks, impacts_of(self._take), handles(self._take), SIZE))
        compat.redraw()
        return None

    def close(self) -> None:
        """Let go of the timer and the picture."""
        if bpy.app.timers.is_registered(self._timer):
            bpy.app.timers.unregister(self._timer)
        if self._previews is not None:
            bpy.utils.previews.remove(self._previews)
        self.path, self.preview, self._previews = "", None, None

    def _show(self, pixels: Any) -> None:
        if self._previews is None:
            self._previews = bpy.utils.previews.new()
        self._previews.clear()
        self.preview = self._previews.new("take")
        self.preview.image_size = (SIZE, SIZE)
        self.preview.image_pixels_float.foreach_set(pixels)


waveform = WaveformIcon()
