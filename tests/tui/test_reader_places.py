"""What stands in the middle of the reader: marked text, places of notes, questions, code."""

import pytest
from textual.widgets import Static, TextArea

from researchdesk.domain.reading import CodePlace, NoteKind
from researchdesk.errors import SourceError
from researchdesk.services import notes, reading
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import OpenChanges, OpenClaims, OpenCode
from researchdesk.tui.position import position_of
from researchdesk.tui.reader_material import View
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.key_bar import KeyBar
from researchdesk.tui.widgets.note_list import NoteList
from researchdesk.tui.widgets.passage_view import PassageView
from researchdesk.tui.widgets.question_list import QuestionList, QuestionOptions


async def at(app, pilot, until, view=View.TEXT):
    await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
    await until(pilot, lambda: app.screen.view is view)
    return app.screen


# Marked with keys


async def test_sentences_are_marked_with_arrows_and_become_the_quote(make_app, paper, desk, until):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until)
        view = screen.query_one(PassageView)
        await pilot.press("v")
        assert view.taken().quote == "Paragraph 1 of the introduction."
        assert view.taken().page == 2
        await pilot.press("right")
        assert view.taken().quote.startswith("Paragraph 1 of the introduction. A sentence that")
        await pilot.press("left", "down", "up", "pagedown")
        assert view.taken().quote == "Paragraph 2 of the introduction."
        await pilot.press("space")
        assert view.taken().quote.count("A sentence that is long enough") == 3
        assert screen.position.step == 0
        spot = view.spot
        await pilot.press("n", *"so what", "ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, paper))
        (note,) = notes.notes_of(desk, paper)
        assert note.quote.startswith("Paragraph 2")
        assert note.page == 2
        assert view.spot == spot
        assert not view.marking
        assert view.pinned == {note.id}


async def test_u_keeps_what_is_marked_as_not_understood_at_once(make_app, paper, desk, until):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until)
        await pilot.press("u")
        assert notes.notes_of(desk, paper) == []
        await pilot.press("v", "u")
        await until(pilot, lambda: notes.questions_of(desk, paper))
        (question,) = notes.questions_of(desk, paper)
        assert (question.quote, question.page) == ("Paragraph 1 of the introduction.", 2)
        assert (question.kind, question.text, question.step) == (NoteKind.QUESTION, "", "read")
        assert app.screen is screen
        assert not screen.query_one(PassageView).marking


async def test_escape_ends_the_marking_before_it_leaves(make_app, paper, until):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until)
        await pilot.press("v", "escape")
        assert not screen.query_one(PassageView).marking
        assert app.screen is screen
        await pilot.press("right")
        await until(pilot, lambda: screen.position.step == 1)


async def test_two_clicks_select_a_sentence_and_a_click_on_a_quote_marks_its_note(
    make_app, paper, desk, until
):
    quoted = notes.add_note(desk, paper, 1, "mine", quote="It was data all along.", page=4)
    notes.add_note(desk, paper, 1, "another", page=1)
    reading.set_step(desk, reading.start_pass(desk, paper, 1), 3)
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await at(app, pilot, until)
        view = screen.query_one(PassageView)
        assert view.pinned == {quoted.id}
        row = next(n for n, row in enumerate(view._rows) if row.block == 1)
        place = (view.gutter.left + 25, view.gutter.top + row)
        await pilot.click(PassageView, offset=place)
        await until(pilot, lambda: screen.query_one(NoteList).current == quoted)
        await pilot.click(PassageView, offset=(view.gutter.left + 4, place[1]), times=2)
        await until(pilot, lambda: view.taken().quote == "Text is data.")


async def test_enter_on_a_note_goes_to_its_quote_wherever_it_stands(make_app, paper, desk, until):
    notes.add_note(desk, paper, 1, "there", quote="It was data all along.", page=4)
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await at(app, pilot, until)
        assert "data all along" not in screen.text.text
        screen.query_one(NoteList).focus()
        await pilot.press("enter")
        await until(pilot, lambda: "data all along" in screen.text.text)
        assert "The whole paper" in screen.text.text
        await until(pilot, lambda: isinstance(app.focused, PassageView))
        await pilot.press("escape")
        await until(pilot, lambda: "data all along" not in screen.text.text)
        assert screen.at_home


# What was not understood


async def test_pass_three_opens_as_the_list_of_questions(make_app, paper, desk, until):
    first = notes.mark(desk, paper, 2, "Paragraph 2 of the method.", 3, "read")
    notes.mark(desk, paper, 2, "Text is data.", 4, "read", text="why [x]?")
    app = make_app("2501.00001", 3)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until, View.QUESTIONS)
        questions = screen.query_one(QuestionList)
        assert "2 of 2 open" in questions.text
        assert "why [x]?" in questions.text
        await pilot.press("r", *"by the data", "ctrl+s")
        await until(pilot, lambda: "1 of 2 open" in questions.text)
        (answer,) = notes.answers_to(desk, first.id)
        assert (answer.text, answer.answers) == ("by the data", first.id)
        assert "↳ by the data" in questions.text
        await pilot.press("down", "space")
        await until(pilot, lambda: "0 of 2 open" in questions.text)
        await pilot.press("R")
        await until(pilot, lambda: "1 of 2 open" in questions.text)
        await pilot.press("up", "enter")
        await until(pilot, lambda: screen.view is View.TEXT and screen.text.page == 3)
        await pilot.press("escape")
        await until(pilot, lambda: screen.view is View.QUESTIONS)


