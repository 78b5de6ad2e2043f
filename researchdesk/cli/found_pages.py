"""What a search of the desk found, one table a sort; pages of the library."""

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.domain.library_rows import LibraryPage, LibraryRow
from researchdesk.services import library_search
from researchdesk.services.desk import Desk

if TYPE_CHECKING:
    from researchdesk.domain.papers import Paper
    from researchdesk.services.searching import Found

Rows = Sequence[tuple[str, ...]]
_FROM = click.IntRange(0, 2**31 - 1)

offset_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--offset", default=0, type=_FROM, help="Leave out the first so many papers."
)


def page_records(desk: Desk, page: LibraryPage) -> list[dict[str, Any]]:
    """The papers of a page, as JSON has them."""
    found = library_search.papers_of(desk, [row.id for row in page.rows])
    return [_record(row, paper) for row, paper in zip(page.rows, found, strict=True)]


def _record(row: LibraryRow, paper: "Paper") -> dict[str, Any]:
    pieces = row.snippet.pieces if row.snippet else ()
    due = {"pass": row.again_pass, "again_on": row.again_on, "why": row.again_why}
    return {
        **output.paper_record(paper, row.status),
        "tags": row.tags,
        "stars": row.stars,
        "priority": row.priority,
        "year": row.year,
        "venue": row.venue,
        "due": due if row.again_on else None,
        "newer": row.newer,
        "withdrawn": row.withdrawn,
        "found_in": row.snippet.where if row.snippet else None,
        "snippet": str(row.snippet) if row.snippet else None,
        "snippet_pieces": [{"text": piece.text, "hit": piece.hit} for piece in pieces],
    }


def print_page(page: LibraryPage) -> None:
    """The papers of a page as a table; what is left out, on stderr."""
    if not page.rows:
        diagnostics.say("No paper fits.")
        return
    rows = [(row.name, row.status, row.title) for row in page.rows]
    output.emit_table(("id", "reading", "title"), rows)
    tell_more(page)


def tell_problems(page: LibraryPage) -> None:
    """Say on stderr what of the search was not understood, and what there is instead."""
    for problem in page.problems:
        diagnostics.warn(problem)


def tell_more(page: LibraryPage) -> None:
    """Say where the next page begins, where there is one."""
    last = page.offset + len(page.rows)
    if last < page.total:
        least = "" if page.exact else "at least "
        diagnostics.say(f"{page.offset + 1}-{last} of {least}{page.total}; more: --offset {last}")


def print_found(found: "Found") -> None:
    """The papers first, then what else fits; a sort of which nothing fits is left out."""
    tables: list[tuple[tuple[str, ...], Rows]] = [
        (("id", "title", "words"), [_hit(row) for row in found.page.rows]),
        (
            ("surprise", "state", "text"),
            [(item.ref, item.state.value, item.text) for item in found.surprises],
        ),
        (("idea", "state", "text"), _ideas(found)),
        (
            ("investigation", "state", "title"),
            [(item.ref, item.state.value, item.title) for item in found.investigations],
        ),
        (
            ("story", "draft", "line"),
            [(item.slug, str(item.number), item.line) for item in found.stories],
        ),
    ]
    for place, (head, rows) in enumerate((head, rows) for head, rows in tables if rows):
        if place:
            output.emit()
        output.emit_table(head, rows)
    tell_more(found.page)


def _ideas(found: "Found") -> Rows:
    if not found.ideas:
        return []
    words = importlib.import_module("researchdesk.cli.idea_pages").state_words
    return [(idea.ref, words(idea), idea.text) for idea in found.ideas]


def _hit(row: LibraryRow) -> tuple[str, ...]:
    """A line of what was found; the words round the hit where they are not the title's."""
    hit = row.snippet
    words = f"{hit.where}: {hit}" if hit and hit.where != "title" else ""
    return row.name, row.title, words
