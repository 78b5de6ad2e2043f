"""All that the desk knows of the paper under the cursor."""

from researchdesk.domain.library_rows import LibraryRow
from researchdesk.domain.papers import Paper
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import collecting, library, links, notes, reading, recipes
from researchdesk.services.desk import Desk
from researchdesk.services.paper_records import records_of
from researchdesk.services.shipped import shipped_ids
from researchdesk.tui.shelf import newer_version
from researchdesk.tui.widgets.paper_preview import Known


def known_of(desk: Desk, row: LibraryRow, total: int) -> Known | None:
    """Read it, of a library of ``total`` papers; None where the paper is gone."""
    paper = library.paper_of(desk, row.id)
    if paper is None:
        return None
    passes = tuple(reading.passes_of(desk, paper))
    return Known(
        paper,
        row.status,
        passes,
        len(notes.notes_of(desk, paper)),
        _recipe(desk, paper),
        _only_shipped(desk, total),
        newer_version(paper, passes),
        len(links.backlinks(desk, "paper", paper.name)),
        row.tags,
        tuple(collecting.collections_of(desk, paper.id)),
        tuple(
            one_line(" ".join(filter(None, (item.source, item.kind, item.key))))
            for item in records_of(desk, paper.id)
        ),
    )


def _recipe(desk: Desk, paper: Paper) -> str:
    try:
        return recipes.recipe_for(desk, paper.name).name
    except DeskError:
        return ""


def _only_shipped(desk: Desk, total: int) -> bool:
    """Whether no paper of the user's own is on the desk."""
    shipped = shipped_ids()
    if total > len(shipped):
        return False
    there = sum(library.paper_named(desk, base) is not None for base in shipped)
    return there >= total
