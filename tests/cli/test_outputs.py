"""Where the commands write: what was named and nothing else, and over no file that is there already."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Foley, run
from tests.films import Film

OLDER = b"nobody said that this may go"


def contents(folder: Path) -> dict[str, bytes]:
    """Each file with what it holds, but for the state folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.process
def test_a_sound_is_not_put_over_a_file_that_is_there(tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    out.write_bytes(OLDER)
    play = ("sounds", "play", "wood", "-o", out, "--seconds", "1", "--json")
    refused = run(*play)
    assert (refused.code, refused.json["error"]["code"]) == (1, "output_exists")
    assert "--force" in refused.json["error"]["hint"]
    assert "--keep" in refused.json["error"]["hint"]
    assert contents(tmp_path) == {"out.wav": OLDER}
    for number in (2, 3):
        kept = run(*play, "--keep")
        assert kept.json["path"] == str(tmp_path / f"out-{number}.wav")
        assert f"writing {tmp_path / f'out-{number}.wav'}" in kept.err
    assert contents(tmp_path)["out.wav"] == OLDER
    assert run(*play, "--force").json["path"] == str(out)
    assert contents(tmp_path)["out.wav"] == contents(tmp_path)["out-2.wav"] != OLDER
    both = run(*play, "--force", "--keep")
    assert (both.code, both.json["error"]["code"]) == (2, "usage")


@pytest.mark.process
@pytest.mark.parametrize("ending", [".csv", ".json", ".edl"])
def test_edited_hits_are_not_put_over(ending: str, film: Film, tmp_path: Path) -> None:
    out = tmp_path / f"hits{ending}"
    out.write_bytes(OLDER)
    detect = ("detect", film.path, "-o", out, "--json")
    assert run(*detect).json["error"]["code"] == "output_exists"
    assert contents(tmp_path) == {out.name: OLDER}
    kept = run(*detect, "--keep").json["path"]
    assert kept == str(tmp_path / f"hits-2{ending}")
    assert run(*detect, "--force").json["path"] == str(out)
    assert out.read_bytes() == Path(kept).read_bytes() != OLDER
    itself = tmp_path / f"film{ending}"
    itself.write_bytes(film.path.read_bytes())
    assert run("detect", itself, "-o", itself, "--force", "--json").json["error"]["code"] == "output_denied"
    assert itself.read_bytes() == film.path.read_bytes()


@pytest.mark.process
def test_an_aligned_sound_is_not_put_over_a_file_that_is_there(film: Film, tmp_path: Path) -> None:
    out, sound = tmp_path / "out.wav", tmp_path / "sound.wav"
    run("sounds", "play", "wood", "-o", sound, "--seconds", "4")
    out.write_bytes(OLDER)
    align = ("align", film.path, sound, "-o", out, "--json")
    assert run(*align).json["error"]["code"] == "output_exists"
    assert out.read_bytes() == OLDER
    assert run(*align, "--keep").code == 0
    assert out.read_bytes() == OLDER
    assert (tmp_path / "out-2.wav").stat().st_size > 0
    assert run(*align, "--force").code == 0
    assert out.read_bytes() == (tmp_path / "out-2.wav").read_bytes()
    itself = run("align", film.path, sound, "-o", sound, "--force", "--json")
    assert (itself.code, itself.json["error"]["code"]) == (1, "output_denied")


@pytest.mark.parametrize("there", ["t-2.wav", "t-2-hits.wav", "p.mp4", "r.html", "r.json", "r.csv"])
def test_no_file_of_a_job_is_put_over_one_that_is_there(
    there: str, foley: Foley, film: Film, tmp_path: Path
) -> None:
    (tmp_path / there).write_bytes(OLDER)
    named = ["-o", tmp_path / "t.wav", "--takes", "2", "--stems", "--preview", tmp_path / "p.mp4"]
    for report in ("r.html", "r.json", "r.csv"):
        named += ["--report", tmp_path / report]
    answer = foley("generate", film.path, "-p", "wood", "--layers", "hits", *named, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "output_exists")
    assert str(tmp_path / there) in answer.json["error"]["message"]
    assert contents(tmp_path) == {there: OLDER}


def test_with_keep_every_file_of_a_job_has_a_free_name_and_with_force_none_is_left(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    for name in ("t.wav", "t-2-hits.wav", "p.mp4", "r.html"):
        (tmp_path / name).write_bytes(OLDER)
    named = ["-o", tmp_path / "t.wav", "--stems", "--preview", tmp_path / "p.mp4"]
    generate = ["generate", film.path, "-p", "wood", "--layers", "hits", *named]
    generate += ["--report", tmp_path / "r.html", "--seed", "1", "--json"]
    kept = foley(*generate, "--keep")
    take = kept.json["takes"][0]
    assert (take["path"], take["stems"]) == (
        str(tmp_path / "t-3.wav"),
        {"hits": str(tmp_path / "t-3-hits.wav")},
    )
    assert (kept.json["preview"], kept.json["report"]) == (
        str(tmp_path / "p-2.mp4"),
        str(tmp_path / "r-2.html"),
    )
    found = contents(tmp_path)
    assert {name for name, content in found.items() if content == OLDER} == {
        "t.wav", "t-2-hits.wav", "p.mp4", "r.html",
    }  # fmt: skip
    assert foley(*generate, "--force").code == 0
    assert contents(tmp_path)["t.wav"] == found["t-3.wav"]
    assert {name for name, content in contents(tmp_path).items() if content == OLDER} == {"t-2-hits.wav"}


def test_nothing_is_written_that_was_not_named(foley: Foley, film: Film, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_bytes(OLDER)
    (tmp_path / "p.mp4").write_bytes(OLDER)
    named = ["-o", tmp_path / "t.wav", "--preview", tmp_path / "p.webm", "--report", tmp_path / "r.html"]
    answer = foley("generate", film.path, "-p", "wood", *named)
    assert answer.code == 0, answer.err
    assert answer.out.splitlines() == [str(tmp_path / name) for name in ("t.wav", "p.webm", "r.html")]
    assert set(contents(tmp_path)) == {"t.wav", "p.webm", "r.html", "r.json", "p.mp4"}
    assert contents(tmp_path)["r.json"] == contents(tmp_path)["p.mp4"] == OLDER
    assert "Preview: the picture is encoded anew (VP9)" in answer.err


@pytest.mark.process
@pytest.mark.parametrize(
    ("option", "name", "known"),
    [
        ("--preview", "p.xyz", ".mp4"),
        ("--preview", "p", ".mov"),
        ("--preview", "p.wav", ".mkv"),
        ("--report", "r.pdf", ".html"),
        ("--report", "r", ".json"),
        ("--report", "r.txt", ".csv"),
        ("--output", "t.mp3", ".wav"),
    ],
)
def test_an_ending_that_is_not_known_is_a_usage_error_that_names_those_that_are(
    option: str, name: str, known: str, film: Film, tmp_path: Path
) -> None:
    named = {"--output": tmp_path / "t.wav"} | {option: tmp_path / name}
    typed = [part for pair in named.items() for part in pair]
    answer = run("generate", film.path, "-p", "wood", *typed, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "usage")
    assert known in answer.json["error"]["message"]
    assert contents(tmp_path) == {}


def test_a_take_is_delivered_where_its_preview_cannot_be(foley: Foley, film: Film, tmp_path: Path) -> None:
    """AVI has one rate for all frames, and this film has not."""
    from tests.films import flash_film

    varying = flash_film(tmp_path / "varying", seconds=2, variant="vfr").path
    named = ["-o", tmp_path / "t.wav", "--preview", tmp_path / "p.avi", "--report", tmp_path / "r.json"]
    answer = foley("generate", varying, "-p", "wood", *named, "--json")
    assert answer.code == 0, answer.err
    assert answer.json["preview"] is None
    note = answer.json["takes"][0]["notes"]["preview"]
    assert note.startswith("left out: The picture of ")
    assert ".mp4" in note
    assert note.encode() in (tmp_path / "r.json").read_bytes()
    assert set(contents(tmp_path)) == {"varying.mp4", "t.wav", "r.json"}
    told = foley("generate", varying, "-p", "wood", *named, "--force")
    assert told.code == 0
    assert "Preview: left out" in told.err
    assert told.out.splitlines() == [str(tmp_path / "t.wav"), str(tmp_path / "r.json")]


def test_a_link_is_kept_and_leads_to_the_new_take(foley: Foley, film: Film, tmp_path: Path) -> None:
    (tmp_path / "nas").mkdir()
    try:
        for name in ("t.wav", "t-hits.wav"):
            (tmp_path / name).symlink_to(Path("nas") / f"far-{name}")
    except OSError:
        pytest.skip("links may not be made here")
    (tmp_path / "nas" / "far-t.wav").write_bytes(OLDER)
    generate = ["generate", film.path, "-p", "wood", "--layers", "hits,ambience", "--stems"]
    generate += ["-o", tmp_path / "t.wav"]
    assert foley(*generate).code == 1
    assert foley(*generate, "--force").code == 0
    assert all((tmp_path / name).is_symlink() for name in ("t.wav", "t-hits.wav"))
    assert {path.name for path in (tmp_path / "nas").iterdir()} == {"far-t.wav", "far-t-hits.wav"}
    assert (tmp_path / "t.wav").read_bytes()[:4] == b"RIFF"
    assert (tmp_path / "nas" / "far-t-hits.wav").read_bytes()[:4] == b"RIFF"
    assert not (tmp_path / "t-ambience.wav").is_symlink()


@pytest.mark.process
@pytest.mark.skipif(os.name != "posix", reason="has no terminals that a program can make")
@pytest.mark.parametrize(("typed", "code", "replaced"), [(b"y\n", 0, True), (b"n\n", 1, False)])
def test_on_a_terminal_the_user_is_asked(typed: bytes, code: int, replaced: bool, tmp_path: Path) -> None:
    import pty

    out = tmp_path / "out.wav"
    out.write_bytes(OLDER)
    ours, theirs = pty.openpty()
    os.write(ours, typed)
    play = ["sounds", "play", "wood", "-o", str(out), "--seconds", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "backend", *play], cwd=ROOT, stdin=theirs, capture_output=True, timeout=120
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == code, done.stderr
    assert f"Replace {out}?".encode() in done.stderr
    assert (out.read_bytes() != OLDER) == replaced
