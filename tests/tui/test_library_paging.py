"""The library's list over thousands of papers: paged, searched at each letter, sorted."""

from sqlite3 import DatabaseError

import pytest
from support.many_papers import add_papers
from textual.widgets import Input, Static

from researchdesk.errors import DeskError
from researchdesk.services import labels, library, library_search, notes
from researchdesk.tui.dialogs.find import FindDialog
from researchdesk.tui.dialogs.lists import ListsDialog
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.paper_list import PaperList

MANY = 3_000
SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])


@pytest.fixture
def many(desk):
    library.seed_bundled(desk)
    add_papers(desk, MANY)
    return desk


def listed(app):
    return app.screen.query_one(PaperList)


def line(app, at=0):
    """A line of the list, from the first that is seen."""
    return listed(app).render_line(at).text


def told(app, name):
    return str(app.screen.query_one(f"#{name}", Static).content)


async def shown(app, pilot, until):
    """The library is shown, with a paper under its cursor."""
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
    await until(pilot, lambda: app.screen.query(PaperList) and listed(app).current is not None)


@SIZES
async def test_rows_come_as_one_scrolls_and_few_are_held(make_app, many, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot, until)
        assert len(listed(app)) == MANY + 2
        await pilot.press("end")
        await until(pilot, lambda: listed(app).current is not None)
        assert listed(app).current.title.endswith("part 0")
        await pilot.press("pageup", "up")
        await until(pilot, lambda: "·" not in line(app))
        for _ in range(12):
            listed(app).scroll_to(y=listed(app).scroll_offset.y - 190, animate=False)
            await until(pilot, lambda: "part" in line(app))
        assert len(listed(app).held) < MANY
        await pilot.press("home")
        await until(pilot, lambda: listed(app).current is not None)
        assert listed(app).first_seen == 0
        await until(pilot, lambda: f"part {MANY - 1}" in line(app, 2))


