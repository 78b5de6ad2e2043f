"""Pages and quotes of notes and claims, held against the paper where it is parsed already."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from researchdesk.domain.documents import Block
from researchdesk.domain.papers import Paper
from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.documents import parsed

_NO_LETTER = re.compile(r"[\W_]+")
_SHORTEST = 3
_MOST_PAGES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Quoted:
    """Whether a quote was found, and the pages of the paragraphs it begins in, where known.

    ``found`` is None where the paper is not parsed yet, or has no text, or the quote is too short
    to look for.
    """

    found: bool | None
    pages: tuple[int, ...] = ()

    def stands_on(self, page: int | None) -> bool:
        """Whether nothing is known against this page: a paragraph may end on the next one."""
        return not self.pages or page in self.pages or (page or 0) - 1 in self.pages


def find_quote(desk: Desk, paper: Paper, quote: str, version: int | None = None) -> Quoted:
    """Look a quote up, whatever its line ends, hyphens, capitals and punctuation are.

    Nothing is parsed for it.
    """
    wanted = _letters(quote)
    document = parsed(desk, paper, version)
    if document is None or document.problem or len(wanted) < _SHORTEST:
        return Quoted(None)
    return _look(document.blocks, wanted)


def page_for(
    desk: Desk, paper: Paper, page: int | None, quote: str, version: int | None = None
) -> int | None:
    """``page``, checked; without one the first on which ``quote`` begins, None if not known.

    Raises as ``check_page`` does.
    """
    check_page(desk, paper, page, version)
    if page is not None or not quote:
        return page
    return next(iter(find_quote(desk, paper, quote, version).pages), None)


def check_page(desk: Desk, paper: Paper, page: int | None, version: int | None = None) -> None:
    """Raises UsageProblemError for a page below 1, or past the last one where that is known, or
    past any that a file has."""
    if page is None:
        return
    if page < 1:
        raise UsageProblemError(
            "Pages count from 1.", "Give the page as the PDF counts it, from 1; or leave it out."
        )
    if page > _MOST_PAGES:
        raise UsageProblemError(
            f"{page} is no page that a paper has; nothing was kept.",
            "Give the page as the PDF counts it; or leave it out.",
        )
    document = parsed(desk, paper, version)
    if document is not None and 0 < document.pages < page:
        raise UsageProblemError(
            f"{paper.name} has no page {page}; nothing was kept.",
            f"It has {document.pages} page{'' if document.pages == 1 else 's'}.",
        )


def _look(blocks: Sequence[Block], wanted: str) -> Quoted:
    texts = [_letters(block.text) for block in blocks]
    starts = [0, *accumulate(len(text) for text in texts)]
    found = [match.start() for match in re.finditer(re.escape(wanted), "".join(texts))]
    pages = (blocks[bisect_right(starts, at) - 1].page for at in found)
    return Quoted(bool(found), tuple(dict.fromkeys(page for page in pages if page > 0)))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())
