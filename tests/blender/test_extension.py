"""The extension as users get it: its zips, good for Blender's own tools, each of them really installed."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import bpy
import pytest

ROOT = Path(__file__).parent.parent.parent
BUILD = ROOT / "installers" / "build_blender.py"
ADD_ON = ROOT / "plugins" / "blender_addon"
PLATFORMS = {"linux-x64": "manylinux_2_28_x86_64", "windows-x64": "win_amd64", "macos-arm64": "universal2"}
PLATFORMS["macos-x64"] = "universal2"
PYTHONS = {"4.2": ["cp311", "cp313"], "5.1": ["cp312"]}
"""The earliest Blender that a zip is for, and the wheels in it."""


@pytest.fixture(scope="session")
def zips(tmp_path_factory):
    """What the build prints: the zips, validated by Blender's own tool as it makes them."""
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, str(BUILD), "--bpy", sys.executable, "--out", str(out)],
        stdout=subprocess.PIPE,
        check=True,
    )
    return [Path(line) for line in done.stdout.decode().splitlines()]


@pytest.fixture(params=["4.2", "5.1"])
def mine(request, zips):
    """A zip for this platform that this Blender takes."""
    if bpy.app.version[:2] < tuple(int(part) for part in request.param.split(".")):
        pytest.skip("for later Blenders")
    (path,) = (path for path in zips if path.stem.endswith(f"{request.param}-linux-x64"))
    return path


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("earliest", PYTHONS)
def test_each_platform_has_zips_with_its_own_wheels_alone(zips, earliest, platform):
    (path,) = (path for path in zips if path.stem.endswith(f"blender-{earliest}-{platform}"))
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        client = packed.read("foley_client.py").decode()
        manifest = packed.read("blender_manifest.toml").decode()
    wheels = sorted(Path(name).name for name in names if name.endswith(".whl"))
    assert [wheel.split("-")[2] for wheel in wheels] == PYTHONS[earliest]
    assert f'blender_version_min = "{earliest}.0"' in manifest
    assert all(PLATFORMS[platform] in wheel for wheel in wheels)
    assert "GPL-3.0-or-later" in client.splitlines()[0]
    assert not [name for name in names if "__pycache__" in name]
    assert {path.relative_to(ADD_ON).as_posix() for path in ADD_ON.rglob("*.py")} <= set(names)


def test_nothing_but_the_zips_is_printed(zips):
    assert len(zips) == len(PLATFORMS) * len(PYTHONS)
    assert all(path.is_absolute() and path.is_file() for path in zips)


@pytest.mark.skipif(sys.platform != "linux", reason="installs the zip for Linux")
def test_blender_installs_it_with_its_wheels_and_switches_it_on(mine, tmp_path):
    script = (
        "import bpy\n"
        f"bpy.ops.extensions.package_install_files(filepath={str(mine)!r}, repo='user_default')\n"
        "from bl_ext.user_default.foley import foley_client\n"
        "print(bpy.ops.foley.sounds.poll(), foley_client.PROTOCOL)\n"
    )
    environment = dict(os.environ, BLENDER_USER_RESOURCES=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, check=True)
    assert done.stdout.decode().splitlines()[-1] == "True (1, 2)"
    assert list(tmp_path.glob("extensions/.local/lib/python*/site-packages/zmq/__init__.py"))


@pytest.mark.skipif(sys.platform != "linux", reason="installs the zip for Linux")
def test_an_update_takes_the_place_of_every_module_and_keeps_the_preferences(mine, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import bpy, os, sys\n"
        "def install():\n"
        f"    bpy.ops.extensions.package_install_files(filepath={str(mine)!r}, repo='user_default')\n"
        "    return {name: sys.modules[name] for name in sys.modules if name.startswith(ADDON)}\n"
        "ADDON = 'bl_ext.user_default.foley'\n"
        "before = install()\n"
        "bpy.context.preferences.addons[ADDON].preferences.folder = '//sounds'\n"
        "after = install()\n"
        "print(sorted(name for name in after if after[name] is before.get(name)))\n"
        "print(sorted(name for name in before if name not in after))\n"
        "current = after[ADDON + '.jobs.user_preferences'].current()\n"
        "print(bpy.ops.foley.sounds.poll(), current.folder, after[ADDON].queue.backend, flush=True)\n"
        "os._exit(0)\n"  # What Blender 4.5 as a module does at its end may hang after that.
    )
    environment = dict(os.environ, BLENDER_USER_RESOURCES=str(tmp_path))
    done = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment, check=True)
    assert done.stdout.decode().splitlines()[-3:] == ["[]", "[]", "True //sounds away"]
