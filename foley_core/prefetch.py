"""Prefetching: an iterator runs in a thread of its own while its caller still handles what came before.

The order is exact, an error comes at its own place, and no thread is left once the generator has ended or was
closed. Only what lets other threads run while it works (decoding, OpenCV, numpy, files) gains by it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import Enum
from typing import TypeVar

_PATIENCE = 0.1
"""Seconds of waiting between two calls of `meanwhile`."""

T = TypeVar("T")


class _Past(Enum):
    """What comes after the last item."""

    END = "end"


def prefetch(
    items: Iterable[T], depth: int, meanwhile: Callable[[], None] = lambda: None, *, together: int = 1
) -> Generator[T, None, None]:
    """The `items`, of which up to `depth` are made before they are asked for.

    They are handed over so many `together`, and `depth` counts these groups: threads that seldom wake each
    other lose less time. What the iterator raises is raised at its place. `meanwhile` is called ten times a
    second in the caller's thread while it waits for an item; what that raises passes through. Closing the
    generator waits until the iterator has made the group it is at, and closes it, too; nothing is made any
    more. The thread starts with the first item.
    """
    iterator = iter(items)
    groups = _grouped(iterator, together)
    thread = ThreadPoolExecutor(1, "prefetch")  # unlike a daemon, it ends before the interpreter does

    def ask() -> Future[list[T] | _Past]:
        return thread.submit(next, groups, _Past.END)

    try:
        asked = deque(ask() for _ in range(depth))
        while (group := _awaited(asked.popleft(), meanwhile)) is not _Past.END:
            asked.append(ask())
            yield from group
    finally:
        thread.shutdown(cancel_futures=True)
        groups.close()
        _close(iterator)


def _grouped(items: Iterator[T], together: int) -> Generator[list[T], None, None]:
    group: list[T] = []
    try:
        for item in items:
            group.append(item)
            if len(group) == together:
                yield group
                group = []
    except Exception:
        yield group
        raise
    yield group


def _awaited(item: Future[T], meanwhile: Callable[[], None]) -> T:
    while not wait([item], _PATIENCE).done:
        meanwhile()
    return item.result()


def _close(iterator: Iterator[T]) -> None:
    if isinstance(iterator, Generator):
        iterator.close()
