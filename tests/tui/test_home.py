"""Home: what waits today, and one key to each of it."""

import os
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from textual.widgets import Static

from researchdesk.domain.ideas import IdeaState
from researchdesk.domain.reading import Decision, PassState
from researchdesk.services import library, postponing, reading, stories
from researchdesk.services.ideas import add_idea, get_idea, settle_idea
from researchdesk.services.investigations import begin, get_investigation
from researchdesk.services.stories_finishing import finish
from researchdesk.services.surprises import add_surprise, resolve
from researchdesk.services.today import Today
from researchdesk.tui.dialogs.find import FindDialog
from researchdesk.tui.dialogs.note import NoteDialog, NoteForm
from researchdesk.tui.dialogs.review import ReviewDialog
from researchdesk.tui.drafts import Drafts
from researchdesk.tui.first_screen import calls_home
from researchdesk.tui.last_used import last_used
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.ideas import IdeasScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.screens.story import StoryScreen
from researchdesk.tui.screens.surprises import SurprisesScreen
from researchdesk.tui.widgets.home_list import HomeList


@pytest.fixture
def waiting(desk, paper):
    """One paper put off to today, one in its first pass, one surprise."""
    day = desk.clock().date()
    reading.start_pass(desk, paper, 1)
    reading.finish_pass(desk, paper, 1, "the proof of [b]", day, Decision.LATER)
    other = library.get_paper(desk, "1904.09237")
    item = reading.start_pass(desk, other, 1)
    reading.set_step(desk, item, 2)
    reading.spend(desk, item.id, 25 * 60)
    add_surprise(desk, "loss rises [red]", "it falls", "0.44")
    return paper


def shown(app):
    """What stands in the list."""
    items = app.screen.query_one(HomeList)
    return "\n".join(str(option.prompt) for option in items.options)


def detail(app):
    return str(app.screen.query_one("#detail-text", Static).content)


async def at_home(app, until, pilot, rows):
    await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    await until(pilot, lambda: app.screen.query_one(HomeList).numbered(rows))


async def test_what_waits_is_shown_with_where_and_why(make_app, waiting, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await at_home(app, until, pilot, 3)
        words = shown(app)
        assert "Put off to now 1" in words
        assert "2501.00001 · pass 1 done · due today · the proof of [b]" in words
        assert "step 3 of 5" in words
        assert "25 min" in words
        assert "loss rises [red]" in words
        await until(pilot, lambda: "Enter begins pass 2" in detail(app))
        assert "[link=x] is only text" in detail(app)


async def test_a_note_that_was_begun_waits_and_says_that_it_is_from_before(
    make_app, desk, paper, until
):
    Drafts(desk.root / "drafts").keep(f"paper-{paper.id}", NoteForm("words from before"))
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("f1")
        await at_home(app, until, pilot, 1)
        assert f"A note begun on {paper.title}" in shown(app)
        await until(pilot, lambda: "n goes on with the note" in detail(app))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        head = str(app.screen.query_one("#box").border_title)
        assert head.startswith("Begun before, ")
        assert ", not kept yet · A note in pass 1" in head


@pytest.mark.parametrize(
    ("key", "number"), [("1", 2), ("2", 1)], ids=["put off: next pass", "half done: same pass"]
)
async def test_a_number_goes_to_the_paper_in_its_pass(make_app, waiting, until, key, number):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        assert app.screen.position.plan.number == number


async def test_enter_and_a_click_go_there_too(make_app, waiting, until):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))
        await pilot.press("f1")
        await at_home(app, until, pilot, 3)
        await pilot.click(HomeList, offset=(10, 1))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        assert app.screen.position.paper.name == "2501.00001"


