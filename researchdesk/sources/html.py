"""arXiv's HTML of a paper: fetched whole, known by its shape, and only then put in place."""

import hashlib
import re
from pathlib import Path

from researchdesk import files
from researchdesk.domain.identifiers import ArxivId
from researchdesk.errors import SourceError
from researchdesk.sources.failures import StatusError
from researchdesk.sources.http import Fetcher
from researchdesk.sources.progress import Progress

_ARTICLE = re.compile(rb"<article\b([^<>]*)>")
_WORDS = re.compile(rb"[\w-]+")
_END = re.compile(rb"</article\s*>")
_GONE = {404, 410}
_TRIES = 2


def fetch_html(
    fetcher: Fetcher, url: str, wanted: ArxivId, target: Path, progress: Progress
) -> str | None:
    """The paper's page to ``target``; gives its SHA-256 in hexadecimal, None where there is none.

    Raises SourceError where the host cannot be asked, BadInputError where ``target`` cannot be
    written; what was there is then as it was.
    """
    progress(f"fetching the HTML of {wanted}", 0, None)
    try:
        reply = fetcher.get(url, progress=progress, tries=_TRIES)
    except StatusError as error:
        if error.status in _GONE:
            return None
        raise
    if not _is_paper(reply.body):
        return None
    if not _END.search(reply.body):
        raise SourceError(
            f"{wanted}: the HTML was cut short. Nothing was changed.", "Try again later."
        )
    text = reply.body.decode("utf-8", "replace")
    files.write_text(target, text)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_paper(body: bytes) -> bool:
    """Whether there is an article of LaTeXML's, which calls a whole paper ``ltx_document``."""
    return any(b"ltx_document" in _WORDS.findall(tag[1]) for tag in _ARTICLE.finditer(body))
