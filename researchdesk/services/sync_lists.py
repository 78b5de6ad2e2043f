"""Histories of many papers out of lists of what changed, where that is fewer requests."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from researchdesk.domain.syncing import HistoryRecord
from researchdesk.errors import SourceError
from researchdesk.sources.failures import StatusError
from researchdesk.sources.oai import OaiSource, set_of
from researchdesk.sources.progress import Progress

_REFUSED = 403
_LATE = timedelta(days=1)
"""OAI comes a day after the rest, and counts in days."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper whose history is wanted. ``since`` is when arXiv was heard of it last, ``held`` what
    its history was then, or None where that is not known."""

    base: str
    categories: Sequence[str]
    since: datetime
    held: HistoryRecord | None = None


class Lists:
    """What changed, category by category, each asked for at most once."""

    def __init__(self, source: OaiSource, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        self._tried: set[str] = set()
        self._found: dict[str, HistoryRecord] = {}

    def ask(self, wanted: Sequence[Wanted]) -> None:
        """Ask for the lists of those categories in which that is fewer requests than one for each
        paper. What a list does not say, or cannot be had, is left to be asked for by itself.

        Raises StatusError where arXiv refuses.
        """
        by_category: defaultdict[str, list[Wanted]] = defaultdict(list)
        for one in wanted:
            if one.categories and set_of(one.categories[0]):
                by_category[one.categories[0]].append(one)
        for category, papers in by_category.items():
            if len(papers) > 1 and category not in self._tried:
                self._tried.add(category)
                self._list(category, papers)

    def history_of(self, base: str) -> HistoryRecord | None:
        """What the lists said of a paper, or that it is what it was; None where they did not."""
        return self._found.get(base)

    def _list(self, category: str, papers: Sequence[Wanted]) -> None:
        since = (min(one.since for one in papers) - _LATE).date()
        try:
            told = self._source.changes(category, since, len(papers) - 1, self._progress)
        except SourceError as error:
            if isinstance(error, StatusError) and error.status == _REFUSED:
                raise
            return
        self._found |= {one.arxiv_id: one for one in told.records}
        if told.whole:
            for one in papers:
                if one.held is not None:
                    self._found.setdefault(one.base, one.held)
