"""Builds the Blender extension: one zip per platform, with pyzmq's own wheels inside.

    python3 installers/build_blender.py --out dist              build; prints the zips, each on its line
    python3 installers/build_blender.py --out dist --install    and install the one for this machine

Blender 4.2 to 5.0 come with Python 3.11, later ones with 3.13; each zip holds a wheel for either. It must be
pyzmq 26: newer ones have one wheel for all from 3.12 on, which Blender does not count beside one for 3.11
(`python_versions_from_wheels` in its `blender_ext.py`), so the extension would not install on 3.13.

That same `blender_ext.py` builds and validates where Blender's Python module is installed; else the zips are
packed plainly. What it lets pass is checked here in any case. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Optional

from fetching import pip_of
from running import SetupFailed, run, say

ROOT = Path(__file__).resolve().parent.parent
ADD_ON = ROOT / "plugins" / "blender_addon"
CLIENT = [ROOT / "plugins" / name for name in ("foley_client.py", "foley_launch.py")]
CACHE = ROOT / "build" / "wheels"

PYZMQ = "26.4.0"
PYTHONS = ("311", "313")
WHEELS = {
    "linux-x64": "manylinux2014_x86_64",
    "windows-x64": "win_amd64",
    "macos-arm64": "macosx_11_0_universal2",
    "macos-x64": "macosx_11_0_universal2",
}
"""Blender's name of a platform, and the tag of its wheels."""

KNOWN_TAGS = {"Sequencer"}
EARLIEST = (4, 2, 0)
_EXTENSION_TOOL = "bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py"


class BuildFailed(SetupFailed):
    """The zip cannot be built, or is not as it must be."""


def build(out: Path, bpy: Optional[str] = None) -> list[Path]:
    """Build a zip per platform in `out`; gives their paths."""
    tool = find_tool(bpy)
    if tool is None:
        say("No bpy is installed: packed plainly, and not validated by Blender's own tool.")
    out.mkdir(parents=True, exist_ok=True)
    return [_build_one(name, out, tool) for name in WHEELS]


def _build_one(name: str, out: Path, tool: Optional[list[str]]) -> Path:
    wheels = fetch_wheels(name)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "foley")
        assemble(tree)
        (tree / "wheels").mkdir()
        for wheel in wheels:
            shutil.copy2(wheel, tree / "wheels")
        manifest = (tree / "blender_manifest.toml").read_text(encoding="utf-8")
        manifest = manifest_for(manifest, name, [wheel.name for wheel in wheels])
        (tree / "blender_manifest.toml").write_text(manifest, encoding="utf-8")
        target = out / f"foley-{_value(manifest, 'version')}-{name}.zip"
        if tool is None:
            _pack(tree, target)
        else:
            packing = ["build", "--source-dir", str(tree), "--output-filepath", str(target)]
            run([*tool, *packing], f"{target.name} could not be built.")
            run([*tool, "validate", str(target)], f"Blender's own tool finds {target.name} wrong.")
    check(target, name, wheels)
    return target


def assemble(folder: Path) -> None:
    """Put the add-on together, without wheels; the client's copy in it has the add-on's licence."""
    shutil.copytree(ADD_ON, folder, ignore=_not_ours)
    for path in CLIENT:
        client = path.read_text(encoding="utf-8")
        licensed = client.replace("Identifier: Apache-2.0", "Identifier: GPL-3.0-or-later", 1)
        (folder / path.name).write_text(licensed, encoding="utf-8")


def _not_ours(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in ("__pycache__", *(path.name for path in CLIENT))]


def manifest_for(manifest: str, name: str, wheels: list[str]) -> str:
    """The manifest of one platform's zip."""
    listed = "".join(f'  "./wheels/{wheel}",\n' for wheel in sorted(wheels))
    manifest, found = re.subn(
        r"(?m)^platforms = .*$", f'platforms = ["{name}"]\nwheels = [\n{listed}]', manifest
    )
    if found != 1:
        raise BuildFailed("blender_manifest.toml must name its platforms on one line.")
    return manifest


