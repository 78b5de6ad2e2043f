"""Finds displayed formulas among a page's lines."""

import re
from collections.abc import Sequence

from researchdesk.document.pdf.lines import BodyStyle, Line
from researchdesk.document.pdf.words import mend

NUMBER = re.compile(r"\((?:[A-Z]\.?|\d{1,2}\.)?\d{1,3}(?:\.\d{1,3})?[a-z]?\)")
_ENDING_NUMBER = re.compile(r"\s" + NUMBER.pattern + r"$")
_WORD = re.compile(r"[^\W\d_]{4,}")
_RELATION = re.compile(r"[=<>\u2190-\u21ff\u2208\u221d\u223c\u2248\u2261\u2264\u2265\u226a\u226b]")
_LEAST = 0.3

Edges = tuple[float, float]


def displayed(lines: Sequence[Line], edges: Sequence[Edges], body: BodyStyle) -> dict[int, int]:
    """Where formulas are displayed: index of their first line -> index after their last.

    ``edges`` holds the left and right end of each line's column.
    """
    cores = [
        _is_core(line, edge, body) and _alone(lines, at, edge, body)
        for at, (line, edge) in enumerate(zip(lines, edges, strict=True))
    ]
    runs: dict[int, int] = {}
    at = done = 0
    while at < len(lines):
        if not cores[at]:
            at += 1
            continue
        first, last = at, at + 1
        while first > done and _belongs(lines, first - 1, first, body):
            first -= 1
        while last < len(lines) and (
            _belongs(lines, last, last - 1, body) or (cores[last] and _near(lines, last - 1, last))
        ):
            last += 1
        runs[first] = at = done = last
    return runs


def _is_core(line: Line, edges: Edges, body: BodyStyle) -> bool:
    """Whether the line can be a formula set off from the text."""
    text = mend(line.text)
    signs = len(text.replace(" ", ""))
    if signs < 3 or line.top < body.size - 1.3 or line.bold:
        return False
    spoken = len(_WORD.findall(text))
    numbered = bool(_ENDING_NUMBER.search(text)) and line.x1 > edges[1] - 2 * body.size
    set_in = line.x0 > edges[0] + 1.2 * body.size
    if numbered and set_in:
        return line.math >= 0.12 and spoken <= 6
    formula = line.math >= _LEAST and spoken <= 2 + 4 * (line.math > 0.5)
    related = bool(_RELATION.search(text)) or line.math > 0.5
    return set_in and formula and related


def _alone(lines: Sequence[Line], at: int, edges: Edges, body: BodyStyle) -> bool:
    """Whether no running text stands on its height, in its column."""
    line = lines[at]
    for other in (*lines[max(0, at - 12) : at], *lines[at + 1 : at + 13]):
        if (
            other.page != line.page
            or min(other.y1, line.y1) - max(other.y0, line.y0) < 0.45 * body.size
        ):
            continue
        if edges[0] - body.size < other.x0 < edges[0] + 1.2 * body.size < other.x1:
            return False
        if other.math < 0.25 and len(_WORD.findall(other.text)) > 3 and _beside(line, other):
            return False
    return True


def _beside(one: Line, two: Line) -> bool:
    return max(one.x0, two.x0) - min(one.x1, two.x1) < 6 * one.size


def _belongs(lines: Sequence[Line], at: int, to: int, body: BodyStyle) -> bool:
    """Whether this line is a piece of the formula that its neighbour is of."""
    line, core = lines[at], lines[to]
    if line.page != core.page or line.bold:
        return False
    text = mend(line.text)
    overlap = min(line.y1, core.y1) - max(line.y0, core.y0)
    if NUMBER.fullmatch(text):
        return overlap > -1.2 * body.size
    small = len(text) <= 4 or line.math >= _LEAST or line.top < body.size - 1.3
    return small and overlap > -0.25 * body.size and len(_WORD.findall(text)) <= 1


def _near(lines: Sequence[Line], above: int, below: int) -> bool:
    one, two = lines[above], lines[below]
    return one.page == two.page and -one.size < two.y0 - one.y1 < 1.2 * one.size
