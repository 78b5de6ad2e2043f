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


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(BadInputError, match="cannot be read"):
        files.read_text(loop)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInputError, match="cannot be written"):
        files.write_text(tmp_path / "file" / "below", "y")
