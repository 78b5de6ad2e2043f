"""A talk rehearsed, by a clock that goes when it is told to."""

import pytest
from support.story_screen import at_rest
from support.talk_file import TALK
from textual.geometry import Size
from textual.widgets import Static

from researchdesk.errors import BusyError
from researchdesk.services import rehearsals, stories
from researchdesk.tui.messages import OpenRehearsal
from researchdesk.tui.screens.rehearsal import RehearsalScreen
from researchdesk.tui.widgets.big_clock import BigClock, Dot, drawn, fitting

SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])


class Clock:
    seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock(monkeypatch):
    told = Clock()
    monkeypatch.setattr(RehearsalScreen, "CLOCK", staticmethod(told))
    monkeypatch.setenv("TZ", "UTC")
    return told


@pytest.fixture
def talk(desk):
    stories.new_story(desk, "Narrowing")
    path = desk.root / "talks" / "narrowing.md"
    path.parent.mkdir()
    path.write_text(TALK, "utf-8")
    return path


@pytest.fixture
def opened(make_app, until, clock, talk):
    """The screen of the rehearsal, before the first key."""

    async def open_(app, pilot, alone=True):
        app.post_message(OpenRehearsal("narrowing", alone))
        await until(pilot, lambda: isinstance(app.screen, RehearsalScreen))
        await pilot.pause()
        return app.screen

    return open_


def said(screen):
    """What stands over the clocks, in them and below them."""
    found = [str(screen.query_one("#talk-line", Static).content)]
    for name in ("slide", "whole"):
        panel = screen.query_one(f"#{name}")
        found.append(panel.query_one(BigClock).time)
        found.append(str(panel.query_one(".said", Static).content))
    return found


async def test_a_talk_is_rehearsed_and_kept_as_it_goes_on(
    desk, make_app, opened, clock, until, monkeypatch
):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        assert said(screen) == [
            "Slide 1 of 3 · space starts the clock · Why narrow [is] enough",
            "0:00", "this slide of 0:30 · 0:30 left", "0:00", "whole talk of 3:00 · on time",
        ]  # fmt: skip
        assert rehearsals.rehearsals_of(desk) == []
        await pilot.press("space")
        clock.seconds += 20
        screen.tick()
        (one,) = rehearsals.rehearsals_of(desk, "narrowing")
        assert (one.used_s, one.state) == (20, "broken off on slide 1 of 3")
        await pilot.press("right")
        clock.seconds += 125
        screen.tick()
        assert said(screen)[1:] == [
            "2:05", "this slide of 1:30 · 0:35 over", "2:25", "whole talk of 3:00 · 0:25 behind",
        ]  # fmt: skip
        assert screen.query_one("#slide").has_class("-over")
        assert "• ✓ reproduced" in str(screen.query_one("#slide-words", Static).content)
        assert "nobody believed" in str(screen.query_one("#note-words", Static).content)
        assert "Half of the width" in str(screen.query_one("#next", Static).content)
        await pilot.press("p")
        clock.seconds += 600
        assert "stands still" in said(screen)[0]
        await pilot.press("space", "right")
        with monkeypatch.context() as patch:
            patch.setattr(rehearsals, "keep", _busy)
            clock.seconds += 55
            screen.tick()
        await pilot.press("right", "left", "right", "q")
        ended = rehearsals.rehearsals_of(desk)[0]
        assert [slide.used_s for slide in ended.slides] == [20, 125, 55]
        assert ended.state == "whole"
        words = str(screen.query_one("#summary-words", Static).content)
        assert "3:20 of 3:00 planned (0:20 over); whole" in words
        assert "Slide 2 took 2:05, 0:35 over: Narrow networks lose little" in words
        assert "It was the first rehearsal" in words
        await pilot.press("r", "space", "right", "right")
        clock.seconds += 5
        await pilot.press("q")
        words = str(screen.query_one("#summary-words", Static).content)
        assert "Rehearsal 2 of this talk." in words
        assert len(rehearsals.rehearsals_of(desk)) == 2
        await pilot.press("escape")
        await until(pilot, lambda: not app.is_running)


def _busy(*_):
    raise BusyError("Another program is writing.", "Wait.")


async def test_over_another_screen_one_comes_back_to_it(desk, make_app, opened, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = app.screen
        screen = await opened(app, pilot, alone=False)
        await pilot.press("q")
        await until(pilot, lambda: app.screen is not screen)
        assert type(app.screen) is type(before)
        assert rehearsals.rehearsals_of(desk) == []


async def test_long_notes_are_gone_through_by_keys(talk, make_app, opened):
    talk.write_text("# One\n\n<!--\n" + "- more to say\n" * 50 + "-->\n\n---\n\n# Two", "utf-8")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        notes = screen.query_one("#notes")
        await pilot.press("down", "down")
        assert notes.scroll_offset.y == 6
        await pilot.click("#notes")
        await pilot.press("up", "space", "right")
        assert screen.slide.title == "Two"
        assert notes.scroll_offset.y == 0


async def test_to_end_the_program_ends_the_rehearsal(desk, make_app, opened, clock):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("space")
        clock.seconds += 7
        await pilot.press("ctrl+q")
    (one,) = rehearsals.rehearsals_of(desk)
    assert (one.used_s, one.broken_off) == (7, False)


def test_digits_are_as_large_as_they_fit():
    for size, dot in (((34, 5), (2, 1)), ((70, 10), (4, 2)), ((92, 15), (5, 3)), ((1, 1), (2, 1))):
        assert fitting("12:05", Size(*size)) == Dot(*dot)
    rows = drawn("12:05", Dot(4, 2))
    assert len(rows) == 10
    assert max(map(len, rows)) == 68
    assert drawn("1", Dot(2, 1))[0] == "  ██"


@pytest.fixture
def looks(snap_compare, make_app, opened, clock, monkeypatch):
    """Compares the screen on the second slide, or at the end."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def compare(size, keys):
        app = make_app()

        async def before(pilot):
            screen = await opened(app, pilot)
            for key, seconds in keys:
                clock.seconds += seconds
                screen.tick()
                await pilot.press(key)
            clock.seconds += 100 if len(keys) == 2 else 0
            screen.tick()
            await at_rest(app, pilot)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


@pytest.mark.slow
@SIZES
def test_how_a_rehearsal_looks(looks, size):
    assert looks(size, [("space", 0), ("space", 22)])


@pytest.mark.slow
@SIZES
def test_how_its_summary_looks(looks, desk, talk, size):
    assert looks(size, [("space", 0), ("space", 22), ("space", 130), ("q", 40)])


async def test_a_small_terminal_still_tells_what_is_left(make_app, opened, clock):
    app = make_app()
    async with app.run_test(size=(40, 12)) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("space")
        clock.seconds += 12
        screen.tick()
        told = str(screen.query_one("#slide .said", Static).content)
        assert told.endswith(" left")
        assert len(told) <= 15
        await pilot.press("p")
        line = screen.query_one("#talk-line", Static)
        assert "stopped: p" in str(line.content)[: line.region.width]
