"""The library screen, by its keys and its mouse."""

from datetime import UTC, datetime

from textual.widgets import Input, Static

from researchdesk.domain.papers import Metadata, PaperVersion
from researchdesk.domain.reading import Decision
from researchdesk.services import library, notes, reading
from researchdesk.storage import papers
from researchdesk.tui.dialogs.add import AddDialog
from researchdesk.tui.dialogs.backlinks import BacklinksDialog
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.paper_list import PaperList

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def listed(app):
    return app.screen.query_one(PaperList)


def preview(app):
    return str(app.screen.query_one("#preview-text", Static).content)


async def test_shows_bundled_papers_and_looks_at_the_one_under_the_cursor(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(listed(app)) == 2)
        await until(pilot, lambda: listed(app).current.title in preview(app))
        first = listed(app).current
        await pilot.press("down")
        second = listed(app).current
        await until(pilot, lambda: second.title in preview(app))
        assert first.name != second.name
        assert "Came with researchdesk, with a recipe: press b to run it" in preview(app)


async def test_where_a_paper_was_added_recipes_are_named(make_app, paper, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(listed(app)) == 3)
        while listed(app).current.name == paper.name:
            await pilot.press("down")
        await until(pilot, lambda: "press b to run it" in preview(app))
        assert "Came with" not in preview(app)


async def test_filters_as_one_types_and_escape_shows_all(make_app, paper, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(listed(app)) == 3)
        await pilot.press("slash", *"adam")
        await until(pilot, lambda: len(listed(app)) == 1)
        assert listed(app).current.name == "1904.09237"
        await pilot.press("escape")
        await until(pilot, lambda: len(listed(app)) == 3)
        assert app.focused is listed(app)


async def test_text_from_outside_is_shown_as_it_is(make_app, paper, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: len(listed(app)) == 3)
        while listed(app).current.name != paper.name:
            await pilot.press("down")
        await until(pilot, lambda: "Brackets [red]everywhere[/b]" in preview(app))
        assert "[/b] and [link=x] is only text" in preview(app)
        lines = [listed(app).render_line(y).text for y in range(3)]
        assert any("Brackets [red]everywhere[/b]: a study" in line for line in lines)


async def test_enter_and_double_click_open_the_reader(make_app, paper, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(listed(app)) == 3)
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        name = app.screen.position.paper.name
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.click(PaperList, offset=(10, 2), times=2)
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await until(pilot, lambda: app.screen.position.paper.name != name)


async def test_removed_paper_comes_back_with_ctrl_z(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(listed(app)) == 2)
        gone = listed(app).current
        await pilot.press("d")
        await until(pilot, lambda: len(listed(app)) == 1)
        assert gone.name not in [item.paper.name for item in library.list_papers(desk)]
        await pilot.press("ctrl+z")
        await until(pilot, lambda: len(listed(app)) == 2)
        assert listed(app).current.name == gone.name


async def test_empty_library_says_what_to_do(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(listed(app)) == 2)
        await pilot.press("d", "d")
        await until(pilot, lambda: app.screen.has_class("-empty"))
        nothing = app.screen.query_one("#nothing", Static)
        assert nothing.display
        assert "a   adds one" in str(nothing.content)


async def test_add_tells_in_the_dialog_why_it_failed(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(listed(app)) == 2)
        await pilot.press("a", *"nonsense", "enter")
        problem = app.screen.query_one("#problem", Static)
        await until(pilot, lambda: "is not an arXiv id" in str(problem.content))
        assert isinstance(app.screen, AddDialog)
        await pilot.press("escape")
        assert isinstance(app.screen, LibraryScreen)


async def test_add_of_a_shipped_paper_offline_closes_and_warns(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(listed(app)) == 2)
        await pilot.press("a")
        app.screen.query_one("#text", Input).value = "1512.03385"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await until(pilot, lambda: listed(app).current.name == "1512.03385")
        assert any("without the PDF" in n.message for n in app._notifications)


def test_a_local_paper_has_a_key_for_a_name(desk):
    filed = library.file_metadata(desk, Metadata(title="Unstamped work", authors=("Eve Nobody",)))
    assert [item.paper.name for item in library.list_papers(desk)] == [filed.key]


async def test_what_is_due_and_a_newer_version_are_signed(make_app, desk, paper, until):
    reading.start_pass(desk, paper, 1, version=1)
    reading.finish_pass(desk, paper, 1, "later", desk.clock().date(), Decision.LATER)
    path = "papers/2501.00001/v1.pdf"
    papers.set_version(desk.database.connection, paper.id, PaperVersion(1, path, "1" * 64, 9, NOW))
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.query(PaperList) and len(listed(app)) == 3)
        await pilot.press("slash", *"is:due")
        await until(pilot, lambda: len(listed(app)) == 1)
        line = listed(app).render_line(0).text
        assert "↑v2" in line
        assert "due today" in line
        await until(pilot, lambda: "newer than what you read" in preview(app))


async def test_notes_that_link_to_a_paper_are_listed_and_gone_to(make_app, desk, paper, until):
    notes.add_note(
        desk, paper, 1, "compare [[1904.09237]]", quote="Paragraph 2 of the method", page=3
    )
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.query(PaperList) and len(listed(app)) == 3)
        while listed(app).current.name != "1904.09237":
            await pilot.press("down")
        await until(pilot, lambda: "1 note links here" in preview(app))
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, BacklinksDialog))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        assert app.screen.position.paper.name == paper.name


async def test_a_paper_nobody_links_to_says_how_to(make_app, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: len(listed(app)) == 2)
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, BacklinksDialog))
        words = " ".join(str(item.content) for item in app.screen.query(Static))
        assert f"[[{library.list_papers(app.desk)[0].paper.name}]]" in words


async def test_more_ids_than_any_name_is_long_are_added_each_by_itself(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(listed(app)) == 2)
        await pilot.press("a")
        app.screen.query_one("#text", Input).value = " ".join(["nonsense"] * 40)
        await pilot.press("enter")
        problem = app.screen.query_one("#problem", Static)
        await until(pilot, lambda: "is not an arXiv id" in str(problem.content))
