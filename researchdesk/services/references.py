"""Reference lists read out of papers' files: of one paper, of all that are on the desk."""

from collections.abc import Callable
from dataclasses import dataclass

from researchdesk.domain.citations import Progress
from researchdesk.domain.papers import Paper
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import documents, reference_index
from researchdesk.services.desk import Desk
from researchdesk.storage import citations, papers


@dataclass(frozen=True, slots=True)
class Built:
    """Papers whose lists were kept now, those without a file, those that could not be read."""

    kept: int = 0
    current: int = 0
    without: int = 0
    broken: tuple[str, ...] = ()


def read_references(desk: Desk, paper: Paper, *, parse: bool = True) -> bool:
    """Keep the paper's own list; False where it has no file, or none that was taken apart before
    and ``parse`` forbids to do it now. Raises BadInputError where its file cannot be read."""
    if reference_index.is_current(desk, paper):
        return True
    try:
        found = documents.document_of(desk, paper) if parse else documents.parsed(desk, paper)
    except NotOnDeskError:
        return False
    if found is None:
        return False
    reference_index.keep_references(desk, paper, found)
    return True


def _never() -> bool:
    return False


def unread(desk: Desk) -> int:
    """How many papers with a file here have a list of references that was never read: who cites
    what is not known of them."""
    return citations.unindexed(desk.database.connection)


def build(
    desk: Desk,
    progress: Progress,
    *,
    parse: bool = True,
    stop: Callable[[], bool] = _never,
) -> Built:
    """Keep the lists of all papers on the desk that have a file; those that are kept are left.

    Ends before the next paper where ``stop`` says so; what was read stays.
    """
    db = desk.database.connection
    known = citations.indexed(db)
    kept = current = without = 0
    broken: list[str] = []
    listed = papers.all_papers(db)
    for number, paper in enumerate(listed, start=1):
        if stop():
            break
        name = reference_index.files_of(desk, paper)
        if not name:
            without += 1
            continue
        if known.get(paper.id) == name:
            current += 1
            continue
        progress(f"{number} of {len(listed)}: {paper.name}", 0, None)
        try:
            kept += read_references(desk, paper, parse=parse)
        except BadInputError:
            broken.append(paper.name)
    return Built(kept, current, without, tuple(broken))
