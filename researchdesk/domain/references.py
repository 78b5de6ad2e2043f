"""A paper as a reference: what a bibliography of any form says of it."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from researchdesk.domain.marks import UNMARKED, Marks
from researchdesk.domain.papers import Metadata
from researchdesk.domain.text import slug
from researchdesk.errors import UsageProblemError

_FIT = re.compile(r"[^A-Za-z0-9:._+/-]+")
_PARTICLE = re.compile(r"[a-zà-ÿ][\w'’.-]*")
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))


@dataclass(frozen=True, slots=True)
class Name:
    """A person, or with an empty ``given`` a group."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """``kind`` is BibTeX's word (``article``, ``inproceedings``, ``misc`` …).

    ``more`` are texts under BibTeX's names: volume, number, pages, publisher, url, month, issn …
    """

    kind: str
    words: Metadata
    names: tuple[Name, ...] = ()
    tags: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    marks: Marks = UNMARKED

    @property
    def people(self) -> tuple[Name, ...]:
        """The names without the "others" that ends a list which is not whole."""
        return tuple(name for name in self.names if (name.family, name.given) != ("others", ""))

    @property
    def is_preprint(self) -> bool:
        """Whether it is on arXiv, and was published nowhere else."""
        unpublished = self.kind in ("misc", "article", "unpublished") and not self.words.venue
        return unpublished and self.words.arxiv_id is not None


def name_of(author: str) -> Name:
    """A spoken name in its parts: particles in lower case begin the family name."""
    words = author.split()
    if len(words) < 2:
        return Name(author)
    last = len(words) - 1
    if words[last].lower() in _SUFFIXES and last > 1:
        last -= 1
    first = next((i for i in range(1, last) if _PARTICLE.fullmatch(words[i])), last)
    return Name(" ".join(words[first:]), " ".join(words[:first]))


def key_of(pattern: str, words: Metadata, key: str) -> str:
    """The citation key that ``pattern`` makes of a paper; ``"paper"`` where nothing is left.

    ``key`` is the paper's own on the desk. The fields of a pattern are those of ``KEY_FIELDS``.
    Raises UsageProblemError for another.
    """
    try:
        made = pattern.format_map({**_key_fields(words), "key": key})
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        raise UsageProblemError(
            f"The pattern of keys {pattern!r} cannot be used: {error}",
            f"Its fields: {', '.join(f'{{{name}}}' for name in KEY_FIELDS)}.",
        ) from error
    return _FIT.sub("", made) or "paper"


_OF_WORDS = ("author", "Author", "authors", "year", "shortyear", "word", "Word", "title", "arxiv")
KEY_FIELDS = ("key", *_OF_WORDS)


def _key_fields(words: Metadata) -> Mapping[str, str]:
    surnames = [slug(name.split()[-1]).replace("-", "") for name in words.authors if name.split()]
    author = surnames[0] if surnames else ""
    year = str(words.year or "")
    parts = slug(words.title).split("-")
    word = next((part for part in parts if len(part) > 3), slug(words.title))
    values = (author, author.capitalize(), "".join(surnames[:3]), year, year[-2:], word,
              word.capitalize(), "-".join(parts[:8]), words.arxiv_id or "")  # fmt: skip
    return dict(zip(_OF_WORDS, values, strict=True))


def check_pattern(pattern: str) -> None:
    """Raises UsageProblemError where a pattern of keys has a field that is none."""
    key_of(pattern, Metadata("title"), "key")
    if not any(name for _, name, _, _ in string.Formatter().parse(pattern)):
        raise UsageProblemError(
            f"The pattern of keys {pattern!r} is the same for every paper.",
            "Give it fields, as {author}{year}{word}.",
        )
