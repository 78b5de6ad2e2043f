"""Tables in LaTeX with booktabs, to be put into a paper as they are."""

from collections.abc import Sequence

from researchdesk.domain.ablation import (
    AblationTable,
    Cell,
    Change,
    Check,
    Measured,
    Words,
    digits,
    made_from,
    signed,
)
from researchdesk.domain.text import one_line, slug
from researchdesk.export.latex import NEEDS, codes_note, latex, number

_LONG = 26
_PACKAGES = rf"{NEEDS}, \usepackage{{booktabs}}"
_WIDE = r">{\raggedright\arraybackslash}X"


def write_latex(tables: Sequence[AblationTable]) -> str:
    """The tables, below remarks that say what packages they need and which runs they are from."""
    labels = [slug(f"{table.title} {table.metric}") for table in tables]
    body = "\n\n".join(
        _table(table, f"{label}-{at + 1}" if labels.count(label) > 1 else label)
        for at, (table, label) in enumerate(zip(tables, labels, strict=True))
    )
    wide = r", \usepackage{tabularx}" if r"\begin{tabularx}" in body else ""
    remarks = [f"Needs: {_PACKAGES}{wide}."]
    remarks += [f"From {source.words}" for source in made_from(tables)]
    others = dict.fromkeys(", ".join(table.others) for table in tables if table.others)
    remarks += [f"Other metrics: {names} (--metric)" for names in others]
    remarks += [note] if (note := codes_note(body)) else []
    return "\n".join([*(f"% {one_line(remark)}" for remark in remarks), body])


def _table(table: AblationTable, label: str) -> str:
    wide = [_is_long(table, at) for at in range(len(table.heads))]
    columns = "".join(
        _WIDE if wide[at] else "l" if is_words(table, at) else "r" for at in range(len(table.heads))
    )
    kind = "tabularx" if any(wide) else "tabular"
    width = r"{\linewidth}" if any(wide) else ""
    notes = " ".join(latex(note) for note in table.notes)
    return "\n".join(
        [
            r"\begin{table}",
            r"  \centering",
            *([r"  \small"] if any(wide) else []),
            rf"  \caption{{{latex(table.title)}. {notes}}}",
            rf"  \label{{tab:{label}}}",
            rf"  \begin{{{kind}}}{width}{{{columns}}}",
            r"    \toprule",
            _row([latex(head) for head in table.heads]),
            r"    \midrule",
            *(_row([_cell(cell) for cell in row]) for row in table.rows),
            r"    \bottomrule",
            rf"  \end{{{kind}}}",
            r"\end{table}",
        ]
    )


def _row(cells: Sequence[str]) -> str:
    return "    " + " & ".join(cells) + r" \\"


def is_words(table: AblationTable, at: int) -> bool:
    """Whether no number stands in a column."""
    return not any(isinstance(row[at], Measured | Change) for row in table.rows)


def _is_long(table: AblationTable, at: int) -> bool:
    cells = [row[at] for row in table.rows]
    return any(isinstance(cell, Words) and len(one_line(cell.text)) > _LONG for cell in cells)


def _cell(cell: Cell) -> str:
    if cell is None:
        return "--"
    if isinstance(cell, Words):
        return latex(cell.text) or "--"
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
    return f"${by}$ {{[}}${low}, {high}${{]}}{noise}"
