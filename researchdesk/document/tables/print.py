"""What a page prints, word by word, with its ruled lines. Imported in the worker process only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pymupdf

from researchdesk.document.pdf.turning import Direction, main_direction, turned_box, turned_size
from researchdesk.document.pdf.words import mend
from researchdesk.domain.documents import Box
from researchdesk.domain.text import clean

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_MOST_CHARACTERS = 40_000
_MOST_RULES = 2_000
_THICKEST = 2.6
_SHORTEST = 8.0
_NUMBER = re.compile(r"[~<>≈±+\-−–]?\d+(?:[.,]\d+)*\.?(?:e[+-]?\d+)?[%†‡*∗§¶kKMBx×]*|[-–—−]{1,3}")
_POWER = re.compile(r"[\d+\-−–]")


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a gap; ``base`` is the baseline, ``size`` the largest character's."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    base: float

    @property
    def numeric(self) -> bool:
        """Whether it is a number alone, or a dash in the place of one."""
        return bool(_NUMBER.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: ``at`` across its direction, ``start`` to ``end`` along it."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(slots=True)
class Print:
    """A page as it is read: turned so that most of its text runs from left to right.

    ``sideways`` are whole lines that run up or down, each as one word that stands on its lower end.
    """

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    sideways: list[Word] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)


def read_print(page: Any, number: int) -> Print:
    """The words and rules of a page; of the first 40,000 characters where it has more."""
    content = page.get_text("rawdict", flags=_FLAGS)
    lines = raw_lines(content)
    direction = main_direction((way, characters_in(line)) for way, line in lines)
    size = (content["width"], content["height"])
    turned = Print(number, *turned_size(size, direction))
    left = _MOST_CHARACTERS
    for way, line in lines:
        if way != direction:
            turned.sideways.extend(_sideways(line, direction, size))
            continue
        characters = [c for span in line["spans"] for c in _characters(span)]
        left -= len(characters)
        if left < 0:
            break
        turned.words.extend(_words(characters, direction, size))
    turned.across, turned.down = _rules(page, direction, size)
    return turned


def raw_lines(content: dict[str, Any]) -> list[tuple[Direction, dict[str, Any]]]:
    """The lines of ``rawdict`` output along a side of the page, each with its direction."""
    lines = [line for block in content["blocks"] for line in block.get("lines", ())]
    turned = [((round(line["dir"][0]), round(line["dir"][1])), line) for line in lines]
    return [(way, line) for way, line in turned if abs(way[0]) + abs(way[1]) == 1]


def characters_in(line: dict[str, Any]) -> int:
    """How many characters a line of ``rawdict`` output has."""
    return sum(len(span["chars"]) for span in line["spans"])


_Size = tuple[float, float]
_Character = tuple[str, Box, tuple[float, float], float]


def _characters(span: dict[str, Any]) -> Iterator[_Character]:
    for item in span["chars"]:
        yield item["c"], item["bbox"], item["origin"], span["size"]


def _words(characters: list[_Character], direction: Direction, size: _Size) -> Iterator[Word]:
    gathered: list[tuple[str, Box, float, float]] = []
    for text, bbox, origin, height in characters:
        box = turned_box(bbox, direction, size)
        base = turned_box((*origin, *origin), direction, size)[1]
        apart = gathered and (box[0] - gathered[-1][1][2] > 0.2 * max(height, gathered[-1][2]))
        back = gathered and box[0] < gathered[-1][1][0] - 2 * height
        blank = not text.strip()
        if gathered and (apart or back or blank):
            yield from _word(gathered)
            gathered = []
        if not blank:
            gathered.append((text, box, height, base))
    if gathered:
        yield from _word(gathered)


def _sideways(line: dict[str, Any], direction: Direction, size: _Size) -> Iterator[Word]:
    text = mend(clean("".join(c["c"] for span in line["spans"] for c in span["chars"])))
    if text and line["spans"]:
        x0, y0, x1, y1 = turned_box(line["bbox"], direction, size)
        yield Word(x0, y0, x1, y1, text, line["spans"][0]["size"], y1)


def _word(gathered: list[tuple[str, Box, float, float]]) -> Iterator[Word]:
    largest = max(gathered, key=lambda item: item[2])
    text = mend(clean("".join(_raised(gathered, largest[2], largest[3]))))
    boxes = [item[1] for item in gathered]
    if text:
        yield Word(
            x0=min(box[0] for box in boxes),
            y0=min(box[1] for box in boxes),
            x1=max(box[2] for box in boxes),
            y1=max(box[3] for box in boxes),
            text=text,
            size=largest[2],
            base=largest[3],
        )


def _raised(
    gathered: list[tuple[str, Box, float, float]], size: float, base: float
) -> Iterator[str]:
    """The characters; digits set high or low after a digit keep apart: ``10^20``, ``93.1_0.2``."""
    before = (size, base)
    last = ""
    for text, _, this, place in gathered:
        small = this < 0.85 * size
        if small and before[0] >= 0.85 * size and last.isdigit() and _POWER.match(text):
            if place < base - 0.1 * size:
                yield "^"
            elif place > base + 0.05 * size:
                yield "_"
        yield text
        before, last = (this, place), text


def _rules(page: Any, direction: Direction, size: _Size) -> tuple[list[Rule], list[Rule]]:
    across: list[Rule] = []
    down: list[Rule] = []
    for kind, bbox in page.get_bboxlog():
        if "text" in kind or kind.startswith("ignore"):
            continue  # some printers draw their rules as images
        x0, y0, x1, y1 = turned_box(bbox, direction, size)
        if y1 - y0 <= _THICKEST and x1 - x0 >= _SHORTEST:
            across.append(Rule((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= _THICKEST and y1 - y0 >= _SHORTEST / 2:
            down.append(Rule((x0 + x1) / 2, y0, y1))
    return merged(across), merged(down)


def merged(rules: list[Rule], gap: float = 1.2) -> list[Rule]:
    """Pieces of the same line as one; sorted by place. The longest 2,000 where there are more."""
    found: list[Rule] = []
    level: dict[int, list[int]] = {}
    longest = sorted(rules, key=lambda item: -item.length)[:_MOST_RULES]
    for rule in sorted(longest, key=lambda item: item.start):
        at = round(rule.at)
        near = [index for near in (at - 1, at, at + 1) for index in level.get(near, ())]
        for index in near:
            other = found[index]
            if abs(other.at - rule.at) < 1.2 and rule.start <= other.end + gap:
                found[index] = Rule(other.at, other.start, max(other.end, rule.end))
                break
        else:
            level.setdefault(at, []).append(len(found))
            found.append(rule)
    return sorted(found, key=lambda item: (item.at, item.start))
