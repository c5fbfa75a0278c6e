"""Apache-2.0, but for what runs inside Blender, which is GPL-3.0-or-later."""

from __future__ import annotations

import tomllib

from tests.boundaries.sources import ROOT, files, name

GPL = "GPL-3.0-or-later"
ADD_ON = ROOT / "plugins" / "blender_addon"


def test_the_licences_are_there_in_full() -> None:
    apache = (ROOT / "LICENSES" / "Apache-2.0.txt").read_text()
    gpl = (ROOT / "LICENSES" / f"{GPL}.txt").read_text()
    assert "Apache License\n" in apache[:200]
    assert "END OF TERMS AND CONDITIONS" in apache
    assert "GNU GENERAL PUBLIC LICENSE\n" in gpl[:200]
    assert "17. Interpretation of Sections 15 and 16." in gpl


def test_the_project_names_both() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == f"Apache-2.0 AND {GPL}"
    assert project["license-files"] == ["LICENSES/*"]
    assert "Private :: Do Not Upload" in project["classifiers"]


def test_every_file_of_the_add_on_says_that_it_is_under_the_gpl() -> None:
    silent = [
        name(path)
        for path in files("plugins/blender_addon", ".py")
        if f"SPDX-License-Identifier: {GPL}" not in path.read_text(encoding="utf-8")[:200]
    ]
    assert silent == []
    assert (ADD_ON / "LICENSE").read_text() == (ROOT / "LICENSES" / f"{GPL}.txt").read_text()


def test_blender_is_told_the_same() -> None:
    manifest = tomllib.loads((ADD_ON / "blender_manifest.toml").read_text())
    assert manifest["license"] == [f"SPDX:{GPL}"]


def test_nothing_else_claims_the_gpl() -> None:
    claiming = [
        name(path)
        for path in files(suffix=".py")
        if ADD_ON not in path.parents
        and f"SPDX-License-Identifier: {GPL}" in path.read_text(encoding="utf-8").split("\n\n")[0]
    ]
    assert claiming == []
