"""The names that a search of the library may hold, for completion."""

from researchdesk.services import labels, smart_lists
from researchdesk.services.desk import Desk
from researchdesk.tui.search_words import Names


def names_of(desk: Desk) -> Names:
    """Tags and collections, those of the most papers first; kept searches by name."""
    lists = smart_lists.smart_lists(desk)
    return Names(
        tags=tuple(name for name, _ in sorted(labels.all_tags(desk), key=lambda item: -item[1])),
        collections=tuple(
            item.name for item in sorted(labels.collections(desk), key=lambda item: -item.count)
        ),
        lists=tuple(item.name for item in lists),
    )
