"""A paper's text: taken from its PDF in a worker process, kept, and shown at a step's place."""

from pathlib import Path

from researchdesk import files
from researchdesk.document.extraction import PARSER_VERSION, extract, from_json, to_json
from researchdesk.document.places import Passage, blocks_at
from researchdesk.domain.documents import Block, Document
from researchdesk.domain.papers import Paper
from researchdesk.domain.workflows import Place, Step
from researchdesk.errors import NotOnDeskError
from researchdesk.services.desk import Desk


def document_of(desk: Desk, paper: Paper, version: int | None = None) -> Document:
    """The paper's file taken apart; parsed once, then read from the desk's cache.

    Raises NotOnDeskError where the desk has no PDF of this version, BadInputError where the file
    cannot be read.
    """
    version = version or paper.version
    held = next((item for item in paper.versions if item.version == version and item.pdf), None)
    if held is None or not (desk.root / held.pdf).is_file():
        raise NotOnDeskError(
            f"The PDF of {paper.name} (version {version}) is not on this desk.",
            f"Fetch it with: researchdesk add {paper.arxiv or 'FILE.pdf'}",
        )
    try:
        return from_json(_kept(desk, held.sha256).read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        document = extract(desk.root / held.pdf)
    keep_document(desk, held.sha256, document)
    return document


def keep_document(desk: Desk, digest: str, document: Document) -> None:
    """Keep what was parsed of the file with this SHA-256."""
    files.write_text(_kept(desk, digest), to_json(document))


def passage(desk: Desk, paper: Paper, step: Step, version: int | None = None) -> Passage:
    """What a step looks at. Without a PDF: title and abstract as the metadata has them."""
    try:
        document = document_of(desk, paper, version)
    except NotOnDeskError:
        return _from_metadata(paper, step)
    return blocks_at(document, step.places)


def _kept(desk: Desk, digest: str) -> Path:
    return desk.settings.cache / "documents" / f"{digest}-{PARSER_VERSION}.json"


def _from_metadata(paper: Paper, step: Step) -> Passage:
    words = paper.metadata
    parts = {
        Place.TITLE: (Block(1, words.title, 1), Block(1, ", ".join(words.authors))),
        Place.ABSTRACT: (Block(1, words.abstract),) if words.abstract else (),
    }
    blocks = tuple(block for place in step.places for block in parts.get(place, ()))
    return Passage(blocks, "The PDF is not on this desk; this is what arXiv's metadata says.")
