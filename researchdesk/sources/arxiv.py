"""arXiv: metadata, search, PDFs, HTML.

The ``arxiv`` package writes the queries and parses the replies; the requests are ours.
"""

import time
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from researchdesk.config import Settings
from researchdesk.domain.clock import Clock, utc_now
from researchdesk.domain.identifiers import ArxivId
from researchdesk.domain.papers import Metadata
from researchdesk.domain.queries import FindPage, FindQuery
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.sources.api import api
from researchdesk.sources.arxiv_replies import RefusedError
from researchdesk.sources.cache import QueryCache
from researchdesk.sources.download import Downloader
from researchdesk.sources.html import fetch_html
from researchdesk.sources.http import Fetcher
from researchdesk.sources.progress import Progress, Sleep, silent
from researchdesk.sources.query import expression

if TYPE_CHECKING:
    from researchdesk.sources.pages import PageReader

_ROWS_AT_ONCE = 500
_IDS_AT_ONCE = 100


class ArxivSource:
    """arXiv as a desk needs it. Every method that asks it raises SourceError where that fails.

    Requests of all processes of this user are paced; answers to queries are kept for a day.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock = utc_now,
        sleep: Sleep = time.sleep,
        cache: QueryCache | None = None,
    ) -> None:
        self._base = settings.arxiv_url.rstrip("/")
        self._clock = clock
        self._fetcher = Fetcher(settings, clock, sleep)
        self._cache = cache or QueryCache(settings.cache / "queries", clock)

    def metadata(self, wanted: ArxivId, progress: Progress | None = None) -> Metadata:
        """What arXiv says of the paper, in the version named, else the latest.

        Raises NotOnDeskError where arXiv does not have it.
        """
        try:
            found = self._by_id(wanted, progress or silent)
        except RefusedError as error:
            raise NotOnDeskError(
                f"arXiv has no paper {wanted}: it says {str(error)!r}.", "Check the id."
            ) from error
        if found is None:
            raise NotOnDeskError(
                f"arXiv has no paper {wanted}.",
                "Check the id." if wanted.version is None else "Check the id and the version.",
            )
        return found

    def metadata_many(
        self, ids: Sequence[ArxivId], progress: Progress | None = None
    ) -> dict[str, Metadata]:
        """What arXiv says of the papers, by base id, asked for a hundred at a time.

        Those that arXiv does not have, in the version named, are absent.
        """
        wanted = list({one.base: one for one in ids}.values())
        found: dict[str, Metadata] = {}
        for first in range(0, len(wanted), _IDS_AT_ONCE):
            batch = wanted[first : first + _IDS_AT_ONCE]
            if progress and len(wanted) > _IDS_AT_ONCE:
                progress(f"papers {first + 1} to {first + len(batch)} of {len(wanted)}", 0, None)
            papers = self._batch(batch, progress or silent)
            matches = ((one.base, _match(one, papers)) for one in batch)
            found.update((base, match) for base, match in matches if match)
        return found

    def find(self, query: FindQuery, progress: Progress | None = None) -> FindPage:
        """The papers of the page asked for, and how many there are in all.

        Raises UsageProblemError where nothing is asked, or arXiv does not accept it.
        """
        text = expression(query, self._clock().date())
        orders = api().SortCriterion
        order = orders.SubmittedDate if query.newest else orders.Relevance
        total, papers = 0, list[Metadata]()
        while len(papers) < query.limit:
            offset = query.start + len(papers)
            rows = min(query.limit - len(papers), _ROWS_AT_ONCE)
            search = api().Search(query=text, max_results=offset + rows, sort_by=order)
            try:
                page = self._reader.page_or_fault(search, offset, rows, progress or silent)
            except RefusedError as error:
                raise UsageProblemError(
                    f"arXiv did not accept the query: it says {str(error)!r}.", "Change the query."
                ) from error
            total = page.total
            papers += page.papers
            if not page.papers or offset + len(page.papers) >= total:
                break
        return FindPage(total, query.start, tuple(papers))

    def download_pdf(self, wanted: ArxivId, target: Path, progress: Progress | None = None) -> str:
        """The PDF of one version, checked, to ``target``; gives its SHA-256 in hexadecimal.

        What was at ``target`` is replaced only by a whole PDF. A download that breaks off goes on
        from there next time. ``wanted`` must name its version, else ValueError.
        """
        if wanted.version is None:
            raise ValueError(f"{wanted} does not name its version")
        downloader = Downloader(self._fetcher, wanted, target, progress or silent)
        return downloader.run(f"{self._base}/pdf/{wanted}")

    def download_html(
        self, wanted: ArxivId, target: Path, progress: Progress | None = None
    ) -> str | None:
        """The HTML of one version to ``target``; gives its SHA-256 in hexadecimal, None where
        arXiv has none.

        What was at ``target`` is replaced only by a whole page. ``wanted`` must name its version,
        else ValueError. Raises BadInputError where ``target`` cannot be written.
        """
        if wanted.version is None:
            raise ValueError(f"{wanted} does not name its version")
        url = f"{self._base}/html/{wanted}"
        return fetch_html(self._fetcher, url, wanted, target, progress or silent)

    @cached_property
    def _reader(self) -> "PageReader":
        reader: PageReader = api().PageReader(f"{self._base}/api/query", self._fetcher, self._cache)
        return reader

    def _by_id(self, wanted: ArxivId, progress: Progress) -> Metadata | None:
        search = api().Search(id_list=[str(wanted)], max_results=1)
        page = self._reader.page(search, 0, 1, progress)
        if not page.papers:
            page = self._reader.page(search, 0, 1, progress)
        return _match(wanted, page.papers)

    def _batch(self, wanted: Sequence[ArxivId], progress: Progress) -> list[Metadata]:
        """Asked by halves where arXiv refuses: one id it does not like spoils a whole reply."""
        search = api().Search(id_list=[str(one) for one in wanted], max_results=len(wanted))
        try:
            return list(self._reader.page_or_fault(search, 0, len(wanted), progress).papers)
        except RefusedError:
            if len(wanted) == 1:
                return []
            half = len(wanted) // 2
            return [
                *self._batch(wanted[:half], progress),
                *self._batch(wanted[half:], progress),
            ]


def _match(wanted: ArxivId, papers: Iterable[Metadata]) -> Metadata | None:
    fitting = [
        paper
        for paper in papers
        if paper.arxiv_id == wanted.base and wanted.version in {None, paper.version}
    ]
    return max(fitting, key=lambda paper: paper.version, default=None)
