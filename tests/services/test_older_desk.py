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
_ROWS = """
    INSERT INTO papers (id, key, arxiv_id, title, added_at)
        VALUES (7, 'old2019', '1904.00001', 'Old', '2026-01-01T00:00:00+00:00'),
               (8, 'gone', NULL, 'Gone', '2026-01-01T00:00:00+00:00');
    UPDATE papers SET removed_at = '2026-01-02T00:00:00+00:00' WHERE id = 8;
    INSERT INTO passes (id, paper_id, version, workflow, number, state, step, started_at, ended_at, why, again_on)
        VALUES (3, 7, 1, 'three-pass', 1, 'finished', 4, '2026-01-01T00:00:00+00:00',
                '2026-01-02T00:00:00+00:00', 'good', '2026-04-01'),
               (4, 7, 1, 'three-pass', 2, 'started', 1, '2026-01-01T12:00:00+00:00', NULL, '', NULL);
    INSERT INTO pass_events (pass_id, state, why, again_on, at)
        VALUES (3, 'started', '', NULL, '2026-01-01T00:00:00+00:00'),
               (4, 'started', '', NULL, '2026-01-01T12:00:00+00:00'),
               (3, 'finished', 'good', '2026-04-01', '2026-01-02T00:00:00+00:00');
    INSERT INTO notes (id, paper_id, version, pass_id, kind, page, quote, text, step, created_at, updated_at)
        VALUES (11, 7, 1, 3, 'question', 2, 'quoted', 'see [[1412.6980]]', 'title',
                '2026-01-01T01:00:00+00:00', '2026-01-01T02:00:00+00:00'),
               (12, 7, 1, 3, 'note', NULL, '', 'gone', '', '2026-01-01T03:00:00+00:00',
                '2026-01-01T03:00:00+00:00');
    UPDATE notes SET deleted_at = '2026-01-01T04:00:00+00:00' WHERE id = 12;
    INSERT INTO note_revisions (note_id, kind, page, quote, text, saved_at)
        VALUES (11, 'note', NULL, '', 'first', '2026-01-01T01:00:00+00:00'),
               (11, 'question', 2, 'quoted', 'see [[1412.6980]]', '2026-01-01T02:00:00+00:00'),
               (12, 'note', NULL, '', 'gone', '2026-01-01T03:00:00+00:00');
    INSERT INTO stories (id, slug, title, created_at)
        VALUES (2, 'why', 'Why', '2026-01-01T00:00:00+00:00');
    INSERT INTO drafts (story_id, number, text, saved_at)
        VALUES (2, 1, 'first' || char(10), '2026-01-01T00:00:00+00:00'),
               (2, 2, 'second' || char(10), '2026-01-02T00:00:00+00:00');
"""  # noqa: E501


@pytest.fixture
def old(tmp_path: Path) -> Desk:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        desk_migrations.apply(Database(raw), stop_before="m006_html")
        raw.executescript(_ROWS)
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
