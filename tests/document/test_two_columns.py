"""A made paper of two columns, through the reading of its pages and the layout."""

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from support.two_columns import AUTHORS, HEAD, TITLE, write_two_columns

from researchdesk.document.pdf.layout import build_document
from researchdesk.document.pdf.pages import read_outline, read_pages
from researchdesk.domain.documents import BlockKind, Box, Document, FigureKind, SectionKind

Boxes = dict[str, Box]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Document, Boxes]]:
    path = tmp_path_factory.mktemp("made") / "two.pdf"
    boxes = write_two_columns(path)
    with pymupdf.open(path) as pdf:
        yield build_document(read_pages(pdf), read_outline(pdf)), boxes


@pytest.fixture
def document(made: tuple[Document, Boxes]) -> Document:
    return made[0]


def of_kind(document: Document, kind: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if block.kind is kind]


def holding(document: Document, words: str) -> str:
    found = [block.text for block in document.blocks if words in block.text]
    assert len(found) == 1, words
    return found[0]


def test_title_authors_and_abstract(document: Document) -> None:
    assert document.title == TITLE
    assert document.authors == AUTHORS
    assert document.abstract.startswith("The abstract0 of a paper")
    assert "Introduction" not in document.abstract


def test_the_sections_with_their_levels_kinds_and_pages(document: Document) -> None:
    assert [(s.title, s.level, s.kind, s.page) for s in document.sections] == [
        ("Abstract", 1, SectionKind.ABSTRACT, 1),
        ("1 Introduction", 1, SectionKind.INTRODUCTION, 1),
        ("2 Method", 1, SectionKind.BODY, 2),
        ("2.1 Details", 2, SectionKind.BODY, 2),
        ("3 Conclusion", 1, SectionKind.CONCLUSION, 2),
        ("References", 1, SectionKind.REFERENCES, 3),
        ("A Proofs", 1, SectionKind.APPENDIX, 3),
    ]


def test_running_heads_and_page_numbers_are_gone(document: Document) -> None:
    text = "\n".join(block.text for block in document.blocks)
    assert HEAD not in text
    assert not {"1", "2", "3"} & {block.text for block in document.blocks}


def test_the_left_column_comes_before_the_right_one(document: Document) -> None:
    text = " ".join(block.text for block in document.blocks)
    names = ["abstract0", "opening0", "cut0", "formulas0", "before0", "method0", "details0"]
    names += ["ending0", "proofs0", "further0"]
    places = [text.index(name) for name in names]
    assert places == sorted(places)


def test_a_paragraph_goes_on_over_a_column_and_past_a_footnote(document: Document) -> None:
    whole = holding(document, "goes over the end")
    assert whole.endswith("to the head of the next one, where this sentence ends at last.")
    assert of_kind(document, BlockKind.FOOTNOTE) == [
        "1 A footnote of the left column, see https://example.org/one."
    ]


def test_a_float_in_the_middle_of_a_column_does_not_cut_its_paragraph(document: Document) -> None:
    whole = holding(document, "meets a float")
    assert whole.endswith("that stands in the middle of its sentence, and then it goes on.")


def test_a_displayed_formula_is_a_block_of_its_own_with_its_number(document: Document) -> None:
    formulas = of_kind(document, BlockKind.EQUATION)
    assert len(formulas) == 1
    assert formulas[0].endswith("(1)")
    at = [block.kind for block in document.blocks].index(BlockKind.EQUATION)
    assert document.blocks[at - 1].text.endswith("such as")
    assert document.blocks[at + 1].text.startswith("where the letters")


def test_figures_have_a_page_and_a_box_around_picture_and_caption(
    made: tuple[Document, Boxes],
) -> None:
    document, boxes = made
    figure, table = document.figures
    assert (figure.kind, figure.number, figure.page) == (FigureKind.FIGURE, "1", 1)
    assert (table.kind, table.number, table.page) == (FigureKind.TABLE, "1", 2)
    assert table.caption == "Numbers of the method."
    for found, pictured in ((figure, boxes["picture"]), (table, boxes["table"])):
        assert found.box is not None
        assert found.caption_box is not None
        assert around(found.box, pictured)
        assert around(found.box, found.caption_box)
        left, top, right, bottom = found.box
        assert right - left < 300
        assert bottom - top < 150


