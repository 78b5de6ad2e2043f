"""Storylines: drafts written from scratch, their states, what is kept when two programs write."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from support.faketime import FakeTime

from researchdesk.domain.word_diff import How
from researchdesk.errors import BusyError, NotOnDeskError, UsageProblemError
from researchdesk.services import stories
from researchdesk.services.desk import Desk


@pytest.fixture
def slug(desk: Desk) -> str:
    return stories.new_story(desk, "Why Adam settles").slug


def states(desk: Desk, slug: str, number: int) -> list[str]:
    return [state.text for state in stories.states(desk, slug, number)]


def texts(desk: Desk, slug: str) -> list[str]:
    return [draft.text for draft in stories.drafts(desk, slug)]


def test_saving_again_and_again_changes_one_draft_and_keeps_its_states(
    desk: Desk, slug: str, fake_time: FakeTime
) -> None:
    assert stories.new_story(desk, "Why Adam settles").slug == "why-adam-settles-2"
    stories.save_draft(desk, slug, "one")
    fake_time.advance(minutes=5)
    stories.save_draft(desk, slug, "one\n")
    stories.save_draft(desk, slug, "two")
    kept = stories.save_draft(desk, slug, "two\n\n")
    assert (kept.drafts, kept.text) == (1, "two\n")
    assert states(desk, slug, 1) == ["one\n", "two\n"]
    (draft,) = stories.drafts(desk, slug)
    assert (draft.number, draft.states, draft.title) == (1, 2, "")
    assert (draft.saved_at - draft.begun_at).seconds == 300


def test_what_is_not_there_is_told(desk: Desk, slug: str) -> None:
    with pytest.raises(NotOnDeskError, match="nothing is written"):
        stories.get_draft(desk, slug)
    stories.save_draft(desk, slug, "one")
    with pytest.raises(NotOnDeskError, match="no draft 2"):
        stories.save_draft(desk, slug, "x", 2)
    with pytest.raises(NotOnDeskError, match="no draft 7"):
        stories.autosave(desk, slug, 7, "x")
    with pytest.raises(NotOnDeskError):
        stories.get_story(desk, "nothing")
    with pytest.raises(UsageProblemError):
        stories.new_story(desk, " ")
    assert texts(desk, slug) == ["one\n"]


def test_nothing_written_makes_no_draft(desk: Desk, slug: str) -> None:
    assert stories.save_draft(desk, slug, " \n").drafts == 0


def test_a_new_draft_is_empty_and_the_others_stay(desk: Desk, slug: str) -> None:
    stories.save_draft(desk, slug, "one")
    begun = stories.new_draft(desk, slug, " From the\nend ")
    assert (begun.number, begun.text, begun.name) == (2, "", "Draft 2: From the end")
    assert stories.new_draft(desk, slug, "again").number == 2
    assert stories.get_draft(desk, slug).title == "again"
    assert stories.title_draft(desk, slug, 1, "first").name == "Draft 1: first"
    stories.save_draft(desk, slug, "two")
    stories.save_draft(desk, slug, "one, mended", 1)
    assert texts(desk, slug) == ["one, mended\n", "two\n"]
    story = stories.get_story(desk, slug)
    assert (story.text, story.draft_title, story.drafts) == ("two\n", "again", 2)
    assert stories.new_draft(desk, slug).number == 3


def test_an_empty_draft_that_is_begun_again_keeps_its_title(desk: Desk, slug: str) -> None:
    stories.new_draft(desk, slug, "mine")
    assert stories.new_draft(desk, slug).name == "Draft 1: mine"
    assert stories.new_draft(desk, slug, "yours").name == "Draft 1: yours"


def test_emptied_drafts_are_not_begun_over(desk: Desk, slug: str) -> None:
    stories.save_draft(desk, slug, "one")
    stories.save_draft(desk, slug, "")
    assert states(desk, slug, 1) == ["one\n", ""]
    assert stories.new_draft(desk, slug).number == 2


def test_each_change_is_written_and_only_pauses_are_states(desk: Desk, slug: str) -> None:
    over = stories.autosave(desk, slug, 1, "")
    for text in ("o", "on", "one\x1b[31m", "one\n\n"):
        over = stories.autosave(desk, slug, 1, text, over)
        assert stories.get_draft(desk, slug).text == over
    assert stories.drafts(desk, slug)[0].states == 0
    stories.save_draft(desk, slug, over, 1)
    assert stories.autosave(desk, slug, 1, "one, two", over) == "one, two"
    assert states(desk, slug, 1) == ["one\n"]


def test_what_was_typed_and_not_kept_becomes_a_state_before_it_is_written_over(
    desk: Desk, slug: str
) -> None:
    stories.autosave(desk, slug, 1, "typed, and then the light went out")
    stories.save_draft(desk, slug, "another program's words")
    assert states(desk, slug, 1) == [
        "typed, and then the light went out\n",
        "another program's words\n",
    ]
    stories.autosave(desk, slug, 1, "typed again")
    stories.new_draft(desk, slug)
    assert states(desk, slug, 1)[-1] == "typed again\n"


def test_two_programs_that_type_into_one_draft_lose_nothing(desk: Desk, slug: str) -> None:
    mine = stories.autosave(desk, slug, 1, "mine")
    theirs = stories.autosave(desk, slug, 1, "theirs", mine)
    stories.autosave(desk, slug, 1, "mine, more", mine)
    stories.autosave(desk, slug, 1, "theirs, more", theirs)
    assert states(desk, slug, 1) == ["theirs\n", "mine, more\n"]
    assert texts(desk, slug) == ["theirs, more"]


def test_while_another_program_writes_typing_is_not_held_up(desk: Desk, slug: str) -> None:
    kept = stories.autosave(desk, slug, 1, "one")
    with closing(sqlite3.connect(desk.database.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            stories.autosave(desk, slug, 1, "one, two", kept)
    assert stories.autosave(desk, slug, 1, "one, two", kept) == "one, two"
    db = desk.database.connection
    assert [tuple(db.execute(f"PRAGMA {name}").fetchone()) for name in (
        "synchronous", "busy_timeout",
    )] == [(2,), (30_000,)]  # fmt: skip


def test_drafts_are_compared_paragraph_by_paragraph(desk: Desk, slug: str) -> None:
    stories.save_draft(desk, slug, "# A title\n\nIt falls fast.\n\nThe end.")
    stories.new_draft(desk, slug)
    stories.save_draft(desk, slug, "# A title\n\nIt falls\nslowly.\n\nMore.\n\nThe end.")
    assert [(piece.how, piece.text) for piece in stories.diff_of(desk, slug, 1, 2)] == [
        (How.SAME, "# A title\n\nIt falls"),
        (How.REMOVED, " fast"),
        (How.ADDED, " slowly"),
        (How.SAME, "."),
        (How.ADDED, "\n\nMore."),
        (How.SAME, "\n\nThe end."),
    ]
    with pytest.raises(NotOnDeskError):
        stories.diff_of(desk, slug, 1, 3)


def test_the_drafts_of_an_older_desk_stay_drafts(desk: Desk, slug: str) -> None:
    """As the migration leaves them: one state each, of its own moment."""
    moment = datetime(2020, 1, 1, tzinfo=UTC).isoformat(timespec="microseconds")
    with desk.database.writing() as db:
        for number, text in enumerate(("old one\n", "old two\n"), start=1):
            row = {"story_id": 1, "number": number, "text": text, "saved_at": moment}
            db.table("drafts").insert(row)
            db.table("draft_states").insert(row)
    assert [draft.begun_at.year for draft in stories.drafts(desk, slug)] == [2020, 2020]
    stories.save_draft(desk, slug, "new two")
    assert texts(desk, slug) == ["old one\n", "new two\n"]
    assert states(desk, slug, 2) == ["old two\n", "new two\n"]
