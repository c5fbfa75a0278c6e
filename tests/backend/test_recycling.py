"""When a worker is renewed or let go: tables, and whole lives made up at random."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.service.recycling import (
    FIRST_CUES,
    GROWTH_BYTES,
    GROWTH_FACTOR,
    LONGEST_DELAY,
    SETTINGS,
    RecycleAction,
    RecycleInputs,
    RecycleLimits,
    RecycleReason,
    WorkerHistory,
    fits_two,
    fits_two_on_device,
    limits,
    recycle_action,
    recycle_reason,
    successor_delay,
)
from backend.worker.memory import Memory

MB = 1 << 20
LIMITS = RecycleLimits(cues=200, minutes=120, unload_minutes=5, idle_minutes=30)
RESTED = RecycleInputs(
    busy=False, idle=0.0, loaded=True, reason=None, successor="none", may_start_successor=True, room=True
)


def lived(*held: int, device: bool = False, engine: str = "procedural") -> WorkerHistory:
    """A worker that held so many megabytes after each of its cues, all with one engine."""
    history = WorkerHistory(since=0.0)
    for megabytes in held:
        memory = Memory(device_held=megabytes * MB) if device else Memory(held=megabytes * MB)
        history = history.used(engine).worked(memory)
    return history


@pytest.mark.parametrize(
    ("history", "now", "expected"),
    [
        (WorkerHistory(since=0.0), 1e9, None),
        (lived(*[100] * 199), 0.0, None),
        (lived(*[100] * 200), 0.0, RecycleReason.CUES),
        (lived(100), 7199.0, None),
        (lived(100), 7200.0, RecycleReason.AGE),
        (lived(100, 200, 150, 490), 0.0, None),
        (lived(100, 200, 150, 501), 0.0, RecycleReason.MEMORY),
        (lived(100, 200, 150, 501, 200), 0.0, None),
        (lived(1000, 1000, 1000, 1400), 0.0, None),
        (lived(1000, 1000, 1000, 1501), 0.0, RecycleReason.MEMORY),
        (lived(100, 5000), 0.0, None),
        (lived(100, 100, 100, 450, device=True), 0.0, RecycleReason.MEMORY),
    ],
)
def test_a_worker_is_tired_of_cues_age_and_memory(history, now, expected):
    assert recycle_reason(history, now, LIMITS) is expected


GAUGED = """
import mmap
from backend.worker.memory import PeakMemory, available
peak_memory = PeakMemory()
for megabytes in (96, 32):
    peak_memory.begin()
    with mmap.mmap(-1, megabytes << 20) as block:
        block.write(b"x" * (megabytes << 20))
        peak_memory.look()
    memory = peak_memory.read()
    print(megabytes, (memory.peak - memory.held) >> 20)
assert (memory.device_held, memory.device_peak, memory.device_free) == (0, 0, 0)
assert memory.held < available()
"""


@pytest.mark.process
def test_the_gauge_remembers_the_most_that_was_held_since_it_began():
    """In a process of its own: here memory that others have left behind may be used again."""
    said = subprocess.run([sys.executable, "-c", GAUGED], stdout=subprocess.PIPE, check=True).stdout
    for line in said.decode().splitlines():
        megabytes, more = map(int, line.split())
        assert megabytes / 2 < more < megabytes * 5 / 2


FRAGMENTED = """
from backend.worker.memory import PeakMemory, release_free_memory
pieces = [bytes(3000) for _ in range(30_000)]
last = pieces[-1]
del pieces
peak_memory = PeakMemory()
before = peak_memory.read().held
release_free_memory()
print((before - peak_memory.read().held) >> 20)
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps free memory and can be asked for it")
def test_memory_that_is_free_goes_back_to_the_system_though_what_lies_above_it_does_not():
    said = subprocess.run([sys.executable, "-c", FRAGMENTED], stdout=subprocess.PIPE, check=True).stdout
    assert int(said) > 60


