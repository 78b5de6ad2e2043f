"""Smart lists: searches of the library kept under a name."""

from researchdesk.domain.search_query import parse_query
from researchdesk.domain.smart_lists import SmartList
from researchdesk.domain.text import one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.storage import smart_lists as kept

__all__ = ["SmartList", "drop_list", "get_list", "keep_list", "smart_lists"]
_LONGEST = 60


def smart_lists(desk: Desk) -> list[SmartList]:
    """All of them, by name."""
    return kept.all_lists(desk.database.raw)


def get_list(desk: Desk, name: str) -> SmartList:
    """The one of this name, in any case. Raises NotOnDeskError."""
    found = kept.find(desk.database.raw, one_line(name))
    if found is None:
        raise NotOnDeskError(
            f"There is no smart list {one_line(name)!r}.",
            "See those that there are with: researchdesk lists",
        )
    return found


def keep_list(desk: Desk, name: str, query: str) -> SmartList:
    """Keep a search under a name; one that has the name is written over.

    Raises UsageProblemError for a name that is empty, too long or has a quotation mark, and for a
    query that asks for nothing or was not understood.
    """
    name, query = one_line(name), one_line(query)
    if not name or len(name) > _LONGEST or '"' in name:
        raise UsageProblemError(
            "A smart list needs a name of at most 60 signs, without quotation marks.",
            'As: researchdesk lists keep unread-vision "cat:cs.CV status:unread"',
        )
    understood = parse_query(query)
    if understood.problems:
        raise UsageProblemError(
            f"The search was not understood: {' '.join(understood.problems)} Nothing was kept."
        )
    if understood.is_empty:
        raise UsageProblemError(
            "The search asks for nothing. Nothing was kept.", "Give words or filters to keep."
        )
    with desk.database.writing() as db:
        kept.put(db.conn, name, query, desk.clock())
    return get_list(desk, name)


def drop_list(desk: Desk, name: str) -> SmartList:
    """Forget a smart list; its papers stay. Raises NotOnDeskError."""
    found = get_list(desk, name)
    with desk.database.writing() as db:
        kept.drop(db.conn, found.name)
    return found
