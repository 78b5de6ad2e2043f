"""Fields, filters and orders of a search of the library, and what may stand behind each."""

import importlib
import re
from dataclasses import dataclass

FIELDS = {
    "author": "a name, as author:hinton",
    "title": "a word of the title",
    "abstract": "a word of the abstract",
    "note": "a word of a note",
    "claim": "a word of a claim",
    "text": "a word of the paper's text",
}
"""Where a word can be looked for, and what is expected behind the colon."""

_NUMBERS = {
    "year": ("a year, as 2019, 2017..2019 or >2018", 1000, 9999),
    "pass": ("the number of a pass, as 2 or >=1; 0 is unread", 0, 99),
    "stars": ("0 to 5, as 4 or >=3", 0, 5),
    "priority": ("0 to 3, as 3 or >=1", 0, 3),
}
_CHOICES = {
    "has": ("note", "question", "claim", "pdf", "text", "run", "surprise", "tag", "code"),
    "is": ("due", "starred", "withdrawn", "new", "unread", "reading", "read"),
    "status": ("unread", "in pass", "pass", "left"),
}
_WORDS = {
    "cat": "a category, as cat:cs.LG",
    "tag": "a tag",
    "in": "a collection",
    "cites": "an arXiv id or a key",
    "venue": "a venue, as venue:NeurIPS",
    "list": "the name of a smart list",
}
_DAYS = {
    "since": "the first day of publication, as 2024-05-01 or 2024",
    "due": "the last day of those put off, as 2027-01-31",
}
FILTERS = (*_WORDS, *_NUMBERS, *_CHOICES, *_DAYS)
SORTS = ("relevance", "added", "year", "title", "stars", "priority", "due")
ALIASES = {
    "authors": "author",
    "by": "author",
    "category": "cat",
    "collection": "in",
    "notes": "note",
    "fulltext": "text",
    "order": "sort",
}
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_RANGE = re.compile(r"(>=|<=|>|<|=)?(\d{1,4})|(\d{1,4})?\.\.(\d{1,4})?")


@dataclass(frozen=True, slots=True)
class Filter:
    """Something that must hold of a paper, or must not (``excluded``).

    ``low`` and ``high`` are the bounds of a filter by numbers, both included; None: no bound.
    """

    name: str
    value: str
    excluded: bool = False
    low: int | None = None
    high: int | None = None

    def __str__(self) -> str:
        plain = self.value if not re.search(r"\s", self.value) else f'"{self.value}"'
        return f"{'-' * self.excluded}{self.name}:{plain}"


def read_filter(name: str, value: str, excluded: bool = False) -> tuple[Filter | None, str]:
    """The filter, or None and what is missing in words. ``name`` is one of ``FILTERS``."""
    value = " ".join(value.split())
    if name in _NUMBERS:
        return _number(name, value, excluded)
    if name in _CHOICES:
        return _choice(name, value, excluded)
    if name in _DAYS and not _DAY.fullmatch(value):
        return None, f"{name}: waits for {_DAYS[name]}."
    if not value:
        return None, f"{name}: waits for {_WORDS[name]}."
    return Filter(name, value, excluded), ""


def near(name: str) -> str:
    """The field or filter whose name is nearest to this one, or ``""``."""
    known = (*FIELDS, *FILTERS, "sort")
    found = importlib.import_module("difflib").get_close_matches(name.lower(), known, 1, 0.6)
    return next(iter(found), "")


def _number(name: str, value: str, excluded: bool) -> tuple[Filter | None, str]:
    expected, least, most = _NUMBERS[name]
    found = _RANGE.fullmatch(value.replace(" ", ""))
    if not found or value == "..":
        return None, f"{name}: waits for {expected}."
    sign, number, low, high = found.groups()
    bounds = _bounds(sign, int(number)) if number else (low and int(low), high and int(high))
    given = [int(part) for part in (number, low, high) if part]
    if any(not least <= part <= most for part in given):
        return None, f"{name}: waits for {expected}."
    return Filter(name, value.replace(" ", ""), excluded, *(_int(part) for part in bounds)), ""


def _int(value: str | int | None) -> int | None:
    return None if value is None or value == "" else int(value)


def _bounds(sign: str | None, number: int) -> tuple[int | None, int | None]:
    return {
        ">": (number + 1, None),
        ">=": (number, None),
        "<": (None, number - 1),
        "<=": (None, number),
    }.get(sign or "=", (number, number))


def _choice(name: str, value: str, excluded: bool) -> tuple[Filter | None, str]:
    known = _CHOICES[name]
    folded = value.lower()
    if name == "status" and re.fullmatch(r"(in pass|pass|left in pass) \d{1,2}( done)?", folded):
        return Filter(name, folded, excluded), ""
    fits = [word for word in known if folded and word.startswith(folded)]
    if folded in known or len(fits) == 1:
        return Filter(name, folded if folded in known else fits[0], excluded), ""
    return None, f"{name}: waits for one of {', '.join(known)}."
