"""One reply of arXiv's API as papers: the ``arxiv`` package asks and parses over our requests."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from arxiv import (  # type: ignore[import-untyped]
    Client,
    Result,
    Search,
    SortCriterion,
    UnexpectedEmptyPageError,
)
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.papers import Metadata
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import SourceError, UsageProblemError
from researchdesk.sources.arxiv_replies import FeedFacts, RefusedError, inspect
from researchdesk.sources.cache import QueryCache
from researchdesk.sources.http import Fetcher
from researchdesk.sources.progress import Progress

__all__ = ["PageReader", "RefusedError", "Search", "SortCriterion"]

logging.getLogger("arxiv").addHandler(logging.NullHandler())

_TROUBLE = "Nothing was changed; try again in a few minutes."


@dataclass(frozen=True, slots=True)
class Page:
    """``papers`` of one reply, of ``total`` that match."""

    total: int
    papers: tuple[Metadata, ...]


class PageReader:
    """Asks the API at ``address`` (``https://host/api/query``), or the cache of the day."""

    def __init__(self, address: str, fetcher: Fetcher, cache: QueryCache) -> None:
        self._address = address
        self._fetcher = fetcher
        self._cache = cache

    def page(self, search: Search, offset: int, rows: int, progress: Progress) -> Page:
        """At most ``rows`` papers from number ``offset`` on.

        Raises RefusedError where arXiv answers with an error entry, SourceError where it fails or
        its reply is not whole.
        """
        adapter = _Adapter(self._fetcher, self._cache, progress)
        client = Client(page_size=rows, delay_seconds=0.0, num_retries=0)
        client.query_url_format = self._address.replace("{", "{{").replace("}", "}}") + "?{}"
        client._session.mount("http://", adapter)
        client._session.mount("https://", adapter)
        try:
            papers = tuple(_metadata(one) for one in _first_page(client, search, offset, adapter))
        except (ValueError, UnexpectedEmptyPageError) as error:
            raise SourceError(
                f"arXiv's reply makes no sense: {one_line(str(error))}.", _TROUBLE
            ) from error
        if len(papers) != adapter.facts.entries:
            raise SourceError("arXiv's reply has papers without their dates or ids.", _TROUBLE)
        return Page(adapter.facts.total, papers)

    def page_or_fault(self, search: Search, offset: int, rows: int, progress: Progress) -> Page:
        """As ``page``; one that is empty though more was promised is asked for once more.

        Empty pages are never kept, so the second answer is a new one.
        """
        page = self.page(search, offset, rows, progress)
        if not page.papers and offset < page.total:
            page = self.page(search, offset, rows, progress)
            if not page.papers and offset < page.total:
                raise SourceError("arXiv sent an empty page where papers should be.", _TROUBLE)
        return page


class _Adapter(BaseAdapter):
    """Under the ``arxiv`` package's session: our paced request, or the reply of the day.

    Only whole feeds without an error pass; ``facts`` are those of the last.
    """

    def __init__(self, fetcher: Fetcher, cache: QueryCache, progress: Progress) -> None:
        super().__init__()
        self.facts = FeedFacts(0, 0, "")
        self._fetcher = fetcher
        self._cache = cache
        self._progress = progress

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        url = str(request.url)
        response = Response()
        response.status_code = 200
        response.url = url
        response.request = request
        response.raw = BytesIO(self._read(url))
        return response

    def close(self) -> None:
        """Nothing is held open."""

    def _read(self, url: str) -> bytes:
        kept = self._cache.get(url)
        if kept is not None:
            self.facts = inspect(kept)
            return kept
        self._progress("asking arXiv", 0, None)
        reply = self._fetcher.get(url, accept=(200, 400), progress=self._progress)
        try:
            self.facts = inspect(reply.body)
        except SourceError:
            if reply.status == 400:
                raise RefusedError("HTTP 400, bad request") from None
            raise
        if self.facts.error or reply.status == 400:
            raise RefusedError(self.facts.error or "HTTP 400, bad request")
        if self.facts.entries:
            self._cache.put(url, reply.body)
        return reply.body


def _first_page(client: Client, search: Search, offset: int, adapter: _Adapter) -> Iterable[Result]:
    """The results of one reply; the package itself would ask on where a reply is short."""
    results = client.results(search, offset)
    for first in islice(results, 1):
        yield first
        yield from islice(results, adapter.facts.entries - 1)


def _metadata(result: Result) -> Metadata:
    """A paper's metadata of an entry. Raises SourceError where its id is none."""
    try:
        identity = parse_arxiv_id(result.entry_id)
    except UsageProblemError as error:
        raise SourceError(
            f"arXiv's reply names a paper {one_line(result.entry_id)!r}, which is no id.", _TROUBLE
        ) from error
    names = (one_line(author.name) for author in result.authors)
    categories = [result.primary_category, *result.categories]
    return Metadata(
        title=one_line(result.title),
        authors=tuple(name for name in names if name),
        abstract=_paragraphs(result.summary),
        categories=tuple(dict.fromkeys(name for c in categories if (name := one_line(c)))),
        published=result.published,
        updated=result.updated,
        arxiv_id=identity.base,
        version=identity.version or 1,
        doi=one_line(result.doi or ""),
        journal_ref=one_line(result.journal_ref or ""),
        comment=one_line(result.comment or ""),
    )


def _paragraphs(text: str) -> str:
    """An abstract with its hard line breaks undone; a line that is indented begins a paragraph."""
    paragraphs: list[list[str]] = [[]]
    for line in clean(text).strip().split("\n"):
        if not line.strip() or line[0].isspace():
            paragraphs.append([])
        paragraphs[-1].append(line)
    joined = (one_line(" ".join(lines)) for lines in paragraphs)
    return "\n".join(paragraph for paragraph in joined if paragraph)
