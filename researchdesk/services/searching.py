"""Words looked for in all that is on the desk.

The services of what else there is beside papers are loaded only where something of theirs fits:
what a search costs is mostly what it loads.
"""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from researchdesk.domain.library_rows import LibraryPage
from researchdesk.domain.refs import is_arxiv_id
from researchdesk.domain.search_query import SearchQuery, parse_query
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError
from researchdesk.services import library_search
from researchdesk.services.desk import Desk
from researchdesk.storage import search

if TYPE_CHECKING:
    from researchdesk.domain.ideas import Idea
    from researchdesk.domain.investigations import Investigation
    from researchdesk.domain.surprises import Surprise


@dataclass(frozen=True, slots=True)
class FoundStory:
    """A storyline whose newest draft, of ``number``, has the words; ``line`` is the line with most
    of them, or its title, where they stand only there."""

    slug: str
    title: str
    number: int
    line: str


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, of each sort the best first."""

    page: LibraryPage
    surprises: tuple["Surprise", ...] = ()
    ideas: tuple["Idea", ...] = ()
    investigations: tuple["Investigation", ...] = ()
    stories: tuple[FoundStory, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (
            self.page.rows or self.surprises or self.ideas or self.investigations or self.stories
        )


def search_desk(desk: Desk, words: str, limit: int = 50, offset: int = 0) -> Found:
    """Look for words that begin as these do, all of them: in papers with their notes and claims,
    in surprises with their explanations, in ideas, in investigations with answers and experiments,
    and in the newest draft of each storyline. An arXiv id finds what was noticed on the paper, too.
    Of each sort at most ``limit``, of the papers from ``offset`` on.

    Fields and filters are of papers: where there are some, only papers are looked for.

    Raises UsageProblemError where ``limit`` is below 1.
    """
    if limit < 1:
        raise UsageProblemError(
            "--limit must be at least 1.", "Leave --limit out, or give a larger number."
        )
    query = parse_query(words)
    if query.is_empty:
        return Found(LibraryPage(0, offset, (), query.problems))
    page = library_search.page(desk, query, offset, limit)
    plain = _plain_words(query)
    if not plain:
        return Found(page)
    return Found(
        page,
        _surprises(desk, plain, limit),
        _ideas(desk, plain, limit),
        _investigations(desk, plain, limit),
        tuple(_stories(desk, plain)[:limit]),
    )


def _plain_words(query: SearchQuery) -> str:
    """The words, where nothing is asked for that only papers have."""
    if query.filters or any(term.field or term.excluded for term in query.terms):
        return ""
    return " ".join(term.text for term in query.terms)


def _surprises(desk: Desk, words: str, limit: int) -> tuple["Surprise", ...]:
    found = _numbers(desk, "surprises", words, limit)
    on_paper = is_arxiv_id(words.strip())
    if not found and not on_paper:
        return ()
    service = importlib.import_module("researchdesk.services.surprises")
    noticed: list[Surprise] = [service.get_surprise(desk, number) for number in found]
    if on_paper:
        noticed += [item for item in service.list_surprises(desk, on=words) if item not in noticed]
    return tuple(noticed[:limit])


def _ideas(desk: Desk, words: str, limit: int) -> tuple["Idea", ...]:
    found = _numbers(desk, "ideas", words, limit)
    if not found:
        return ()
    service = importlib.import_module("researchdesk.services.ideas")
    return tuple(service.get_idea(desk, number) for number in found)


def _investigations(desk: Desk, words: str, limit: int) -> tuple["Investigation", ...]:
    found = _numbers(desk, "investigations", words, limit)
    if not found:
        return ()
    service = importlib.import_module("researchdesk.services.investigation_records")
    return tuple(service.get_investigation(desk, number) for number in found)


def _numbers(desk: Desk, table: str, words: str, limit: int) -> list[int]:
    return search.numbers(desk.database.raw, table, words, limit)


def _stories(desk: Desk, words: str) -> list[FoundStory]:
    fits, tokens = search.every_word(words), search.tokens_of(words)
    found = []
    for slug, story, draft, number, text in search.drafts(desk.database.raw):
        if fits(f"{story}\n{draft}\n{text}"):
            lines = [line for line in text.splitlines() if line.strip()]
            counts = [sum(token in line.casefold() for token in tokens) for line in lines]
            most = max(counts, default=0)
            line = one_line(lines[counts.index(most)]) if most else draft or story
            found.append(FoundStory(slug, story, number, line))
    return found
