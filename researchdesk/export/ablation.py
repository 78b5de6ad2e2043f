"""Tables in text and markdown, and in every format. No cell's content can break a table."""

import unicodedata
from collections.abc import Sequence

from researchdesk.domain.ablation import (
    AblationTable,
    Cell,
    Check,
    Measured,
    Words,
    digits,
    made_from,
    signed,
)
from researchdesk.domain.text import one_line
from researchdesk.export.ablation_csv import write_csv
from researchdesk.export.ablation_latex import is_words, write_latex
from researchdesk.export.escaping import escape

FORMATS = ("text", "markdown", "latex", "csv")
_NOTHING, _BOLD = "–", "*"
_GAP = "  "


def write_tables(tables: Sequence[AblationTable], form: str) -> str:
    """The tables in one of ``FORMATS``, one below the other, and the runs they were made from."""
    if form in ("csv", "latex"):
        return (write_csv if form == "csv" else write_latex)(tables)
    made = [source.words for source in made_from(tables)]
    if form == "text":
        body = "\n\n".join(map(_text, tables))
        return "\n".join([body, *(["", *(f"From {words}" for words in made)] if made else [])])
    hidden = [words.replace("--", "- -").replace(">", "") for words in made]
    remark = ["<!--", *(f"From {words}" for words in hidden), "-->", ""] if made else []
    return "\n".join([*remark, "\n\n".join(map(_markdown, tables))])


# Plain text


def _text(table: AblationTable) -> str:
    lines = [list(map(one_line, table.heads))]
    lines += [[_marked_cell(cell) for cell in row] for row in table.rows]
    widths = [max(_cells(text) for text in column) for column in zip(*lines, strict=True)]
    left = [is_words(table, at) for at in range(len(widths))]
    drawn = [
        _GAP.join(
            _padded(text, width, to_left)
            for text, width, to_left in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in lines
    ]
    rule = "─" * max(3, *map(_cells, drawn))
    notes = [one_line(note) for note in table.notes]
    if any(_is_best(cell) for row in table.rows for cell in row):
        notes.insert(0, f"{_BOLD} is bold.")
    body = [one_line(table.title), rule, drawn[0], rule, *drawn[1:], rule, *notes]
    return "\n".join(body)


def _marked_cell(cell: Cell) -> str:
    return f"{_BOLD} {plain_cell(cell)}" if _is_best(cell) else plain_cell(cell)


def _is_best(cell: Cell) -> bool:
    return isinstance(cell, Measured) and cell.best


def plain_cell(cell: Cell) -> str:
    """A cell as text."""
    if cell is None:
        return _NOTHING
    if isinstance(cell, Words):
        return one_line(cell.text) or _NOTHING
    if isinstance(cell, Check):
        return "✓" if cell.on else _NOTHING
    if isinstance(cell, Measured):
        mean, sd = digits(cell.mean, cell.sd)
        return f"{mean}{f' ± {sd}' if sd else ''} (n={cell.n})"
    by, low, high = signed(cell)
    if cell.interval is None:
        return f"{by} (one seed)"
    if cell.is_exact:
        return f"{by} (exact)"
    noise = ", within noise" if cell.within_noise else ""
    return f"{by} [{low}, {high}]{noise}"


def _padded(text: str, width: int, to_left: bool) -> str:
    blank = " " * (width - _cells(text))
    return text + blank if to_left else blank + text


def _cells(text: str) -> int:
    """Columns a terminal gives to ``text``."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


# Markdown


def _markdown(table: AblationTable) -> str:
    heads = [_guarded(head) for head in table.heads]
    ends = [":---" if is_words(table, at) else "---:" for at in range(len(heads))]
    lines = [f"**{_guarded(table.title)}**", "", _row(heads), _row(ends)]
    lines += [_row([_markdown_cell(cell) for cell in row]) for row in table.rows]
    notes = [f"{_guarded(note)}  " for note in table.notes]
    return "\n".join([*lines, "", *notes]).rstrip()


def _markdown_cell(cell: Cell) -> str:
    text = plain_cell(cell)
    if isinstance(cell, Words):
        return _guarded(text)
    return f"**{text}**" if _is_best(cell) else text


def _guarded(text: str) -> str:
    return escape(one_line(text)).replace("&", "&amp;")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
