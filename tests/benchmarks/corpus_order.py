"""Reading order measured with evidence that the parser does not use.

Columns: PyMuPDF's bare lines say what stands left and right of the middle of a page; where those
lines come in the parsed text says whether columns were interleaved. Sentences: those of the
paper's LaTeX must begin and end in one block, at the distance that they have in the source.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from researchdesk.domain.documents import BlockKind, Document

RUNNING = {BlockKind.TEXT, BlockKind.REFERENCE}
BRACED = re.compile(r"\\(?:emph|textbf|textit|texttt|textsc|text|underline|mbox)\{([^{}]*)\}")
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
SHORTEST, ENDS = 70, 30


def bare(text: str) -> str:
    """Letters and digits only, in lower case."""
    return "".join(c for c in text.translate(LIGATURES).lower() if c.isalnum())


LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}


@dataclass
class Order:
    """``pages`` are those with two columns, ``mixed`` those of them that interleave."""

    pages: int = 0
    mixed: int = 0
    why: str = ""


@dataclass(frozen=True)
class Piece:
    """A bare line: its sides, its height, and where the parsed text has it."""

    x0: float
    x1: float
    y: float
    place: int
    block: int


class Text:
    """A parsed document as one run of letters and digits."""

    def __init__(self, document: Document) -> None:
        parts = [bare(block.text) for block in document.blocks]
        self.starts: list[int] = []
        whole = 0
        for part in parts:
            self.starts.append(whole)
            whole += len(part)
        self.whole = "".join(parts)
        self.parts = parts
        self.kinds = [block.kind for block in document.blocks]

    def find(self, line: str) -> tuple[int, int] | None:
        """Where this line is and in which block; None where it is nowhere or twice."""
        place = self.whole.find(line)
        if place < 0 or self.whole.find(line, place + 1) >= 0:
            return None
        return place, bisect_right(self.starts, place) - 1


def columns(pdf: Any, document: Document) -> Order:
    """Whether any page's columns are interleaved."""
    text, order = Text(document), Order()
    for page in pdf:
        pieces, middle = _pieces(page, text)
        left = [piece for piece in pieces if piece.x1 < middle + 3]
        right = [piece for piece in pieces if piece.x0 > middle - 3]
        if len(left) < 8 or len(right) < 8:
            continue
        order.pages += 1
        across = [piece.y for piece in pieces if piece.x0 < middle - 20 and piece.x1 > middle + 20]
        if fault := _fault(left, right, sorted(across)):
            order.mixed += 1
            order.why = order.why or f"page {page.number + 1}: {fault}"
    return order


def _pieces(page: Any, text: Text) -> tuple[list[Piece], float]:
    lines = []
    sizes: Counter[float] = Counter()
    for block in page.get_text("dict", flags=0)["blocks"]:
        for line in block.get("lines", ()):
            if line["dir"] == (1.0, 0.0):
                words = bare("".join(span["text"] for span in line["spans"]))
                size = round(max(span["size"] for span in line["spans"]))
                sizes[size] += len(words)
                lines.append((line["bbox"], words, size))
    usual = sizes.most_common(1)[0][0] if sizes else 0
    pieces = []
    for (x0, y0, x1, y1), words, size in lines:
        found = text.find(words) if len(words) > 20 and abs(size - usual) <= 1 else None
        if found and text.kinds[found[1]] in RUNNING:
            pieces.append(Piece(x0, x1, (y0 + y1) / 2, *found))
    return pieces, page.rect.width / 2


def _fault(left: Sequence[Piece], right: Sequence[Piece], across: Sequence[float]) -> str:
    """What is wrong between lines across, in words."""
    bands: dict[int, tuple[list[Piece], list[Piece]]] = {}
    for side, pieces in enumerate((left, right)):
        for piece in pieces:
            band = bands.setdefault(bisect_right(across, piece.y), ([], []))
            band[side].append(piece)
    for one, two in bands.values():
        if one and two and max(p.place for p in one) > min(p.place for p in two):
            return "a line of the right column comes before one of the left"
        for column in (one, two):
            placed = [piece.y for piece in sorted(column, key=lambda p: p.place)]
            if any(b < a - 60 for a, b in pairwise(placed)):
                return "lines of a column are out of order"
    return ""


@dataclass
class Sentences:
    """Of the LaTeX's sentences that the PDF prints: how many, and how many stand unbroken."""

    printed: int = 0
    whole: int = 0


def sentences(source: Path, document: Document) -> Sentences:
    """Counts over the plain sentences of the LaTeX: those without formulas and citations."""
    text, count = Text(document), Sentences()
    for sentence in set(_plain_sentences(source.read_text(encoding="utf-8", errors="replace"))):
        wanted = bare(sentence)
        if len(wanted) < SHORTEST:
            continue
        if wanted[:ENDS] in text.whole and wanted[-ENDS:] in text.whole:
            count.printed += 1
            count.whole += any(_unbroken(wanted, part) for part in text.parts)
    return count


def _unbroken(wanted: str, part: str) -> bool:
    """Whether the sentence is there; formulas, which the source lacks, may stand within it."""
    first = part.find(wanted[:ENDS])
    last = part.find(wanted[-ENDS:], first + 1) if first >= 0 else -1
    return last >= 0 and last + ENDS - first <= 1.3 * len(wanted) + 40


def _plain_sentences(source: str) -> list[str]:
    body = source.partition(r"\begin{document}")[2] or source
    body = re.sub(r"(?<!\\)%.*", "", body)
    for _ in range(2):
        body = BRACED.sub(r"\1", body)
    body = body.replace("~", " ").replace("``", '"').replace("''", '"').replace("\\%", "%")
    paragraphs = re.split(
        r"\n\s*\n|\\(?:begin|end|item|section|subsection|paragraph|caption)\b", body
    )
    return [
        " ".join(sentence.split())
        for paragraph in paragraphs
        for sentence in SENTENCE.split(paragraph)[:-1]
        if not re.search(r"[\\${}^_&]", sentence)
    ]