def fetch_wheels(name: str) -> list[Path]:
    """pyzmq's wheels for a platform, as they were published; downloaded once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    wheels = []
    for python in PYTHONS:
        folder = CACHE / f"{WHEELS[name]}-{python}"
        if not list(folder.glob(f"pyzmq-{PYZMQ}-*.whl")):
            _download(folder, WHEELS[name], python)
        wheels += sorted(folder.glob(f"pyzmq-{PYZMQ}-cp{python}-*.whl"))
    return wheels


def _download(folder: Path, tag: str, python: str) -> None:
    kind = [f"--platform={tag}", f"--python-version={python}", "--implementation=cp", "--only-binary=:all:"]
    command = [*pip_of(Path(sys.executable)), "download", "--no-deps", *kind, "--dest", str(folder)]
    run([*command, f"pyzmq=={PYZMQ}"], f"pyzmq {PYZMQ} for {tag} could not be downloaded.")


def check(path: Path, name: str, wheels: list[Path]) -> None:
    """Raise `BuildFailed` where the zip is not what Blender's platform and users need."""
    with zipfile.ZipFile(path) as packed:
        names = set(packed.namelist())
        manifest = packed.read("blender_manifest.toml").decode("utf-8")
        altered = [w.name for w in wheels if packed.read(f"wheels/{w.name}") != w.read_bytes()]
    missing = sorted({"LICENSE", *(path.name for path in CLIENT), *_modules()} - names)
    listed = re.findall(r'"\./wheels/([^"]+)"', manifest)
    tags = re.findall(r'"([^"]+)"', _value(manifest, "tags", "["))
    reasons = re.findall(r'(?m)^(?:network|files) = "(.*)"$', manifest)
    earliest = tuple(int(part) for part in _value(manifest, "blender_version_min").split("."))
    complaints = {
        f"the tags {tags} are not all Blender's": not set(tags) <= KNOWN_TAGS,
        "the licence is no SPDX identifier": '"SPDX:GPL-3.0-or-later"' not in manifest,
        f"extensions begin with Blender 4.2, not {earliest}": earliest < EARLIEST,
        f"it is not for {name} alone": f'platforms = ["{name}"]' not in manifest.replace("'", '"'),
        f"it needs a wheel for each of {PYTHONS}": [w[len(f"pyzmq-{PYZMQ}-cp") :][:3] for w in sorted(listed)]
        != list(PYTHONS),
        f"wheels were altered: {altered}": bool(altered),
        "a permission's reason is too long, or ends in a period": any(
            len(reason) > 64 or reason.endswith(".") for reason in reasons
        ),
        f"these are missing: {missing}": bool(missing),
    }
    wrong = [complaint for complaint, holds in complaints.items() if holds]
    if wrong:
        raise BuildFailed(f"{path.name}: {'; '.join(wrong)}.")


def _modules() -> list[str]:
    """The add-on's own modules, in all its rooms, as the zip must name them."""
    return [path.relative_to(ADD_ON).as_posix() for path in ADD_ON.rglob("*.py")]


def _value(manifest: str, key: str, opening: str = '"') -> str:
    found = re.search(rf"(?m)^{key} = {re.escape(opening)}(.*?)[\"\]]*$", manifest)
    if not found:
        raise BuildFailed(f"blender_manifest.toml lacks {key!r}.")
    return found[1] + ('"' if opening == "[" else "")


def _pack(tree: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in tree.rglob("*") if path.is_file()):
            packed.write(path, path.relative_to(tree).as_posix())


def find_tool(bpy: Optional[str]) -> Optional[list[str]]:
    """The command that runs Blender's own tool for extensions, out of a Python that has bpy."""
    venvs = sorted(ROOT.glob(".venv-bpy-*"))
    pythons = [
        path for venv in venvs for name in ("bin/python", "Scripts/python.exe") for path in venv.glob(name)
    ]
    for python in [Path(bpy)] if bpy else pythons:
        for packages in ("lib/python*/site-packages", "Lib/site-packages"):
            for tool in python.parent.parent.glob(f"{packages}/{_EXTENSION_TOOL}"):
                return [str(python), str(tool)]
    if bpy:
        raise BuildFailed(f"{bpy} has no bpy.")
    return None


def install(zips: list[Path]) -> None:
    """Install the zip for this machine into every Blender found; else say where to drop it."""
    here = _this_platform()
    mine = next((path for path in zips if path.stem.endswith(here)), None)
    if mine is None:
        say(f"There is no extension for {here or 'this machine'}.")
        return
    done = [blender for blender in find_blenders() if _install_into(blender, mine)]
    if not done:
        say(f"Drop this file onto a window of Blender 4.2 or later: {mine}")


def _install_into(blender: str, path: Path) -> bool:
    command = [blender, "--command", "extension", "install-file", "-r", "user_default", "-e", str(path)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        last = done.stdout.decode("utf-8", "replace").strip().splitlines()[-1:]
        say(f"{blender} did not take it: {' '.join(last) or done.returncode}")
    else:
        say(f"Installed into {blender}.")
    return done.returncode == 0


def find_blenders() -> list[str]:
    """The Blenders of this machine, in the places where they usually are, and on the PATH."""
    home, root = Path.home(), Path("/")
    programs = Path(os.environ.get("PROGRAMFILES", "C:/Program Files"))
    places = {
        "Linux": [(root, "opt/blender*/blender"), (root, "snap/bin/blender"), (home, "blender*/blender")],
        "Darwin": [(base, "Applications/Blender*.app/Contents/MacOS/Blender") for base in (root, home)],
        "Windows": [(programs, "Blender Foundation/Blender */blender.exe")],
    }
    found = [
        path for base, pattern in places.get(platform.system(), []) for path in sorted(base.glob(pattern))
    ]
    on_path = shutil.which("blender")
    return list(dict.fromkeys([*([on_path] if on_path else []), *(str(path) for path in found)]))


def _this_platform() -> str:
    system = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}.get(platform.system(), "")
    machine = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}
    return f"{system}-{machine.get(platform.machine().lower(), 'unknown')}"


def main() -> int:
    """Build, and install if asked to."""
    parser = argparse.ArgumentParser(description="Build Foley's extension for Blender.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for the zips")
    parser.add_argument("--bpy", help="a Python that has bpy, to build and validate with")
    parser.add_argument("--install", action="store_true", help="install into the Blenders of this machine")
    options = parser.parse_args()
    try:
        zips = build(options.out.resolve(), options.bpy)
    except SetupFailed as failure:
        say(str(failure))
        return 1
    for path in zips:
        print(path, flush=True)
    if options.install:
        install(zips)
    return 0


if __name__ == "__main__":
    sys.exit(main())
