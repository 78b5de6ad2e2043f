"""What stands in print, from PyMuPDF's bare lines: evidence that the parser has no part in."""

import unicodedata
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from researchdesk.domain.documents import Document

GRAM = 12


def bare(text: str) -> str:
    """Letters and digits only, in lower case, without accents."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain.lower() if c.isalnum())


@dataclass(frozen=True)
class Line:
    """A bare line: its sides, the baseline of most of its letters, their size; level or not."""

    page: int
    x0: float
    x1: float
    y: float
    size: int
    letters: str
    level: bool


class Print:
    """All bare lines of a PDF, and their letters as one run in the order of the file."""

    def __init__(self, pdf: Any) -> None:
        self.lines: list[Line] = []
        self.widths = [page.rect.width for page in pdf]
        for page in pdf:
            for block in page.get_text("dict", flags=0)["blocks"]:
                for line in block.get("lines", ()):
                    self.lines += _line(page.number, line)
        self.letters = "".join(line.letters for line in self.lines)

    @cached_property
    def starts(self) -> set[int]:
        """Where in ``letters`` a line starts (and another ends)."""
        places, at = {0}, 0
        for line in self.lines:
            at += len(line.letters)
            places.add(at)
        return places

    @cached_property
    def grams(self) -> set[str]:
        return {self.letters[at : at + GRAM] for at in range(len(self.letters))}

    def holds(self, pieces: list[str]) -> bool:
        """Whether three quarters of these letters are in print, in whatever order."""
        own = [
            piece[at : at + GRAM] for piece in pieces for at in range(0, len(piece) - GRAM + 1, 3)
        ]
        return bool(own) and sum(gram in self.grams for gram in own) >= 0.75 * len(own)

    def joined(self, one: str, two: str) -> bool:
        """Whether ``two`` follows upon ``one`` in print without anything between."""
        return one[-10:] + two[:10] in self.letters

    def displayed(self, one: str, two: str) -> bool:
        """Whether what stands between the two is on lines of its own, such as a formula is."""
        end = self.letters.find(one[-15:])
        start = self.letters.find(two[:15], end + 1) if end >= 0 else -1
        end += len(one[-15:])
        return end < start < end + 600 and end in self.starts and start in self.starts

    def starts_line(self, letters: str) -> bool:
        """Whether these are in print once, at the start of a line or after its label."""
        at = self.letters.find(letters)
        if at < 0 or self.letters.find(letters, at + 1) >= 0:
            return False
        return at in self.starts or _labelled(self.letters, at, self.starts)


def _line(page: int, line: Any) -> list[Line]:
    spans = [(bare(span["text"]), span["size"], span["origin"][1]) for span in line["spans"]]
    weights: Counter[tuple[int, float]] = Counter()
    for letters, size, y in spans:
        weights[round(size), round(y, 1)] += len(letters)
    if not any(weights.values()):
        return []
    (size, y), _ = weights.most_common(1)[0]
    x0, _, x1, _ = line["bbox"]
    words = "".join(letters for letters, _, _ in spans)
    return [Line(page, x0, x1, y, size, words, line["dir"] == (1.0, 0.0))]


def _labelled(letters: str, at: int, starts: set[int]) -> bool:
    """Whether only the label of a list's item stands before."""
    return any(
        at - size in starts and (size == 1 or letters[at - size : at].isdecimal())
        for size in (1, 2)
    )


class Text:
    """A parsed document as one run of letters and digits."""

    def __init__(self, document: Document) -> None:
        self.parts = [bare(block.text) for block in document.blocks]
        self.kinds = [block.kind for block in document.blocks]
        self.starts: list[int] = []
        at = 0
        for part in self.parts:
            self.starts.append(at)
            at += len(part)
        self.whole = "".join(self.parts)
        self._starts = set(self.starts)

    def find(self, line: str) -> tuple[int, int] | None:
        """Where this line is and in which block; None where it is nowhere or twice."""
        place = self.whole.find(line)
        if place < 0 or self.whole.find(line, place + 1) >= 0:
            return None
        return place, bisect_right(self.starts, place) - 1

    def starts_block(self, letters: str) -> bool:
        """Whether a block starts with these, a list's label before them aside."""
        at = self.whole.find(letters)
        while at >= 0:
            if at in self._starts or _labelled(self.whole, at, self._starts):
                return True
            at = self.whole.find(letters, at + 1)
        return False