async def test_put_off_again_and_undone(make_app, waiting, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("p")
        await until(pilot, lambda: "Put off" not in shown(app))
        assert reading.due(desk) == []
        (again,) = reading.due(desk, desk.clock().date() + timedelta(days=7))
        assert again.reading_pass.why == "the proof of [b]"
        assert again.reading_pass.state is PassState.FINISHED
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Put off" in shown(app))
        assert reading.due(desk)[0].reading_pass.again_on == desk.clock().date()


async def test_what_another_program_put_off_since_is_not_taken_back(make_app, waiting, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("p")
        await until(pilot, lambda: "Put off" not in shown(app))
        other = desk.clock().date() + timedelta(days=30)
        postponing.put_off(desk, reading.current_pass(desk, waiting, 1), other)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "changed since" in [n.message for n in app._notifications][-1])
        assert reading.current_pass(desk, waiting, 1).again_on == other
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Nothing was put" in [n.message for n in app._notifications][-1])


async def test_let_go_and_undone(make_app, waiting, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("x")
        await until(pilot, lambda: "Put off" not in shown(app))
        item = reading.current_pass(desk, waiting, 1)
        assert (item.again_on, item.decision) == (None, Decision.STOP)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Put off" in shown(app))


async def test_only_what_was_put_off_can_be_put_off(make_app, waiting, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("down", "p", "x")
        await pilot.pause()
        assert len(reading.due(desk)) == 1
        assert len(reading.half_done(desk)) == 1


async def test_where_nothing_waits_the_library_opens_and_home_says_what_to_do(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: app.screen.has_class("-empty"))
        assert "f searches arXiv" in str(app.screen.query_one("#nothing", Static).content)
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, FindDialog))


async def test_home_is_read_again_when_it_is_shown(make_app, waiting, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("f2")
        add_surprise(desk, "again", "one", "two")
        await pilot.press("f1")
        await at_home(app, until, pilot, 4)


@pytest.mark.parametrize(
    ("days", "screen"), [(13, HomeScreen), (15, LibraryScreen)], ids=["fresh", "stale"]
)
async def test_a_pass_half_done_calls_home_for_two_weeks(
    make_app, desk, paper, until, days, screen
):
    add_surprise(desk, "loss rises", "it falls", "0.44")
    then = desk.clock() - timedelta(days=days)
    reading.start_pass(replace(desk, clock=lambda: then), paper, 1)
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, screen))


async def test_a_surprise_alone_does_not_call_home(make_app, desk, paper, until):
    add_surprise(desk, "loss rises", "it falls", "0.44")
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("f1")
        await at_home(app, until, pilot, 1)


@pytest.fixture
def parked(desk):
    """Three weeks ago: an idea parked to today, an investigation begun, a surprise put off."""
    then = replace(desk, clock=lambda: desk.clock() - timedelta(days=21))
    idea = add_idea(then, "a GPU [b]each[/b]", impact=2, work_days=1, fun=1)
    settle_idea(then, idea.id, IdeaState.PARKED, "no GPU", desk.today())
    begin(then, "Why does it rise?")
    funny = add_surprise(then, "loss rises", "it falls", "0.44")
    resolve(then, funny.id, funny.state, "after the runs", again_on=desk.today())


async def test_what_was_parked_is_back_and_reviews_are_due(make_app, desk, parked, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await at_home(app, until, pilot, 3)
        words = shown(app)
        for part in (
            "Back today 2",
            "a GPU [b]each[/b]",
            "idea 1 · due today · no GPU",
            "surprise 1 · due today · after the runs",
            "Reviews due 1",
            "investigation 1 · no progress for 21 days · due for 7 days",
        ):
            assert part in words
        assert "That's funny" not in words


async def test_enter_on_a_review_that_is_due_asks_and_the_answer_clears_it(
    make_app, desk, parked, until
):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, ReviewDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "Reviews due" not in shown(app))


async def test_what_came_back_is_gone_to(make_app, desk, parked, until):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen))
        await until(pilot, lambda: app.screen.current and app.screen.current.id == 1)


