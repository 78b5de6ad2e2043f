"""The reader: steps, passage, notes, endings."""

import pytest
from textual.geometry import Offset
from textual.selection import Selection
from textual.widgets import Input, RadioSet, Static, TextArea

from researchdesk.domain.documents import Block, Document
from researchdesk.domain.reading import NoteKind, PassState
from researchdesk.services import notes, reading
from researchdesk.services.documents import keep_document
from researchdesk.tui.reader_material import View
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.note_list import NoteList
from researchdesk.tui.widgets.passage_view import PassageView
from researchdesk.tui.widgets.step_list import StepList


def reader(app):
    assert isinstance(app.screen, ReaderScreen)
    return app.screen


def passage(app):
    return reader(app).text.text


async def opened(app, pilot, until, words="Brackets [red]everywhere[/b]"):
    await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
    await until(pilot, lambda: words in passage(app))


async def test_steps_lead_through_the_text_and_begin_the_pass(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        assert reading.passes_of(desk, paper) == []
        await pilot.press("right")
        await until(pilot, lambda: "[/b] and [link=x] is only text" in passage(app))
        (item,) = reading.passes_of(desk, paper)
        assert (item.number, item.state, item.step) == (1, PassState.STARTED, 1)
        await pilot.press("right_square_bracket", "right", "right")
        await until(pilot, lambda: "Paragraph 1 of the introduction" in passage(app))
        await pilot.press("right")
        assert reader(app).position.is_last
        await pilot.press("left")
        await until(pilot, lambda: "It was data all along" in passage(app))


async def test_reader_opens_where_it_was_left(make_app, paper, desk, until):
    reading.set_step(desk, reading.start_pass(desk, paper, 1), 3)
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until, "It was data all along")
        assert reader(app).position.step == 3


async def test_step_list_goes_to_the_step_that_is_clicked(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot, until)
        await pilot.click(StepList, offset=(6, 3))
        await until(pilot, lambda: "It was data all along" in passage(app))
        assert reader(app).position.step == 3


