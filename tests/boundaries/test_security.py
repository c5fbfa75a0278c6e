"""What must not be in the code, wherever it is: ways for data to become code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.boundaries.sources import files, name, tree

UNSAFE_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
HARMLESS_NAMES = {"pickle.UnpicklingError"}
"""An error that torch raises where a file is not weights alone."""
UNSAFE_FUNCTIONS = {"eval", "exec"}
UNSAFE_METHODS = {"recv_pyobj", "send_pyobj", "recv_serialized", "getoutput", "getstatusoutput"}
UNSAFE_CALLS = {"os.system", "os.popen", "yaml.load", "yaml.unsafe_load", "tempfile.mktemp"}


def unsafe(code: ast.Module) -> Iterator[str]:
    """What stands in the code that must not, each with its line."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            yield from (f"line {node.lineno}: {reason}" for reason in _faults(node))


def _faults(call: ast.Call) -> Iterator[str]:
    called = ast.unparse(call.func)
    keywords = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    if called in UNSAFE_FUNCTIONS | UNSAFE_CALLS or called.split(".")[-1] in UNSAFE_METHODS:
        yield called
    if called == "torch.load" and keywords.get("weights_only") != "True":
        yield "torch.load without weights_only=True"
    if keywords.get("shell", "False") != "False":
        yield "shell=True"
    if keywords.get("allow_pickle", "False") != "False":
        yield "allow_pickle=True"


def test_no_file_turns_data_into_code() -> None:
    found = [f"{name(path)}, {fault}" for path in files(suffix=".py") for fault in unsafe(tree(path))]
    assert found == []


def unpickling(code: ast.Module) -> Iterator[str]:
    """What is imported that can unpickle."""
    for node in ast.walk(code):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name}" for name in names]
        yield from (n for n in names if n.split(".")[0] in UNSAFE_MODULES and n not in HARMLESS_NAMES)


def test_no_file_imports_what_unpickles() -> None:
    found = [
        f"{name(path)} imports {module}" for path in files(suffix=".py") for module in unpickling(tree(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code", ["import pickle", "from pickle import loads", "from pickle import UnpicklingError, Unpickler"]
)
def test_the_check_sees_what_unpickles(code: str) -> None:
    assert list(unpickling(ast.parse(code)))


def test_the_check_lets_an_error_pass() -> None:
    assert not list(unpickling(ast.parse("from pickle import UnpicklingError")))


@pytest.mark.parametrize(
    "code",
    [
        "eval(text)",
        "socket.recv_pyobj()",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "subprocess.run(command, shell=True)",
        "numpy.load(path, allow_pickle=True)",
        "os.system(command)",
    ],
)
def test_the_check_sees_it(code: str) -> None:
    assert list(unsafe(ast.parse(code)))


@pytest.mark.parametrize("code", ["model.eval()", "torch.load(path, weights_only=True)", "run(command)"])
def test_the_check_lets_it_pass(code: str) -> None:
    assert not list(unsafe(ast.parse(code)))
