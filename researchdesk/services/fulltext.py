"""Papers' full text, kept for the search by pages."""

from contextlib import suppress

from researchdesk.domain.documents import BlockKind, Document
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.storage import fulltexts

_KINDS = (BlockKind.TEXT, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.FOOTNOTE)


def pages_of(document: Document) -> list[str]:
    """The running text by pages; what stands on no known page comes first, at 0.

    Title and authors are known of the paper, and in a list of references everything stands: neither
    is text to be searched.
    """
    pages = [""] * (max((block.page for block in document.blocks), default=0) + 1)
    for block in document.blocks:
        if block.kind in _KINDS:
            pages[max(0, block.page)] += block.text.replace("\f", " ") + "\n"
    return pages


def keep_text(desk: Desk, paper_id: int, version: int, source: str, document: Document) -> None:
    """Let the search know the text of this version; ``source`` names the files it was read from.

    The text of an older version does not replace that of a newer one. While another program writes
    nothing is kept: it is when the paper is opened next.
    """
    db = desk.database.raw
    if not fulltexts.is_newer(db, paper_id, version, source):
        return
    pages = pages_of(document)
    if any(page.strip() for page in pages):
        with suppress(DeskError), desk.database.writing_at_once() as writing:
            fulltexts.put(writing.conn, paper_id, version, source, pages)


def keep_text_of_file(desk: Desk, digest: str, source: str, document: Document) -> None:
    """The same, of the paper whose PDF has this SHA-256; nothing where there is none."""
    for paper_id, version in fulltexts.of_file(desk.database.raw, digest):
        keep_text(desk, paper_id, version, source, document)
