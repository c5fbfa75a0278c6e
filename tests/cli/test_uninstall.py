"""`foley uninstall`: what is ours goes, what is not stays, and nobody is taken by surprise."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.cli import uninstall
from backend.models import record
from tests.backend.support import until
from tests.cli.conftest import ROOT, Foley
from tests.films import Film

pytestmark = pytest.mark.process

linux = pytest.mark.skipif(sys.platform != "linux", reason="names the folders of Linux")


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's own folder."""
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))
    return folder


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def weights(folder: Path, name: str = "hunyuanvideo_foley_xl.pth", content: str = "weights") -> Path:
    """A file as `foley models pull` leaves it."""
    path = put(folder / name, content)
    digest = hashlib.sha256(content.encode()).hexdigest()
    entry = record.Entry(path=name, bytes=len(content), sha256=digest, origin="somewhere")
    record.write(folder, record.read(folder).having(entry))
    return path


def test_a_state_folder_that_was_used_is_gone_afterwards_and_takes_are_not(
    foley: Foley, film: Film, home: Path, user: Path, tmp_path: Path
) -> None:
    foley("generate", film.path, "-p", "rain", "-o", tmp_path / "take.wav")
    weights(home / "models")
    answer = foley("uninstall", "--yes", "--json")
    assert answer.code == 0, answer.err
    assert {part["what"] for part in answer.json["removed"]} == {
        "jobs, logs and what is kept",
        "the neural engine's weights",
    }
    assert not home.exists()
    assert (tmp_path / "take.wav").is_file()
    assert answer.json["kept"][-1]["path"] == str(ROOT)
    assert foley("uninstall", "--yes", "--json").json["removed"] == []
    assert not home.exists()


def test_without_an_answer_nothing_is_removed(foley: Foley, home: Path, user: Path) -> None:
    put(home / "launch.json", "{}")
    answer = foley("uninstall")
    assert answer.code == 2
    assert "--yes" in answer.err
    assert str(home) in answer.err
    assert (home / "launch.json").is_file()


def test_what_is_not_ours_stays(foley: Foley, home: Path, user: Path) -> None:
    for name in ("launch.json", "jobs.sqlite", "logs/broker.log.1", "cache/takes/abc/take.wav"):
        put(home / name, "ours")
    strange = [
        put(home / name, "not ours")
        for name in ("letter.txt", "cache/notes.txt", "logs/diary.log", "jobs.csv", "models/own.safetensors")
    ]
    changed = weights(home / "models")
    changed.write_text("changed since")
    answer = foley("uninstall", "--yes", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["changed"] == [str(changed)]
    assert sorted(path for path in home.rglob("*") if path.is_file()) == sorted(
        [*strange, changed, home / "models" / record.NAME, home / "models" / ".lock"]
    )


def test_weights_may_be_kept(foley: Foley, home: Path, user: Path) -> None:
    put(home / "launch.json", "{}")
    path = weights(home / "models")
    answer = foley("uninstall", "--yes", "--keep-models", "--json")
    assert path.is_file()
    assert not (home / "launch.json").exists()
    assert ("weights", str(home / "models")) in [(one["what"], one["path"]) for one in answer.json["kept"]]


def test_a_folder_that_no_backend_ever_had_is_left_alone(foley: Foley, home: Path, user: Path) -> None:
    mine = put(home / "cache" / "takes" / "mine.wav", "not ours")
    assert foley("uninstall", "--yes", "--json").json["removed"] == []
    assert mine.is_file()


@linux
def test_the_add_on_and_the_script_are_known_by_what_they_say(foley: Foley, home: Path, user: Path) -> None:
    extensions = user / ".config" / "blender" / "4.5" / "extensions"
    manifest = (ROOT / "plugins" / "blender_addon" / "blender_manifest.toml").read_text()
    ours = put(extensions / "user_default" / "foley" / "blender_manifest.toml", manifest)
    other = put(
        extensions / "blender_org" / "foley" / "blender_manifest.toml", 'maintainer = "Somebody else"'
    )
    take = put(extensions / ".user" / "user_default" / "foley" / "take.wav", "a take")
    unsaved = put(home / "blender" / "take.wav", "a take")
    scripts = user / ".local" / "share" / "DaVinciResolve" / "Fusion" / "Scripts" / "Utility"
    script = put(scripts / "Foley.py", "command = [python, '-m', 'backend.bridge']")
    theirs = put(scripts / "Foley Helper.py", "print('of another')")
    answer = foley("uninstall", "--yes", "--json")
    assert {one["path"] for one in answer.json["removed"]} == {str(ours.parent), str(script)}
    kept = {one["path"] for one in answer.json["kept"]}
    assert {str(take.parent), str(unsaved.parent)} <= kept
    assert unsaved.is_file()
    assert [path.exists() for path in (ours.parent, other, take, script, theirs)] == [
        False,
        True,
        True,
        False,
        True,
    ]


def test_what_is_told_can_be_read_by_people(home: Path) -> None:
    part = uninstall.Part("jobs, logs and what is kept", home, 12_345_678)
    assert part.line() == f"     12.3 MB  jobs, logs and what is kept: {home}"
    assert json.dumps(part.plain())


def test_jobs_that_wait_are_told_beforehand_and_cancelled_so_that_nobody_starts_a_backend_for_them(
    foley: Foley, film: Film, home: Path, user: Path, tmp_path: Path
) -> None:
    words = ["generate", film.path, "--engine", "faulty", "-p", "slow 600", "-o"]
    foley(*words, tmp_path / "left.wav", "--detach")
    command = [sys.executable, "-m", "backend", *map(str, [*words, tmp_path / "waiting.wav"])]
    waiting = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    until(lambda: True if len(foley("status", "--json").json["jobs"]) == 2 else None)
    assert "jobs (2 of them not made yet)" in foley("uninstall").err
    answer = foley("uninstall", "--yes")
    assert (answer.code, answer.err) == (0, "")
    assert "[cancelled]" in waiting.communicate()[0]
    assert not home.exists()
    assert not (tmp_path / "waiting.wav").exists()
