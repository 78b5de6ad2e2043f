"""The words of the HTML on the pages of the PDF."""

import random
import time
from dataclasses import replace

import pytest
from support.made_page import RESULTS, page_of_paper
from support.made_paper import write_paper

from researchdesk.document.extraction import extract
from researchdesk.document.html.reading import read_html
from researchdesk.document.merging import merge
from researchdesk.document.pdf.sections import sections_of
from researchdesk.domain.documents import (
    Block,
    BlockKind,
    Document,
    Figure,
    FigureKind,
    Reference,
)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return extract(write_paper(tmp_path_factory.mktemp("paper") / "paper.pdf"))


@pytest.fixture(scope="module")
def merged(pdf: Document) -> Document:
    return merge(read_html(page_of_paper()), pdf)


def test_words_and_cells_are_the_pages_are(merged: Document, pdf: Document) -> None:
    assert (merged.source, merged.pages, merged.stamp) == ("html", pdf.pages, pdf.stamp)
    assert merged.authors == ("Ada Example", "Bo Sample")
    pages = {section.title: section.page for section in merged.sections}
    assert pages == {section.title: section.page for section in pdf.sections}
    assert pages["2 Method"] == 2
    assert all(block.page for block in merged.blocks)
    conclusion = next(b for b in merged.blocks if b.text.startswith("Warmup mends"))
    same = next(b for b in pdf.blocks if b.text.startswith("Warmup mends"))
    assert (conclusion.page, conclusion.box) == (same.page, same.box)


def test_figures_have_the_boxes_of_the_pdf_and_the_cells_of_the_html(
    merged: Document, pdf: Document
) -> None:
    table = next(figure for figure in merged.figures if figure.kind is FigureKind.TABLE)
    printed = next(figure for figure in pdf.figures if figure.kind is FigureKind.TABLE)
    assert table.cells == RESULTS
    assert (table.page, table.box) == (printed.page, printed.box)
    assert len(merged.figures) == len(pdf.figures)


def test_references_and_links_have_pages(merged: Document, pdf: Document) -> None:
    assert [item.page for item in merged.references] == [pdf.pages, pdf.pages]
    assert {link.page for link in merged.code_links} == {pdf.pages}


def test_a_failed_or_cut_conversion_leaves_the_pdf(pdf: Document) -> None:
    assert merge(read_html(page_of_paper(short=True)), pdf) is pdf
    assert merge(read_html("<html></html>"), pdf) is pdf


def test_html_of_another_version_leaves_the_pdf(pdf: Document) -> None:
    html = read_html(page_of_paper())
    assert merge(replace(html, stamp="9912.00001v3"), pdf) is pdf
    assert merge(replace(html, stamp=pdf.stamp), pdf).source == "html"


def test_a_scan_is_read_from_the_html() -> None:
    scan = Document("", 9, (), (), (), "9912.00001v2", "The pages hold no text.")
    found = merge(read_html(page_of_paper()), scan)
    assert (found.source, found.pages, found.problem) == ("html", 9, "")
    assert found.stamp == "9912.00001v2"


def long_paper(paragraphs: int) -> Document:
    """Of 40 sections, some of one name; each page holds ten paragraphs."""
    luck = random.Random(7)
    words = [f"{a}{b}ing" for a in "bcdfghjklmnp" for b in ("al", "er", "on", "ut", "im", "ast")]
    blocks: list[Block] = []
    figures: list[Figure] = []
    for at in range(paragraphs):
        page = 1 + at // 10
        place = (10.0, 70.0 * (at % 10), 300.0, 70.0 * (at % 10) + 60)
        if at % (paragraphs // 40) == 0:
            title = "Setting" if at % 3 == 0 else f"Part {' '.join(luck.choices(words, k=3))}"
            blocks.append(Block(page, title, 1, BlockKind.HEADING, place))
        if at % 50 == 49:
            number = str(1 + at // 50)
            blocks.append(Block(page, f"Table {number}: Of x.", kind=BlockKind.CAPTION, box=place))
            figures.append(Figure(FigureKind.TABLE, number, "Of x.", page, place))
        text = " ".join(luck.choices(words, k=90))
        blocks.append(Block(page, text, kind=BlockKind.TEXT, box=place))
        blocks.append(Block(page, "x = y (1)", kind=BlockKind.EQUATION, box=place))
    pages = 1 + (paragraphs - 1) // 10
    return Document("T", pages, tuple(blocks), sections_of(blocks), tuple(figures))


def unplaced(pdf: Document) -> Document:
    """The same paper as HTML has it: without pages, its formulas as TeX, some words another."""
    luck = random.Random(3)
    blocks = []
    for block in pdf.blocks:
        text = block.text
        if block.kind is BlockKind.TEXT:
            text = " ".join(w for w in text.split() if luck.random() > 0.05)
        if block.kind is BlockKind.EQUATION:
            text = r"\frac{a}{b}"
        blocks.append(replace(block, text=text, page=0, box=None))
    figures = tuple(replace(figure, page=0, box=None) for figure in pdf.figures)
    return replace(pdf, blocks=tuple(blocks), figures=figures, pages=0, source="html")


def test_every_block_of_a_long_paper_finds_its_page_in_time() -> None:
    pdf = long_paper(1200)
    html = unplaced(pdf)
    begun = time.process_time()
    found = merge(html, pdf)
    assert time.process_time() - begun < 5
    assert [block.page for block in found.blocks] == [block.page for block in pdf.blocks]
    assert [figure.box for figure in found.figures] == [figure.box for figure in pdf.figures]
    boxed = sum(1 for a, b in zip(found.blocks, pdf.blocks, strict=True) if a.box == b.box)
    assert boxed > 0.98 * len(pdf.blocks)


def test_a_float_may_stand_elsewhere() -> None:
    pdf = long_paper(200)
    html = unplaced(pdf)
    captions = [block for block in html.blocks if block.kind is BlockKind.CAPTION]
    rest = [block for block in html.blocks if block.kind is not BlockKind.CAPTION]
    found = merge(replace(html, blocks=(*captions, *rest)), pdf)
    assert [block.page for block in found.blocks[: len(captions)]] == [5, 10, 15, 20]
    assert found.blocks[len(captions)].page == 1


def test_a_figure_that_the_html_lost_is_kept_from_the_pdf() -> None:
    pdf = long_paper(200)
    html = unplaced(pdf)
    captions = [b for b in html.blocks if b.text.startswith("Table 2")]
    blocks = tuple(block for block in html.blocks if block not in captions)
    figures = tuple(figure for figure in html.figures if figure.number != "2")
    found = merge(replace(html, blocks=blocks, figures=figures), pdf)
    assert [figure.number for figure in found.figures] == ["1", "2", "3", "4"]


def test_without_references_of_its_own_those_of_the_pdf() -> None:
    pdf = replace(long_paper(100), references=(Reference("1", "A. Author. A title.", 9),))
    assert merge(unplaced(replace(pdf, references=())), pdf).references == pdf.references


def test_words_of_another_paper_keep_their_order_and_have_some_page() -> None:
    other = unplaced(long_paper(150))
    changed = tuple(replace(block, text=block.text[::-1]) for block in other.blocks)
    found = merge(replace(other, blocks=changed), long_paper(150))
    assert [block.text for block in found.blocks] == [block.text for block in changed]
