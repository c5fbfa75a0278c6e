"""Builds the Blender extension: two zips per platform, with pyzmq's own wheels inside.

    python3 installers/build_blender.py --out dist              build; prints the zips, each on its line
    python3 installers/build_blender.py --out dist --install    and install the one for this machine

Blender 4.2 to 5.0 come with Python 3.11, later ones with 3.13, and the systems' own with what the system has:
Debian's 4.3 with 3.13, its 5.2 with 3.14. Of pyzmq the wheels up to 26 are for one Python each, and end with
3.13; those of 27 are for 3.11, and one for all from 3.12 on. Blender does not count that one beside any other
(`python_versions_from_wheels` in its `blender_ext.py`), and refuses the extension on each Python that is not
counted. So no one zip is for all, and there are two, each named after the Blender that it is for at least:

    4.2     pyzmq 26, for Python 3.11 and 3.13: every Blender of blender.org
    5.1     pyzmq 27, for all from Python 3.12 on; Blender counts it for 3.11 too, so no Blender with that may
            take it

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
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from fetching import pip_of
from running import SetupFailed, run, say

ROOT = Path(__file__).resolve().parent.parent
ADD_ON = ROOT / "plugins" / "blender_addon"
CLIENT = [ROOT / "plugins" / name for name in ("foley_client.py", "foley_launch.py")]
CACHE = ROOT / "build" / "wheels"

WHEELS = {
    "linux-x64": "manylinux_2_28_x86_64",
    "windows-x64": "win_amd64",
    "macos-arm64": "macosx_11_0_universal2",
    "macos-x64": "macosx_11_0_universal2",
}
"""Blender's name of a platform, and the tag of its wheels: of these or older systems."""


@dataclass(frozen=True)
class Kind:
    """The zips for the Blenders from one version on."""

    earliest: str
    """The first Blender that they are for."""
    pyzmq: str
    pythons: tuple[str, ...]
    """A wheel for each."""


KINDS = (Kind("4.2", "26.4.0", ("cp311", "cp313")), Kind("5.1", "27.3.0", ("cp312",)))

KNOWN_TAGS = {"Sequencer"}
EARLIEST, WITHOUT_3_11 = (4, 2, 0), (5, 1, 0)
_EXTENSION_TOOL = "bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py"


class BuildFailed(SetupFailed):
    """The zip cannot be built, or is not as it must be."""


def build(out: Path, bpy: Optional[str] = None) -> list[Path]:
    """Build the zips for each platform in `out`; gives their paths."""
    tool = find_tool(bpy)
    if tool is None:
        say("No bpy is installed: packed plainly, and not validated by Blender's own tool.")
    out.mkdir(parents=True, exist_ok=True)
    return [build_one(kind, name, out, tool) for kind in KINDS for name in WHEELS]


def build_one(kind: Kind, name: str, out: Path, tool: Optional[list[str]] = None) -> Path:
    """Build one zip; with Blender's own tool, where there is one."""
    wheels = fetch_wheels(kind, name)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "foley")
        assemble(tree)
        (tree / "wheels").mkdir()
        for wheel in wheels:
            shutil.copy2(wheel, tree / "wheels")
        manifest = (tree / "blender_manifest.toml").read_text(encoding="utf-8")
        manifest = manifest_for(manifest, kind, name, [wheel.name for wheel in wheels])
        (tree / "blender_manifest.toml").write_text(manifest, encoding="utf-8")
        target = out / f"foley-{_value(manifest, 'version')}-blender-{kind.earliest}-{name}.zip"
        if tool is None:
            _pack(tree, target)
        else:
            packing = ["build", "--source-dir", str(tree), "--output-filepath", str(target)]
            run([*tool, *packing], f"{target.name} could not be built.")
            run([*tool, "validate", str(target)], f"Blender's own tool finds {target.name} wrong.")
    check(target, kind, name, wheels)
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


def manifest_for(manifest: str, kind: Kind, name: str, wheels: list[str]) -> str:
    """The manifest of one zip."""
    listed = "".join(f'  "./wheels/{wheel}",\n' for wheel in sorted(wheels))
    lines = {
        "platforms": f'platforms = ["{name}"]\nwheels = [\n{listed}]',
        "blender_version_min": f'blender_version_min = "{kind.earliest}.0"',
    }
    for key, line in lines.items():
        manifest, found = re.subn(rf"(?m)^{key} = .*$", line, manifest)
        if found != 1:
            raise BuildFailed(f"blender_manifest.toml must have its {key} on one line.")
    return manifest


def fetch_wheels(kind: Kind, name: str) -> list[Path]:
    """pyzmq's wheels for a platform, as they were published; downloaded once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    wheels = []
    for python in kind.pythons:
        folder = CACHE / f"{WHEELS[name]}-{python}"
        if not list(folder.glob(f"pyzmq-{kind.pyzmq}-*.whl")):
            _download(folder, WHEELS[name], python, kind.pyzmq)
        wheels += sorted(folder.glob(f"pyzmq-{kind.pyzmq}-{python}-*.whl"))
    return wheels


def _download(folder: Path, tag: str, python: str, pyzmq: str) -> None:
    for_it = [f"--platform={tag}", f"--python-version={python[2:]}", "--implementation=cp"]
    command = [*pip_of(Path(sys.executable)), "download", "--no-deps", *for_it, "--only-binary=:all:"]
    command += ["--dest", str(folder), f"pyzmq=={pyzmq}"]
    run(command, f"pyzmq {pyzmq} for {tag} could not be downloaded.")


def check(path: Path, kind: Kind, name: str, wheels: list[Path]) -> None:
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
        f"a wheel for all Pythons needs a Blender that has none before 3.12, not {earliest}": any(
            "-abi3-" in wheel for wheel in listed
        )
        and earliest < WITHOUT_3_11,
        f"it is not for {name} alone": f'platforms = ["{name}"]' not in manifest.replace("'", '"'),
        f"it needs a wheel for each of {kind.pythons}": [wheel.split("-")[2] for wheel in sorted(listed)]
        != list(kind.pythons),
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
    here = this_platform()
    mine = [path for path in zips if path.stem.endswith(here)]
    if not mine:
        say(f"There is no extension for {here or 'this machine'}.")
        return
    done = [blender for blender in find_blenders() if _install_into(blender, mine)]
    if not done:
        for at, kind in enumerate(KINDS):
            before = f", before {KINDS[at + 1].earliest}" if at + 1 < len(KINDS) else ""
            say(f"For Blender {kind.earliest} or later{before}: drop this file onto its window: {mine[at]}")


def _install_into(blender: str, zips: list[Path]) -> bool:
    """Install the one for the latest Blenders that this one takes."""
    for path in reversed(zips):
        refused = install_one([blender], path)
        if refused is None:
            say(f"Installed into {blender}: {path.name}.")
            return True
    say(f"{blender} did not take it: {refused}")
    return False


def install_one(blender: list[str], path: Path) -> Optional[str]:
    """Let a Blender install a zip, and switch it on; gives why it does not."""
    command = [*blender, "--command", "extension", "install-file", "-r", "user_default", "-e", str(path)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = done.stdout.decode("utf-8", "replace").strip().splitlines()
    # Where it is too old for the zip Blender 4.3 says so, and ends as if all were well.
    took = done.returncode == 0 and any(line.startswith("STATUS Installed") for line in said)
    return (
        None if took else next((line for line in said if line.lower().startswith("error")), "it says nothing")
    )


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


def this_platform() -> str:
    """Blender's name of it."""
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
