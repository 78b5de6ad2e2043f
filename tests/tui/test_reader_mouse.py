"""The reader with the mouse: keys that are clicked, text that is dragged over, figures chosen."""

from dataclasses import replace
from datetime import UTC, datetime

from textual.widgets import Static, TextArea

from researchdesk.domain.documents import Block, Document, Figure, FigureKind
from researchdesk.domain.papers import PaperVersion
from researchdesk.domain.reading import PassState
from researchdesk.services import library, notes, reading
from researchdesk.services.acquire import Added
from researchdesk.storage import papers
from researchdesk.tui.dialogs.note import NoteDialog
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import OpenChanges
from researchdesk.tui.reader_material import View
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.gallery import Gallery
from researchdesk.tui.widgets.key_bar import KeyBar
from researchdesk.tui.widgets.passage_view import PassageView


async def opened(app, pilot, until):
    await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
    return app.screen


async def drag(pilot, view, start, end):
    await pilot.mouse_down(view, offset=start)
    await pilot.hover(view, offset=((start[0] + end[0]) // 2, start[1]))
    await pilot.hover(view, offset=end)
    await pilot.mouse_up(view, offset=end)


async def test_what_is_dragged_over_becomes_the_quote(make_app, paper, desk, until):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await opened(app, pilot, until)
        view = screen.query_one(PassageView)
        first = next(n for n, row in enumerate(view._rows) if row.block == 1)
        left, top = view.gutter.left + 2, view.gutter.top + first
        await drag(pilot, view, (left, top), (left + 20, top + 1))
        await until(pilot, lambda: view.taken().quote)
        quote = view.taken().quote
        assert quote.startswith("Paragraph 1 of the introduction. A sentence")
        assert "\n" not in quote
        await pilot.press("u")
        await until(pilot, lambda: notes.questions_of(desk, paper))
        assert notes.questions_of(desk, paper)[0].quote == quote
        assert not view.taken().quote


async def test_a_key_in_the_bar_is_clicked(make_app, paper, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        bar = screen.query_one(KeyBar)
        await until(pilot, lambda: "n Note" in bar.text)
        assert len(bar.text.rstrip()) <= 80
        await pilot.click(KeyBar, offset=(bar.text.index("n Note"), 0))
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        assert app.screen.query_one("#text", TextArea).text == ""


async def test_the_bar_tells_the_keys_of_where_one_is(make_app, paper, desk, until):
    notes.mark(desk, paper, 1, "Text is data.", 4)
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        bar = screen.query_one(KeyBar)
        await until(pilot, lambda: "v Mark" in bar.text)
        await pilot.press("v")
        await until(pilot, lambda: "esc Unmark" in bar.text)
        await pilot.press("escape", "Q")
        await until(pilot, lambda: "r Resolve" in bar.text)


async def test_a_figure_is_chosen_by_its_number(make_app, paper, until, monkeypatch):
    figures = tuple(Figure(FigureKind.FIGURE, str(n), f"Box {n}.", 0) for n in range(1, 4))
    found = Document("", 3, (Block(1, "Text."),), (), figures)
    monkeypatch.setattr("researchdesk.tui.reader_material.document_of", lambda *_: found)
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("F")
        await until(pilot, lambda: screen.view is View.FIGURES)
        gallery = screen.query_one(Gallery)
        await until(pilot, lambda: "Box 1" in gallery.text)
        await pilot.click("#strip", offset=(18, 0))
        await until(pilot, lambda: "Box 3" in gallery.text)


async def test_another_version_is_told_with_the_key_that_shows_what_changed(
    make_app, paper, desk, until, monkeypatch
):
    path = desk.root / "papers" / "2501.00001" / "v1.pdf"
    path.write_bytes(b"%PDF-1.7")
    held = PaperVersion(
        1, "papers/2501.00001/v1.pdf", "2" * 64, 8, datetime(2026, 1, 1, tzinfo=UTC)
    )
    papers.set_version(desk.database.connection, paper.id, held)
    assert len(library.get_paper(desk, "2501.00001").versions) == 2
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        line = screen.query_one("#versions-line", Static)
        assert "v1 and v2 are on this desk: D shows" in str(line.content)
        assert line.region.height == 1
        asked = []
        monkeypatch.setattr(screen, "post_message", lambda m: asked.append(m) or True)
        assert screen.check_action("changes", ())
        screen.action_changes()
        assert [m.ref for m in asked if isinstance(m, OpenChanges)] == ["2501.00001"]
        monkeypatch.undo()


async def test_a_pass_under_way_stays_with_its_version_when_another_comes(
    make_app, paper, desk, until
):
    begun = reading.start_pass(desk, paper, 1)
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        newer = library.file_metadata(desk, replace(paper.metadata, version=3))
        app._announce(Fetching("2501.00001v3", added=Added(newer, 3, already=False, fetched=True)))
        assert (screen.position.paper.version, screen.position.item.version) == (2, 2)
        told = "This pass goes on with v2"
        await until(pilot, lambda: any(told in item.message for item in app._notifications))
        await pilot.press("n", *"words", "ctrl+s")
        await until(pilot, lambda: notes.notes_of(desk, newer))
        (note,) = notes.notes_of(desk, newer)
        assert (note.pass_id, note.version) == (begun.id, 2)
        await pilot.press("f", "ctrl+s")
        await until(pilot, lambda: screen.position.paper.version == 3)
        ended, following = reading.passes_of(desk, newer)
        assert (ended.id, ended.state) == (begun.id, PassState.FINISHED)
        assert (following.number, following.version) == (2, 3)
        assert screen.position.item == following


async def test_a_pass_not_begun_is_over_the_version_that_came(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        newer = library.file_metadata(desk, replace(paper.metadata, version=3))
        app._announce(Fetching("2501.00001v3", added=Added(newer, 3, already=False, fetched=True)))
        assert (screen.position.paper.version, screen.position.item) == (3, None)
