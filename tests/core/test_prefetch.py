"""Working ahead in a thread: the same items in the same order, and nothing left running."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Generator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_core.prefetch import prefetch

DEADLINE = 20.0
"""Seconds after which a thread that should have come this far never will."""


class Source:
    """Counts up, and tells what happens to it."""

    def __init__(self, fails_at: int | None = None, waits_at: int | None = None) -> None:
        self.made = 0
        self.closed = False
        self.waiting, self.go = threading.Event(), threading.Event()
        self._fails_at, self._waits_at = fails_at, waits_at

    def __iter__(self) -> Generator[int, None, None]:
        try:
            while True:
                if self.made == self._fails_at:
                    raise ZeroDivisionError("asked to")
                if self.made == self._waits_at:
                    self.waiting.set()
                    assert self.go.wait(DEADLINE)
                self.made += 1
                yield self.made - 1
        finally:
            self.closed = True


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("prefetch")]


def wait_until_made(source: Source, count: int) -> None:
    for _ in range(int(DEADLINE * 1000)):
        if source.made >= count:
            return
        threading.Event().wait(0.001)
    raise AssertionError(f"{source.made} were made, not {count}")


@given(
    items=st.lists(st.one_of(st.integers(), st.none(), st.text())),
    depth=st.integers(1, 9),
    together=st.integers(1, 5),
)
def test_the_items_are_the_same_and_in_the_same_order(items: list[object], depth: int, together: int) -> None:
    assert list(prefetch(items, depth, together=together)) == items
    assert threads() == []


@given(fails_at=st.integers(0, 12), depth=st.integers(1, 9), together=st.integers(1, 5))
def test_an_error_comes_at_its_own_place(fails_at: int, depth: int, together: int) -> None:
    source, seen = Source(fails_at=fails_at), []

    def take_all() -> None:
        for item in prefetch(source, depth, together=together):
            seen.append(item)  # noqa: PERF402  # what came before the error counts

    with pytest.raises(ZeroDivisionError, match="asked to"):
        take_all()
    assert seen == list(range(fails_at))
    assert source.closed
    assert threads() == []


@given(taken=st.integers(1, 12), depth=st.integers(1, 9), together=st.integers(1, 5))
def test_it_works_ahead_as_far_as_it_may_and_no_further(taken: int, depth: int, together: int) -> None:
    source, ahead = Source(), together * (depth + -(-taken // together))
    items = prefetch(source, depth, together=together)
    assert [next(items) for _ in range(taken)] == list(range(taken))
    wait_until_made(source, ahead)
    items.close()
    assert source.made == ahead
    assert source.closed
    assert threads() == []


def test_the_iterator_runs_in_a_thread_of_its_own_while_the_caller_does_something_else() -> None:
    source = Source(waits_at=1)
    items = prefetch(source, 1)
    assert next(items) == 0
    assert source.waiting.wait(DEADLINE)  # it is inside next() while we are here
    source.go.set()
    assert next(items) == 1
    items.close()


def test_closing_waits_for_the_item_that_is_being_made() -> None:
    source = Source(waits_at=1)
    items = prefetch(source, 8)
    next(items)
    assert source.waiting.wait(DEADLINE)
    closing = threading.Thread(target=items.close)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    source.go.set()
    closing.join(DEADLINE)
    assert not closing.is_alive()
    assert source.closed
    assert threads() == []


def test_a_generator_that_is_let_go_takes_its_thread_along() -> None:
    source = Source()
    items: Iterator[int] = prefetch(source, 3)
    next(items)
    del items
    assert source.closed
    assert threads() == []


def test_one_may_work_ahead_of_another() -> None:
    source = Source()
    items = prefetch((2 * item for item in prefetch(source, 2)), 2)
    assert [next(items) for _ in range(50)] == list(range(0, 100, 2))
    items.close()
    assert source.closed
    assert threads() == []


@pytest.mark.process
def test_the_interpreter_ends_though_nobody_closed_it() -> None:
    program = """
from itertools import count
from foley_core.prefetch import prefetch
items = prefetch((2 * item for item in prefetch(count(), 3)), 3)
print(next(items), next(items))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 2\n", "")


def test_while_it_waits_the_caller_can_look_after_other_things_and_give_up() -> None:
    source, looked = Source(waits_at=0), []

    def meanwhile() -> None:
        looked.append(threading.current_thread())
        if len(looked) == 3:
            source.go.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        next(prefetch(source, 1, meanwhile))
    assert looked == [threading.current_thread()] * 3
    assert source.closed
    assert threads() == []
