"""What changed between two versions of a paper, and which notes and claims that touches."""

from collections.abc import Sequence

from researchdesk.domain.changes import Affected, VersionChanges, compare
from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.documents import Document
from researchdesk.domain.number_changes import table_numbers, text_numbers
from researchdesk.domain.papers import Paper
from researchdesk.domain.quoted import QuoteFinder, standing
from researchdesk.domain.reading import Note
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services.claims import claims_of
from researchdesk.services.desk import Desk
from researchdesk.services.documents import document_of, tables_of
from researchdesk.services.notes import notes_of


def versions_of(desk: Desk, paper: Paper) -> tuple[int, ...]:
    """The versions whose PDF is on the desk, the oldest first."""
    held = [item for item in paper.versions if item.pdf and (desk.root / item.pdf).is_file()]
    return tuple(sorted(item.version for item in held))


def changes(
    desk: Desk,
    paper: Paper,
    old: int | None = None,
    new: int | None = None,
    *,
    tables: bool = False,
) -> VersionChanges:
    """What changed by section from version ``old`` to ``new``: without them, to the newest on the
    desk from the one before it. May parse both: slow the first time.

    ``tables`` compares the cells of tables too, which is slower still. Raises NotOnDeskError where
    the desk lacks one of the versions, BadInputError where one has no text, UsageProblemError where
    both are the same.
    """
    old, new = _chosen(desk, paper, old, new)
    before, after = (_document(desk, paper, version) for version in (old, new))
    sections = compare(before, after)
    numbers = list(text_numbers(sections))
    if tables:
        numbers += table_numbers(tables_of(desk, paper, old), tables_of(desk, paper, new))
    finders = QuoteFinder(before), QuoteFinder(after)
    notes = [note for note in notes_of(desk, paper) if note.version != new and note.code is None]
    claims = [claim for claim in claims_of(desk, paper) if claim.version != new]
    return VersionChanges(
        old,
        new,
        sections,
        tuple(numbers),
        _affected(notes, *finders),
        _affected(claims, *finders),
        before.source != after.source,
    )


def _chosen(desk: Desk, paper: Paper, old: int | None, new: int | None) -> tuple[int, int]:
    held = versions_of(desk, paper)
    names = ", ".join(f"v{version}" for version in held) or "none"
    hint = f"On the desk: {names}. Fetch another with: researchdesk add {paper.name}vN"
    if new is None:
        later = [version for version in held if old is None or version > old]
        new = later[-1] if later else paper.version
    if old is None:
        earlier = [version for version in held if version < new]
        if not earlier:
            raise NotOnDeskError(
                f"There is no earlier version of {paper.name} on this desk to compare with.", hint
            )
        old = earlier[-1]
    for version in (old, new):
        if version not in held:
            raise NotOnDeskError(f"Version {version} of {paper.name} is not on this desk.", hint)
    if old == new:
        raise UsageProblemError(f"Version {new} cannot be compared with itself.", hint)
    return old, new


def _document(desk: Desk, paper: Paper, version: int) -> Document:
    document = document_of(desk, paper, version)
    if not any(block.text.strip() for block in document.blocks):
        why = document.problem or "It has no text."
        raise BadInputError(
            f"Version {version} of {paper.name} cannot be compared: {why}",
            "Fetch its file again: researchdesk add --replace FILE",
        )
    return document


def _affected(
    items: Sequence[Note] | Sequence[PaperClaim], old: QuoteFinder, new: QuoteFinder
) -> tuple[Affected, ...]:
    """Those that quote what one of the versions has."""
    found = []
    for item in items:
        place = standing(item.quote, old, new) if item.quote.strip() else None
        if place is not None:
            pinned = {"note": item} if isinstance(item, Note) else {"claim": item}
            found.append(Affected(place.how, place.page, place.text, **pinned))
    return tuple(found)
