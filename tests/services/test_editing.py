"""A text lent to an editor, and what it leaves."""

import tempfile
from pathlib import Path

import pytest

from researchdesk.errors import BadInputError, DeskError
from researchdesk.services.editing import edited


def test_what_was_saved_comes_back_and_what_was_not_is_none(tmp_path: Path) -> None:
    lent: list[bytes] = []
    assert edited("old", tmp_path, lambda path: lent.append(path.read_bytes())) is None
    assert lent == [b"old\n"]
    assert edited("old", tmp_path, lambda path: path.write_bytes(b"old\n") and None) == "old\n"
    assert (
        edited("", tmp_path, lambda path: path.write_bytes(b"\xef\xbb\xbfa\r\nb") and None)
        == "a\nb"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("written", "fails"), [(b"caf\xe9", False), (b"words", True)])
def test_what_cannot_be_taken_is_set_aside(tmp_path: Path, written: bytes, fails: bool) -> None:
    def edit(path: Path) -> None:
        path.write_bytes(written)
        if fails:
            raise DeskError("The editor ended with 3.", "Try again.")

    with pytest.raises(DeskError) as caught:
        edited("old", tmp_path / "state", edit)
    assert isinstance(caught.value, BadInputError) is not fails
    assert Path(caught.value.hint.rsplit("Your words are in ", 1)[1]).read_bytes() == written


def test_an_editor_that_failed_and_wrote_nothing_leaves_nothing(tmp_path: Path) -> None:
    def edit(_: Path) -> None:
        raise DeskError("The editor ended with 3.", "Try again.")

    with pytest.raises(DeskError) as caught:
        edited("old", tmp_path, edit)
    assert (caught.value.hint, list(tmp_path.iterdir())) == ("Try again.", [])


def test_without_a_folder_for_temporary_files_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "away"))
    with pytest.raises(DeskError, match=r"No such file.* Nothing was changed") as caught:
        edited("old", tmp_path, lambda path: None)
    assert "TMPDIR" in caught.value.hint
