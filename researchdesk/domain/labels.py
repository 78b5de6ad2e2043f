"""What a person puts on papers to find them by: tags, collections, stars, a priority."""

from dataclasses import dataclass
from datetime import datetime

from researchdesk.domain.text import as_name
from researchdesk.errors import UsageProblemError

MOST_STARS = 5
HIGHEST_PRIORITY = 3
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the library that was made, or taken back.

    ``what`` says it in words (``3 papers tagged vision``), ``count`` how many papers it changed.
    ``id`` is 0 where everything was so already: then there is nothing to take back. ``big`` is
    one to ask about before it is taken back: an import, a merge, papers that came to the desk or
    many that were changed.
    """

    id: int
    what: str
    count: int
    at: datetime | None = None
    undone_at: datetime | None = None
    big: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """Papers in an order, under a name; ``count`` is of those that are on the desk."""

    name: str
    about: str
    count: int
    created_at: datetime


def label_name(text: str, kind: str = "tag") -> str:
    """``text`` as the name of a tag, a collection or a smart list.

    Blanks within are allowed, a ``#`` before it falls away; upper and lower case are kept, but do
    not tell two names apart. Raises UsageProblemError for no name, one longer than 80 signs, and
    one that has a comma or a double quote, which search and lists of names need for themselves.
    """
    name = as_name(text).lstrip("#").strip()
    if not name:
        raise UsageProblemError(f"A {kind} needs a name.", "Nothing was changed.")
    if len(name) > _LONGEST:
        raise UsageProblemError(
            f"The name {name[:30]!r}… of a {kind} is longer than {_LONGEST} signs.",
            "Nothing was changed.",
        )
    for sign, spoken in ((",", "a comma"), ('"', "a double quote")):
        if sign in name:
            raise UsageProblemError(
                f"The name of a {kind} cannot have {spoken}: {name}",
                "Nothing was changed. Several names are given one by one.",
            )
    return name


def papers(count: int) -> str:
    """``1 paper``, ``1,234 papers``."""
    return "1 paper" if count == 1 else f"{count:,} papers"


def they_are(count: int) -> str:
    """``1 paper is``, ``1,234 papers are``."""
    return f"{papers(count)} {'is' if count == 1 else 'are'}"


def already(count: int, what: str) -> str:
    """That nothing had to be changed, and why."""
    return f"Nothing to do: {they_are(count)} {what} already." if count else "No paper fits."
