"""The library searched, as its commands and its screen do it."""

from researchdesk.domain.search_query import parse_query
from researchdesk.services import library_search
from researchdesk.services.desk import Desk


def found_ids(desk: Desk, words: str) -> list[int]:
    """The numbers of the papers that these words find, the best first."""
    return [row.id for row in library_search.page(desk, parse_query(words)).rows]
