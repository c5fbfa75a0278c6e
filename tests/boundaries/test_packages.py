"""What is installed: one `cv2`, no torch in the base, and everything pinned that was tested."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.boundaries.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DISTRIBUTION = PROJECT["name"]


def requirements(distribution: str, extras: tuple[str, ...] = ()) -> Iterator[Requirement]:
    """What a distribution requires on this platform."""
    for line in metadata.requires(distribution) or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def all_below(distribution: str, extras: tuple[str, ...] = ()) -> set[str]:
    """Names of all that is installed because of a distribution."""
    names: set[str] = set()
    waiting = list(requirements(distribution, extras))
    while waiting:
        requirement = waiting.pop()
        found = canonicalize_name(requirement.name)
        if found not in names:
            names.add(found)
            waiting.extend(requirements(requirement.name, tuple(requirement.extras)))
    return names


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def test_exactly_one_distribution_provides_cv2() -> None:
    assert set(metadata.packages_distributions()["cv2"]) == {"opencv-python-headless"}
    assert set(metadata.packages_distributions()["scenedetect"]) == {"scenedetect-headless"}


def test_the_base_installation_has_no_torch() -> None:
    heavy = re.compile("torch|nvidia|triton|transformers|diffusers|accelerate")
    assert [name for name in all_below(DISTRIBUTION) if heavy.match(name)] == []


def test_everything_that_is_installed_is_pinned_to_what_was_tested() -> None:
    installed = all_below(DISTRIBUTION, ("dev", "neural"))
    assert {name for name in installed if name not in pins()} == set()
    versions = {name: Version(metadata.version(name)).public for name in installed}  # torch's names its build
    assert {name: found for name, found in versions.items() if pins()[name] != found} == {}


@pytest.mark.parametrize("version", ["4.3", "4.5", "5.2"])
def test_the_tests_of_the_add_on_are_pinned_whole(version: str) -> None:
    lines = (ROOT / "installers" / f"bpy-{version}.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line)] == []


def test_the_wheel_has_the_packages_and_the_client_and_nothing_else() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    client = ["plugins/foley_client.py", "plugins/foley_launch.py"]
    assert build["targets"]["wheel"]["only-include"] == ["backend", "foley_core", *client]


def test_the_distribution_cannot_be_taken_for_another_of_the_commands_name() -> None:
    assert DISTRIBUTION != "foley", "a program of that name, which is not ours, lies on the public index"
    assert PROJECT["scripts"] == {"foley": "backend.cli:main"}
    assert "Private :: Do Not Upload" in PROJECT["classifiers"]
