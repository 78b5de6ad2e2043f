"""Smart lists: searches of the library kept under a name. ``labels.undo`` takes changes back."""

from dataclasses import replace

from researchdesk.domain.search_query import SearchQuery, parse_query
from researchdesk.domain.smart_lists import SmartList
from researchdesk.domain.text import as_name, one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.library_filters import understand
from researchdesk.storage import labels_undo
from researchdesk.storage import smart_lists as kept
from researchdesk.storage.database import Database

__all__ = ["SmartList", "drop_list", "get_list", "keep_list", "rename_list", "smart_lists"]
_LONGEST = 60


def smart_lists(desk: Desk) -> list[SmartList]:
    """All of them, by name."""
    return kept.all_lists(desk.database.raw)


def get_list(desk: Desk, name: str) -> SmartList:
    """The one of this name, in any case. Raises NotOnDeskError."""
    found = kept.find(desk.database.raw, as_name(name))
    if found is None:
        raise NotOnDeskError(
            f"There is no smart list {one_line(name)!r}.",
            "See those that there are with: researchdesk lists",
        )
    return found


def keep_list(desk: Desk, name: str, query: str) -> SmartList:
    """Keep a search under a name; one that has the name is written over.

    Raises UsageProblemError for a name that is empty, too long or has a quotation mark, and for a
    query that asks for nothing, was not understood, or leads to the list itself.
    """
    name, query = _list_name(name), one_line(query)
    wanted = parse_query(query)
    if wanted.is_empty and not wanted.problems:
        raise UsageProblemError(
            "The search asks for nothing. Nothing was kept.", "Give words or filters to keep."
        )
    with desk.database.writing() as db:
        _refuse_circle(desk, name, wanted)
        if problems := understand(desk, wanted).problems:
            raise UsageProblemError(
                f"The search was not understood: {' '.join(problems)} Nothing was kept.",
                "Mend that part; researchdesk search --help lists what a search can say.",
            )
        was = kept.find(db.conn, name)
        if was is not None and was.query == query:
            return was
        made = SmartList(was.name if was else name, query, was.created_at if was else desk.clock())
        told = "now searches for" if was else "kept:"
        _change(desk, db, [(was, made)], f"smart list {made.name} {told} {query}")
    return made


def rename_list(desk: Desk, old: str, new: str) -> SmartList:
    """Give a smart list another name; lists that name it name it so, too.

    Raises NotOnDeskError where there is none, UsageProblemError where the name is taken or cannot
    be one.
    """
    name = _list_name(new)
    with desk.database.writing() as db:
        found = get_list(desk, old)
        made = replace(found, name=name)
        if made == found:
            return found
        if name.casefold() != found.name.casefold() and kept.find(db.conn, name):
            raise UsageProblemError(
                f"There is a smart list {name} already. Nothing was changed.",
                "Choose another name.",
            )
        changes: list[tuple[SmartList | None, SmartList | None]] = [(found, made)]
        for item in kept.all_lists(db.conn):
            query = _with_name(parse_query(item.query), found.name, name)
            if query is not None:
                changes.append((item, replace(item, query=str(query))))
        _change(desk, db, changes, f"smart list {found.name} renamed {name}")
    return made


def drop_list(desk: Desk, name: str) -> SmartList:
    """Forget a smart list; its papers stay. Raises NotOnDeskError."""
    with desk.database.writing() as db:
        found = get_list(desk, name)
        _change(desk, db, [(found, None)], f"smart list {found.name} forgotten: {found.query}")
    return found


def _list_name(name: str) -> str:
    name = as_name(name)
    if not name or len(name) > _LONGEST or '"' in name:
        raise UsageProblemError(
            "A smart list needs a name of at most 60 signs, without quotation marks.",
            'As: researchdesk lists keep unread-vision "cat:cs.CV status:unread"',
        )
    return name


def _change(
    desk: Desk,
    db: Database,
    changes: list[tuple[SmartList | None, SmartList | None]],
    what: str,
) -> None:
    """Write each list that was there as it is to be, and keep how that is taken back."""
    steps: list[labels_undo.Step] = []
    for was, now in changes:
        before, after = (None if item is None else kept.state(item) for item in (was, now))
        kept.change(db.conn, before, after)
        steps.insert(0, {"do": "list", "was": before, "now": after})
    labels_undo.record(db, what, 0, steps, desk.clock())


def _named(query: SearchQuery) -> list[str]:
    return [item.value for item in query.filters if item.name == "list"]


def _with_name(query: SearchQuery, old: str, new: str) -> SearchQuery | None:
    """The search with another name of a list in it; None where it does not name that list."""
    if old.casefold() not in {name.casefold() for name in _named(query)}:
        return None
    filters = (
        replace(item, value=new)
        if item.name == "list" and item.value.casefold() == old.casefold()
        else item
        for item in query.filters
    )
    return replace(query, filters=tuple(filters))


def _refuse_circle(desk: Desk, name: str, query: SearchQuery) -> None:
    """Raise UsageProblemError where the search would lead to the list that it is kept as."""
    queries = {item.name.casefold(): parse_query(item.query) for item in smart_lists(desk)}
    waiting = [(one, one) for one in _named(query)]
    seen: set[str] = set()
    while waiting:
        one, way = waiting.pop()
        low = one.casefold()
        if low == name.casefold():
            through = f" through {way}" if way != one else ""
            raise UsageProblemError(
                f"The smart list {name} would ask for itself{through}. Nothing was kept.",
                "Leave that list: out of the search, or choose another name.",
            )
        if low not in seen:
            seen.add(low)
            waiting += [(more, way) for more in _named(queries.get(low, SearchQuery()))]
