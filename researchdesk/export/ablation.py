"""Tables of arms in text, markdown and LaTeX. No cell's content can break the table."""

import unicodedata
from collections.abc import Callable, Sequence

from researchdesk.domain.ablation import (
    AblationTable,
    Cell,
    Change,
    Check,
    Measured,
    Words,
    digits,
    signed,
)
from researchdesk.domain.text import one_line
from researchdesk.export.escaping import escape
from researchdesk.export.latex import latex, number

FORMATS = ("text", "markdown", "latex")
_NOTHING = "–"
_GAP = "  "


def write_tables(tables: Sequence[AblationTable], form: str) -> str:
    """The tables in one of ``FORMATS``, one below the other. LaTeX needs the package booktabs."""
    writer = {"text": _text, "markdown": _markdown, "latex": _latex}[form]
    return "\n\n".join(writer(table) for table in tables)


def _others(table: AblationTable) -> list[str]:
    """What else could be shown: a hint to the reader of the table, no part of it in LaTeX."""
    return [f"Other metrics: {', '.join(table.others)} (--metric)"] if table.others else []


# Plain text


def _text(table: AblationTable) -> str:
    lines = [list(map(one_line, table.heads))]
    lines += [[plain_cell(cell) for cell in row] for row in table.rows]
    widths = [max(_cells(text) for text in column) for column in zip(*lines, strict=True)]
    left = [_is_words(table, at) for at in range(len(widths))]
    drawn = [
        _GAP.join(
            _padded(text, width, to_left)
            for text, width, to_left in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in lines
    ]
    rule = "─" * max(3, *map(_cells, drawn))
    notes = [one_line(note) for note in (*table.notes, *_others(table))]
    body = [one_line(table.title), rule, drawn[0], rule, *drawn[1:], rule, *notes]
    return "\n".join(body)


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


def _is_words(table: AblationTable, at: int) -> bool:
    return not any(isinstance(row[at], Measured | Change) for row in table.rows)


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
    ends = [":---" if _is_words(table, at) else "---:" for at in range(len(heads))]
    lines = [f"**{_guarded(table.title)}**", "", _row(heads), _row(ends)]
    lines += [_row([_markdown_cell(cell) for cell in row]) for row in table.rows]
    notes = [f"{_guarded(note)}  " for note in (*table.notes, *_others(table))]
    return "\n".join([*lines, "", *notes]).rstrip()


def _markdown_cell(cell: Cell) -> str:
    text = plain_cell(cell)
    if isinstance(cell, Words):
        return _guarded(text)
    return f"**{text}**" if isinstance(cell, Measured) and cell.best else text


def _guarded(text: str) -> str:
    return escape(one_line(text)).replace("&", "&amp;")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


# LaTeX


def _latex(table: AblationTable) -> str:
    columns = "".join("l" if _is_words(table, at) else "r" for at in range(len(table.heads)))
    line: Callable[[Sequence[str]], str] = lambda cells: "    " + " & ".join(cells) + r" \\"  # noqa: E731
    rows = [line([_latex_cell(cell) for cell in row]) for row in table.rows]
    notes = " ".join(latex(one_line(note)) for note in table.notes)
    return "\n".join(
        [
            "% \\usepackage{booktabs,amssymb}",
            *(f"% {one_line(line)}" for line in _others(table)),
            r"\begin{table}",
            r"  \centering",
            rf"  \caption{{{latex(one_line(table.title))}. {notes}}}",
            rf"  \begin{{tabular}}{{{columns}}}",
            r"    \toprule",
            line([latex(one_line(head)) for head in table.heads]),
            r"    \midrule",
            *rows,
            r"    \bottomrule",
            r"  \end{tabular}",
            r"\end{table}",
        ]
    )


def _latex_cell(cell: Cell) -> str:
    if cell is None:
        return "--"
    if isinstance(cell, Words):
        return latex(one_line(cell.text)) or "--"
    if isinstance(cell, Check):
        return r"$\checkmark$" if cell.on else "--"
    if isinstance(cell, Measured):
        mean, sd = map(number, digits(cell.mean, cell.sd))
        bold = rf"\mathbf{{{mean}}}" if cell.best else mean
        spread = rf" \pm {sd}" if sd else ""
        return f"${bold}{spread}$ ($n={cell.n}$)"
    by, low, high = map(number, signed(cell))
    if cell.interval is None:
        return f"${by}$ (one seed)"
    if cell.is_exact:
        return f"${by}$ (exact)"
    noise = " within noise" if cell.within_noise else ""
    return f"${by}$ {{[}}${low}, {high}$]{noise}"
