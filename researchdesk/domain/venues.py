"""Venues under one short name each, however a record writes them.

The names are in ``data/venues.toml``.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from researchdesk import assets

WORKSHOP = "Workshop"
_MOST, _BY_NAME = 1000, 15
_DIGITS = re.compile(r"(?<=[A-Za-z])\d+$")
_LONGEST = 600
_LATEX = (
    (re.compile(r"\\text(?:en|em)dash\s*(?:\{\})?"), " - "),
    (re.compile(r"\\&"), " and "),
    (re.compile(r"workshop (?:and|&) conference proceedings|\bW ?& ?CP\b", re.I), " "),
    (re.compile(r"\\[a-zA-Z]+\s*|\\."), ""),
    (re.compile(r"[{}$~]"), ""),
)
_TOKENS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+[^\W_]*|[@&]|[^\w\s]")
_WORKSHOPS = {"workshop", "workshops", "wksp", "wkshp", "workshopsoft"}
_BOOKS = {"handbook", "encyclopedia"}
_LEADING = {
    *("accepted", "presented", "published", "appeared", "appears", "appear", "oral", "poster"),
    *(
        "spotlight",
        "paper",
        "talk",
        "as",
        "a",
        "in",
        "work",
        "to",
        "proceedings",
        "held",
        "annual",
        "conference",
        "best",
    ),
}
_SMALL = {
    *("the", "of", "on", "in", "for", "to", "a", "an", "at", "with", "annual", "proceedings"),
    *("proc", "ieee", "acm", "cvf", "rsj", "rjs", "siam", "usenix", "inc"),
    *("vol", "volume", "volumes", "no", "number", "pp", "page", "pages", "track", "main", "long"),
    *("short", "papers", "paper", "online", "virtual", "part", "issue", "edition", "ser", "series"),
}
_ORDINAL = re.compile(
    r"(?:\d+(?:st|nd|rd|th)?|(?:twenty|thirty|forty|fifty|sixty)(?:-?\w+)?|(?:\w+teen|\w+tie)th"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|\d+[a-z]?)$"
)
_WHOLE = {
    "int": "international", "intl": "international", "conf": "conference", "mach": "machine",
    "learn": "learning", "intell": "intelligence", "artif": "artificial", "vis": "vision",
    "process": "processing", "inf": "information", "inform": "information", "syst": "systems",
    "sys": "systems", "trans": "transactions", "assoc": "association", "res": "research",
    "recognit": "recognition", "recog": "recognition", "repr": "representations",
    "represent": "representations", "eur": "european", "euro": "european", "stat": "statistics",
    "lang": "language", "robot": "robotics", "autom": "automation", "anal": "analysis",
    "jt": "joint", "symp": "symposium", "meet": "meeting", "uncertain": "uncertainty",
    "methods": "methods", "appl": "applications", "patt": "pattern", "jour": "journal",
    "j": "journal", "&": "and", "pattern": "pattern",
}  # fmt: skip


Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Venue:
    """``short`` are names written just so; ``long`` and ``exact`` are words in one form each,
    ``exact`` where nothing else may stand beside them. A ``weak`` one counts only by itself."""

    name: str
    title: str
    short: frozenset[str] = frozenset()
    long: tuple[Words, ...] = ()
    exact: tuple[Words, ...] = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    """``raw`` as it stands, ``word`` in its one form; ``word`` is empty for a sign."""

    raw: str
    word: str


@dataclass(frozen=True, slots=True)
class _Hit:
    """Tokens from ``first`` to ``last`` (not included) name ``venue``."""

    venue: Venue
    first: int
    last: int
    weight: int


class Venues:
    """Finds the venue that a record's words name, among ``known``."""

    def __init__(self, known: Sequence[Venue]) -> None:
        self.known = tuple(known)
        self._short = {name: venue for venue in known for name in venue.short}
        self._exact = {words: venue for venue in known for words in venue.exact}
        self._exact |= {_pattern(name): venue for name, venue in self._short.items()}
        self._long: dict[str, list[tuple[Words, Venue]]] = {}
        for venue in known:
            for words in venue.long:
                self._long.setdefault(words[0], []).append((words, venue))

    def find(self, text: str) -> str:
        """The venue's short name, with ``Workshop`` behind it for one beside it; ``""``: none."""
        tokens = _tokens(text)
        places = [at for at, t in enumerate(tokens) if t.word and not _is_small(t.word)]
        words = tuple(tokens[at].word for at in places)
        if _BOOKS & set(words):
            return ""
        if whole := self._exact.get(words):
            hits = [_Hit(whole, 0, len(tokens), _MOST)]
        else:
            hits = [*self._by_words(tokens, places, words), *self._by_names(tokens)]
        if not hits:
            return ""
        best = max(hits, key=lambda hit: (not hit.venue.weak, hit.weight, -hit.first))
        aside = not best.venue.weak and _is_beside(tokens, best)
        return f"{best.venue.name} {WORKSHOP}" if aside else best.venue.name

    def _by_words(
        self, tokens: Sequence[_Token], places: Sequence[int], words: Words
    ) -> Iterator[_Hit]:
        for at, word in enumerate(words):
            for pattern, venue in self._long.get(word, ()):
                if words[at : at + len(pattern)] == pattern:
                    last = places[at + len(pattern) - 1] + 1
                    if not _goes_on(tokens, last):
                        yield _Hit(venue, places[at], last, 10 * len(pattern))

    def _by_names(self, tokens: Sequence[_Token]) -> Iterator[_Hit]:
        for at, token in enumerate(tokens):
            bare = _DIGITS.sub("", token.raw)
            venue = self._short.get(bare) or self._short.get(bare.removesuffix("W"))
            if venue is not None:
                yield _Hit(venue, at, at + 1, _BY_NAME)


