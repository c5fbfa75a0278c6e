"""The installers' modules can be imported, and there are trees to run them in."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.installers.trees import INSTALLERS, Bootstrap, plant

sys.path.insert(0, str(INSTALLERS))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository of its own with our installers and a tiny project."""
    root = tmp_path / "tree"
    plant(root)
    return root


@pytest.fixture(scope="session")
def bare_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with pip, to be copied where making one is not what is tested."""
    folder = tmp_path_factory.mktemp("bare") / "environment"
    venv.create(folder, with_pip=True)
    return folder


@pytest.fixture
def bootstrap(tree: Path) -> Bootstrap:
    """Runs the tree's `bootstrap.py COMMAND`, as one would after cloning."""

    def run(command: str, root: Path = tree, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(root / "installers" / "bootstrap.py"), command],
            cwd=root.parent,
            env={**os.environ, "PIP_NO_INDEX": "1", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def shadows(tmp_path: Path) -> Path:
    """A folder for the PYTHONPATH whose modules stand before the real ones."""
    folder = tmp_path / "shadows"
    folder.mkdir()
    return folder
