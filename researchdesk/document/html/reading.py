"""A paper as arXiv's HTML has it (LaTeXML's): its parts, without pages."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree, html

from researchdesk.document.html.blocks import BlockReader
from researchdesk.document.html.lighter import lighter
from researchdesk.document.html.text import Element, has_class, is_element, is_skipped, text_of
from researchdesk.document.pdf.sections import sections_of
from researchdesk.document.references.links import find_code_links
from researchdesk.domain.documents import Block, BlockKind, Document, Section, SectionKind
from researchdesk.domain.identifiers import find_stamp
from researchdesk.domain.text import clean, one_line

NO_PAPER = "The web page holds no paper."
BROKEN = "arXiv's conversion of the paper to HTML failed."
_FEWEST_WORDS = 60
_MOST_ERRORS = 0.04
_UNTITLED = "untitled document"
_APART = re.compile(r"\s*(?:[,;&\n\u2001\u2003]|\band\b)\s*")
_NAME = re.compile(r"[^\W\d_][\w.'’ʼ-]*(?:\s[^\W\d_][\w.'’ʼ-]*){1,5}")
_NO_NAME = re.compile(
    r"universit|institut|department|school|college|laborator|research|inc\b|google|microsoft"
    r"|facebook|openai|deepmind|@|equal|contribut|\bgroup\b|\bteam\b|\blabs?\b|\bcent(?:er|re)\b"
    r"|academy|corporat|\bltd\b|abstract",
    re.IGNORECASE,
)


def read_html(text: str) -> Document:
    """The parts of the paper on this page; all its pages are 0, and nothing is fetched.

    ``problem`` says where it holds no paper, or one whose conversion failed.
    """
    article = _article(text)
    if article is None:
        return Document("", 0, (), (), (), problem=NO_PAPER, source="html")
    reader = BlockReader(article)
    front = tuple(_front(article))
    kinds = {at + len(front): kind for at, kind in reader.kinds.items()}
    blocks = (*front, *reader.blocks)
    sections = _sections(blocks, kinds)
    return Document(
        title=_title(article),
        pages=0,
        blocks=blocks,
        sections=sections,
        figures=tuple(reader.figures),
        stamp=_stamp(article),
        problem=_problem(article, blocks),
        authors=_authors(article),
        abstract=_abstract(blocks, sections),
        references=tuple(reader.references),
        code_links=find_code_links(blocks, sections, ()),
        source="html",
    )


def _article(text: str) -> Element | None:
    """The element that is the paper; None where there is none."""
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    data = lighter(text).encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    found = (item for item in root.iter("article") if has_class(item, "ltx_document"))
    return next(found, None)


def _front(article: Element) -> Iterator[Block]:
    """Title, authors and the rest of what stands before the text."""
    if title := _title(article):
        yield Block(0, title, kind=BlockKind.FRONT)
    for element in article.iter("div"):
        parts = list[Element]()
        if has_class(element, "ltx_authors"):
            parts = _creators(element)
        elif has_class(element, "ltx_keywords", "ltx_classification", "ltx_dates", "ltx_date"):
            parts = [element]
        for text in filter(None, map(text_of, parts)):
            yield Block(0, text, kind=BlockKind.FRONT)


def _creators(authors: Element) -> list[Element]:
    found = [item for item in authors if is_element(item) and has_class(item, "ltx_creator")]
    return found or [authors]


def _title(article: Element) -> str:
    for title in article.iter("h1", "div", "span", "h2"):
        if has_class(title, "ltx_title_document"):
            return text_of(title)
    return ""


def _stamp(article: Element) -> str:
    """The id in the mark that arXiv sets beside the page, or ``""``."""
    for element in article.getroottree().getroot().iter("div"):
        if element.get("id") == "watermark-tr":
            found = find_stamp(text_of(element))
            return str(found) if found else ""
    return ""


def _authors(article: Element) -> tuple[str, ...]:
    names: list[str] = []
    for person in article.iter("span"):
        if has_class(person, "ltx_personname"):
            names += _names(person)
    return tuple(dict.fromkeys(names))


def _names(person: Element) -> Iterator[str]:
    """Names of people; authors write several of them, and their employers, into one field."""
    for part in _APART.split(clean("".join(_words(person)))):
        name = one_line(re.sub(r"[\d*†‡§¶∗⋆]+", " ", part))
        if _NAME.fullmatch(name) and not _NO_NAME.search(name):
            yield name


def _words(element: Element, depth: int = 0) -> Iterator[str]:
    """Its text without marks and formulas; a line break stays one."""
    if is_skipped(element) or element.tag in {"sup", "math"} or depth > 50:
        return
    yield "\n" if element.tag == "br" else (element.text or "").replace("\n", " ")
    for child in element:
        if is_element(child):
            yield from _words(child, depth + 1)
        yield (child.tail or "").replace("\n", " ")


def _sections(blocks: tuple[Block, ...], known: dict[int, SectionKind]) -> tuple[Section, ...]:
    """The sections; where the page says of which kind one is, so are those within it."""
    told: list[tuple[int, SectionKind | None]] = []
    sections = []
    for section in sections_of(blocks):
        while told and told[-1][0] >= section.level:
            told.pop()
        kind = known.get(section.first) or (told[-1][1] if told else None)
        told.append((section.level, kind))
        sections.append(replace(section, kind=kind) if kind else section)
    return tuple(sections)


def _abstract(blocks: tuple[Block, ...], sections: tuple[Section, ...]) -> str:
    return "\n".join(
        block.text
        for section in sections
        if section.kind is SectionKind.ABSTRACT
        for block in blocks[section.first : section.last]
        if block.kind is BlockKind.TEXT
    )


def _problem(article: Element, blocks: tuple[Block, ...]) -> str:
    errors = sum(1 for item in article.iter("span", "div", "p") if _is_error(item))
    words = sum(len(block.text.split()) for block in blocks if not block.heading)
    untitled = _title(article).lower() == _UNTITLED
    if words < _FEWEST_WORDS or (untitled and errors) or errors > _MOST_ERRORS * words:
        return BROKEN
    return ""


def _is_error(element: Element) -> bool:
    return has_class(element, "ltx_ERROR", "ltx_FATAL")
