"""Bad input on the command line: one clear error, nothing half-written, the service lives on."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from backend.cli.app import main
from tests.cli.conftest import ROOT, Foley
from tests.films import Film


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("notes.mp4", b"These are notes, not a film.\n" * 100, "media_unreadable"),
        ("empty.mp4", b"", "media_unreadable"),
        ("missing.mp4", None, "media_missing"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n", "media_refused"),
        ("list.mp4", b"ffconcat version 1.0\nfile film.mp4\n", "media_refused"),
    ],
)
def test_a_file_that_is_no_film_is_told_so(
    foley: Foley, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = listing(tmp_path)
    answer = foley("generate", tmp_path / name, "-p", "x", "-o", tmp_path / "t.wav", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"]
    assert listing(tmp_path) == before


def test_a_truncated_film_is_told_so(foley: Foley, film: Film, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(film.path.read_bytes()[:2_000])
    answer = foley("generate", cut, "-p", "x", "-o", tmp_path / "t.wav")
    assert answer.code == 1
    assert answer.err.rstrip().endswith("[media_unreadable]")
    assert listing(tmp_path) == {"cut.mp4"} | {p for p in listing(tmp_path) if p.startswith("home")}


def test_a_film_of_which_only_half_was_copied_is_told_so(foley: Foley, tmp_path: Path) -> None:
    demo = ROOT / "installers" / "demo" / "demo.mp4"
    half = tmp_path / "half.mp4"
    half.write_bytes(demo.read_bytes()[: demo.stat().st_size // 2])
    answer = foley("generate", half, "-p", "x", "-o", tmp_path / "t.wav", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "media_unreadable")
    assert "cut off" in answer.json["error"]["message"]


@pytest.mark.skipif(os.name != "posix", reason="has no pipes with names, nor names that are not Unicode")
def test_a_device_or_a_name_that_no_message_can_hold_is_no_place_for_a_take(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    answer = foley("generate", film.path, "-p", "x", "-o", pipe, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "output_denied")
    assert pipe.is_fifo()
    answer = foley("generate", film.path, "-p", "x", "-o", tmp_path / "\udcff.wav", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "bad_request")


def test_no_file_of_a_job_may_take_the_place_of_another(foley: Foley, film: Film, tmp_path: Path) -> None:
    same = tmp_path / "home" / ".." / "t.wav"
    arguments = ["-o", tmp_path / "t.wav", "--report", same, "--json"]
    answer = foley("generate", film.path, "-p", "x", *arguments)
    assert (answer.code, answer.json["error"]["code"]) == (1, "output_denied")
    assert not (tmp_path / "t.wav").exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/film.mp4", "tcp://127.0.0.1:{port}"])
def test_an_address_is_refused_and_nobody_is_called(foley: Foley, tmp_path: Path, address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        typed = address.format(port=listener.getsockname()[1])
        answer = foley("generate", typed, "-p", "x", "-o", tmp_path / "t.wav", "--json")
        assert answer.code == 1
        assert answer.json["error"]["code"] == "media_refused"
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (["--in", "3", "--out", "2"], 1, "bad_range"),
        (["--in", "100"], 1, "bad_range"),
        (["--out", "100"], 1, "bad_range"),
        (["--in", "soon"], 2, "usage"),
        (["--in", "00:00:01:24"], 2, "usage"),
        (["--hits", "1,,2"], 2, "usage"),
        (["--layers", "music"], 2, "usage"),
        (["--seed", "-1"], 2, "usage"),
        (["--takes", "0"], 2, "usage"),
        (["--bits", "20"], 2, "usage"),
        (["--handles", "3600"], 1, "bad_range"),
        (["--engine", "theremin"], 1, "engine_unknown"),
        (["--negative", "a\x07b"], 1, "bad_prompt"),
        (["--loudness", "12"], 1, "bad_cue"),
        (["--hits", "1,99"], 2, "usage"),
        (["--preview-mix"], 2, "usage"),
        (["--wobble"], 2, "usage"),
    ],
)
def test_a_wrong_option_is_one_error_with_a_code(
    foley: Foley, film: Film, tmp_path: Path, arguments: list[str], exit_code: int, code: str
) -> None:
    answer = foley("generate", film.path, "-p", "x", "-o", tmp_path / "t.wav", "--json", *arguments)
    assert (answer.code, answer.json["error"]["code"]) == (exit_code, code)
    assert not (tmp_path / "t.wav").exists()


@pytest.mark.parametrize("prompt", ["x" * 100_000, "rain\x1b[31m", "rain\u202e"])
def test_a_prompt_that_is_too_long_or_has_control_characters_is_refused(
    foley: Foley, film: Film, tmp_path: Path, prompt: str
) -> None:
    answer = foley("generate", film.path, "-p", prompt, "-o", tmp_path / "t.wav", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "bad_prompt")
    assert answer.json["error"]["hint"]


def test_a_folder_that_is_not_there_is_told_and_the_service_lives_on(
    foley: Foley, film: Film, tmp_path: Path
) -> None:
    answer = foley("generate", film.path, "-p", "x", "-o", tmp_path / "nowhere" / "t.wav", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "output_denied")
    again = foley("generate", film.path, "-p", "x", "-o", tmp_path / "t.wav", "--json")
    assert again.code == 0


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read and write anywhere")
def test_a_film_that_may_not_be_read_is_told_so(foley: Foley, film: Film, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(film.path.read_bytes())
    secret.chmod(0)
    answer = foley("generate", secret, "-p", "x", "-o", tmp_path / "t.wav", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "media_unreadable")


def test_the_film_itself_is_never_overwritten(foley: Foley, film: Film, tmp_path: Path) -> None:
    before = film.path.read_bytes()
    arguments = ["-o", tmp_path / "t.wav", "--preview", film.path, "--json"]
    answer = foley("generate", film.path, "-p", "x", *arguments)
    assert (answer.code, answer.json["error"]["code"]) == (1, "output_denied")
    assert film.path.read_bytes() == before
    assert foley("generate", film.path, "-p", "x", "-o", film.path, "--json").code == 2


def test_too_little_memory_is_told_so(
    film: Film, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def watched(*_: object) -> None:
        raise MemoryError("Unable to allocate 119. GiB for an array")

    monkeypatch.setattr("backend.cli.seen.watch", watched)
    with pytest.raises(SystemExit) as ended:
        main(["detect", str(film.path), "--json"])
    assert ended.value.code == 1
    assert '"out_of_memory"' in capsys.readouterr().out
