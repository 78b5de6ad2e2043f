"""Whether two records may be of one paper. Precision first: a title alone is never enough."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

_MARKUP = re.compile(r"<[^<>]{1,40}>|\\[a-zA-Z]+\s*|[{}$\\^_~]")
_MARKUP_SIGNS = re.compile(r"[<\\{}$^_~]")
_NO_LETTERS = re.compile(r"[^A-Za-z0-9]+")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"(?<=\w)['’`´](?=\w)")
_NUMBER = re.compile(r"\d+|[ivxlc]+")
_ALIKE = 0.84
_LONG_ENOUGH = 5
_YEARS = 2
_SHORT_TITLE = 3
_TITLES_OF_ONE_DOI = 0.6


@dataclass(frozen=True, slots=True)
class Rules:
    """``small_words`` may be there or not; ``bare_titles`` say nothing; DOIs that begin with one of
    ``preprint_dois`` are of preprints."""

    preprint_dois: tuple[str, ...] = ()
    small_words: frozenset[str] = frozenset()
    bare_titles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likely:
    """What of a record says which paper it is. ``doi`` is in small letters."""

    id: int
    arxiv_id: str
    doi: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    words: tuple[str, ...] = field(default=())


def title_words(title: str) -> tuple[str, ...]:
    """The words of a title in small letters, without accents, markup and punctuation."""
    plain = title if title.isascii() else _without_accents(title)
    return tuple(_WORD.findall(_APOSTROPHES.sub("", _MARKUP.sub("", plain)).casefold()))


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c))


def compact(words: Sequence[str]) -> str:
    """The words without blanks: ``auto-encoding`` is ``autoencoding``."""
    return "".join(words)


def compact_title(title: str) -> str:
    """``compact(title_words(title))``, quick where the title is plain."""
    if title.isascii() and not _MARKUP_SIGNS.search(title):
        return _NO_LETTERS.sub("", title).casefold()
    return compact(title_words(title))


def surname(name: str) -> str:
    """The last word of a surname, of ``Given Surname`` and of ``Surname, Given``."""
    family = name.split(",")[0] if "," in name else name
    words = title_words(family)
    return words[-1] if words else ""


def initial(name: str) -> str:
    """The first letter of a given name, ``""`` where there is none."""
    given = name.split(",", 1)[1] if "," in name else name.rpartition(" ")[0]
    words = title_words(given)
    return words[0][0] if words else ""


def same_title(one: Sequence[str], other: Sequence[str], rules: Rules) -> bool:
    """Whether two titles are the same but for small words, hyphens and one misspelt word.

    Numbers, Roman ones too, and every other word that stands in one only tell them apart.
    """
    if compact(one) == compact(other):
        return True
    first = [word for word in one if word not in rules.small_words]
    second = [word for word in other if word not in rules.small_words]
    if not first or not second:
        return False
    if compact(first) == compact(second):
        return True
    if len(first) != len(second):
        return False
    unlike = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    return len(unlike) == 1 and _misspelt(*unlike[0])


def same_authors(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the first authors are the same, and the second ones where both have them."""
    if not one or not other:
        return False
    pairs = list(zip(_people(one)[:2], _people(other)[:2], strict=False))
    return bool(pairs) and all(_same_person(a, b) for a, b in pairs)


def near_years(one: int | None, other: int | None) -> bool:
    """Whether both years are known and not further apart than two."""
    return one is not None and other is not None and abs(one - other) <= _YEARS


def alike(one: Likely, other: Likely, rules: Rules) -> str:
    """Why title, authors and year may be of one paper; ``""`` where they do not say so."""
    if contradict(one, other, rules) or " ".join(one.words) in rules.bare_titles:
        return ""
    exact = compact(one.words) == compact(other.words)
    if not exact and min(len(one.words), len(other.words)) < _SHORT_TITLE:
        return ""
    if not (exact or same_title(one.words, other.words, rules)):
        return ""
    if not same_authors(one.authors, other.authors):
        return ""
    if near_years(one.year, other.year):
        years = f"{min(one.year or 0, other.year or 0)} and {max(one.year or 0, other.year or 0)}"
        when = str(one.year) if one.year == other.year else years
        return f"{'same' if exact else 'nearly the same'} title, same first authors, {when}"
    unknown = one.year is None or other.year is None
    if exact and unknown and len(one.words) > _SHORT_TITLE:
        return "same title, same first authors"
    return ""


def same_doi(one: Likely, other: Likely) -> str:
    """Why two records under one DOI may be of one paper; chapters of a book may share its DOI."""
    likeness = SequenceMatcher(None, compact(one.words), compact(other.words)).ratio()
    if likeness < _TITLES_OF_ONE_DOI and not same_authors(one.authors, other.authors):
        return ""
    return f"same DOI {one.doi}"


def contradict(one: Likely, other: Likely, rules: Rules) -> bool:
    """Whether their ids say that they are two: two ids of arXiv, or two DOIs of publishers."""
    if one.arxiv_id and other.arxiv_id and one.arxiv_id != other.arxiv_id:
        return True
    dois = {doi for doi in (one.doi, other.doi) if doi}
    return len(dois) == 2 and not any(is_preprints(doi, rules.preprint_dois) for doi in dois)


def is_preprints(doi: str, prefixes: Collection[str]) -> bool:
    return any(doi.startswith(prefix) for prefix in prefixes)


def _misspelt(one: str, other: str) -> bool:
    """Beginnings are the same: ``asymmetric`` is not ``symmetric``, nor ``encoder`` ``decoder``."""
    if min(len(one), len(other)) < _LONG_ENOUGH:
        return False
    if any(_NUMBER.fullmatch(word) or any(c.isdigit() for c in word) for word in (one, other)):
        return False
    if one[:2] != other[:2]:
        return False
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _people(names: Sequence[str]) -> list[str]:
    return [name for name in names if title_words(name) and title_words(name) != ("others",)]


def _same_person(one: str, other: str) -> bool:
    if surname(one) != surname(other):
        return False
    first, second = initial(one), initial(other)
    return not first or not second or first == second
