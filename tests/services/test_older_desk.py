"""A desk of the first release, brought up to date: nothing of it is lost or changed."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database
from support.searching import found_ids

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.domain.reading import PassState
from researchdesk.services import library, links, notes, reading, stories
from researchdesk.services.desk import Desk, open_desk
from researchdesk.storage.migrations import desk_migrations

NOON = datetime(2026, 4, 12, 12, tzinfo=UTC)
_ROWS = Path(__file__).parents[1] / "reliability/killing/older.sql"


@pytest.fixture
def old(tmp_path: Path) -> Desk:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        desk_migrations.apply(Database(raw), stop_before="m006_html")
        raw.executescript(_ROWS.read_text("utf-8"))
    return open_desk(Settings(desk=tmp_path, state=tmp_path), lambda: NOON)


def test_passes_and_what_was_put_off_stay(old: Desk) -> None:
    paper = library.get_paper(old, "1904.00001")
    first, second = reading.passes_of(old, paper)
    assert (first.state, first.why, first.again_on) == (
        PassState.FINISHED,
        "good",
        date(2026, 4, 1),
    )
    assert (first.decision, first.seconds, second.step) == (None, 0.0, 1)
    assert [item.reading_pass for item in reading.due(old)] == [first]
    assert reading.half_done(old) == []


def test_notes_their_revisions_and_their_links_stay(old: Desk) -> None:
    paper = library.get_paper(old, "1904.00001")
    (note,) = notes.notes_of(old, paper)
    assert (note.text, note.page, note.quote, note.step) == (
        "see [[1412.6980]]",
        2,
        "quoted",
        "title",
    )
    assert (note.code, note.answers, note.resolved_at) == (None, None, None)
    assert notes.questions_of(old, paper, only_open=True) == [note]
    assert [state.text for state in notes.revisions(old, 11)] == ["first", "see [[1412.6980]]"]
    assert links.backlinks(old, "paper", "1412.6980") == [note]
    pointing = notes.add_note(old, paper, 1, "see [[note:11]]")
    assert links.backlinks(old, "note", "11") == [pointing]
    notes.undo(old, paper)
    assert notes.undelete_note(old, 12).text == "gone"
    assert notes.undo(old, paper) is not None
    assert notes.undo(old, paper) is None
    assert found_ids(old, "quoted") == [paper.id]


def test_search_still_follows_the_notes(old: Desk) -> None:
    paper = library.get_paper(old, "1904.00001")
    notes.edit_note(old, 11, text="zebra")
    assert found_ids(old, "zebra") == [paper.id]
    notes.undo(old, paper)
    assert found_ids(old, "zebra") == []
    assert library.file_metadata(old, Metadata("New", arxiv_id="2001.00001")).id == 9


def test_every_saved_draft_of_a_story_stays_a_draft(old: Desk) -> None:
    first, second = stories.drafts(old, "why")
    assert [(first.number, first.text), (second.number, second.text)] == [
        (1, "first\n"),
        (2, "second\n"),
    ]
    assert first.begun_at == first.saved_at < second.saved_at
    assert [item.text for item in stories.states(old, "why", 1)] == ["first\n"]
    stories.save_draft(old, "why", "second and more")
    assert [draft.text for draft in stories.drafts(old, "why")] == ["first\n", "second and more\n"]
    assert [item.text for item in stories.states(old, "why", 2)] == [
        "second\n",
        "second and more\n",
    ]
