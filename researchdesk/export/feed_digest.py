"""What is new in the feeds, as a page of markdown."""

from collections.abc import Sequence
from datetime import date

from researchdesk.domain.feeds import FeedEntry
from researchdesk.domain.text import one_line
from researchdesk.export.escaping import escape

NEWEST_FIRST = "Newest first: the desk does not say yet what it likes."
_AUTHORS = 6


def digest(entries: Sequence[FeedEntry], day: date, total: int) -> str:
    """The best ``entries`` of ``total``: each title a link, with authors and why it stands there.

    Whatever a feed sent is shown as it stands, never as markdown of its own.
    """
    many = "1 paper waits" if total == 1 else f"{total} papers wait"
    shown = f"; the first {len(entries)}" if len(entries) < total else ""
    ranked = any(entry.score is not None for entry in entries)
    order = "Best first, by what the desk likes." if ranked else NEWEST_FIRST
    lines = [f"# New papers, {day}", "", f"{many}{shown}. {order}"]
    for place, entry in enumerate(entries, start=1):
        lines += ["", *_item(place, entry)]
    return "\n".join(lines)


def authors_words(names: Sequence[str]) -> str:
    """The first six names; that there are others is said."""
    if not names:
        return "Authors unknown"
    more = len(names) - _AUTHORS
    return ", ".join(names[:_AUTHORS]) + (f" and {more} others" if more > 0 else "")


def _item(place: int, entry: FeedEntry) -> list[str]:
    facts = [entry.kind_words, ", ".join(entry.words.categories), f"from {', '.join(entry.feeds)}"]
    indent = " " * (len(str(place)) + 2)
    below = [
        escape(authors_words(entry.words.authors)),
        escape(" · ".join(fact for fact in facts if fact and fact != "from ")),
    ]
    if entry.speaks:
        below.append(f"Ranked by: {escape(', '.join(entry.speaks))}")
    head = f"{place}. [{escape(one_line(entry.title))}]({entry.link})"
    return ["  \n".join([head, *(indent + line for line in below)])]
