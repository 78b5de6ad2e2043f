"""Lines that the file has in pieces: those that touch on one height belong to one block of print.

Raised and lowered signs make a PDF's text fall apart so that the pieces of a line end up in blocks
of their own, out of order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from researchdesk.document.pdf.lines import Line, PageText
from researchdesk.domain.documents import Box

_TOUCH = 0.45
_THIN, _LONG = 2.0, 40.0


def with_whole_rows(lines: Sequence[Line], gutter: float = 0.0) -> list[Line]:
    """The lines with blocks that share a row made one, and the rows of those in order.

    What ``gutter`` parts, the place between two columns, stays apart.
    """
    joined = _touching(lines, gutter)
    if not joined:
        return list(lines)
    blocks: defaultdict[int, list[Line]] = defaultdict(list)
    changed: set[int] = set()
    for line in lines:
        group = _root(joined, line.group)
        blocks[group].append(line if group == line.group else replace(line, group=group))
        if line.group in joined:
            changed.add(group)
    ordered: list[Line] = []
    for group, members in blocks.items():
        ordered += _by_rows(members) if group in changed else members
    return ordered


def _touching(lines: Sequence[Line], gutter: float) -> dict[int, int]:
    """Block -> the block that it belongs to, for those that do."""
    joined: dict[int, int] = {}
    ordered = sorted(lines, key=lambda line: line.y0)
    for at, one in enumerate(ordered):
        for two in ordered[at + 1 :]:
            if two.y0 > one.y1:
                break
            if one.group != two.group and _touch(one, two, gutter):
                roots = sorted((_root(joined, one.group), _root(joined, two.group)))
                if roots[0] != roots[1]:
                    joined[roots[1]] = roots[0]
    return joined


def _touch(one: Line, two: Line, gutter: float) -> bool:
    left, right = (one, two) if one.x0 <= two.x0 else (two, one)
    if left.x0 < gutter - 4 <= right.x0:
        return False
    size = max(one.top, two.top)
    if not -size < right.x0 - left.x1 < _TOUCH * size:
        return False
    level = min(one.y1, two.y1) - max(one.y0, two.y0)
    return level > 0.5 * min(one.y1 - one.y0, two.y1 - two.y0) and (one.math + two.math) > 0


def _root(joined: dict[int, int], group: int) -> int:
    while group in joined:
        group = joined[group]
    return group


def _by_rows(lines: Iterable[Line]) -> list[Line]:
    """Row by row, each from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-line.top, line.y0)):
        for row in rows:
            main = row[0]
            level = min(line.y1, main.y1) - max(line.y0, main.y0)
            if level > 0.4 * min(line.y1 - line.y0, main.y1 - main.y0):
                row.append(line)
                break
        else:
            rows.append([line])
    rows.sort(key=lambda row: row[0].y0)
    return [line for row in rows for line in sorted(row, key=lambda line: line.x0)]


def ruled_lines(lines: Sequence[Line], pages: Iterable[PageText]) -> frozenset[int]:
    """Indices of the lines that a ruled line parts from the line before them."""
    rules = {
        page.number: [
            box for box in page.graphics if box[3] - box[1] < _THIN and box[2] - box[0] > _LONG
        ]
        for page in pages
        if page.graphics
    }
    return frozenset(
        at
        for at in range(1, len(lines))
        if lines[at].page in rules
        and any(_between(lines[at - 1], lines[at], rule) for rule in rules[lines[at].page])
    )


def _between(above: Line, line: Line, rule: Box) -> bool:
    level = above.page == line.page and above.middle < rule[1] < line.middle
    return level and rule[0] < line.x1 and rule[2] > line.x0