async def test_an_answer_wants_words(make_app, paper, desk, until):
    notes.mark(desk, paper, 2, "Text is data.", 4)
    app = make_app("2501.00001", 3)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until, View.QUESTIONS)
        await pilot.press("r", "ctrl+s")
        await pilot.pause()
        assert app.screen is not screen
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert notes.questions_of(desk, paper, only_open=True)


# Neighbours


@pytest.mark.parametrize(("key", "kind"), [("c", OpenClaims), ("C", OpenCode)])
async def test_neighbours_are_one_key_away(make_app, paper, until, monkeypatch, key, kind):
    asked = []
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until)
        monkeypatch.setattr(screen, "post_message", lambda m: asked.append(m) or True)
        await screen.run_action({"c": "claims", "C": "code"}[key])
        assert [type(message) for message in asked if isinstance(message, kind)] == [kind]
        monkeypatch.undo()
        await pilot.press("d")
        await until(pilot, lambda: any("Only one" in n.message for n in app._notifications))
        assert OpenChanges is not kind


async def test_the_last_step_dives_into_the_code(make_app, paper, desk, until, monkeypatch):
    item = reading.start_pass(desk, paper, 3)
    last = len(reading.plan_of(reading.workflow_of(desk, paper), 3).steps) - 1
    reading.set_step(desk, item, last)
    app = make_app("2501.00001", 3)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until)
        assert screen.position.is_last
        assert "names no code" in screen.text.text
        asked = []
        post = screen.post_message
        monkeypatch.setattr(
            screen,
            "post_message",
            lambda m: asked.append(m.ref) if isinstance(m, OpenCode) else post(m),
        )
        await pilot.press("enter")
        await until(pilot, lambda: asked == ["2501.00001"])
        await pilot.press("left", "enter")
        assert asked == ["2501.00001"]


async def test_a_note_on_code_leads_to_the_code(make_app, paper, desk, until, monkeypatch):
    place = CodePlace("https://example.org/a/b", "0" * 40, "train.py", 3)
    note = notes.add_note(desk, paper, 1, "a trick", kind=NoteKind.TRICK, code=place)
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until)
        asked = []
        monkeypatch.setattr(screen, "post_message", lambda m: asked.append(m) or True)
        screen.go_to_note(note)
        assert [message.ref for message in asked if isinstance(message, OpenCode)] == ["2501.00001"]
        monkeypatch.undo()


async def test_a_draft_outlives_the_program(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("n", *"half a thought", "escape")
        await pilot.pause()
    again = make_app("2501.00001")
    async with again.run_test(size=(80, 24)) as pilot:
        await at(again, pilot, until)
        await pilot.press("n")
        assert again.screen.query_one("#text", TextArea).text == "half a thought"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, paper))
        assert not list((desk.root / "drafts").glob("*.json"))


async def test_without_questions_it_says_how_to_mark_one(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        await pilot.press("Q")
        none = app.screen.query_one("#none")
        await until(pilot, lambda: none.region)
        assert not app.screen.query_one(QuestionOptions).region


@pytest.mark.parametrize("keys", [[], ["Q"], ["v"]])
async def test_the_way_out_has_its_place_in_the_bar(make_app, paper, until, keys):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        notes.mark(app.desk, paper, 2, "text such as [/b]", 1, "abstract")
        app.screen.show_notes()
        await pilot.press(*keys)
        bar = app.screen.query_one(KeyBar)
        await until(pilot, lambda: bar.text.rstrip().endswith(("esc Back", "esc Unmark")))
        assert len(bar.text.rstrip()) <= 80


async def test_a_pass_that_is_opened_shows_its_place_and_not_the_notes(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        await pilot.press("o")
        await until(pilot, lambda: not app.screen.text.region)
        await pilot.press("2")
        await until(pilot, lambda: app.screen.text.region and app.screen.text.has_focus)


def test_steps_that_were_not_come_to_have_no_tick(desk, paper):
    item = reading.start_pass(desk, paper, 1)
    reading.set_step(desk, item, 1)
    reading.finish_pass(desk, paper, 1)
    position = position_of(desk, paper.name, 1)
    marks = [position.mark(index) for index in range(len(position.plan.steps))]
    assert marks[:2] == ["✓", "▶"]
    assert set(marks[2:]) == {"○"}


async def test_while_marking_the_bar_says_how_to_mark_more(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
        bar = app.screen.query_one(KeyBar)
        await until(pilot, lambda: "Step" in bar.text)
        await pilot.press("v")
        await until(pilot, lambda: "↑↓ Sentence" in bar.text and "→ More" in bar.text)
        assert "Step" not in bar.text
        await pilot.press("escape")
        await until(pilot, lambda: "Step" in bar.text)


async def test_a_fetch_that_failed_is_not_said_to_go_on(make_app, until):
    app = make_app("1904.09237")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await at(app, pilot, until)
        line = screen.query_one("#pass-line", Static)
        before, asked = str(line.content), str(screen.position.paper.arxiv)
        app._announce(Fetching(asked, "asking arXiv"))
        assert str(line.content) == "asking arXiv …"
        app._announce(Fetching(asked, error=SourceError("It did not answer.")))
        assert str(line.content) == before
