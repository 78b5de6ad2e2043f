"""Parsers of what hosts send, and of what is kept of it between requests."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from arxiv import Search
from reliability.fuzz_papers import SHARED, ZOTERO
from reliability.fuzzing import BrokenError, Target, place
from support.arxiv_feed import ServedPaper, error_feed, feed
from support.feed_server import Post, Told, atom, rss
from support.made_page import page_of_paper
from support.oai_server import raw_record

from researchdesk.document.claims.numbers import cell_numbers, text_numbers
from researchdesk.document.html.reading import read_html
from researchdesk.document.references.addresses import find_arxiv, find_doi, find_urls
from researchdesk.document.references.repositories import code_address
from researchdesk.document.references.split import split_entries
from researchdesk.document.references.title import find_title
from researchdesk.domain.citations import Relation
from researchdesk.domain.documents import Block
from researchdesk.errors import SourceError
from researchdesk.sources.arxiv_replies import inspect
from researchdesk.sources.cache import QueryCache
from researchdesk.sources.download import _content_range, _Part
from researchdesk.sources.failures import retry_after
from researchdesk.sources.git import _reason
from researchdesk.sources.http import Reply
from researchdesk.sources.oai import records_in
from researchdesk.sources.pacing import Pacer
from researchdesk.sources.pages import PageReader, RefusedError
from researchdesk.sources.reading_references import reference
from researchdesk.sources.rss import _announcement
from researchdesk.sources.s2_replies import read_known, read_page, refusal_of
from researchdesk.sources.syndication import arxiv_ids, parse_feed

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
_PAPERS = [
    ServedPaper("1706.03762", 5, doi="10.1000/a", journal_ref="J 1"),
    ServedPaper("hep-th/9901001"),
]
ATOM = feed(_PAPERS, 2, 0, 10, "http://127.0.0.1").decode()
OAI = (
    '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
    + raw_record([_PAPERS[0]], "2024-01-01", deleted=False)
    + '<resumptionToken completeListSize="20">5|x</resumptionToken></ListRecords></OAI-PMH>'
)
_TOLD = [Told("hep-th/9901001v3", "On & on", "replace-cross", ("hep-th", "math.AP"))]
RSS = rss(NOON, _TOLD).decode()
FEED = atom("r/ml", Post("A <b>", '<a href="https://arxiv.org/abs/1706.03762">x</a>')).decode()
_WORK = {
    "paperId": "1" * 40, "title": "A", "externalIds": {"ArXiv": "1706.03762", "DOI": "10.1000/a"},
    "authors": [{"name": "A. B"}], "year": 2017, "venue": "V", "citationCount": 3,
    "publicationVenue": {"name": "P"}, "journal": None, "referenceCount": 2,
}  # fmt: skip
S2 = json.dumps({"offset": 0, "next": 1, "data": [{"isInfluential": True, "citedPaper": _WORK}]})
REFERENCES = (
    "[1] D. P. Kingma and J. Ba. Adam: a method for stochastic optimization. arXiv:1412.6980.\n"
    "[2] L. Liu and others. On the variance. In ICLR, 2020. https://github.com/a/b, doi:10.1000/x."
)
_XML = ("<entry>", "</entry>", "<!DOCTYPE a [<!ENTITY a 'b'>]>", "&a;", "<![CDATA[", "]]>", "<id>",
        "<?xml version='1.0' encoding='utf-7'?>", "xmlns=''", "<title>", "<updated>")  # fmt: skip


class _Answering:
    """Answers every request with the same body."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def get(self, url: str, accept: Sequence[int] = (), progress: Any = None) -> Reply:
        return Reply(200, self._body)


def _page(body: bytes) -> object:
    cache = QueryCache(place("no-cache"), lambda: NOON)
    cache.get = lambda url: None  # type: ignore[method-assign]
    cache.put = lambda url, body: None  # type: ignore[method-assign]
    fetcher: Any = _Answering(body)
    return PageReader("http://127.0.0.1/api/query", fetcher, cache).page(
        Search("x"), 0, 10, lambda *_: None
    )


def _feed(body: bytes) -> object:
    found = parse_feed(body, "the host")
    return found, [_announcement(item) for item in found.items], arxiv_ids(found.title)


def _known(body: bytes) -> object:
    return read_known(body), refusal_of(body)


def _retry(text: str) -> float | None:
    found = retry_after({"Retry-After": text}, NOON)
    if found is not None and not 0 <= found < float("inf"):
        raise BrokenError(f"asked to wait {found}")
    return found


def _range(text: str) -> object:
    response: Any = SimpleNamespace(headers={"Content-Range": text})
    return _content_range(response)


