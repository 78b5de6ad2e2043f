"""How a text is broken into rows."""

from rich.cells import cell_len

from researchdesk.domain.documents import Block, BlockKind
from researchdesk.tui.passage_rows import READING_WIDTH, RowKind, label_end, rows_of, wrapped

LONG = "Words of a paragraph that is long enough to be broken more than once. " * 5


def lines(text, width):
    return [text[start:end] for start, end in wrapped(text, width)]


def test_lines_break_at_blanks_and_lose_nothing():
    got = lines(LONG, 20)
    assert all(len(line) <= 20 for line in got)
    assert " ".join(got).split() == LONG.split()


def test_wide_letters_take_two_cells_and_a_word_too_long_is_cut():
    assert all(cell_len(line) <= 7 for line in lines("漢字漢字漢字漢字 abc", 7))
    assert "".join(lines("x" * 50, 20)) == "x" * 50
    assert lines("two\nlines", 20) == ["two", "lines"]


def test_pages_kinds_and_the_appendix_are_told_apart():
    blocks = (
        Block(1, "Title", 1),
        Block(1, "E = mc^2", kind=BlockKind.EQUATION),
        Block(2, "Figure 1: A box.", kind=BlockKind.CAPTION),
        Block(2, "print inside a figure", kind=BlockKind.GRAPHIC),
        Block(3, "A Proofs", 1),
    )
    rows = rows_of(blocks, 60, "a note", appendix=4, source="from HTML")
    words = [row.words for row in rows if row.words]
    assert words == ["a note", "page 1 · from HTML", "page 2", "Appendix", "page 3"]
    assert {row.kind for row in rows if row.block == 1} == {RowKind.EQUATION}
    assert not any(row.block == 3 for row in rows)
    assert label_end(blocks[2]) == len("Figure 1:")
    assert label_end(blocks[0]) == 0


def test_lines_are_no_longer_than_one_can_read_well():
    rows = rows_of((Block(1, LONG),), 300)
    assert max(row.end - row.start for row in rows) <= READING_WIDTH


def test_references_hang():
    rows = [r for r in rows_of((Block(1, LONG, kind=BlockKind.REFERENCE),), 40) if r.block == 0]
    assert [row.indent for row in rows[:3]] == [0, 4, 4]
