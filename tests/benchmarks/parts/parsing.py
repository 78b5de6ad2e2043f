"""Papers, pages, bibliographies and feeds taken apart, beside the bare libraries."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import bibtexparser
import importing
import pymupdf
from lxml import etree
from lxml import html as lxml_html
from opening import made_paper
from support.arxiv_feed import ServedPaper, feed
from support.made_page import page_of_paper

from parts.rows import Place, Row, by_turns
from researchdesk.document.codec import encode
from researchdesk.document.html.reading import read_html
from researchdesk.document.pdf.layout import build_document
from researchdesk.document.pdf.pages import read_outline, read_pages
from researchdesk.sources.bibtex import read_bibtex
from researchdesk.sources.syndication import parse_feed

_PAGES, _ENTRIES, _PARTS = 20, 200, 40


def parsing(place: Place) -> Iterator[Row]:
    """Of each the same text goes through both; the least of some rounds."""
    yield from _pdf(place)
    yield from _page(place)
    yield from _bibliography(place)
    yield from _feed(place)


def _pdf(place: Place) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = made_paper(Path(folder) / "made.pdf", _PAGES)
        document = pymupdf.open(path)

        def ours() -> None:
            encode(build_document(list(read_pages(document)), read_outline(document)))

        def plain() -> None:
            for page in document:
                page.get_text()

        least = by_turns({"ours": ours, "plain": plain}, place.rounds // 2)
        document.close()
    mine, base = (1000 * least[name] / _PAGES for name in ("ours", "plain"))
    yield Row("a page of a PDF", mine, "ms", "PyMuPDF's plain text", base)


def _page(place: Place) -> Iterator[Row]:
    text = page_of_paper()
    inner = text[text.index("<section") : text.rindex("</article>")]
    text = text.replace(inner, inner * _PARTS)
    works = {
        "ours": lambda: read_html(text),
        "plain": lambda: lxml_html.document_fromstring(text),
    }
    least = by_turns(works, place.rounds)
    size = len(text) / 1e5
    mine, base = (1000 * least[name] / size for name in ("ours", "plain"))
    yield Row("100 KB of HTML", mine, "ms", "lxml, parsed only", base)


def _bibliography(place: Place) -> Iterator[Row]:
    text = importing.library(_ENTRIES)
    works = {
        "ours": lambda: read_bibtex(text),
        "plain": lambda: bibtexparser.parse_string(text),
    }
    least = by_turns(works, place.rounds // 2)
    mine, base = (1000 * least[name] / _ENTRIES for name in ("ours", "plain"))
    yield Row("an entry of BibTeX", mine, "ms", "bibtexparser", base)


def _feed(place: Place) -> Iterator[Row]:
    papers = [
        ServedPaper(f"2603.{number:05}", title=f"Paper {number}", abstract="Words. " * 150)
        for number in range(1, 201)
    ]
    body = feed(papers, len(papers), 0, len(papers), "http://127.0.0.1")
    works = {
        "ours": lambda: parse_feed(body, "a feed"),
        "plain": lambda: etree.fromstring(body),
    }
    least = by_turns(works, place.rounds)
    mine, base = (1000 * least[name] / len(papers) for name in ("ours", "plain"))
    yield Row("an entry of Atom", mine, "ms", "lxml, parsed only", base)
