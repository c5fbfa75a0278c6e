"""Files put in their place: whole, through links, and past programs that hold them open for a moment."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.atomic import write_atomic
from backend.worker.delivery import Placement
from foley_core.errors import DiskFull, OutputDenied, OutputError, disk_of, writing
from foley_core.media import atomic_file as module
from foley_core.media.atomic_file import atomic_file


def by_atomic_file(path: Path, content: bytes) -> None:
    with atomic_file(path) as part:
        part.write_bytes(content)


def by_placement(path: Path, content: bytes) -> None:
    staged = path.parent / "staged"
    staged.write_bytes(content)
    try:
        with Placement() as placement:
            placement.put(staged, path)
    finally:
        staged.unlink(missing_ok=True)
        staged.with_name("staged.replaced").unlink(missing_ok=True)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


Way = Callable[[Path, bytes], None]
WAYS: list[Way] = [by_atomic_file, write_atomic, by_placement]
each_way = pytest.mark.parametrize("write", WAYS, ids=lambda way: way.__name__)


@contextmanager
def held_open(monkeypatch: pytest.MonkeyPatch, times: int, code: int) -> Iterator[list[int]]:
    """Refuse the first `times` renames as Windows does where another program has the file open."""
    tried, replace = [0], Path.replace

    def refused(self: Path, target: Path) -> Path:
        tried[0] += 1
        if tried[0] <= times:
            error = PermissionError(errno.EACCES, "Access is denied")
            error.winerror = code  # type: ignore[attr-defined]
            raise error
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refused)
        yield tried


@each_way
@pytest.mark.parametrize("code", [5, 32, 33])
def test_a_file_that_another_program_holds_for_a_moment_is_waited_for(
    write: Way, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(b"older")
    with held_open(monkeypatch, 3, code) as tried:
        write(path, b"new")
    assert tried[0] > 3
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["x.wav"]


@each_way
def test_one_that_is_held_for_long_stays_and_is_said_to_be_open(
    write: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(b"older")
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    with held_open(monkeypatch, 1_000, 32) as tried, pytest.raises(OutputDenied) as caught:
        write(path, b"new")
    assert 3 <= tried[0] < 20
    assert "Close it in the program that has it open" in caught.value.hint
    assert path.read_bytes() == b"older"
    assert names(tmp_path) == ["x.wav"]


@each_way
def test_what_is_denied_for_good_is_not_tried_again(
    write: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_open(monkeypatch, 1_000, 0) as tried, pytest.raises(OutputDenied) as caught:
        write(tmp_path / "x.wav", b"new")
    assert tried == [1]
    assert "Choose a folder" in caught.value.hint


def links(folder: Path) -> bool:
    """Whether this user may make links here; on Windows not everyone may."""
    try:
        (folder / "try").symlink_to("nowhere")
    except OSError:
        return False
    (folder / "try").unlink()
    return True


@each_way
@pytest.mark.parametrize("there", [True, False], ids=["there", "dangling"])
def test_a_link_stays_a_link_and_what_it_leads_to_is_renewed(write: Way, there: bool, tmp_path: Path) -> None:
    if not links(tmp_path):
        pytest.skip("links may not be made here")
    far, near = tmp_path / "far", tmp_path / "near"
    far.mkdir()
    near.mkdir()
    if there:
        (far / "t.wav").write_bytes(b"older")
    (near / "middle.wav").symlink_to(Path("..") / "far" / "t.wav")
    (near / "l.wav").symlink_to("middle.wav")
    write(near / "l.wav", b"new")
    assert (near / "l.wav").is_symlink()
    assert (near / "middle.wav").is_symlink()
    assert not (far / "t.wav").is_symlink()
    assert (far / "t.wav").read_bytes() == (near / "l.wav").read_bytes() == b"new"
    assert {path.name for path in (*far.iterdir(), *near.iterdir())} == {"t.wav", "l.wav", "middle.wav"}


@each_way
def test_links_that_lead_in_a_circle_or_nowhere_are_an_error_and_stay(write: Way, tmp_path: Path) -> None:
    if not links(tmp_path):
        pytest.skip("links may not be made here")
    (tmp_path / "a.wav").symlink_to("b.wav")
    (tmp_path / "b.wav").symlink_to("a.wav")
    (tmp_path / "c.wav").symlink_to(Path("gone") / "c.wav")
    for name in ("a.wav", "c.wav"):
        with pytest.raises(OutputDenied, match=name):
            write(tmp_path / name, b"new")
        assert (tmp_path / name).is_symlink()
    assert names(tmp_path) == ["a.wav", "b.wav", "c.wav"]


def test_what_a_placement_replaced_through_a_link_comes_back(tmp_path: Path) -> None:
    if not links(tmp_path):
        pytest.skip("links may not be made here")
    (tmp_path / "t.wav").write_bytes(b"older")
    (tmp_path / "l.wav").symlink_to("t.wav")
    staged = tmp_path / "staged"
    staged.write_bytes(b"new")
    placement = Placement()
    placement.put(staged, tmp_path / "l.wav")
    assert (tmp_path / "t.wav").read_bytes() == b"new"
    placement.__exit__(RuntimeError, RuntimeError(), None)
    assert (tmp_path / "l.wav").is_symlink()
    assert (tmp_path / "t.wav").read_bytes() == b"older"


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_small_file_of_ours_is_its_owner_s_alone_through_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "l.json").symlink_to("t.json")
    write_atomic(tmp_path / "l.json", b"{}")
    assert stat.S_IMODE((tmp_path / "t.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("number", "error", "hint"),
    [
        (errno.ENOSPC, DiskFull, "Free some space on the disk at"),
        (errno.EFBIG, DiskFull, "Choose a folder on another disk"),
        (errno.EACCES, OutputDenied, "Choose a folder that exists"),
        (errno.EROFS, OutputDenied, "Choose a folder that exists"),
    ],
)
def test_each_error_of_the_system_says_what_to_do(
    number: int, error: type[OutputError], hint: str, tmp_path: Path
) -> None:
    with pytest.raises(error) as caught, writing(tmp_path / "x.wav"):
        raise OSError(number, os.strerror(number))
    assert hint in caught.value.hint
    assert str(tmp_path / "x.wav") in caught.value.message
    if error is DiskFull:
        assert disk_of(tmp_path) in str(caught.value)


@pytest.mark.process
@pytest.mark.root
def test_the_disk_that_is_full_is_named(small_disk: Path) -> None:
    with pytest.raises(DiskFull) as caught:
        by_atomic_file(small_disk / "x.wav", bytes(100_000))
    assert f"the disk at {small_disk}," in caught.value.hint
    assert disk_of(small_disk / "not" / "there") == str(small_disk)


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_of_a_name_that_is_too_long_a_shorter_one_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(OutputDenied) as denied, atomic_file(tmp_path / ("x" * 300)) as part:
        part.write_bytes(b"new")
    assert "shorter name" in denied.value.hint
    assert names(tmp_path) == []
