"""Which of the impacts seen are sounded, as the user wants it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Foley

DEMO = ROOT / "installers" / "demo" / "demo.mp4"


def test_only_impacts_that_are_strong_and_sure_enough_are_detected_and_sounded(
    foley: Foley, tmp_path: Path
) -> None:
    everything = foley("detect", DEMO, "--json").json["impacts"]
    limits = ("--min-strength", "0.4", "--min-sure", "0.99")
    wanted = [one["time"] for one in everything if one["strength"] >= 0.4 and one["sure"] >= 0.99]
    assert 0 < len(wanted) < len(everything)
    assert [one["time"] for one in foley("detect", DEMO, *limits, "--json").json["impacts"]] == wanted
    made = foley("generate", DEMO, "-p", "wood", "-o", tmp_path / "t.wav", *limits, "--json").json
    (take,) = made["takes"]
    assert [impact["time"] for impact in take["impacts"]] == wanted
    assert (take["cue"]["min_strength"], take["cue"]["min_sure"]) == (0.4, 0.99)


@pytest.mark.parametrize("option", ["--min-sure", "--min-strength"])
@pytest.mark.parametrize("value", ["-0.1", "1.01", "loud"])
def test_a_threshold_that_is_no_share_is_a_wrong_usage(foley: Foley, option: str, value: str) -> None:
    answer = foley("detect", DEMO, option, value)
    assert answer.code == 2
    assert option in answer.err
