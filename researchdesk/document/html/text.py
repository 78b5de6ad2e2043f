"""An element of a LaTeXML page as a line of text, with formulas readable and footnotes left out."""

from collections.abc import Iterator
from typing import Any

from researchdesk.document.html.math import readable, tex_of
from researchdesk.document.references.repositories import code_address
from researchdesk.domain.text import clean, one_line

Element = Any
"""An element of lxml, whose types are not published with it."""


def named(names: str) -> frozenset[str]:
    """Names parted by blanks, as a set."""
    return frozenset(names.split())


DEEPEST = 120
"""Elements within elements; what lies deeper is read without its structure."""

SKIPPED_TAGS = named(
    "script style template noscript svg nav button input select textarea iframe object "
    "embed canvas audio video head meta link img annotation annotation-xml"
)
SKIPPED_CLASSES = named(
    "ltx_note ltx_ERROR ltx_FATAL ltx_WARNING ltx_INFO ltx_page_navbar ltx_TOC ltx_pagination "
    "ltx_page_header ltx_page_footer ltx_listing_data ltx_note_mark ltx_note_type ltx_picture "
    "ltx_acm_description ltx_rdf ltx_indexphrase"
)
_LONGEST_ADDRESS = 300
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "td", "th"})


def classes(element: Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def has_class(element: Element, *names: str) -> bool:
    """Whether the element is of one of these classes."""
    own = (element.get("class") or "").split()
    return any(name in own for name in names)


def is_element(node: Element) -> bool:
    """Whether it is an element: not a comment, an instruction or an entity."""
    return isinstance(node.tag, str)


def is_skipped(element: Element) -> bool:
    """Whether nothing in it is the paper's text."""
    if not is_element(element) or element.tag in SKIPPED_TAGS:
        return True
    return not SKIPPED_CLASSES.isdisjoint((element.get("class") or "").split())


def text_of(element: Element) -> str:
    """All that is read in it, as one line."""
    return one_line("".join(_pieces(element, 0)))


def pieces_of(element: Element) -> str:
    """The same with the white space it stands in, to be joined with what is beside it."""
    return clean("".join(_pieces(element, 0)))


def lines_of(element: Element) -> str:
    """Preformatted text, its line breaks and indents kept."""
    text = clean("".join(_pieces(element, 0, keep=True))).replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def formula(math: Element) -> str:
    """A formula's TeX, as its author wrote it; what is printed where that is missing."""
    alttext = math.get("alttext") or ""
    if not alttext.strip():
        found = next(math.iter("{*}annotation", "annotation"), None)
        alttext = "" if found is None else (found.text or "")
    if alttext.strip():
        return clean(tex_of(alttext))
    return one_line(" ".join(_printed(math)))


def _pieces(element: Element, depth: int, keep: bool = False) -> Iterator[str]:
    if is_skipped(element):
        return
    if element.tag == "math":
        tex = formula(element)
        yield readable(tex)
        return
    if depth > DEEPEST:
        yield " ".join(text for text in element.itertext() if isinstance(text, str))
        return
    if element.tag == "br":
        yield "\n" if keep else " "
    yield element.text or ""
    for child in element:
        if is_element(child):
            apart = child.tag in _BREAKS and not keep
            yield " " if apart else ""
            yield from _pieces(child, depth + 1, keep)
            yield " " if apart else ""
        yield child.tail or ""
    if element.tag == "a":
        yield _hidden_address(element)


def _hidden_address(link: Element) -> str:
    """Where a link to code leads, if its words do not say it."""
    href = one_line(link.get("href") or "")
    if not href.lower().startswith(("http://", "https://")) or len(href) > _LONGEST_ADDRESS:
        return ""
    address = code_address(href)
    if address is None or not address.hosted:
        return ""
    return "" if "." in "".join(link.itertext()) else f" ({href})"


def _printed(math: Element) -> Iterator[str]:
    """The text of a formula's parts; its annotations come after them."""
    for node in math.iter():
        if node.tag in {"annotation", "annotation-xml"}:
            return
        if is_element(node) and node.text and node.text.strip():
            yield node.text.strip()