async def test_what_came_back_is_taken_up_or_stopped_by_r(make_app, desk, parked, until):
    app = make_app()
    async with app.run_test() as pilot:
        await at_home(app, until, pilot, 3)
        await pilot.press("down", "r")
        await until(pilot, lambda: isinstance(app.screen, ReviewDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: get_idea(desk, 1).state is IdeaState.OPEN)
        await until(pilot, lambda: "GPU" not in shown(app))
        await pilot.press("end", "r")
        await until(pilot, lambda: isinstance(app.screen, ReviewDialog))
        await pilot.press("down", "down", "enter", *"no", "enter")
        await until(pilot, lambda: get_investigation(desk, 1).state.is_closed)


async def test_a_surprise_is_not_reviewed(make_app, desk, until):
    add_surprise(desk, "loss rises", "it falls", "0.44")
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("f1")
        await at_home(app, until, pilot, 1)
        await pilot.press("r")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_of_a_thousand_surprises_eight_stand_on_home(make_app, desk, until):
    with desk.database.writing():
        for number in range(1000):
            add_surprise(desk, f"odd {number}", "down", "up")
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("f1")
        await at_home(app, until, pilot, 8)
        assert "That's funny 8" in shown(app)


@pytest.mark.parametrize("what", ["parked", "review", "neither"])
def test_what_has_come_back_and_what_is_due_call_home(desk, what):
    then = replace(desk, clock=lambda: desk.clock() - timedelta(days=21))
    if what == "parked":
        settle_idea(then, add_idea(then, "x").id, IdeaState.PARKED, "y", desk.today())
    elif what == "review":
        begin(then, "Why?")
    else:
        add_idea(then, "x")
        begin(desk, "Why?")
    assert calls_home(desk, None) is (what != "neither")


@pytest.mark.parametrize(("since", "calls"), [(None, True), (-1, True), (1, False)])
def test_a_run_calls_home_until_the_app_was_used(desk, monkeypatch, since, calls):
    ended = desk.clock() - timedelta(hours=5)
    run = SimpleNamespace(ended_at=ended)
    found = Today(due=(), half_done=(), ended_runs=(run,), surprises=())
    monkeypatch.setattr("researchdesk.tui.calling.today", lambda _: found)
    events = desk.settings.runs / "20260314-100926-a-run" / "events.jsonl"
    events.parent.mkdir(parents=True)
    events.write_text("")
    os.utime(events, times=(ended.timestamp(), ended.timestamp()))
    assert calls_home(desk, since and ended + timedelta(hours=since)) is calls


def test_where_nothing_may_call_what_home_reads_is_not_read(desk, paper, monkeypatch):
    monkeypatch.setattr("researchdesk.tui.calling.today", lambda _: pytest.fail("it was read"))
    add_surprise(desk, "that is funny", "a", "b")
    add_idea(desk, "x")
    assert calls_home(desk, None) is False


async def test_when_the_app_was_used_is_kept(make_app, desk, paper, until):
    assert last_used(desk.settings) is None
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await until(pilot, lambda: last_used(desk.settings) == desk.clock())


async def test_a_finished_paper_is_celebrated_by_one_key_and_leads_to_parked_ideas(
    make_app, desk, until
):
    slug = stories.new_story(desk, "Why [red]it[/red] falls").slug
    stories.save_draft(desk, slug, "It falls.")
    finish(desk, slug, "TMLR")
    parked = add_idea(desk, "Warm up longer")
    settle_idea(desk, parked.id, IdeaState.PARKED, why="later")
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("f1")
        await at_home(app, until, pilot, 1)
        assert "Why [red]it[/red] falls\n   celebrate, take a break · finished" in shown(app)
        await until(pilot, lambda: "take a break" in detail(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen) and app.screen.story)
        assert app.screen.story.slug == slug
        await pilot.press("f1", "c")
        await until(pilot, lambda: "1 parked idea" in shown(app))
        await until(pilot, lambda: "1 idea is parked" in detail(app))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "celebrate, take a break" in shown(app))
        await pilot.press("c")
        await until(pilot, lambda: "1 parked idea" in shown(app))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen) and app.screen.current)
        assert app.screen.current.id == parked.id
