"""Who may know of whom."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.boundaries.sources import ROOT, falls_under, files, imports, name, tree

MUST_NOT_IMPORT = {
    "foley_core": ("backend", "zmq", "sqlite3", "bpy", "click", "rich"),
    "foley_core/media": ("foley_core.engines",),
    "foley_core/picture": (
        "foley_core.engines",
        "foley_core.hits",
        "foley_core.mastering",
        "foley_core.media.sound",
        "soundfile",
        "soxr",
    ),
    "foley_core/engines": ("foley_core.stages", "foley_core.generate"),
    "backend": ("bpy", "foley_core.engines.procedural"),
    "plugins": ("numpy", "torch", "backend", "foley_core"),
}


@pytest.mark.parametrize("folder", MUST_NOT_IMPORT)
def test_a_folder_does_not_import_what_it_must_not_know(folder: str) -> None:
    broken = [
        f"{name(path)} imports {module}"
        for path in files(folder, ".py")
        for module in imports(path)
        if any(falls_under(module, forbidden) for forbidden in MUST_NOT_IMPORT[folder])
    ]
    assert broken == []


def test_the_folders_that_are_guarded_have_code_in_them() -> None:
    assert [folder for folder in MUST_NOT_IMPORT if not files(folder, ".py")] == []


def test_what_is_forbidden_is_there() -> None:
    ours = {module for forbidden in MUST_NOT_IMPORT.values() for module in forbidden if "." in module}
    places = {module: ROOT / module.replace(".", "/") for module in ours - {"foley_core.generate"}}
    gone = [m for m, at in places.items() if not at.is_dir() and not at.with_suffix(".py").is_file()]
    assert gone == []


def test_an_engine_does_not_import_another() -> None:
    broken = [
        f"{name(path)} imports {module}"
        for path in files("foley_core/engines", ".py")
        for module in imports(path)
        if falls_under(module, "foley_core.engines")
        and module.count(".") > 1
        and not falls_under(module, "foley_core.engines.engine")
        and not falls_under(module, "foley_core.engines.installed")
        and module.split(".")[2] not in path.relative_to(ROOT / "foley_core/engines").parts
    ]
    assert broken == []


@pytest.mark.process
@pytest.mark.parametrize("module", ["backend.service.broker", "backend.service.serve", "backend.cli"])
def test_the_service_starts_without_what_only_the_worker_needs(module: str) -> None:
    heavy = ("av", "cv2", "numpy", "scipy", "soundfile", "soxr", "torch", "scenedetect")
    code = f"import {module}, sys; print(*sorted(set(sys.modules) & set({heavy})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_client_imports_the_standard_library_and_zmq_alone() -> None:
    for module, others in (("foley_client.py", {"zmq", "foley_launch"}), ("foley_launch.py", set())):
        names = {imported.split(".")[0] for imported in imports(ROOT / "plugins" / module)}
        assert names <= {*sys.stdlib_module_names, *others}


@pytest.mark.parametrize("path", [name(path) for path in files("plugins", ".py")])
def test_a_plugin_keeps_to_the_grammar_of_python_3_6(path: str) -> None:
    code = ROOT / path
    ast.parse(code.read_text(encoding="utf-8"), feature_version=(3, 6))
    too_new = [node.lineno for node in ast.walk(tree(code)) if _is_newer_than_3_6(node)]
    assert too_new == []


def _is_newer_than_3_6(node: ast.AST) -> bool:
    """What the parser lets pass: features of the future, and functions that take positions alone."""
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return any(alias.name == "annotations" for alias in node.names)
    return isinstance(node, ast.arguments) and bool(node.posonlyargs)
