"""Finds the lines of a printed table of contents, which look like headings and are none."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from researchdesk.document.pdf.lines import Line

_FOLIO = re.compile(r"(?:\d{1,3}|[ivxl]{1,6})")
_LED = re.compile(r"\S.*?[\s.]{2,}(?:\d{1,3}|[ivxl]{1,6})")
_FEWEST = 5
_GAP = 2.0


def contents_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of lines that end in a page number set apart, where a page has several of them and
    their numbers do not fall."""
    by_page: defaultdict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        by_page[line.page].append(at)
    found: set[int] = set()
    for page in by_page.values():
        found |= _of_page(lines, page)
    return frozenset(found)


def _of_page(lines: Sequence[Line], page: Sequence[int]) -> set[int]:
    folios = [at for at in page if _FOLIO.fullmatch(lines[at].text.strip())]
    entries: dict[int, float] = {}
    for at in page:
        text = lines[at].text.strip()
        if at in folios or sum(c.isalpha() for c in text) < 3:
            continue
        led = ". ." in text and bool(_LED.fullmatch(text))
        if led or any(_same_row(lines[at], lines[folio]) for folio in folios):
            entries[at] = lines[at].middle
    numbers = [
        int(lines[at].text)
        for at in sorted(folios, key=lambda at: lines[at].middle)
        if lines[at].text.strip().isdecimal()
    ]
    falling = sum(one > two for one, two in pairwise(numbers))
    if len(entries) < _FEWEST or falling > 0.2 * len(numbers):
        return set()
    return {*entries, *folios}


def _same_row(entry: Line, folio: Line) -> bool:
    apart = folio.x0 - entry.x1 > _GAP * entry.size
    return apart and abs(folio.y1 - entry.y1) < 0.4 * entry.size