def test_another_engine_may_need_more_memory_and_that_is_no_growth():
    history = lived(100, 100, 100)
    assert recycle_reason(history.used("hunyuan"), 0.0, LIMITS) is None, "it has only just been loaded"
    history = history.used("hunyuan").worked(Memory(held=9000 * MB))
    assert recycle_reason(history, 0.0, LIMITS) is None
    for _ in range(FIRST_CUES):
        history = history.used("hunyuan").worked(Memory(held=9000 * MB))
    assert recycle_reason(history, 0.0, LIMITS) is None
    assert (
        recycle_reason(history.used("procedural").worked(Memory(held=14000 * MB)), 0.0, LIMITS)
        is RecycleReason.MEMORY
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, RecycleAction.NOTHING),
        ({"reason": RecycleReason.CUES}, RecycleAction.START_SUCCESSOR),
        ({"reason": RecycleReason.CUES, "busy": True}, RecycleAction.START_SUCCESSOR),
        ({"reason": RecycleReason.CUES, "may_start_successor": False}, RecycleAction.NOTHING),
        ({"reason": RecycleReason.CUES, "successor": "warming"}, RecycleAction.NOTHING),
        ({"reason": RecycleReason.CUES, "successor": "ready"}, RecycleAction.HAND_OVER),
        ({"reason": RecycleReason.CUES, "successor": "ready", "busy": True}, RecycleAction.NOTHING),
        ({"reason": RecycleReason.MEMORY, "room": False}, RecycleAction.REPLACE),
        ({"reason": RecycleReason.MEMORY, "room": False, "busy": True}, RecycleAction.NOTHING),
        ({"reason": None, "successor": "ready"}, RecycleAction.HAND_OVER),
        ({"idle": 299.0}, RecycleAction.NOTHING),
        ({"idle": 300.0}, RecycleAction.REPLACE),
        ({"idle": 300.0, "busy": True}, RecycleAction.NOTHING),
        ({"idle": 300.0, "loaded": False}, RecycleAction.NOTHING),
        ({"idle": 300.0, "successor": "warming"}, RecycleAction.NOTHING),
        ({"idle": 1799.0, "loaded": False}, RecycleAction.NOTHING),
        ({"idle": 1800.0, "loaded": False}, RecycleAction.LET_GO),
        ({"idle": 1800.0, "successor": "ready"}, RecycleAction.LET_GO),
        ({"idle": 1800.0, "busy": True}, RecycleAction.NOTHING),
    ],
)
def test_what_is_done_for_a_worker(change, expected):
    assert recycle_action(dataclasses.replace(RESTED, **change), LIMITS) is expected


SITUATIONS = st.builds(
    RecycleInputs,
    busy=st.booleans(),
    idle=st.floats(0, 1e5),
    loaded=st.booleans(),
    reason=st.none() | st.sampled_from(RecycleReason),
    successor=st.sampled_from(["none", "warming", "ready"]),
    may_start_successor=st.booleans(),
    room=st.booleans(),
)


@given(at=SITUATIONS)
def test_no_worker_is_ended_over_a_job_and_no_more_than_two_are_there(at):
    todo = recycle_action(at, LIMITS)
    if at.busy:
        assert todo in (RecycleAction.NOTHING, RecycleAction.START_SUCCESSOR)
    if todo is RecycleAction.START_SUCCESSOR:
        assert at.successor == "none"
        assert at.room
        assert at.may_start_successor
    if todo is RecycleAction.HAND_OVER:
        assert at.successor == "ready"
    if todo is RecycleAction.REPLACE:
        assert at.successor == "none"


@given(at=SITUATIONS)
def test_a_worker_that_may_stay_for_ever_and_is_not_tired_stays(at):
    at = dataclasses.replace(at, reason=None, successor="none")
    assert recycle_action(at, RecycleLimits(unload_minutes=inf, idle_minutes=inf)) is RecycleAction.NOTHING


@given(held=st.lists(st.integers(0, 4000), min_size=1, max_size=30))
def test_only_what_is_half_as_much_again_and_hundreds_of_megabytes_more_is_growth(held):
    history = lived(*held)
    usual = max(held[:FIRST_CUES]) * MB
    more = held[-1] * MB - usual > GROWTH_BYTES and held[-1] * MB > GROWTH_FACTOR * usual
    assert (recycle_reason(history, 0.0, RecycleLimits(cues=inf)) is RecycleReason.MEMORY) == more


@given(leak=st.integers(10, 1000), first=st.integers(50, 3000))
def test_any_leak_is_noticed_before_it_has_doubled_what_was_usual_and_some(leak, first):
    history, cues = lived(first, first + leak, first + 2 * leak), FIRST_CUES
    while recycle_reason(history, 0.0, RecycleLimits(cues=inf)) is None:
        history = history.used("procedural").worked(Memory(held=(first + cues * leak) * MB))
        cues += 1
    assert (
        history.memory.held
        <= max(GROWTH_FACTOR * history.usual.held, history.usual.held + GROWTH_BYTES) + leak * MB
    )


def test_a_successor_that_does_not_come_up_is_tried_ever_more_rarely():
    assert [successor_delay(failures) for failures in range(4)] == [0.0, 2.0, 4.0, 8.0]
    assert successor_delay(1000) == LONGEST_DELAY


@pytest.mark.parametrize(("held", "available", "expected"), [(100, 201, True), (100, 200, False)])
def test_two_workers_need_twice_the_room(held, available, expected):
    assert fits_two(held, available) is expected


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (Memory(), True),
        (Memory(device_held=5, device_peak=8, device_free=17), True),
        (Memory(device_held=5, device_peak=8, device_free=16), False),
    ],
)
def test_an_engine_is_loaded_twice_only_where_the_card_has_room(memory, expected):
    assert fits_two_on_device(memory) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("inf", inf),
        ("", 30.0),
        ("0", 30.0),
        ("-1", 30.0),
        ("nan", 30.0),
        ("x", 30.0),
    ],
)
def test_a_limit_is_a_positive_number_or_not_set(text, expected):
    assert limits({"FOLEY_IDLE_MINUTES": text}).idle_minutes == expected


def test_every_limit_can_be_set():
    assert limits({}) == RecycleLimits()
    found = limits({variable: "7" for variable in SETTINGS.values()})
    assert dataclasses.astuple(found) == (7.0,) * len(SETTINGS)
