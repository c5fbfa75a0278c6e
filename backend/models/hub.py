"""The Hugging Face hub: what a repository holds, and its files, taken up again where they broke off.

The only place where the product goes to the network, and only when `foley models pull` is run. Nothing is
told of the user: no token is sent, and telemetry is off. `HF_ENDPOINT` names another hub, such as a mirror.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from backend.cache.digest import file_digest
from backend.errors import PullFailed
from backend.models.sources import Source
from foley_core.errors import EngineFailed, writing

os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

_SHA256, _SHA1 = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{40}")
_AGAIN = "Check the network and run the command again; it goes on where it broke off."


@dataclass(frozen=True)
class Remote:
    """A file as it is published."""

    repository: str
    commit: str
    name: str
    place: str
    """Where it is put, below the models' folder."""
    bytes: int
    sha256: str
    """Empty where only `blob` is known, as of small files."""
    blob: str
    """Git's name for the content."""

    @property
    def part(self) -> str:
        """Its name while it is being fetched: one that tells which model it is of, and which bytes."""
        return f"{PurePosixPath(self.place).name}.{self.sha256 or self.blob}.part"

    @property
    def origin(self) -> str:
        """In words for the record."""
        return f"{self.repository}@{self.commit}/{self.name}"

    def is_at(self, path: Path) -> bool:
        """Whether that file has the published bytes. Reads all of it."""
        if not path.is_file() or path.stat().st_size != self.bytes:
            return False
        if self.sha256:
            return file_digest(path) == self.sha256
        content = path.read_bytes()
        named = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        return named.hexdigest() == self.blob


def files_of(source: Source) -> list[Remote]:
    """What is to be fetched of a repository, as it stands now. `PullFailed` where something is missing."""
    with _plain_errors(source.repository):
        about = library().HfApi().model_info(source.repository, files_metadata=True, token=False)
    there = {sibling.rfilename: sibling for sibling in about.siblings or ()}
    names = [next((name for name in group if name in there), "") for group in source.needed]
    for name, group in zip(names, source.needed, strict=True):
        if not name:
            raise PullFailed(f"{source.repository} has no {' or '.join(group)}.", "Ask its publisher.")
    names = [*(name for name in source.welcome if name in there), *names]
    return [_remote(source, str(about.sha), there[name]) for name in names]


def fetch(remote: Remote, folder: Path, told: Callable[[int], None]) -> Path:
    """The file, fetched into `folder`, where what there is of it already is taken up.

    `told` is given the bytes that came in. Raises `PullFailed`, `DiskFull`, `OutputDenied`.
    """
    path = folder / remote.part
    if path.exists() and path.stat().st_size > remote.bytes:
        path.unlink()  # no hub could go on from there
    with writing(path), _plain_errors(remote.repository):
        from huggingface_hub.file_download import http_get

        hub = library()
        url = hub.hf_hub_url(remote.repository, remote.name, revision=remote.commit)
        # `hf_hub_download` begins anew: https://github.com/huggingface/huggingface_hub/pull/4228
        with path.open("ab") as file:
            http_get(
                hub.get_hf_file_metadata(url, token=False).location,
                file,
                resume_size=file.tell(),
                headers=hub.utils.build_hf_headers(token=False),
                expected_size=remote.bytes,
                tqdm_class=partial(_Bar, told),
            )
    return path


class _Bar:
    """In the place of a progress bar."""

    def __init__(self, told: Callable[[int], None], *, initial: int, **more: object) -> None:
        self.update = told
        told(initial)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *error: object) -> None:
        """There is nothing to close."""


def _remote(source: Source, commit: str, sibling: Any) -> Remote:
    place = f"{source.folder}/{sibling.rfilename}".lstrip("/")
    sha256, blob = sibling.lfs.sha256 if sibling.lfs else "", sibling.blob_id or ""
    # they name files here, so a hub must not choose them freely
    if sibling.size is None or not (_SHA256.fullmatch(sha256) if sha256 else _SHA1.fullmatch(blob)):
        raise PullFailed(f"The hub tells no size or checksum of {sibling.rfilename}.", _AGAIN)
    return Remote(source.repository, commit, sibling.rfilename, place, sibling.size, sha256, blob)


def library() -> Any:
    """What goes to the hub; `EngineFailed` where it is not installed."""
    try:
        import huggingface_hub
    except ImportError as error:
        raise EngineFailed(
            "Weights cannot be fetched: huggingface_hub is not installed.",
            "Run `python3 installers/bootstrap.py neural`.",
        ) from error
    return huggingface_hub


@contextmanager
def _plain_errors(repository: str) -> Iterator[None]:
    library()
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        yield
    except OfflineModeIsEnabled as error:
        raise PullFailed("HF_HUB_OFFLINE is set, so nothing can be fetched.", "Unset it.") from error
    except HfHubHTTPError as error:
        raise PullFailed(f"The hub refuses {repository}: {_first_line(error)}.", _AGAIN) from error
    except httpx2.HTTPError as error:
        raise PullFailed(f"{repository} cannot be fetched: {_first_line(error)}.", _AGAIN) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise PullFailed(f"{repository} did not send all: {_first_line(error)}.", _AGAIN) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PullFailed(
            f"What came for {repository} is no answer of a hub's: {_first_line(error)}.",
            "Open a page in a browser, for the network may ask for a login; then run the command again.",
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0].rstrip(".")[:200]
