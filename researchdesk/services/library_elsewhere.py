"""Papers found by what is said of them elsewhere: in surprises noticed on them, in drafts."""

import sqlite3
from collections.abc import Iterator, Sequence

from researchdesk.domain.links import LinkKind, links_in
from researchdesk.domain.search_query import Term
from researchdesk.domain.snippets import needles_of, present
from researchdesk.storage import search, search_refs

_MOST = 200


def found_elsewhere(db: sqlite3.Connection, terms: Sequence[Term]) -> dict[int, tuple[str, str]]:
    """By the row of the paper: ``surprise`` or ``storyline``, and the text that has the words.

    A surprise is on a paper, on a claim of it or on a note; a line of a draft links to it. Where a
    term is bound to a field, nothing is found here.
    """
    wanted = [term for term in terms if not term.excluded]
    if not wanted or any(term.field for term in wanted):
        return {}
    found: dict[int, tuple[str, str]] = {}
    for where, ref, text in (*_surprises(db, wanted), *_lines(db, wanted)):
        paper = search_refs.paper_of(db, ref)
        if paper is not None:
            found.setdefault(paper, (where, text))
    return found


def _surprises(db: sqlite3.Connection, terms: Sequence[Term]) -> Iterator[tuple[str, str, str]]:
    words = " ".join(term.text for term in terms)
    for ref, text in search_refs.surprises(db, search.match_expression(words), _MOST):
        if _fits(text, terms):
            yield "surprise", ref, text


def _lines(db: sqlite3.Connection, terms: Sequence[Term]) -> Iterator[tuple[str, str, str]]:
    for *_, text in search.drafts(db):
        for line in text.splitlines():
            if "[[" in line and _fits(line, terms):
                for link in links_in(line):
                    if link.kind in (LinkKind.PAPER, LinkKind.CLAIM, LinkKind.NOTE):
                        yield "storyline", link.ref, line


def _fits(text: str, terms: Sequence[Term]) -> bool:
    needles = needles_of(terms)
    return len(present(text, needles)) == len(needles)
