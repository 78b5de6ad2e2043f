"""What reviewers say, point by point, out of the text in which it came."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*\Z")
_REVIEWER = re.compile(
    r"(?:\*\*|__)?\s*((?:official\s+|meta[- ]?)?(?:review|reviewer|referee|area chair|AC|R)\b"
    r"[^.!?]{0,60}|R\d{1,2})\s*:?\s*(?:\*\*|__)?\s*:?\s*\Z",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b(?:review(?:er)?|referee|R)[ \t]*#?[ \t]*(\d{1,2})\b", re.IGNORECASE)
_LEAD = re.compile(r"(?:\*\*|__)?([^.!?*_\n]{1,60}?)(?:\*\*|__)?\s*:\s*(?:\*\*|__)?\s*\Z")
_ITEM = re.compile(
    r"( {0,3})(?:[-+*•–][ \t]+|\(?\d{1,3}[.):][ \t]+|\([a-z]\)[ \t]+|[QWSCP]\d{1,2}[.:)][ \t]+)"
)
_QUOTED = re.compile(r"\A(?: {0,3}>[ \t]?)+")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a reviewer says. ``reviewer`` and ``section`` are the headings above it, as
    they are written, or ``""``; ``label`` counts by reviewer: ``R2.3``, or ``3`` without one.

    ``key`` are letters that stay the same for as long as the words do.
    """

    key: str
    label: str
    reviewer: str
    section: str
    text: str


def points_in(text: str) -> list[Point]:
    """The points of a text in their order: a paragraph is one, so is an item of a list.

    Headings are kept above the points below them; one that names a reviewer (``# Reviewer 2``,
    ``Review 1:``) begins a reviewer, where none does, each heading of the highest level. A line
    that ends with a colon above a list is a section. Marks of quotation (``>``) are left out.
    """
    lines = [_QUOTED.sub("", line) for line in text.replace("\r\n", "\n").split("\n")]
    named = any(_reviewer_of(line) for line in lines)
    keys: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    found: list[Point] = []
    blocks = list(_blocks(lines, named=named))
    names = _short_names(reviewer for reviewer, _, _ in blocks if reviewer)
    for reviewer, section, said in blocks:
        base = " ".join(said.casefold().split())
        keys[base] += 1
        counted[reviewer] += 1
        number = str(counted[reviewer])
        label = f"{names[reviewer]}.{number}" if reviewer else number
        found.append(Point(_key(base, keys[base]), label, reviewer, section, said))
    return found


def _short_names(reviewers: Iterable[str]) -> dict[str, str]:
    """``R2`` for each reviewer: by the number of its heading where each has its own, else by place,
    so that a file with the second review alone does not call it the first."""
    order = list(dict.fromkeys(reviewers))
    numbers = [match[1] for name in order if (match := _NUMBER.search(name))]
    if len(set(numbers)) < len(order):
        numbers = [str(at) for at in range(1, len(order) + 1)]
    return {name: f"R{number}" for name, number in zip(order, numbers, strict=True)}


def _blocks(lines: list[str], *, named: bool) -> Iterator[tuple[str, str, str]]:
    """Each point with the headings that it stands under."""
    reviewer = section = ""
    for kind, said in _stretches(lines):
        if kind == "point":
            yield reviewer, section, said
        elif kind == "reviewer" or (kind == "heading" and not named):
            reviewer, section = said, ""
        else:
            section = said


def _stretches(lines: list[str]) -> Iterator[tuple[str, str]]:
    held: list[str] = []
    item = fenced = False
    indent = 0

    def out() -> Iterator[tuple[str, str]]:
        said = "\n".join(held).strip()
        held.clear()
        if said:
            yield "point", said

    for at, line in enumerate(lines):
        begins = _ITEM.match(line)
        if begins and item and len(begins[1]) >= indent + 2:
            begins = None
        if _FENCE.match(line):
            fenced = not fenced
        if fenced or _FENCE.match(line):
            held.append(line)
        elif (head := _head(lines, at, free=not held)) is not None:
            yield from out()
            yield head
            item = False
        elif begins:
            yield from out()
            held.append(line[begins.end() :])
            item, indent = True, len(begins[1])
        elif not line.strip():
            if item and _goes_on(lines, at):
                held.append("")
            else:
                yield from out()
                item = False
        else:
            held.append(line.strip())
    yield from out()


def _head(lines: list[str], at: int, *, free: bool) -> tuple[str, str] | None:
    line = lines[at]
    heading = _HEADING.match(line)
    if heading:
        words = heading[1].strip(" *_")
        if not words:
            return None
        return ("reviewer" if _reviewer_of(line) else "heading"), words
    if not free or _ITEM.match(line):
        return None
    if _reviewer_of(line) and not _next_words(lines, at):
        return "reviewer", line.strip(" *_:")
    lead = _LEAD.match(line.strip())
    if lead and _ITEM.match(_below(lines, at)):
        return "section", lead[1].strip()
    return None


def _next_words(lines: list[str], at: int) -> bool:
    """Whether the paragraph goes on below this line."""
    return at + 1 < len(lines) and bool(lines[at + 1].strip()) and not _ITEM.match(lines[at + 1])


def _reviewer_of(line: str) -> bool:
    heading = _HEADING.match(line)
    words = (heading[1] if heading else line).strip()
    return 0 < len(words) <= 80 and _REVIEWER.match(words) is not None


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether the item goes on behind a blank line: what comes is put in."""
    below = _below(lines, at)
    return below.startswith(("  ", "\t")) and not _ITEM.match(below)


def _below(lines: list[str], at: int) -> str:
    """The next line with words, of the hundred below."""
    return next((line for line in lines[at + 1 : at + 101] if line.strip()), "")


def _key(base: str, copy: int) -> str:
    digest = hashlib.sha256(f"{copy} {base}".encode("utf-8", "replace")).digest()
    return "".join(_LETTERS[byte % 26] for byte in digest[:12])
