"""A Hugging Face hub on the loopback: repositories of bytes, over real HTTP, that can break off."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c0ffee" + 34 * "0"
LARGE = 1_000
"""Files of so many bytes are known by their SHA-256, as large files are; smaller ones by Git's name."""


@dataclass
class Hub:
    """What it holds, how it misbehaves, and what it was asked."""

    files: dict[str, dict[str, bytes]]
    """Of each repository."""
    announced: dict[str, int] = field(default_factory=dict)
    """Sizes that are told of files, if they are others than the true ones."""
    damaged: set[str] = field(default_factory=set)
    """Files whose last byte comes as another one."""
    breaks_off: dict[str, int] = field(default_factory=dict)
    """Files that end after so many bytes; from then on nothing is answered any more."""
    stalls_at: dict[str, int] = field(default_factory=dict)
    """Files of which no more comes after so many bytes, until they are taken out of here."""
    is_down: bool = False
    asked: list[str] = field(default_factory=list)
    """Each request: method, path and range."""
    headers: list[str] = field(default_factory=list)
    """All that were sent along."""
    sent: int = 0
    """Bytes of files."""
    url: str = ""

    def about(self, repository: str) -> bytes:
        """What the hub tells of a repository."""
        siblings = []
        for name, content in self.files[repository].items():
            size = self.announced.get(name, len(content))
            sibling = {"rfilename": name, "size": size, "blobId": git_name(content)}
            if len(content) >= LARGE:
                sha256 = hashlib.sha256(content).hexdigest()
                sibling["lfs"] = {"size": size, "sha256": sha256, "pointerSize": 134}
            siblings.append(sibling)
        return json.dumps({"id": repository, "sha": COMMIT, "siblings": siblings}).encode()


def git_name(content: bytes) -> str:
    """Git's name for a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@contextmanager
def served(files: dict[str, dict[str, bytes]]) -> Iterator[Hub]:
    """A hub that answers until the end of the block."""
    hub = Hub(files)

    class Handler(_Handler):
        of = hub

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield hub
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    of: Hub

    def do_HEAD(self) -> None:
        self._answer(with_content=False)

    def do_GET(self) -> None:
        self._answer(with_content=True)

    def _answer(self, *, with_content: bool) -> None:
        asked = self.headers.get("Range", "")
        self.of.asked.append(f"{self.command} {self.path} {asked}".strip())
        self.of.headers += [f"{name}: {value}" for name, value in self.headers.items()]
        path = self.path.partition("?")[0].strip("/")
        if self.of.is_down:
            self._head(503, 0)
        elif path.startswith("api/models/"):
            self._tell(path.removeprefix("api/models/").partition("/revision/")[0])
        else:
            repository, _, rest = path.partition("/resolve/")
            self._give(repository, rest.partition("/")[2], asked, with_content=with_content)

    def _tell(self, repository: str) -> None:
        if repository not in self.of.files:
            self._head(404, 0)
            return
        content = self.of.about(repository)
        self._head(200, len(content), {"Content-Type": "application/json"})
        self.wfile.write(content)

    def _give(self, repository: str, name: str, asked: str, *, with_content: bool) -> None:
        content = self.of.files[repository][name]
        first = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        digest = hashlib.sha256(content).hexdigest() if len(content) >= LARGE else git_name(content)
        about = {"ETag": f'"{digest}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if asked:
            about["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        self._head(206 if asked else 200, len(content) - first, about)
        if with_content:
            self._send(name, content, first)

    def _send(self, name: str, content: bytes, first: int) -> None:
        if name in self.of.damaged:
            content = content[:-1] + bytes([content[-1] ^ 1])
        ends = self.of.breaks_off.pop(name, None)
        end = self.of.stalls_at.get(name, len(content)) if ends is None else ends
        self.wfile.write(content[first:end])
        self.of.sent += max(end - first, 0)
        while name in self.of.stalls_at:
            time.sleep(0.05)
        if end < len(content):
            self.of.is_down = ends is not None
            self.close_connection = True

    def _head(self, status: int, length: int, about: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in (about or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *line: object) -> None:
        """Nothing is written to the tests' output."""
