"""Whether a paper was withdrawn: comment, history of versions, and missing PDF put together."""

import tomllib
from dataclasses import dataclass
from functools import cache

from researchdesk import assets
from researchdesk.domain.papers import Metadata
from researchdesk.domain.syncing import (
    HistoryRecord,
    Withdrawal,
    reason,
    suspected,
    tells,
    withdrawal,
)
from researchdesk.errors import SourceError
from researchdesk.sources.http import TRIES
from researchdesk.sources.oai import OaiSource
from researchdesk.sources.progress import Progress

_TRIES = 2


@dataclass(frozen=True, slots=True)
class Found:
    """``history`` is there where OAI was asked and has the paper."""

    withdrawal: Withdrawal | None = None
    history: HistoryRecord | None = None


def look_into(
    source: OaiSource,
    words: Metadata,
    progress: Progress,
    *,
    deep: bool,
    listed: HistoryRecord | None = None,
) -> Found:
    """Whether the paper of these words of arXiv, which are of its newest version, was withdrawn.

    OAI is asked, unless what it ``listed`` reaches to this version. Where it cannot tell and the
    words sound so, or it took the record away, a PDF that is missing decides. Raises SourceError
    where neither could be asked, or where ``deep`` wants what OAI has.
    """
    base, sounds_so = words.arxiv_id or "", sounds_withdrawn(words)
    history = listed if tells(listed, words.version) else None
    try:
        history = history or source.history(base, progress, TRIES if deep else _TRIES)
    except SourceError:
        if deep and not sounds_so:
            raise
    gone = history is not None and history.deleted
    if tells(history, words.version) or not (sounds_so or gone):
        return Found(withdrawal(words, history), history)
    if source.has_pdf(base, words.version, progress):
        return Found(None, history)
    return Found(Withdrawal(words.version, reason(words)), history)


def sounds_withdrawn(words: Metadata) -> bool:
    """Whether comment or abstract have the words of a withdrawal; they may be about another."""
    comment, abstract = _phrases()
    return suspected(words, comment, abstract)


@cache
def _phrases() -> tuple[tuple[str, ...], tuple[str, ...]]:
    table = tomllib.loads((assets.folder("data") / "withdrawals.toml").read_text("utf-8"))
    return tuple(table["comment"]), tuple(table["abstract"])
