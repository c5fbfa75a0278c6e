"""The files of one job on their way: made in hidden folders beside their places, then put there."""

from __future__ import annotations

from pathlib import Path

from backend.worker import delivery
from foley_core.errors import OutputDenied, OutputExists, writing
from foley_core.media.atomic_file import file_behind, put


class StagedFiles:
    """What is staged for the job `job`, made for the film `media`; `placement` takes it back if it must."""

    def __init__(self, job: str, media: Path, placement: delivery.Placement) -> None:
        self._job = job
        self._media = media
        self._placement = placement
        self._staged: dict[Path, Path] = {}
        """Place to staged file; no place is a link."""

    def stage(self, target: Path) -> Path:
        """Where the file that will lie at `target` is staged; no other may want to lie there."""
        place = place_of(target)
        if place in self._staged:
            raise OutputDenied(f"Two files would be put at {place}.", "Give each a name of its own.")
        self._staged[place] = delivery.staging(place, self._job) / place.name
        return self._staged[place]

    def put_all(self) -> None:
        """Put everything that was staged so far in its place."""
        for place, staged in self._staged.items():
            self._placement.put(staged, place)

    def folder(self, target: Path, name: str) -> Path:
        """A new folder `name`, on the disk on which `target` will lie."""
        folder = delivery.staging(target, self._job) / name
        with writing(folder):
            folder.mkdir()
        return folder

    def put_beside(self, made: Path, asked: Path) -> Path:
        """Put what was made where it was asked for, but under the name it was made with.

        Under a name that nobody asked for, no file is replaced: `OutputExists`.
        """
        target = asked.with_name(made.name)
        delivery.check_place(target, self._media)
        if target != asked and target.exists():
            raise OutputExists(f"{target} is there already.", f"Ask for a name that ends in {made.suffix}.")
        staged = self.stage(target)
        with writing(staged):
            put(made, staged)
        self._placement.put(staged, target)
        return target


def place_of(target: Path) -> Path:
    """Where the file lies that is called `target`: there or, if that is a link, where it leads to."""
    with writing(target):
        return file_behind(target)
