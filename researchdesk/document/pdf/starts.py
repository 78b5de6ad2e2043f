"""Where paragraphs begin."""

import re
from collections import defaultdict
from collections.abc import Sequence

from researchdesk.document.pdf.lines import Line
from researchdesk.document.pdf.words import CAPTION, mend

_ITEM = re.compile(r"\s*(?:\[[\w+]{1,10}\]|\[\d+\]|\d{1,3}\.|[\u2022\u2013\u25e6*]|\(\w{1,4}\))\s")
_INDEX = 4
_ENDED = re.compile(r"[.!?:;)\]][\"'\u201d\u2019]*\s*$")


def paragraph_starts(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the lines that begin a paragraph or stand alone.

    ``lines`` are in reading order.
    """
    groups: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        groups[_group(line)].append(line)
    margins = {key: _margins(members) for key, members in groups.items()}
    hanging = {key for key, members in groups.items() if _hangs(members, margins[key][0])}
    plain = groups.keys() - hanging - {key for key, own in groups.items() if _is_caption(own)}
    starts = {0}
    for at in range(1, len(lines)):
        above, line = lines[at - 1], lines[at]
        key = _group(line)
        if key != _group(above):
            begins = not _runs_on(above, line)
        else:
            begins = _begins(above, line, margins[key][0], key in hanging)
            begins = begins or (key in plain and _is_labelled(above, line, margins[key]))
        if begins:
            starts.add(at)
    return frozenset(starts)


def _group(line: Line) -> tuple[int, int]:
    return line.page, line.group


def _margins(members: Sequence[Line]) -> tuple[float, float]:
    return min(line.x0 for line in members), max(line.x1 for line in members)


def _hangs(members: Sequence[Line], left: float) -> bool:
    """Whether the lines after each first one are set in, as in lists of references."""
    inside = sum(line.x0 > left + 0.5 * line.size for line in members)
    return members[0].x0 < left + 0.5 * members[0].size and inside > len(members) / 2


def _runs_on(above: Line, line: Line) -> bool:
    """Whether a sentence of the line above goes on, though the file has the lines apart."""
    size = above.size
    return (
        above.page == line.page
        and above.font == line.font
        and abs(above.size - line.size) < 0.3
        and above.bold == line.bold
        and len(above.text) > 40
        and -0.4 * size < line.y0 - above.y1 < 0.35 * size
        and min(above.x1, line.x1) - max(above.x0, line.x0) > 4 * size
        and not _ENDED.search(above.text)
        and not _ITEM.match(line.text)
    )


def _begins(above: Line, line: Line, left: float, hanging: bool) -> bool:
    size = max(above.size, line.size)
    gap = line.y0 - above.y1
    if gap > 0.55 * size or line.y1 < above.y0:
        return True
    if min(len(line.text), len(above.text)) <= _INDEX:  # a raised or lowered sign, cut off
        return False
    if abs(line.top - above.top) > 2.5:
        return True
    if line.bold != above.bold and gap > 0.2 * size:
        return True
    at_margin = line.x0 < left + 0.5 * size
    if hanging:
        return at_margin and abs(line.middle - above.middle) > 0.5 * size
    if at_margin:
        return bool(_ITEM.match(line.text)) and above.x1 < line.x1 - size
    indented = 0.7 * size < line.x0 - left < 3.5 * size and above.x0 < left + 0.5 * size
    return indented and bool(_ENDED.search(above.text))


def _is_caption(members: Sequence[Line]) -> bool:
    """Whether the print is a caption and nothing else."""
    last, first = members[-1], members[0]
    return bool(CAPTION.match(mend(first.text))) and abs(last.size - first.size) < 0.5


def _is_labelled(above: Line, line: Line, margins: tuple[float, float]) -> bool:
    """Whether a heading in bold runs into a paragraph that is not set in."""
    left, right = margins
    label = line.lead.strip()
    if len(label) < _INDEX or not label[0].isupper() or above.lead.strip() == above.text.strip():
        return False
    if line.x0 >= left + 0.5 * line.size:
        return False
    marked = label.endswith((".", ":")) or line.run_in
    ragged = above.x1 < right - 2 * line.size
    spaced = line.y0 - above.y1 > 0.35 * line.size
    return bool(_ENDED.search(above.text)) and (marked or ragged or spaced)