def venue_of(text: str) -> str:
    """The short name of the venue that a record's words name; ``""`` where it is none known.

    A workshop at a venue is named so: ``ICML Workshop``. Names and spellings are those of
    ``data/venues.toml``.
    """
    return _venue_of(text[:_LONGEST])


def venue_names() -> tuple[str, ...]:
    """Every short name, in the order of the file."""
    return tuple(venue.name for venue in _venues().known)


def read_venues(text: str) -> tuple[Venue, ...]:
    """The venues of a file. Raises ValueError or KeyError where it is not of this form."""
    return tuple(_venue(table) for table in tomllib.loads(text)["venue"])


@lru_cache(maxsize=4096)
def _venue_of(text: str) -> str:
    return _venues().find(text)


@lru_cache(maxsize=1)
def _venues() -> Venues:
    return Venues(read_venues((assets.folder("data") / "venues.toml").read_text("utf-8")))


def _venue(table: Mapping[str, Any]) -> Venue:
    return Venue(
        table["name"],
        table["title"],
        frozenset(table.get("short", ())),
        tuple(_pattern(words) for words in table.get("long", ())),
        tuple(_pattern(words) for words in (table["name"], *table.get("exact", ()))),
        table.get("weak", False),
    )


def _pattern(text: str) -> tuple[str, ...]:
    return tuple(t.word for t in _tokens(text) if t.word and not _is_small(t.word))


def _tokens(text: str) -> list[_Token]:
    for pattern, put in _LATEX:
        text = pattern.sub(put, text)
    found: list[_Token] = []
    for raw in _TOKENS.findall(unicodedata.normalize("NFKC", text)):
        parts = raw.split("-") if "-" in raw and len(raw) > 1 else [raw]
        found += [_Token(part, _word(part)) for part in parts if part]
    return found


def _word(raw: str) -> str:
    plain = unicodedata.normalize("NFKD", raw.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if not (plain[:1].isalnum() or plain == "&"):
        return ""
    return _WHOLE.get(plain, plain)


def _is_small(word: str) -> bool:
    """Whether a word says nothing of which venue it is."""
    return word in _SMALL or (bool(_ORDINAL.match(word)) and word != "3d")


def _goes_on(tokens: Sequence[_Token], at: int) -> bool:
    """Whether another name begins there: ``Machine Learning and Applications``."""
    following = tokens[at].word if at < len(tokens) else ""
    return following in {"and", "theory"} and at + 1 < len(tokens) and bool(tokens[at + 1].word)


def _is_beside(tokens: Sequence[_Token], hit: _Hit) -> bool:
    """Whether the words around the name say that it was beside the conference: a workshop."""
    around = [*tokens[: hit.first], *tokens[hit.last :]]
    if any(t.word in _WORKSHOPS or t.raw == "@" for t in around):
        return True
    if any(t.raw.endswith("W") and t.raw[:-1] in hit.venue.short for t in tokens):
        return True
    before = [t.word for t in tokens[: hit.first] if t.word and not _ORDINAL.match(t.word)]
    if "at" not in before[-4:]:
        return False
    ahead = before[: len(before) - 1 - before[::-1].index("at")]
    return any(word not in _LEADING and word not in _SMALL for word in ahead)
