"""Where the models lie, by what the card has left."""

import pytest

from foley_core.engines.hunyuan import memory
from foley_core.engines.hunyuan.memory import BATCHES, Plan, choose, needed, smaller
from foley_core.errors import EngineFailed, OutOfMemory

GB = 10**9
XXL = {"transformer": 10 * GB, "vae": 3 * GB // 2, "synchformer": GB // 4, "text_encoder": GB // 2}
XL = {**XXL, "transformer": 6 * GB}


@pytest.mark.parametrize(
    ("free", "models", "plan"),
    [
        (None, XXL, Plan("cpu", 1)),
        (80 * GB, XXL, Plan("resident", 8)),
        (14 * GB, XXL, Plan("resident", 2)),
        (12 * GB, XXL, Plan("model", 2)),
        (10 * GB, XXL, Plan("group", 8)),
        (10 * GB, XL, Plan("resident", 2)),
        (5 * GB, XXL, Plan("group", 4)),
    ],
)
def test_the_fastest_class_that_fits_is_taken(free, models, plan):
    assert choose(free, models) == plan


@pytest.mark.parametrize("free", [n * GB for n in range(5, 40)])
def test_what_is_chosen_fits_and_twice_as_many_windows_would_not(free):
    plan = choose(free, XXL)
    assert needed(plan, XXL) <= free
    if plan.batch < max(BATCHES):
        assert needed(Plan(plan.kind, 2 * plan.batch), XXL) > free


def test_a_card_with_too_little_is_an_error_that_says_how_much_is_needed_and_free():
    with pytest.raises(OutOfMemory, match=r"needs 4\.\d GB .* 2\.0 GB are free"):
        choose(2 * GB, XXL)


def test_where_too_little_was_thought_to_be_needed_no_less_than_is_free_is_said():
    assert (
        "needs more of the graphics card's memory; 14.0 GB are free"
        in memory.out_of_memory(12 * GB, 14 * GB).message
    )


def test_a_class_that_is_wanted_is_taken_whether_it_fits_or_not():
    assert choose(2 * GB, XXL, "resident") == Plan("resident", 1)
    assert choose(80 * GB, XXL, "group") == Plan("group", 8)
    assert choose(80 * GB, XXL, "cpu") == Plan("cpu", 1)


def test_a_class_of_a_card_that_is_not_there_is_an_error():
    with pytest.raises(EngineFailed, match="no graphics card"):
        choose(None, XXL, "model")


def test_where_memory_is_short_windows_are_halved_and_then_the_class_is_the_next():
    plan, seen = Plan("resident", 8), []
    while plan is not None:
        seen.append(plan)
        plan = smaller(plan, windows=20)
    assert seen == [
        *(Plan("resident", batch) for batch in (8, 4, 2, 1)),
        Plan("model", 1),
        Plan("group", 1),
    ]
    assert smaller(Plan("cpu", 1)) is None


def test_what_is_tried_with_less_is_never_the_same_again():
    assert smaller(Plan("resident", 8), windows=1) == Plan("model", 1)
    assert smaller(Plan("resident", 8), windows=5) == Plan("resident", 2)
    assert smaller(Plan("resident", 8)) == Plan("model", 8)
    assert smaller(Plan("group", 8)) is None


@pytest.mark.parametrize("named", ["", *memory.CLASSES])
def test_the_environment_names_the_class(monkeypatch, named):
    monkeypatch.setenv("FOLEY_MEMORY", named)
    assert memory.wanted_class() == (named or None)


def test_a_class_that_there_is_not_is_an_error_that_names_those_there_are(monkeypatch):
    monkeypatch.setenv("FOLEY_MEMORY", "much")
    with pytest.raises(EngineFailed, match=r"'much'.*resident, model, group, cpu"):
        memory.wanted_class()