def _pacing(folder: Path) -> Callable[[bytes], Any]:
    def parse(content: bytes) -> list[float]:
        (folder / "host-a-org.json").write_bytes(content)
        slept: list[float] = []
        pacer = Pacer(folder, lambda: NOON, slept.append)
        with pacer.turn("a.org", 3.0, lambda *_: None):
            return slept

    return parse


def _cached(content: bytes) -> bytes | None:
    cache = QueryCache(place("cache"), lambda: NOON)
    cache._file("http://a").write_bytes(content)
    return cache.get("http://a")


def _part(content: bytes) -> object:
    part = _Part(place("part") / "a.pdf")
    part.path.write_bytes(b"%PDF-")
    part._mark.write_bytes(content)
    return part.headers()


def _printed(text: str) -> object:
    """What is looked for in the text of papers."""
    urls = find_urls(text)
    return (
        urls, [code_address(one.url) for one in urls], find_doi(text), find_arxiv(text),
        find_title(text), cell_numbers(text), text_numbers(text),
        split_entries([Block(1, text), Block(2, text[:1000])]),
    )  # fmt: skip


def _kept_item(text: str) -> object:
    from researchdesk.domain.papers import Metadata

    return reference(
        "zotero", "journalArticle", {"item": text, "beside": [text]}, Metadata("T"), ()
    )


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", _reason(text.splitlines()))


def _corpus(folder: str, most: int = 6) -> tuple[Path, ...]:
    return tuple(sorted((SHARED / folder).glob("*.*"))[:most])


TARGETS = (
    Target("arXiv's Atom", _page, (ATOM, error_feed("incorrect id").decode()), (SourceError,
        RefusedError), _XML, binary=True, clean=True, costly=2.0, corpus=_corpus("atom/api", 8)),
    Target("Atom, looked at", inspect, (ATOM,), (SourceError,), _XML,
        ("sources.arxiv_replies:inspect",), binary=True),
    Target("OAI-PMH", records_in, (OAI,), (SourceError,), ("<version ", "<date>", "<size>", *_XML),
        covers=("sources.oai:_parsed", "sources.oai:_moment"), binary=True, clean=True, corpus=
        _corpus("atom/oai")),
    Target("RSS and Atom of feeds", _feed, (RSS, FEED), (SourceError,), ("<pubDate>", "<item>", *
        _XML), covers=("sources.syndication:_root",), binary=True, clean=True),
    Target("Semantic Scholar's pages", lambda body: read_page(body, Relation.REFERENCES), (S2,),
        (SourceError,), ('"data":', '"title":', "\\ud800", "1e999", '"year": '), (
        "sources.s2_replies:_table",), binary=True, clean=True, corpus=_corpus("s2", 4)),
    Target("Semantic Scholar's works", _known, (json.dumps(_WORK),), (SourceError,), (
        '"externalIds":', '"error":', "\\u0000"), binary=True, clean=True),
    Target("pages of HTML", read_html, (page_of_paper(short=True),), (), ("<article ",
        "<section ", "<table><tr><td>", "<math>", "<mi>", "<annotation>", "<p class='ltx_p'>",
        "<figure>", "<span "), ("document.html.reading:_article",), clean=True, costly=4.0),
    Target("Retry-After", _retry, ("120", "Wed, 21 Oct 2026 07:28:00 GMT"), (), (":", "GMT",
        "+9999"), ("sources.failures:retry_after",)),
    Target("Content-Range", _range, ("bytes 0-99/100", "bytes */100"), (), ("bytes ", "-", "/",
        "*")),
    Target("times of requests", _pacing(place("pacing")), (
        '{"at": "2026-04-14T11:59:59+00:00", "hold": 3}',), (SourceError,), ('"hold": ', "1e400",
        "NaN", "-1"), ("sources.pacing:Pacer._last",), binary=True),
    Target("kept replies", _cached, (
        '{"url": "a", "fetched_at": "2026-04-14T11:59:59+00:00", "body": "x"}',), (), ('"body": ',
        '"fetched_at": ', "\\ud800"), ("sources.cache:QueryCache.get",), binary=True),
    Target("marks of downloads", _part, ('{"validator": "\\"abc\\""}',), (), ("\\n", "\\ud800"),
        ("sources.download:_Part._validator",), binary=True),
    Target("printed references", _printed, (REFERENCES, "12.3 ± 0.4", "98.7% (1.2k)"), (), (
        "https://", "doi:", "[1] ", ". ", "arXiv:", "±", "1,000", "(2015)", "A. B. ", "et al. "),
        costly=4.0),
    Target("kept items of Zotero", _kept_item, (ZOTERO,), (), _XML, (
        "sources.reading_references:_more_of_zotero",)),
    Target("what git says", _plain, ("fatal: repository not found\nerror: x",), (), ("fatal: ",
        "error:")),
)  # fmt: skip
