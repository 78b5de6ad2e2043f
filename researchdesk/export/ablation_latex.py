"""Tables in LaTeX with booktabs, to be put into a paper as they are."""

import re
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

_LONG, _FOLDED, _WIDE = 26, 12, 68
_PACKAGES = rf"{NEEDS}, \usepackage{{booktabs}}"
_HASH = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24,}\b")
"""A digest, of which a caption has the first letters; the remark above has all of them."""
_MORE = {"tabularx": r"\begin{tabularx}", "graphicx": r"\resizebox"}
_NO_WIDER = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{"


def write_latex(tables: Sequence[AblationTable]) -> str:
    """The tables, below remarks that say what packages they need and which runs they are from."""
    labels = [slug(f"{table.title} {table.metric}") for table in tables]
    body = "\n\n".join(
        _table(table, f"{label}-{at + 1}" if labels.count(label) > 1 else label)
        for at, (table, label) in enumerate(zip(tables, labels, strict=True))
    )
    needed = [rf", \usepackage{{{name}}}" for name, mark in _MORE.items() if mark in body]
    remarks = [f"Needs: {_PACKAGES}{''.join(needed)}."]
    remarks += [f"From {source.words}" for source in made_from(tables)]
    remarks += [note] if (note := codes_note(body)) else []
    return "\n".join([*(f"% {one_line(remark)}" for remark in remarks), body])


def _table(table: AblationTable, label: str) -> str:
    seeds = _seeds(table)
    notes = " ".join(latex(_HASH.sub(r"\1", note)) for note in table.notes)
    title = latex(table.title)
    body = [
        r"    \toprule",
        _row([latex(head) for head in table.heads]),
        r"    \midrule",
        *(_row([_cell(cell, seeds) for cell in row]) for row in table.rows),
        r"    \bottomrule",
    ]
    lengths = [_longest(table, at) for at in range(len(table.heads))]
    folded = any(at > _LONG and is_words(table, place) for place, at in enumerate(lengths))
    wide = folded or sum(lengths) + 2 * len(lengths) > _WIDE
    kind = "table*" if wide else "table"
    return "\n".join(
        [
            rf"\begin{{{kind}}}",
            r"  \centering",
            rf"  \caption[{{{title}}}]{{{title}. {notes}{_of_seeds(seeds)}}}",
            rf"  \label{{tab:{label}}}",
            r"  \vspace{\smallskipamount}",
            *([r"  \small", r"  \setlength{\tabcolsep}{4pt}"] if wide else []),
            *(_folding(table, body) if folded else _standing(table, body, wide=wide)),
            rf"\end{{{kind}}}",
        ]
    )


def _standing(table: AblationTable, body: Sequence[str], *, wide: bool) -> list[str]:
    """Columns as wide as they need; a table wider than the line is made smaller."""
    columns = "".join("l" if is_words(table, at) else "r" for at in range(len(table.heads)))
    begin, end = rf"\begin{{tabular}}{{{columns}}}", r"\end{tabular}"
    before, after = (_NO_WIDER, "}") if wide else ("", "")
    return [f"  {before}{begin}", *body, f"  {end}{after}"]


def _folding(table: AblationTable, body: Sequence[str]) -> list[str]:
    """Columns of words share the line's width, the longer ones have more, and words are folded."""
    lengths = [_longest(table, at) for at in range(len(table.heads))]
    shares = {
        at: min(length, 80) ** 0.4
        for at, length in enumerate(lengths)
        if length > _FOLDED and is_words(table, at)
    }
    unit = len(shares) / sum(shares.values())
    columns = [
        rf">{{\hsize={shares[at] * unit:.2f}\hsize\raggedright\arraybackslash}}X"
        if at in shares
        else "l"
        if is_words(table, at)
        else "r"
        for at in range(len(lengths))
    ]
    begin = rf"  \begin{{tabularx}}{{\linewidth}}{{{''.join(columns)}}}"
    return [begin, *body, r"  \end{tabularx}"]


def _seeds(table: AblationTable) -> int:
    """The number of seeds that all means with a spread have; 0 where it is not one for all."""
    counts = {
        cell.n
        for row in table.rows
        for cell in row
        if isinstance(cell, Measured) and cell.sd is not None
    }
    return counts.pop() if len(counts) == 1 else 0


def _of_seeds(seeds: int) -> str:
    if not seeds:
        return ""
    return rf" Here $n={seeds}$; a number without $\pm$ is of one seed."


def _row(cells: Sequence[str]) -> str:
    return "    " + " & ".join(cells) + r" \\"


def is_words(table: AblationTable, at: int) -> bool:
    """Whether no number stands in a column."""
    return not any(_is_number(row[at]) for row in table.rows)


def _longest(table: AblationTable, at: int) -> int:
    """About how many letters wide a column is."""
    cells = [row[at] for row in table.rows]
    words = [len(one_line(cell.text)) for cell in cells if isinstance(cell, Words)]
    numbers = [28 if isinstance(cell, Change) else 20 for cell in cells if _is_number(cell)]
    return max([len(one_line(table.heads[at])), *words, *numbers])


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, Measured | Change)


def _cell(cell: Cell, seeds: int) -> str:
    """``seeds``: how many there are of each mean with a spread, where the caption says it."""
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
        said = bool(seeds) and (cell.n == seeds if sd else cell.n == 1)
        return f"${bold}{spread}$" + ("" if said else f" ($n={cell.n}$)")
    by, low, high = map(number, signed(cell))
    if cell.interval is None:
        return f"${by}$ (one seed)"
    if cell.is_exact:
        return f"${by}$ (exact)"
    noise = " within noise" if cell.within_noise else ""
    return f"${by}$ {{[}}${low}, {high}${{]}}{noise}"