async def test_note_with_quote_from_the_selected_text(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("right", "right", "right", "right")
        await until(pilot, lambda: "Paragraph 1 of the introduction" in passage(app))
        view = reader(app).query_one(PassageView)
        row = next(n for n, row in enumerate(view._rows) if row.block == 1)
        reader(app).selections = {view: Selection(Offset(2, row), Offset(13, row))}
        await pilot.press("n")
        assert app.screen.query_one("#quote", TextArea).text == "Paragraph 1"
        assert app.screen.query_one("#page", Input).value == "2"
        await pilot.press(*"why", "shift+tab", "shift+tab", "shift+tab", "right", "enter", "ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, paper))
        (note,) = notes.notes_of(desk, paper)
        assert (note.text, note.quote, note.page) == ("why", "Paragraph 1", 2)
        assert (note.kind, note.step, note.pass_number) == (NoteKind.QUESTION, "introduction", 1)
        await until(pilot, lambda: reader(app).query_one(NoteList).current == note)


async def test_empty_note_is_refused_and_an_unkept_one_is_gone_on_with(
    make_app, paper, desk, until
):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("n", "ctrl+s")
        assert "wants a few words" in str(app.screen.query_one("#problem", Static).content)
        await pilot.press(*"half", "escape")
        assert notes.notes_of(desk, paper) == []
        await pilot.press("n")
        assert app.screen.query_one("#text", TextArea).text == "half"
        await pilot.press(*"done", "ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, paper))
        assert notes.notes_of(desk, paper)[0].text == "halfdone"


async def test_quitting_with_an_unkept_note_is_refused(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("n", "x", "ctrl+q")
        await pilot.pause()
        assert app.is_running
        assert any("not kept yet" in item.message for item in app._notifications)
        await pilot.press("escape", "ctrl+q")
        await pilot.pause()
        assert app.return_code == 0


async def test_note_is_edited_deleted_and_brought_back(make_app, paper, desk, until):
    first = notes.add_note(desk, paper, 1, "one [/b]", page=3)
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot, until)
        reader(app).query_one(NoteList).focus()
        await pilot.press("e", *" two", "ctrl+s")
        await until(pilot, lambda: notes.get_note(desk, first.id).text == "one [/b] two")
        await pilot.press("delete")
        await until(pilot, lambda: notes.notes_of(desk, paper) == [])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: notes.notes_of(desk, paper))
        assert notes.notes_of(desk, paper)[0].id == first.id


async def test_finish_goes_on_to_the_next_pass(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("f", *"clear", "ctrl+s")
        await until(pilot, lambda: reader(app).position.plan.number == 2)
        first, second = reading.passes_of(desk, paper)
        assert (first.state, first.why) == (PassState.FINISHED, "clear")
        assert (second.number, second.state) == (2, PassState.STARTED)


async def test_finish_with_a_day_to_come_back(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("f")
        app.screen.query_one("#now", RadioSet).focus()
        await pilot.press("down", "enter")
        app.screen.query_one("#day", Input).value = "2020-01-01"
        await pilot.press("ctrl+s")
        assert "neither today nor a day to come" in str(
            app.screen.query_one("#problem", Static).content
        )
        app.screen.query_one("#day", Input).value = "+3"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: reading.passes_of(desk, paper))
        (item,) = reading.passes_of(desk, paper)
        assert (item.state, str(item.again_on)) == (PassState.FINISHED, "2026-03-17")


async def test_leaving_wants_a_reason(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("x", "ctrl+s")
        assert "Say why" in str(app.screen.query_one("#problem", Static).content)
        await pilot.press(*"no ablation", "ctrl+s")
        await until(pilot, lambda: reading.passes_of(desk, paper))
        (item,) = reading.passes_of(desk, paper)
        assert (item.state, item.why) == (PassState.DROPPED, "no ablation")


async def test_passes_and_workflows_are_chosen(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("3")
        assert reader(app).position.plan.number == 3
        await pilot.press("4")
        assert reader(app).position.plan.number == 3
        await pilot.press("1", "w", "home", "enter")
        await until(pilot, lambda: reader(app).position.workflow.name == "four-stage")
        await pilot.press("4")
        assert reader(app).position.plan.number == 4


async def test_without_a_pdf_it_says_what_to_press_and_shows_the_abstract(make_app, until):
    app = make_app("1904.09237")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until, "On the Convergence of Adam and Beyond")
        assert "Press g to fetch it" in passage(app)
        await pilot.press("right")
        await until(pilot, lambda: "exponential moving average" in passage(app))
        await pilot.press("right")
        await until(pilot, lambda: "Until then: what the desk knows of it." in passage(app))
        assert "Press g to fetch it" in passage(app)
        for number in "23":
            await pilot.press(number)
            await until(pilot, lambda: "exponential moving average" in passage(app))
            assert "On the Convergence of Adam and Beyond" in passage(app)


async def test_a_pdf_without_sections_says_what_can_be_done(make_app, paper, desk, until):
    keep_document(desk, "0" * 64, Document("", 1, (Block(1, "One long scan."),), (), ()))
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until, "One long scan.")
        await pilot.press("right")
        await until(pilot, lambda: "adds a better PDF" in passage(app))


async def test_narrow_notes_take_the_place_of_the_text(make_app, paper, desk, until):
    notes.add_note(desk, paper, 1, "a note")
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        assert not reader(app).query_one(NoteList).region
        await pilot.press("o")
        await until(pilot, lambda: reader(app).query_one(NoteList).region.height > 5)
        assert not reader(app).query_one(PassageView).region
        await pilot.press("escape")
        await until(pilot, lambda: reader(app).query_one(PassageView).region.height > 5)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))


async def test_the_end_of_a_long_text_is_a_key_away(make_app, paper, until):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until, "Paragraph 1 of the introduction")
        view = reader(app).query_one(PassageView)
        assert view.page == 1
        await pilot.press("end")
        await until(pilot, lambda: view.page == 3)
        await pilot.press("home")
        await until(pilot, lambda: view.page == 1)


async def test_a_step_is_found_again_where_its_text_was_left(make_app, paper, until):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until, "Paragraph 1 of the introduction")
        view = reader(app).query_one(PassageView)
        await pilot.press("pagedown", "down")
        spot = view.spot
        assert spot > 5
        await pilot.press("right")
        await until(pilot, lambda: reader(app).view is View.QUESTIONS)
        await pilot.press("left")
        await until(pilot, lambda: reader(app).view is View.TEXT)
        await until(pilot, lambda: view.spot == spot)


@pytest.mark.parametrize(
    ("script", "kept"), [("echo 'from outside' > $1", True), ("echo lost > $1; exit 3", False)]
)
async def test_editor_opens_on_the_marked_note(
    make_app, paper, desk, until, tmp_path, monkeypatch, script, kept
):
    from contextlib import nullcontext

    tool = tmp_path / "editor"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(tool))
    note = notes.add_note(desk, paper, 1, "as it was")
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        monkeypatch.setattr(app, "suspend", nullcontext)
        await pilot.press("E")
        await pilot.pause()
        assert notes.get_note(desk, note.id).text == ("from outside" if kept else "as it was")
        assert any("nothing was changed" in n.message for n in app._notifications) is not kept
        aside = [file.read_text("utf-8") for file in desk.settings.state.glob("unkept-*.md")]
        assert aside == ([] if kept else ["lost\n"])


async def test_a_terminal_that_cannot_be_handed_over_is_told(make_app, paper, desk, until):
    notes.add_note(desk, paper, 1, "as it was")
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("E")
        await pilot.pause()
        assert any("cannot be handed" in n.message for n in app._notifications)