def around(outer: Box, inner: Box) -> bool:
    low = all(outer[at] <= inner[at] + 3 for at in (0, 1))
    return low and all(outer[at] >= inner[at] - 3 for at in (2, 3))


def test_print_inside_figures_and_tables_is_told_from_text(document: Document) -> None:
    graphic = " ".join(of_kind(document, BlockKind.GRAPHIC))
    assert "0.1" in graphic
    assert "71.3" in graphic
    assert "71.3" not in " ".join(of_kind(document, BlockKind.TEXT))


def test_each_entry_of_the_bibliography_is_one_block(document: Document) -> None:
    entries = of_kind(document, BlockKind.REFERENCE)
    assert [entry[:3] for entry in entries] == ["[1]", "[2]"]
    assert [reference.year for reference in document.references] == [2019, 2020]


def test_every_block_has_a_box_on_its_page(document: Document) -> None:
    for block in document.blocks:
        assert block.box is not None
        x0, y0, x1, y1 = block.box
        assert 0 <= x0 < x1 <= 612
        assert 0 <= y0 < y1 <= 792


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_turned_sideways_has_its_boxes_where_they_are_shown(
    tmp_path: Path, turn: int
) -> None:
    with pymupdf.open() as pdf:
        sheet = pdf.new_page(width=612, height=792)
        for at in range(6):
            where = {90: (100 + 14 * at, 700), 180: (500, 700 - 14 * at), 270: (500 - 14 * at, 80)}
            words = f"A line of running text that is turned as a whole, number {at}."
            sheet.insert_text(where[turn], words, fontsize=10, fontname="tiro", rotate=turn)
        pdf.save(tmp_path / "turned.pdf")
    with pymupdf.open(tmp_path / "turned.pdf") as pdf:
        document = build_document(read_pages(pdf), read_outline(pdf))
        printed = [pymupdf.Rect(block[:4]) for block in pdf[0].get_text("blocks")]
    text = " ".join(block.text for block in document.blocks)
    assert [text.index(f"number {at}") for at in range(6)] == sorted(
        text.index(f"number {at}") for at in range(6)
    )
    for block in document.blocks:
        assert block.box is not None
        assert any(pymupdf.Rect(block.box).intersects(box) for box in printed)


def test_a_printed_table_of_contents_is_no_row_of_headings(tmp_path: Path) -> None:
    titles = ["1 Introduction", "2 Method", "3 Results", "4 Discussion", "5 Conclusion"]
    with pymupdf.open() as pdf:
        sheet = pdf.new_page(width=612, height=792)
        sheet.insert_text((90, 80), "Contents", fontsize=14, fontname="tibo")
        for at, title in enumerate(titles):
            sheet.insert_text((90, 110 + 16 * at), title, fontsize=10, fontname="tibo")
            sheet.insert_text((500, 110 + 16 * at), str(at + 2), fontsize=10, fontname="tibo")
        for title in titles:
            sheet = pdf.new_page(width=612, height=792)
            sheet.insert_text((90, 80), title, fontsize=10, fontname="tibo")
            box = pymupdf.Rect(90, 100, 522, 700)
            sheet.insert_textbox(
                box, "Words that fill the page. " * 40, fontname="tiro", fontsize=10
            )
        pdf.save(tmp_path / "contents.pdf")
    with pymupdf.open(tmp_path / "contents.pdf") as pdf:
        document = build_document(read_pages(pdf), read_outline(pdf))
    found = [(s.title, s.page) for s in document.sections if s.title != "Contents"]
    assert found == [(title, at + 2) for at, title in enumerate(titles)]