async def test_enter_at_the_end_opens_the_last_even_before_it_came(make_app, many, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        assert app.screen.position.paper.title.endswith("part 0")


async def test_the_cursor_keeps_its_paper_where_the_list_changes(make_app, many, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("end", "up", "up")
        await until(pilot, lambda: listed(app).current is not None)
        kept = listed(app).current.id
        add_papers_after(many)
        app.screen.reload()
        await until(pilot, lambda: len(listed(app)) == MANY + 3)
        await until(pilot, lambda: listed(app).current is not None)
        assert listed(app).current.id == kept
        assert listed(app).cursor == MANY


def add_papers_after(desk):
    """One more, which stands first."""
    from researchdesk.domain.papers import Metadata

    library.file_metadata(desk, Metadata(title="The newest of all", authors=("Zoe Last",)))


@SIZES
async def test_each_letter_searches_and_the_hit_is_shown_below(make_app, many, until, size):
    paper = library.get_paper(many, "made17")
    notes.add_note(many, paper, 1, "the xylophone experiment is not repeated")
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot, until)
        await pilot.press("slash", *"xylo")
        await until(pilot, lambda: len(listed(app)) == 1)
        assert listed(app).current.key == "made17"
        assert "xylophone experiment" in line(app, 1)
        assert "1 paper" in told(app, "count")
        await pilot.press("enter")
        assert app.focused is listed(app)
        await pilot.press("escape")
        await until(pilot, lambda: len(listed(app)) == MANY + 2)
        await until(pilot, lambda: listed(app).current is not None)
        assert listed(app).current.key == "made17"
        assert "xylophone" not in line(app, 1)


async def test_what_was_overtaken_is_not_shown(make_app, many, until, monkeypatch):
    asked = []
    page = library_search.page

    def noted(desk, query, offset=0, limit=50):
        asked.append(str(query))
        return page(desk, query, offset, limit)

    monkeypatch.setattr(library_search, "page", noted)
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await pilot.press("slash")
        app.screen.query_one("#filter", Input).value = "warmup"
        app.screen.query_one("#filter", Input).value = "warmup dropout"
        app.screen.query_one("#filter", Input).value = "part 2999"
        await until(pilot, lambda: len(listed(app)) == 1)
        assert listed(app).current.title.endswith("part 2999")
        assert asked[-1] == "part 2999"
        assert "warmup dropout" not in asked


async def test_the_grammar_is_taught_and_completed(make_app, many, until):
    labels.tag(many, [5, 6], ["to discuss"])
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("slash")
        await until(pilot, lambda: "author:" in told(app, "grammar"))
        await until(pilot, lambda: app.screen.query_one("#filter").names.tags)
        await pilot.press(*"ta")
        await pilot.press("right")
        assert app.screen.query_one("#filter", Input).value == "tag:"
        await until(pilot, lambda: 'tag:"to discuss"' in told(app, "grammar"))
        await pilot.press("right")
        assert app.screen.query_one("#filter", Input).value == 'tag:"to discuss"'
        await until(pilot, lambda: len(listed(app)) == 2)
        app.screen.query_one("#filter", Input).value = "tag:todiscuss"
        await until(pilot, lambda: "Is to discuss meant?" in told(app, "grammar"))


async def test_what_was_not_understood_is_said_and_the_rest_is_searched(make_app, many, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("slash", *"2999 year:x")
        await until(pilot, lambda: "year: waits for" in told(app, "grammar"))
        await until(pilot, lambda: len(listed(app)) == 1)


async def test_nothing_found_says_what_to_do(make_app, many, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("slash", *"zzzzz")
        await until(pilot, lambda: app.screen.has_class("-none"))
        assert app.screen.query_one("#none").display
        assert "esc for all papers" in told(app, "none")
        await pilot.press("enter", "f")
        await until(pilot, lambda: isinstance(app.screen, FindDialog))
        assert app.screen.query_one("#words", Input).value == "zzzzz"
        await pilot.press("escape")
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.has_class("-none"))


async def test_s_goes_through_the_orders(make_app, many, until):
    labels.set_stars(many, [40], 5)
    labels.set_priority(many, [50], 3)
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        for words, first in [
            ("last added first", lambda row: row.title.endswith(f"part {MANY - 1}")),
            ("by year", lambda row: row.year == 2025),
            ("by stars", lambda row: row.id == 40),
            ("by priority", lambda row: row.id == 50),
            ("by title", lambda row: row.title.startswith("Deep")),
        ]:
            await pilot.press("s")
            await until(pilot, lambda words=words: words in told(app, "count"))
            assert first(listed(app).current) or words == "last added first"


async def test_a_search_is_kept_and_gone_to_again(make_app, many, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("slash", *"2999")
        await until(pilot, lambda: len(listed(app)) == 1)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen.query("#answer"))
        await pilot.press(*"mine", "enter")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("escape")
        await until(pilot, lambda: len(listed(app)) == MANY + 2)
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, ListsDialog) and app.screen.marked)
        await pilot.press(*"mi", "enter")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await until(pilot, lambda: len(listed(app)) == 1)
        assert app.screen.query_one("#filter", Input).value == "list:mine"
        assert app.focused is listed(app)


async def test_a_smart_list_is_forgotten_and_a_tag_is_not(make_app, many, until):
    from researchdesk.services import smart_lists

    smart_lists.keep_list(many, "mine", "2999")
    labels.tag(many, [5], ["vision"])
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot, until)
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, ListsDialog) and app.screen.marked)
        await pilot.press(*"vision")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Only a smart list" in told(app, "problem"))
        for _ in "vision":
            await pilot.press("backspace")
        await until(pilot, lambda: app.screen.marked == "list:mine")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: not smart_lists.smart_lists(many))
        assert [name for name, _ in labels.all_tags(many)] == ["vision"]


async def test_the_first_that_is_drawn_has_papers(make_app, many, until, monkeypatch):
    library_search.count(many, library_search.parse_query(""))
    drawn = []
    draw = LibraryScreen._compositor_refresh

    def noted(screen):
        draw(screen)
        if not screen.app._batch_count:
            drawn.append(line_of(screen))

    monkeypatch.setattr(LibraryScreen, "_compositor_refresh", noted)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and drawn)
        assert "part" in drawn[0] or "Convergence" in drawn[0]


def line_of(screen):
    return screen.query_one(PaperList).render_line(0).text


@pytest.mark.parametrize("error", [DeskError("The desk is busy."), DatabaseError("malformed")])
async def test_what_cannot_be_read_at_the_start_is_told(make_app, desk, until, monkeypatch, error):
    library.seed_bundled(desk)

    def fail(*args):
        raise error

    monkeypatch.setattr(library_search, "page", fail)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any(str(error) in one.message for one in app._notifications))
        assert isinstance(app.screen, LibraryScreen)
