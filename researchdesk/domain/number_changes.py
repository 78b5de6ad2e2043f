"""Numbers that are others in a newer version of a paper: of its abstract, captions and tables."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from researchdesk.domain.changes import NumberChange, SectionChange
from researchdesk.domain.documents import BlockKind, SectionKind, Table
from researchdesk.domain.paragraphs import ParagraphChange
from researchdesk.domain.word_diff import How, likeness, words_of

_NUMBER = re.compile(r"(?<![\w.])[-−+]?\d[\d,]*(?:\.\d+)?(?:\s?%)?(?![\w])")
_TOLD = {SectionKind.ABSTRACT: "abstract", SectionKind.CONCLUSION: "conclusion"}
_AROUND = 60
_MOST_NUMBERS = 8


def text_numbers(sections: Sequence[SectionChange]) -> Iterator[NumberChange]:
    """The numbers that changed in abstract, conclusion and captions."""
    for section in sections:
        text = section.after or section.before
        for item in section.diff:
            where = (
                "caption"
                if item.kind is BlockKind.CAPTION
                else _TOLD.get(text.kind)
                if text
                else ""
            )
            if where and item.how is How.CHANGED:
                yield from _of_paragraph(where, item)


def table_numbers(old: Sequence[Table], new: Sequence[Table]) -> Iterator[NumberChange]:
    """The cells whose numbers changed, of tables with one number or caption in both versions."""
    left = list(old)
    for table in new:
        match = next((item for item in left if _is_same(item, table)), None)
        if match is not None:
            left.remove(match)
            yield from _of_table(match, table)


def _of_paragraph(where: str, item: ParagraphChange) -> Iterator[NumberChange]:
    """Numbers of one change beside each other: those gone, those come."""
    for at, piece in enumerate(item.pieces[:-1]):
        after = item.pieces[at + 1]
        if piece.how is not How.REMOVED or after.how is not How.ADDED:
            continue
        gone, come = Counter(_NUMBER.findall(piece.text)), Counter(_NUMBER.findall(after.text))
        lost, won = list((gone - come).elements()), list((come - gone).elements())
        if lost and won and len(lost) + len(won) <= _MOST_NUMBERS:
            follows = item.pieces[at + 2].text if at + 2 < len(item.pieces) else ""
            precedes = item.pieces[at - 1].text if at else ""
            what = f"{precedes[-_AROUND:]}{after.text}{follows[:_AROUND]}"
            yield NumberChange(
                where, " ".join(what.split()), ", ".join(lost), ", ".join(won), item.after_page
            )


def _is_same(one: Table, other: Table) -> bool:
    alike = likeness(words_of(one.caption), words_of(other.caption))
    if one.caption and other.caption:
        return alike >= 0.8 or (one.number == other.number != "" and alike >= 0.4)
    return one.number == other.number != ""


def _of_table(old: Table, new: Table) -> Iterator[NumberChange]:
    """Cells are matched by the words at the head of their row and their column, in order."""
    where = f"Table {new.number}" if new.number else "table"
    known: dict[tuple[str, str, int], str] = {}
    for row, column, turn, cell in _cells(old):
        known[row, column, turn] = cell
    for row, column, turn, cell in _cells(new):
        before = known.get((row, column, turn), "")
        if before and _NUMBER.findall(before) != _NUMBER.findall(cell) and _NUMBER.search(before):
            what = " · ".join(part for part in (row, column) if part)
            yield NumberChange(where, what, before, cell, new.page)


def _cells(table: Table) -> Iterator[tuple[str, str, int, str]]:
    """(head of the row, head of the column, how often these heads stood before, cell)."""
    seen: Counter[tuple[str, str]] = Counter()
    heads: list[str] = []
    for line in table.cells:
        numbers = sum(bool(_NUMBER.search(cell)) for cell in line[1:])
        if not numbers:
            heads = [
                " ".join(part for part in pair if part)
                for pair in zip([*heads, *[""] * len(line)], line, strict=False)
            ][: len(line)]
            continue
        row = " ".join(line[0].split()) if line else ""
        for at, cell in enumerate(line[1:], start=1):
            column = " ".join((heads[at] if at < len(heads) else f"column {at + 1}").split())
            if _NUMBER.search(cell):
                yield row, column, seen[row, column], " ".join(cell.split())
                seen[row, column] += 1
