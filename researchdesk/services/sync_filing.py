"""What arXiv said of one paper, kept: its words, its state, its records, and what is news of it."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.news import NewsKind
from researchdesk.domain.papers import Metadata
from researchdesk.domain.syncing import (
    Happening,
    Known,
    Withdrawal,
    is_publishers,
    newer,
    published,
    venue_in,
)
from researchdesk.services import news
from researchdesk.services.withdrawals import Found
from researchdesk.storage import synced
from researchdesk.storage.news import supersede

PUBLISHED = "arxiv-published"


def file_answer(
    db: Database, known: Known, words: Metadata, found: Found, moment: datetime
) -> list[int]:
    """Keep arXiv's words of the paper's newest version; gives the numbers of the news.

    The words at hand become those of a newer version only where no file, pass or claim is of the
    older one. Where the paper is withdrawn they stay.
    """
    withdrawn = _still(known, words, found)
    latest = max(words.version, *(one.version for one in _versions(found)), known.latest or 0)
    _keep_words(db, known, words, withdrawn)
    _keep_published(db, known, words, moment)
    if found.history is not None and found.history.versions:
        fields = synced.history_fields(found.history)
        synced.set_record(
            db, known.id, synced.HISTORY, moment, arxiv_id=words.arxiv_id or "", fields=fields
        )
    synced.set_state(db, known.id, latest, withdrawn, moment)
    return [
        _tell(db, known.id, one, moment) for one in _happenings(known, words, latest, withdrawn)
    ]


def _still(known: Known, words: Metadata, found: Found) -> Withdrawal | None:
    """The withdrawal found; one known before is over where a newer version has its files."""
    if found.withdrawal is None or found.withdrawal.version != known.withdrawn:
        return found.withdrawal
    return found.withdrawal if words.version <= known.newest else None


def _versions(found: Found) -> tuple[Any, ...]:
    return found.history.versions if found.history else ()


def _happenings(
    known: Known, words: Metadata, latest: int, withdrawn: Withdrawal | None
) -> list[Happening]:
    told = [newer(known, latest, withdrawn)]
    if known.told:
        told.append(published(known.metadata, words))
    return [one for one in told if one is not None]


def _keep_words(db: Database, known: Known, words: Metadata, withdrawn: Withdrawal | None) -> None:
    at_hand = known.metadata.version
    if words.version < at_hand or (known.pinned and words.version > at_hand):
        return
    if withdrawn is None or words.version == at_hand:
        synced.set_words(db, known.id, words, only_empty=not known.arxivs)


def _keep_published(db: Database, known: Known, words: Metadata, moment: datetime) -> None:
    doi = words.doi if is_publishers(words.doi) else ""
    if not doi and not words.journal_ref:
        return
    before = known.metadata
    kept = Metadata(
        title=words.title,
        doi=doi if known.arxivs or not is_publishers(before.doi) else "",
        journal_ref=words.journal_ref if known.arxivs or not before.journal_ref else "",
    )
    venue = venue_in(words.journal_ref) if words.journal_ref and not before.venue else ""
    synced.set_published(db, known.id, kept, venue)
    fields = {
        "title": words.title,
        "author": " and ".join(words.authors),
        "journal_ref": words.journal_ref,
        "doi": doi,
        "eprint": words.arxiv_id,
    }
    synced.set_record(
        db,
        known.id,
        PUBLISHED,
        moment,
        arxiv_id=words.arxiv_id or "",
        doi=doi,
        kind="article",
        fields={name: value for name, value in fields.items() if value},
    )


def _tell(db: Database, paper_id: int, what: Happening, moment: datetime) -> int:
    """News of a newer version takes the place of that of an older one that nobody saw."""
    if what.kind is not NewsKind.PUBLISHED:
        supersede(db, paper_id, moment)
    return news.tell(db, paper_id, what.kind, what.text, what.version, moment)
