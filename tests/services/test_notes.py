"""What can be done to notes: questions, answers, undo, links; nothing typed is lost."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.faketime import FakeTime
from support.taken_off import take_off

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.reading import CodePlace, Note, NoteKind
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import claims, library, links, notes, reading, surprises
from researchdesk.services.desk import Desk, open_desk


def _texts(desk: Desk, paper: Paper) -> list[str]:
    return [note.text for note in notes.notes_of(desk, paper)]


def test_a_mark_may_be_a_quote_alone(desk: Desk, paper: Paper) -> None:
    marked = notes.mark(desk, paper, 2, " We claim \x1b[1m", page=1, step="read")
    assert (marked.kind, marked.text, marked.quote) == (NoteKind.QUESTION, "", "We claim")
    assert (marked.pass_number, marked.step, marked.resolved_at) == (2, "read", None)
    assert notes.edit_note(desk, marked.id, text="why?").text == "why?"
    assert notes.edit_note(desk, marked.id, text="").text == ""
    for change in ({"quote": ""}, {"kind": NoteKind.NOTE}):
        with pytest.raises(UsageProblemError, match="empty"):
            notes.edit_note(desk, marked.id, **change)  # type: ignore[arg-type]
    with pytest.raises(UsageProblemError, match="empty"):
        notes.mark(desk, paper, 2, " ")
    assert notes.get_note(desk, marked.id).quote == "We claim"


def test_a_question_is_answered_in_the_pass_at_hand_let_go_and_opened(
    desk: Desk, paper: Paper
) -> None:
    first = notes.mark(desk, paper, 2, "a", page=4)
    second = notes.mark(desk, paper, 2, "b")
    notes.add_note(desk, paper, 2, "no question")
    reading.finish_pass(desk, paper, 2)
    reading.start_pass(desk, paper, 3)
    answer = notes.resolve(desk, first.id, " because \n", step="questions")
    assert answer is not None
    assert (answer.text, answer.pass_number, answer.page) == ("because", 3, 4)
    assert (answer.answers, answer.step, answer.kind) == (first.id, "questions", NoteKind.NOTE)
    assert notes.answers_to(desk, first.id) == [answer]
    assert notes.resolve(desk, second.id) is None
    assert notes.questions_of(desk, paper, only_open=True) == []
    assert [item.id for item in notes.questions_of(desk, paper)] == [first.id, second.id]
    opened = notes.reopen(desk, first.id)
    assert opened.resolved_at is None
    assert notes.questions_of(desk, paper, only_open=True) == [opened]
    assert notes.answers_to(desk, first.id) == [answer]
    again = notes.resolve(desk, first.id, "and so")
    assert [item.text for item in notes.answers_to(desk, first.id)] == ["because", "and so"]
    assert again is not None


def test_only_questions_are_resolved_and_answered(desk: Desk, paper: Paper) -> None:
    plain = notes.add_note(desk, paper, 1, "x")
    other = library.file_metadata(desk, Metadata("Other", arxiv_id="2001.00001"))
    elsewhere = notes.mark(desk, other, 2, "q")
    for number in (plain.id, 99):
        with pytest.raises(NotOnDeskError):
            notes.resolve(desk, number, "y")
        with pytest.raises(NotOnDeskError):
            notes.reopen(desk, number)
    with pytest.raises(NotOnDeskError, match="no question of 1904"):
        notes.add_note(desk, paper, 1, "y", answers=elsewhere.id)
    assert _texts(desk, paper) == ["x"]


def test_a_page_is_taken_away_and_left_alone(desk: Desk, paper: Paper) -> None:
    note = notes.add_note(desk, paper, 1, "x", page=3)
    assert notes.edit_note(desk, note.id, text="y").page == 3
    assert notes.edit_note(desk, note.id, page=None).page is None
    assert [state.page for state in notes.revisions(desk, note.id)] == [3, 3, None]
    with pytest.raises(UsageProblemError, match="from 1"):
        notes.edit_note(desk, note.id, page=0)


def test_a_note_keeps_its_place_in_code(desk: Desk, paper: Paper) -> None:
    place = CodePlace("https://example.org/r", "abc", "src/a.py", 3)
    note = notes.add_note(desk, paper, 3, "see", code=place)
    assert notes.edit_note(desk, note.id, text="saw").code == place
    assert notes.notes_of(desk, paper)[0].code == place


def test_undo_goes_back_step_by_step_and_redo_forth(
    desk: Desk, paper: Paper, fake_time: FakeTime
) -> None:
    note = notes.add_note(desk, paper, 1, "first", page=2)
    notes.edit_note(desk, note.id, text="second", page=None)
    notes.delete_note(desk, note.id)
    told = []
    while done := notes.undo(desk, paper):
        fake_time.advance(minutes=1)
        told.append((_texts(desk, paper), done.note.page, done.gone))
    assert told == [(["second"], None, False), (["first"], 2, False), ([], 2, True)]
    forth = []
    while notes.redo(desk, paper):
        forth.append(_texts(desk, paper))
    assert forth == [["first"], ["second"], []]
    states = [state.text for state in notes.revisions(desk, note.id)]
    assert states == ["first", "second", "first", "second"]


def test_undo_takes_an_answer_back_with_its_resolving(desk: Desk, paper: Paper) -> None:
    question = notes.mark(desk, paper, 2, "q")
    notes.resolve(desk, question.id, "a")
    done = notes.undo(desk, paper)
    assert done is not None
    assert done.words == f"Question {question.id} is open again."
    assert notes.answers_to(desk, question.id) == []
    assert len(notes.questions_of(desk, paper, only_open=True)) == 1
    notes.redo(desk, paper)
    assert [item.text for item in notes.answers_to(desk, question.id)] == ["a"]
    assert notes.questions_of(desk, paper, only_open=True) == []


def test_undo_works_after_a_restart_and_is_of_one_paper(
    desk: Desk, paper: Paper, settings: Settings
) -> None:
    other = library.file_metadata(desk, Metadata("Other", arxiv_id="2001.00001"))
    notes.add_note(desk, paper, 1, "mine")
    notes.add_note(desk, other, 1, "not mine")
    desk.close()
    again = open_desk(settings)
    assert notes.undo(again, paper) is not None
    assert notes.undo(again, paper) is None
    assert _texts(again, other) == ["not mine"]
    again.close()
    once_more = open_desk(settings)
    assert notes.redo(once_more, paper) is not None
    assert _texts(once_more, paper) == ["mine"]
    once_more.close()


def test_a_note_of_before_undo_was_kept_can_be_undone(desk: Desk, paper: Paper) -> None:
    note = notes.add_note(desk, paper, 1, "old")
    with desk.database.writing() as db:
        db.execute("DELETE FROM note_actions")
    notes.edit_note(desk, note.id, text="new")
    assert notes.undo(desk, paper) is not None
    assert _texts(desk, paper) == ["old"]
    assert notes.undo(desk, paper) is None


_VERBS = ["add", "mark", "edit", "delete", "restore", "resolve", "answer", "reopen"]
_STEPS = st.lists(
    st.tuples(
        st.sampled_from([*_VERBS, "undo", "undo", "redo"]),
        st.integers(0, 3),
        st.sampled_from(["a", "b [[note:1]]", "c"]),
    ),
    max_size=25,
)


@pytest.mark.slow
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_STEPS)
def test_any_way_of_doing_and_undoing_agrees_with_a_stack_of_pictures(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    desk = open_desk(Settings(desk=tmp_path_factory.mktemp("d"), state=Path("state")))
    paper = library.file_metadata(desk, Metadata("P", arxiv_id="1904.00001"))
    past, future = [_picture(desk, paper)], list[object]()
    typed = set[str]()
    for name, which, text in steps:
        before = _picture(desk, paper)
        if name == "undo":
            done = notes.undo(desk, paper)
            assert (done is not None) is (len(past) > 1)
            if done:
                future.append(past.pop())
        elif name == "redo":
            done = notes.redo(desk, paper)
            assert (done is not None) is bool(future)
            if done:
                past.append(future.pop())
        else:
            typed |= _do(desk, paper, name, which, text)
            if (after := _picture(desk, paper)) != before:
                past.append(after)
                future.clear()
        assert _picture(desk, paper) == past[-1]
    everything = desk.database.connection.query("SELECT text FROM note_revisions")
    assert typed <= {row["text"] for row in everything}
    desk.close()


def _do(desk: Desk, paper: Paper, name: str, which: int, text: str) -> set[str]:
    """Do it to one of the notes, deleted or not; what was typed."""
    rows = desk.database.connection.query("SELECT id, kind FROM notes ORDER BY id")
    known = [(row["id"], row["kind"]) for row in rows]
    questions = [number for number, kind in known if kind == "question"]
    if name == "add":
        return {notes.add_note(desk, paper, 1 + which % 3, text).text}
    if name == "mark":
        return {notes.mark(desk, paper, 2, "quote", text=text).text}
    if name in ("edit", "delete", "restore") and known:
        number = known[which % len(known)][0]
        if name == "edit":
            return {notes.edit_note(desk, number, text=text, page=which or None).text}
        (notes.delete_note if name == "delete" else notes.undelete_note)(desk, number)
    elif name in ("resolve", "answer", "reopen") and questions:
        number = questions[which % len(questions)]
        if name == "reopen":
            notes.reopen(desk, number)
        elif answer := notes.resolve(desk, number, text if name == "answer" else ""):
            return {answer.text}
    return set()


def _picture(desk: Desk, paper: Paper) -> object:
    def seen(note: Note) -> object:
        back = [item.id for item in links.backlinks(desk, "note", str(note.id))]
        return note.id, note.text, note.page, note.kind, note.resolved_at is None, back

    rows = desk.database.connection.query("SELECT id, deleted_at IS NULL AS there FROM notes")
    there = {row["id"]: row["there"] for row in rows}
    listed = [seen(note) for note in notes.notes_of(desk, paper)]
    hidden = [
        (n.id, n.text, n.page, n.resolved_at is None)
        for n in (notes.get_note(desk, number) for number, kept in there.items() if not kept)
        if n.id in {row["note_id"] for row in desk.database.connection.query(
            "SELECT note_id FROM note_actions WHERE undone_at IS NULL")}
    ]  # fmt: skip
    return listed, hidden


def test_links_lead_and_lead_back(desk: Desk, paper: Paper) -> None:
    other = library.file_metadata(desk, Metadata("Adam: a method", arxiv_id="1412.6980"))
    local = library.file_metadata(desk, Metadata("Lecture notes"))
    claim = claims.add_claim(desk, paper, "94 %")
    funny = surprises.add_surprise(desk, "odd", "down", "up")
    note = notes.add_note(
        desk,
        paper,
        1,
        f"[[1412.6980v2]] [[{local.key}]] [[claim:{claim.slug}]] [[funny:{funny.id}]] "
        "[[run:20260101-101010-x]] [[2001.00009]] `[[1904.00001]]`",
    )
    back = notes.add_note(desk, other, 1, f"[[note:{note.id}]] [[1904.00001|the other]]")
    titles = [links.title_of(desk, link) for link in links.links_in(note.text)]
    assert titles == [other.title, local.title, "94 %", "odd", "", ""]
    (to_note, to_paper) = links.links_in(back.text)
    assert links.title_of(desk, to_note) == note.text[:79].rstrip() + "…"
    assert links.title_of(desk, to_paper) == paper.title
    for kind, target in (
        ("paper", "1412.6980"),
        ("paper", other.key),
        ("paper", local.key.upper()),
        ("claim", claim.slug),
        ("funny", str(funny.id)),
        ("run", "20260101-101010-x"),
        ("paper", "2001.00009"),
    ):
        assert links.backlinks(desk, kind, target) == [note], target
    assert links.backlinks(desk, "note", str(note.id)) == [back]
    assert links.backlinks(desk, "paper", "1904.00001") == [back]
    assert links.backlinks(desk, "paper", "not a name") == []
    claims.remove_claim(desk, claim.slug)
    take_off(desk, "1412.6980")
    assert links.title_of(desk, links.parse_link(f"claim:{claim.slug}")) == ""
    assert links.title_of(desk, links.parse_link("1412.6980")) == ""
    assert links.backlinks(desk, "paper", "1412.6980") == [note]


def test_links_follow_the_text_through_edit_undo_and_deletion(desk: Desk, paper: Paper) -> None:
    note = notes.add_note(desk, paper, 1, "[[1412.6980]]")
    notes.edit_note(desk, note.id, text="[[claim:x-1]]")
    assert links.backlinks(desk, "paper", "1412.6980") == []
    assert [item.id for item in links.backlinks(desk, "claim", "x-1")] == [note.id]
    notes.undo(desk, paper)
    assert [item.id for item in links.backlinks(desk, "paper", "1412.6980")] == [note.id]
    assert links.backlinks(desk, "claim", "x-1") == []
    notes.delete_note(desk, note.id)
    assert links.backlinks(desk, "paper", "1412.6980") == []


def test_what_is_no_link_is_refused(desk: Desk) -> None:
    with pytest.raises(UsageProblemError, match="no link"):
        links.parse_link("two words")
    assert links.parse_link("[[note:7]]").target == "7"


def test_a_shipped_paper_has_its_title_before_it_is_on_the_desk(desk: Desk) -> None:
    assert "Adam" in links.title_of(desk, links.parse_link("1904.09237"))
