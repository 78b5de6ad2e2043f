"""Figures, tables and pages in the reader: drawn only in sight, shown large, opened outside."""

import pytest
from PIL import Image
from support.hostile_pdfs import ACTING
from textual.widgets import ContentSwitcher

from researchdesk.domain.documents import Block, Document, Figure, FigureKind, Table
from researchdesk.errors import DeskError
from researchdesk.services import acquire, documents
from researchdesk.tui.reader_material import View
from researchdesk.tui.screens import reader_pictures
from researchdesk.tui.screens.large_picture import LargePicture
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.gallery import Gallery
from researchdesk.tui.widgets.page_picture import PagePicture
from researchdesk.tui.widgets.picture import HalfBlocks, Picture
from researchdesk.tui.widgets.table_grid import TableGrid

FIGURES = (
    Figure(FigureKind.FIGURE, "1", "A box with a [/b] in it.", 1, (50, 50, 250, 150)),
    Figure(FigureKind.TABLE, "1", "What came out.", 2, (50, 50, 250, 150)),
    Figure(FigureKind.FIGURE, "2", "Another box.", 3, (50, 50, 250, 150)),
)
TABLES = (
    Table("1", 2, (("model", *(f"column {n}" for n in range(20))), ("ours", *["28.4"] * 20))),
)


async def at(app, pilot, until, view=View.TEXT):
    await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.material)
    await until(pilot, lambda: app.screen.view is view)
    return app.screen


@pytest.fixture
def pictured(desk, paper, monkeypatch, tmp_path):
    """The paper with figures; what is drawn is drawn here, and counted."""
    blocks = (Block(1, "Figures", 1), Block(1, "See Figure 1."), Block(3, "See Figure 2."))
    found = Document("", 3, blocks, (), FIGURES)
    monkeypatch.setattr("researchdesk.tui.reader_material.document_of", lambda *_: found)
    drawn = []

    def picture(_desk, _paper, page, box=None, dpi=110, version=None):
        drawn.append((page, box))
        path = tmp_path / f"{page}-{bool(box)}-{dpi}.png"
        Image.new("RGB", (200, 100), (200, 30, 30)).save(path)
        return path

    monkeypatch.setattr(documents, "picture", picture)

    def pictures(desk, paper, figures, dpi):
        return [picture(desk, paper, item.page, item.box) for item in figures]

    monkeypatch.setattr(documents, "pictures", pictures)
    monkeypatch.setattr(documents, "tables_of", lambda *_: TABLES)
    return drawn


@pytest.fixture(autouse=True)
def _colours(monkeypatch):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


async def test_the_gallery_draws_only_what_is_in_sight(make_app, pictured, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("right", "right")
        screen = await at(app, pilot, until, View.FIGURES)
        gallery = screen.query_one(Gallery)
        assert "Figure 1" in gallery.text
        assert "page 1" in gallery.text
        assert "[/b]" in gallery.text
        await until(pilot, lambda: gallery.query_one(Picture).has_class("-drawn"))
        assert gallery.query_one(HalfBlocks)._strips
        assert [page for page, _ in pictured] == [1]
        await pilot.press("down", "down")
        await until(pilot, lambda: "Another box" in gallery.text)
        await until(pilot, lambda: [page for page, _ in pictured] == [1, 3])
        await pilot.press("right")
        await until(pilot, lambda: screen.position.step == 3)


async def test_a_table_shows_its_cells_and_scrolls_sideways(make_app, pictured, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("right", "right")
        screen = await at(app, pilot, until, View.FIGURES)
        await pilot.press("down")
        grid = screen.query_one(TableGrid)
        await until(pilot, lambda: "column 19" in grid.text)
        assert grid.size.height > 3
        await pilot.press("greater_than_sign", "greater_than_sign")
        await until(pilot, lambda: grid.scroll_offset.x > 0)
        assert grid.render_line(1).text.startswith(" ours")
        await pilot.press("t")
        shown = screen.query_one("#shown", ContentSwitcher)
        await until(pilot, lambda: shown.current == "figure-picture")


async def test_what_cannot_be_drawn_says_why(make_app, pictured, until, monkeypatch):
    def broken(*_):
        raise DeskError("The page cannot be drawn.", "Fetch it again.")

    monkeypatch.setattr(documents, "pictures", broken)
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("F")
        screen = await at(app, pilot, until, View.FIGURES)
        picture = screen.query_one(Gallery).query_one(Picture)
        await until(pilot, lambda: "cannot be drawn" in picture.words)
        assert not picture.has_class("-drawn")


async def test_few_colours_are_told_with_the_key_that_opens_the_picture(
    make_app, pictured, until, monkeypatch
):
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("F")
        screen = await at(app, pilot, until, View.FIGURES)
        picture = screen.query_one(Gallery).query_one(Picture)
        await until(pilot, lambda: "Press O to open it" in picture.words)


async def test_the_printed_page_and_back_to_the_text(make_app, pictured, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("W")
        await pilot.press("p")
        screen = await at(app, pilot, until, View.PAGE)
        page = screen.query_one(PagePicture)
        await until(pilot, lambda: page.query_one(Picture).has_class("-drawn"))
        assert pictured == [(1, None)]
        await pilot.press("down", "down", "down")
        await until(pilot, lambda: page.page == 3)
        await pilot.press("p")
        await until(pilot, lambda: screen.view is View.TEXT)


async def test_a_figure_is_shown_large_and_left(make_app, pictured, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("F")
        screen = await at(app, pilot, until, View.FIGURES)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LargePicture))
        picture = app.screen.query_one(Picture)
        await until(pilot, lambda: picture.has_class("-drawn"))
        before = picture.size.width
        await pilot.press("plus")
        await until(pilot, lambda: picture.size.width > 1.5 * before)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


async def test_the_viewer_gets_the_figure_or_the_pdf_at_its_page(
    make_app, pictured, desk, until, monkeypatch
):
    opened = []
    monkeypatch.setattr(reader_pictures, "open_outside", lambda *words: opened.append(words))
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("O")
        await until(pilot, lambda: opened)
        assert opened == [(desk.root / "papers" / "2501.00001" / "v2.pdf", 1)]
        await pilot.press("F")
        await at(app, pilot, until, View.FIGURES)
        await pilot.press("O")
        await until(pilot, lambda: len(opened) == 2)
        assert opened[1][0].suffix == ".png"


async def test_a_pdf_with_more_than_pages_is_opened_outside_at_the_second_asking(
    make_app, desk, until, monkeypatch, tmp_path
):
    opened = []
    monkeypatch.setattr(reader_pictures, "open_outside", lambda *words: opened.append(words))
    (tmp_path / "x.pdf").write_bytes(ACTING["script on opening"][0]())
    app = make_app(acquire.add(desk, str(tmp_path / "x.pdf")).paper.name)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, until)
        await pilot.press("O")
        await until(
            pilot, lambda: "holds JavaScript" in " ".join(n.message for n in app._notifications)
        )
        assert not opened
        await pilot.press("O")
        await until(pilot, lambda: opened)
