"""How passes and the app itself end, and what is said on the way."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from textual.widgets import Button, Input, RadioSet, Static

from researchdesk.domain.reading import Decision, PassState
from researchdesk.services import notes, reading
from researchdesk.tui.dialogs.end import EndDialog
from researchdesk.tui.notices import say
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.key_bar import KeyBar
from researchdesk.tui.widgets.option import OptionButton


async def opened(app, pilot, until):
    await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)


async def test_enter_after_the_reason_keeps_it(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("f", *"clear", "enter")
        await until(pilot, lambda: reading.passes_of(desk, paper))
        first = reading.passes_of(desk, paper)[0]
        assert (first.state, first.why) == (PassState.FINISHED, "clear")


async def test_the_ending_says_what_was_left_out_and_keeps_the_decision(
    make_app, paper, desk, until
):
    item = reading.start_pass(desk, paper, 1)
    reading.set_step(desk, item, 1)
    reading.spend(desk, item.id, 720)
    notes.mark(desk, paper, 1, "text such as [/b]", 1, "abstract")
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("f")
        summary = str(app.screen.query_one("#summary", Static).content)
        assert "12 min of reading" in summary
        assert "Not visited: Figures and tables, Conclusion, Introduction" in summary
        assert "Without a note: Title" in summary
        assert "1 thing is marked as not understood" in summary
        assert app.screen.query_one("#accept", Button).region.bottom <= 24
        app.screen.query_one("#now", RadioSet).focus()
        await pilot.press("down", "down", "enter", "ctrl+s")
        await until(pilot, lambda: reading.passes_of(desk, paper)[0].ended_at)
        (first,) = reading.passes_of(desk, paper)
        assert first.decision is Decision.STOP


async def test_a_click_on_coming_back_asks_for_the_day(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("f")
        await pilot.click(list(app.screen.query(OptionButton))[1])
        day = app.screen.query_one("#day", Input)
        await until(pilot, lambda: app.screen.focused is day)
        await pilot.press("plus", "3")
        await pilot.click("#accept")
        await until(pilot, lambda: reading.passes_of(desk, paper)[0].ended_at)
        (first,) = reading.passes_of(desk, paper)
        assert first.decision is Decision.LATER
        assert first.again_on == desk.today() + timedelta(days=3)


async def test_time_is_counted_while_the_reader_is_looked_at(
    make_app, paper, desk, until, monkeypatch
):
    watch = {"now": 0.0}
    monkeypatch.setattr(ReaderScreen, "CLOCK", staticmethod(lambda: watch["now"]))
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot, until)
        screen = app.screen
        await pilot.press("right")
        watch["now"] += 70
        await pilot.press("down")
        watch["now"] += 60
        screen.keep_time()
        assert reading.passes_of(desk, paper)[0].seconds == 130
        assert "2 min" in str(screen.query_one("#pass-line", Static).content)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        watch["now"] += 100
        await pilot.press("f3")
        await until(pilot, lambda: app.screen is screen)
        watch["now"] += 1000
        app.app_focus = False
        await pilot.pause()
        watch["now"] += 500
        app.app_focus = True
        await pilot.pause()
        watch["now"] += 10
        screen.keep_time()
        assert reading.passes_of(desk, paper)[0].seconds == 130 + 180 + 10
        watch["now"] += 5
        await pilot.press("ctrl+q")
        await pilot.pause()
    assert reading.passes_of(desk, paper)[0].seconds == 130 + 180 + 15


async def test_nobody_waits_for_another_program_that_writes_and_nothing_is_lost(
    make_app, paper, desk, until, monkeypatch
):
    watch = {"now": 0.0}
    monkeypatch.setattr(ReaderScreen, "CLOCK", staticmethod(lambda: watch["now"]))
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot, until)
        screen = app.screen
        with closing(sqlite3.connect(desk.root / "desk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await pilot.press("right", "right")
            assert (screen.position.step, screen.position.item) == (2, None)
            other.execute("ROLLBACK")
            await pilot.press("n", *"words", "ctrl+s")
            await until(pilot, lambda: app.screen is screen and screen.position.item)
            screen.keep_time()
            (begun,) = reading.passes_of(desk, paper)
            assert (begun.step, begun.state) == (2, PassState.STARTED)
            other.execute("BEGIN IMMEDIATE")
            watch["now"] += 40
            screen.keep_time()
            await pilot.press("left")
            assert (screen.position.step, screen.position.item.seconds) == (1, 40)
            assert reading.passes_of(desk, paper) == [begun]
        screen.keep_time()
        (kept,) = reading.passes_of(desk, paper)
        assert (kept.step, kept.seconds) == (1, 40)
        assert not app._notifications


async def test_another_program_that_writes_is_told_soon_and_the_words_stay(
    make_app, paper, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.storage.database._HURRIED_MS", 100)
    app = make_app("2501.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        await opened(app, pilot, until)
        for keys in (("n", *"words", "ctrl+s"), ("f", *"words", "ctrl+s")):
            with closing(sqlite3.connect(desk.root / "desk.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                await pilot.press(*keys)
                said = str(app.screen.query_one("#problem", Static).content)
                assert "being written by another program" in said
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
    assert [note.text for note in notes.notes_of(desk, paper)] == ["words"]
    assert reading.passes_of(desk, paper)[0].why == "words"


async def test_the_day_is_asked_for_only_where_one_comes_back(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("f")
        day = app.screen.query_one("#day", Input)
        assert day.disabled
        app.screen.query_one("#now", RadioSet).focus()
        await pilot.press("down", "enter")
        await until(pilot, lambda: not day.disabled and app.focused is day)
        app.screen.query_one("#now", RadioSet).focus()
        await pilot.press("down", "enter")
        await until(pilot, lambda: day.disabled)


@pytest.mark.parametrize(
    ("size", "left"),
    [((120, 40), {"two", "three"}), ((80, 24), {"Removed · three · ctrl+z takes it back."})],
    ids=["roomy", "one line"],
)
async def test_a_dialog_takes_the_notices_away_and_plain_ones_replace_each_other(
    make_app, until, size, left
):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        say(app, "one", "Kept")
        say(app, "two", "Kept")
        say(app, "three" if len(left) > 1 else "three\nctrl+z takes it back.", "Removed")
        await until(pilot, lambda: {n.message for n in app._notifications} == left)
        await pilot.press("a")
        await until(pilot, lambda: not list(app._notifications))


@pytest.mark.parametrize("letters", [66, 77, 78])
async def test_a_notice_is_shown_whole_above_the_keys(make_app, until, letters):
    app = make_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        say(app, f"a {'b' * (letters - 4)} c")
        await until(pilot, lambda: app.screen.query("Toast"))
        await pilot.pause()
        shown = app.screen.query_one("Toast").region
        assert shown.bottom == app.screen.query_one(KeyBar).region.y


@pytest.mark.parametrize("yes", [True, False])
async def test_ending_while_a_run_is_on_asks_first(make_app, until, monkeypatch, yes):
    monkeypatch.setattr(BenchScreen, "busy", True)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        await pilot.press("ctrl+q", "ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, EndDialog) and app.focused)
        words = "".join(str(item.content) for item in app.screen.query(Static))
        assert "Finished seeds are kept" in words
        assert app.screen.query_one("#accept", Button).region.right <= 80
        await pilot.press("y" if yes else "n")
        await pilot.pause()
        if yes:
            assert app.return_code == 0
        else:
            await until(pilot, lambda: isinstance(app.screen, BenchScreen))
            assert app.is_running


async def test_a_step_passed_by_is_not_ticked_until_it_has_a_note(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("right", "n", *"seen", "ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, paper))
        await pilot.press("right")
        await until(pilot, lambda: app.screen.position.step == 2)
        marks = "".join(app.screen.position.mark(index) for index in range(4))
        assert marks == "·✓▶○"
        assert "·✓▶○" in str(app.screen.query_one("#pass-line", Static).content)


async def test_the_arrows_choose_from_what_is_chosen_on(make_app, paper, desk, until):
    item = reading.start_pass(desk, paper, 1)
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("x")
        now = app.screen.query_one("#now", RadioSet)
        await until(pilot, lambda: now.query_one(".-selected").value)
        assert now.pressed_index == 1  # nothing more
        await pilot.press(*"dull", "tab", "up", "ctrl+s")
        await until(pilot, lambda: reading.passes_of(desk, paper)[0].ended_at)
    (first,) = reading.passes_of(desk, paper)
    assert first.id == item.id
    assert first.again_on == (desk.clock() + timedelta(days=7)).date()


async def test_the_pass_that_is_shown_ends_and_no_other(make_app, paper, desk, until):
    shown = reading.start_pass(desk, paper, 1)
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        others = [
            reading.start_pass(desk, paper, 1, version=3),
            reading.start_pass(desk, paper, 1, workflow="four-stage"),
        ]
        reader = app.screen
        await pilot.press("f", *"clear")
        reader.open(paper.name, 2)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is reader)
        assert reader.position.plan.number == 2
    ended, *after = reading.passes_of(desk, paper)
    assert (ended.id, ended.why, after[:2]) == (shown.id, "clear", others)
    assert [item.state for item in after[2:]] == [PassState.STARTED]


async def test_a_pass_that_was_ended_elsewhere_is_not_ended_again(make_app, paper, desk, until):
    shown = reading.start_pass(desk, paper, 1)
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("x", *"clear")
        reading.finish_pass(desk, paper, 1, "elsewhere", shown=shown)
        reading.start_pass(desk, paper, 1, workflow="four-stage")
        await pilot.press("ctrl+s")
        problem = app.screen.query_one("#problem", Static)
        await until(pilot, lambda: "not under way any more" in str(problem.content))
        assert app.screen.query_one("#why", Input).value == "clear"
    found = [(item.state, item.why) for item in reading.passes_of(desk, paper)]
    assert found == [(PassState.FINISHED, "elsewhere"), (PassState.STARTED, "")]
