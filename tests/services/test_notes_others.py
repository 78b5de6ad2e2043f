"""Notes that two programs write on one desk: undo takes back what one did oneself."""

import pytest

from researchdesk.config import Settings
from researchdesk.domain.papers import Paper
from researchdesk.errors import UsageProblemError
from researchdesk.services import notes
from researchdesk.services.desk import Desk, open_desk


def test_what_another_program_did_is_taken_back_only_after_ones_own(
    desk: Desk, settings: Settings, paper: Paper
) -> None:
    other = open_desk(settings)
    mine = notes.add_note(desk, paper, 1, "mine")
    theirs = notes.add_note(other, paper, 1, "theirs")
    done = notes.undo(desk, paper)
    assert done is not None
    assert done.note.id == mine.id
    assert [note.id for note in notes.notes_of(desk, paper)] == [theirs.id]
    again = notes.redo(desk, paper)
    assert again is not None
    assert again.note.id == mine.id
    for _ in range(2):
        notes.undo(desk, paper)
    assert not notes.notes_of(desk, paper)
    other.close()


def test_undo_leaves_a_note_that_another_program_changed_since(
    desk: Desk, settings: Settings, paper: Paper
) -> None:
    other = open_desk(settings)
    note = notes.add_note(desk, paper, 1, "mine")
    notes.edit_note(other, note.id, text="mine, and theirs")
    with pytest.raises(UsageProblemError, match="changed by another program"):
        notes.undo(desk, paper)
    assert notes.get_note(desk, note.id).text == "mine, and theirs"
    notes.undo(other, paper)
    done = notes.undo(desk, paper)
    assert done is not None
    assert done.gone
    other.close()


def test_what_was_done_before_what_another_changed_can_be_taken_back_all_the_same(
    desk: Desk, settings: Settings, paper: Paper
) -> None:
    other = open_desk(settings)
    first, second = (notes.add_note(desk, paper, 1, words) for words in ("first", "second"))
    notes.edit_note(other, second.id, text="changed")
    with pytest.raises(UsageProblemError):
        notes.undo(desk, paper)
    done = [notes.undo(desk, paper) for _ in range(3)]
    assert [one and (one.note.id, one.gone) for one in done] == [
        (first.id, True),
        (second.id, False),
        (second.id, True),
    ]
    other.close()
