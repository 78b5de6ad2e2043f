"""Replies of Semantic Scholar's Graph and Recommendations APIs as works. Any field may be null.

Fields: https://api.semanticscholar.org/api-docs/graph
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from researchdesk.domain.citations import (
    SEMANTIC_SCHOLAR,
    Known,
    Relation,
    Work,
    arxiv_of,
    doi_of,
)
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.text import one_line, slug
from researchdesk.errors import SourceError

WORK_FIELDS = "title,year,venue,publicationVenue,journal,externalIds,authors,citationCount"
_ROWS = {
    Relation.REFERENCES: ("data", "citedPaper"),
    Relation.CITED_BY: ("data", "citingPaper"),
    Relation.SIMILAR: ("recommendedPapers", ""),
}
_LONGEST_NAME = 200
_YEARS = range(1400, 2200)
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Page:
    """Works of one reply; ``following`` is the offset of the next page, None on the last.

    ``withheld``: there is no list, for the publisher does not let it be shown.
    """

    works: tuple[Work, ...]
    following: int | None = None
    withheld: bool = False


def read_known(body: bytes) -> Known:
    """The work that was asked about. Raises SourceError where the reply is none of a work."""
    table = _table(body)
    work = read_work(table)
    if work is None:
        raise _nonsense("it names no paper")
    return Known(work, _count(table.get("referenceCount")))


def read_page(body: bytes, relation: Relation) -> Page:
    """The works of a page of this relation; rows that name no work are left out.

    Raises SourceError where the reply is not of this form.
    """
    table = _table(body)
    name, inside = _ROWS[relation]
    if name not in table:
        raise _nonsense(f"it has no {name!r}")
    rows = table[name]
    if rows is None:
        return Page((), withheld=True)
    if not isinstance(rows, list):
        raise _nonsense(f"{name!r} is no list")
    following = _count(table.get("next"))
    return Page(tuple(_works(rows, inside)), following)


def read_work(table: Mapping[str, object]) -> Work | None:
    """A work of a table of its fields; None where it has no title.

    A reference that Semantic Scholar could not place has no id of its own; its title stands in.
    """
    title = _line(table.get("title"))
    if not title:
        return None
    names = _mapping(table.get("externalIds"))
    doi = _line(names.get("DOI"))
    return Work(
        source=SEMANTIC_SCHOLAR,
        source_id=_line(table.get("paperId")) or f"title:{slug(title, 120)}",
        title=title,
        authors=_authors(table.get("authors")),
        year=_year(table.get("year")),
        venue=_venue(table),
        arxiv_id=arxiv_of(_line(names.get("ArXiv")), doi),
        doi=doi_of(doi),
        cited_by=_count(table.get("citationCount")),
    )


def refusal_of(body: bytes) -> str:
    """What the service says is wrong, in one line, or ``""``."""
    try:
        table = _table(body)
    except SourceError:
        return ""
    return (_line(table.get("error")) or _line(table.get("message")))[:_LONGEST_NAME]


def _works(rows: Iterable[object], inside: str) -> Iterable[Work]:
    for row in rows:
        outer = _mapping(row)
        work = read_work(_mapping(outer.get(inside)) if inside else outer)
        if work is not None:
            yield replace(work, influential=True) if outer.get("isInfluential") is True else work


def _table(body: bytes) -> Mapping[str, object]:
    try:
        found = parse_json(body)
    except ValueError as error:
        raise _nonsense("it is cut short, or no JSON") from error
    if not isinstance(found, dict):
        raise _nonsense("it is no JSON object")
    return found


def _nonsense(why: str) -> SourceError:
    return SourceError(
        f"Semantic Scholar's reply makes no sense: {why}. Nothing was changed.",
        "Try again in a few minutes.",
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _line(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < _LARGEST else None


def _year(value: object) -> int | None:
    year = _count(value)
    return year if year in _YEARS else None


def _authors(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    names = (_line(_mapping(item).get("name"))[:_LONGEST_NAME] for item in value)
    return tuple(name for name in names if name)


def _venue(table: Mapping[str, object]) -> str:
    """Where it appeared: the venue's name, else the words of the record, else the journal's."""
    named = (
        _mapping(table.get("publicationVenue")).get("name"),
        table.get("venue"),
        _mapping(table.get("journal")).get("name"),
    )
    return next((line for value in named if (line := _line(value))), "")[:_LONGEST_NAME]
