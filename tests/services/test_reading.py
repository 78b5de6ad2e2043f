import subprocess
import sys
from datetime import date

import pytest
from support.faketime import FakeTime

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import NoteKind, PassState
from researchdesk.errors import BadInputError, DeskError, NotOnDeskError, UsageProblemError
from researchdesk.services import notes, reading
from researchdesk.services.desk import Desk


def test_a_pass_is_started_once_finished_and_opened_again(
    desk: Desk, paper: Paper, fake_time: FakeTime
) -> None:
    first = reading.start_pass(desk, paper, 1)
    assert (first.workflow, first.version, first.step) == ("three-pass", 2, 0)
    fake_time.advance(minutes=20)
    assert reading.start_pass(desk, paper, 1) == first
    moved = reading.set_step(desk, first, 99)
    assert moved.step == 4
    done = reading.finish_pass(desk, paper, 1, "worth a second look", date(2026, 5, 1))
    assert (done.state, done.why, done.again_on) == (
        PassState.FINISHED,
        "worth a second look",
        date(2026, 5, 1),
    )
    assert done.ended_at == fake_time.clock()
    again = reading.start_pass(desk, paper, 1)
    assert (again.id, again.state, again.ended_at) == (first.id, PassState.STARTED, None)


def test_leaving_wants_a_reason_and_a_pass_under_way(desk: Desk, paper: Paper) -> None:
    with pytest.raises(NotOnDeskError, match="not under way"):
        reading.drop_pass(desk, paper, 1, "no")
    reading.start_pass(desk, paper, 1)
    with pytest.raises(UsageProblemError):
        reading.drop_pass(desk, paper, 1, "  ")
    with pytest.raises(BadInputError, match="past"):
        reading.drop_pass(desk, paper, 1, "no", date(2020, 1, 1))
    assert reading.drop_pass(desk, paper, 1, "no ablation").state is PassState.DROPPED


def test_a_workflow_is_chosen_remembered_and_checked(desk: Desk, paper: Paper) -> None:
    assert reading.start_pass(desk, paper, 1, "four-stage").workflow == "four-stage"
    assert reading.start_pass(desk, paper, 4).workflow == "four-stage"
    with pytest.raises(UsageProblemError, match="no pass 5"):
        reading.start_pass(desk, paper, 5)
    with pytest.raises(NotOnDeskError, match="no reading workflow"):
        reading.start_pass(desk, paper, 1, "speed")


def test_a_note_starts_the_pass_and_keeps_its_pins(desk: Desk, paper: Paper) -> None:
    note = notes.add_note(
        desk, paper, 2, " why? \x1b[31m", page=3, quote="We claim", kind=NoteKind.QUESTION, step="s"
    )
    assert (note.text, note.page, note.quote, note.version) == ("why?", 3, "We claim", 2)
    assert [item.number for item in reading.passes_of(desk, paper)] == [2]
    assert notes.notes_of(desk, paper, 2) == [note]
    assert notes.notes_of(desk, paper, 1) == []
    for text, page in (("  ", 1), ("x", 0)):
        with pytest.raises(UsageProblemError):
            notes.add_note(desk, paper, 1, text, page=page)


def test_a_note_on_a_pass_that_ended_does_not_open_it(desk: Desk, paper: Paper) -> None:
    reading.start_pass(desk, paper, 1)
    reading.finish_pass(desk, paper, 1)
    notes.add_note(desk, paper, 1, "afterthought")
    assert [item.state for item in reading.passes_of(desk, paper)] == [PassState.FINISHED]


def test_every_state_of_a_note_is_kept(desk: Desk, paper: Paper, fake_time: FakeTime) -> None:
    note = notes.add_note(desk, paper, 1, "first")
    fake_time.advance(minutes=1)
    edited = notes.edit_note(desk, note.id, text="second", page=4)
    assert notes.edit_note(desk, note.id, text="second") == edited
    assert [state.text for state in notes.revisions(desk, note.id)] == ["first", "second"]
    notes.delete_note(desk, note.id)
    assert notes.notes_of(desk, paper) == []
    assert notes.undelete_note(desk, note.id).text == "second"
    assert notes.notes_of(desk, paper) == [edited]
    with pytest.raises(NotOnDeskError):
        notes.edit_note(desk, 99, text="x")


def test_two_processes_lose_no_note(desk: Desk, paper: Paper) -> None:
    script = (
        "import sys\n"
        "from dataclasses import replace\n"
        "from pathlib import Path\n"
        "from researchdesk.config import Settings\n"
        "from researchdesk.services.desk import open_desk\n"
        "from researchdesk.services.library import get_paper\n"
        "from researchdesk.services.notes import add_note\n"
        "desk = open_desk(Settings(desk=Path(sys.argv[1])))\n"
        "paper = get_paper(desk, sys.argv[2])\n"
        "for n in range(25): add_note(desk, paper, 1 + n % 3, f'{sys.argv[3]} {n}')\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(desk.root), paper.name, who])
        for who in ("a", "b", "c")
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    kept = {note.text for note in notes.notes_of(desk, paper)}
    assert kept == {f"{who} {n}" for who in "abc" for n in range(25)}


def test_a_desk_that_cannot_be_written_says_so(desk: Desk, paper: Paper) -> None:
    desk.database.connection.execute("PRAGMA query_only=ON")
    with pytest.raises(DeskError, match="could not be written"):
        notes.add_note(desk, paper, 1, "x")
    desk.database.connection.execute("PRAGMA query_only=OFF")
    assert notes.notes_of(desk, paper) == []
    assert reading.passes_of(desk, paper) == []


def test_a_note_on_an_older_version_does_not_open_its_pass_again(desk: Desk, paper: Paper) -> None:
    reading.start_pass(desk, paper, 1, version=1)
    over = reading.finish_pass(desk, paper, 1, "enough")
    note = notes.add_note(desk, paper, 1, "afterthought", version=1)
    assert (note.version, note.pass_id) == (1, over.id)
    assert reading.passes_of(desk, paper) == [over]
