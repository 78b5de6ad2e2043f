import errno
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from researchdesk import files
from researchdesk.errors import BadInputError


def test_text_goes_through_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "f"
    raw = b"\xef\xbb\xbfa\r\nb\nc\rd\xe2\x80\xa8"
    path.write_bytes(raw)
    text = files.read_text(path)
    assert not files.write_text(path, text)
    assert files.write_text(path, text + "\n")
    assert path.read_bytes() == raw + b"\n"


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target = tmp_path / "vault" / "f"
    link = tmp_path / "f"
    link.symlink_to(target)
    assert files.read_text(link) == ""
    for text in ("one", "two"):
        assert files.write_text(link, text)
        assert link.is_symlink()
        assert target.read_text("utf-8") == text
    assert not files.write_text(link, "two")
    assert [path.name for path in target.parent.iterdir()] == ["f"]


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("x")
    path.chmod(0o600)
    files.write_text(path, "y")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_asked_to_be_private_is(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("x")
    old.chmod(0o644)
    assert files.write_text(new, "x", mode=0o600)
    assert not files.write_text(old, "x", mode=0o600)
    assert [path.stat().st_mode & 0o777 for path in (new, old)] == [0o600, 0o600]


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(BadInputError, match="cannot be read"):
        files.read_text(loop)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInputError, match="cannot be written"):
        files.write_text(tmp_path / "file" / "below", "y")


def test_what_a_killed_write_left_is_used_again_and_not_left_beside(tmp_path: Path) -> None:
    path, left = tmp_path / "f.md", tmp_path / ".f.md.part"
    left.write_text("half of something long")
    files.write_text(path, "new")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("f.md", "new")]


@pytest.mark.parametrize("how", ["symlink_to", "hardlink_to"])
def test_a_link_in_the_place_of_a_half_written_file_leads_nowhere(tmp_path: Path, how: str) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    getattr(tmp_path / ".f.part", how)(other)
    files.write_text(tmp_path / "f", "new")
    assert (tmp_path / "f").read_text() == "new"
    assert other.read_text() == "mine"


def test_a_file_that_another_process_is_writing_is_not_taken_from_it(tmp_path: Path) -> None:
    with (tmp_path / ".f.part").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write("half")
        other.flush()
        files.write_text(tmp_path / "f", "new")
        assert (tmp_path / ".f.part").read_text() == "half"
    assert (tmp_path / "f").read_text() == "new"


def test_of_two_who_write_a_file_at_once_each_puts_a_whole_one_there(tmp_path: Path) -> None:
    path = tmp_path / "f"

    def write(letter: str) -> set[bytes]:
        seen = set()
        for number in range(60):
            files.write_text(path, letter * 50_000 + f"{number:02}")
            seen.add(path.read_bytes())
        return seen

    with ThreadPoolExecutor(3) as pool:
        seen = set[bytes]().union(*pool.map(write, "abc"))
    assert {(len(text), len(set(text[:50_000]))) for text in seen} == {(50_002, 1)}
    assert [one.name for one in tmp_path.iterdir()] == ["f"]


def test_a_folder_that_can_be_written_and_not_read_takes_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        if path == tmp_path:
            raise PermissionError
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
    assert files.write_text(tmp_path / "f", "new")
    assert (tmp_path / "f").read_text() == "new"


def test_where_there_are_no_locks_nothing_is_left_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    monkeypatch.setattr(fcntl, "flock", refuse)
    files.write_text(tmp_path / "f", "new")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("f", "new")]
