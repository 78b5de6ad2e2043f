from datetime import date
from pathlib import Path

import pytest
import yaml

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import NoteKind
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import exporting, notes, reading
from researchdesk.services.desk import Desk


def _export(desk: Desk, folder: Path) -> tuple[Path, bool]:
    (done,) = exporting.export_notes(desk, None, folder)
    return done.path, done.changed


def test_the_file_tells_the_paper_its_passes_and_its_notes(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    notes.add_note(desk, paper, 1, "**mine**", page=3, quote="a_b <i>", kind=NoteKind.TRICK)
    reading.drop_pass(desk, paper, 1, "no | ablation", date(2026, 12, 1))
    path, changed = _export(desk, tmp_path / "out")
    assert changed
    assert path.name == "1904.00001.md"
    text = path.read_text("utf-8")
    head = yaml.safe_load(text.split("---")[1])
    assert head["id"] == "1904.00001"
    assert (head["version"], head["status"]) == (2, "left in pass 1")
    assert head["authors"] == ["Ada Author", "Bo Writer"]
    assert head["published"] == date(2019, 4, 19)
    assert "# On \\[b\\]Bold\\[/b\\] \\*Claims\\*" in text
    assert "> We claim 94% & \\<b\\>more\\</b\\>." in text
    assert "no \\| ablation" in text
    assert "2026-12-01" in text
    assert "**trick or hack** · p. 3" in text
    assert "> a\\_b \\<i\\>" in text
    assert "\n**mine**\n" in text


def test_written_again_it_changes_only_what_changed(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    path, _ = _export(desk, tmp_path)
    before = path.stat().st_mtime_ns
    assert _export(desk, tmp_path) == (path, False)
    assert path.stat().st_mtime_ns == before
    own = path.read_text("utf-8").replace("---\n", "---\ntags: [mine]\n", 1)
    own = own.replace("<!-- researchdesk:begin notes", "MY WORDS\n\n<!-- researchdesk:begin notes")
    path.write_text(own + "\nand at the end\n", "utf-8")
    notes.add_note(desk, paper, 1, "new note")
    assert _export(desk, tmp_path) == (path, True)
    text = path.read_text("utf-8")
    for words in ("tags: [mine]\n", "MY WORDS\n\n<!--", "\nand at the end\n", "new note"):
        assert words in text
    assert _export(desk, tmp_path) == (path, False)


def test_line_ends_of_the_user_stay(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    path, _ = _export(desk, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert _export(desk, tmp_path) == (path, False)
    notes.add_note(desk, paper, 1, "x")
    _export(desk, tmp_path)
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")


def test_a_file_that_is_not_ours_is_never_written_over(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    path = tmp_path / "1904.00001.md"
    path.write_text("my own notes")
    with pytest.raises(BadInputError, match="not written by researchdesk"):
        _export(desk, tmp_path)
    assert path.read_text() == "my own notes"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInputError, match="cannot be read"):
        _export(desk, tmp_path)


def test_nothing_to_export_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotOnDeskError):
        exporting.export_notes(desk, None, tmp_path)
