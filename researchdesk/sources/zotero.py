"""Zotero's RDF exports: items with their journals, attachments, tags and collections."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from researchdesk.domain import bibliography
from researchdesk.domain.bibliography import Entry, Problem, Reading, Source
from researchdesk.domain.marks import Marks
from researchdesk.domain.papers import Metadata
from researchdesk.domain.text import one_line

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PATHS = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
    "dcterms": "http://purl.org/dc/terms/",
    "bib": "http://purl.org/net/biblio#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "vcard": "http://nwalsh.com/rdf/vCard#",
    "link": "http://purl.org/rss/1.0/modules/link/",
}
_ENTITY = re.compile(r"<!ENTITY\b")
_NOT_ITEMS = frozenset(("attachment", "note", "annotation"))


def read_zotero(text: str) -> Reading:
    """Every item of an export. Never raises: a broken file is read up to its fault."""
    if _ENTITY.search(text):
        return Reading(left_out=(Problem(1, "it declares entities of its own: it was not read"),))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, recover=True, huge_tree=False
    )
    root = None
    with suppress(etree.XMLSyntaxError):
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    wrong = [Problem(fault.line, f"this is no XML: {fault.message}") for fault in parser.error_log][
        :5
    ]
    if root is None:
        return Reading(left_out=tuple(wrong) or (Problem(1, "there is no XML in it"),))
    graph = _Graph(root)
    items = list(graph.items())
    entries = [_entry(item, graph) for item in items]
    untitled = [
        Problem(entry.line, f"this item has no title; it stands under {entry.words.title!r}")
        for entry, item in zip(entries, items, strict=True)
        if not one_line(item.findtext("dc:title", "", PATHS))
    ]
    return Reading(tuple(entries), tuple(wrong), tuple(untitled), graph.aside)


@dataclass(slots=True)
class _Graph:
    """The nodes of an export by the names by which others point to them."""

    root: Any
    nodes: dict[str, Any] = field(default_factory=dict)
    pointed: dict[str, int] = field(default_factory=dict)
    collections: dict[str, list[str]] = field(default_factory=dict)
    aside: int = 0

    def __post_init__(self) -> None:
        for node in self.root:
            if not isinstance(node.tag, str):
                continue
            about = node.get(f"{_RDF}about")
            if about:
                self.nodes.setdefault(about, node)
            if node.tag == f"{{{PATHS['z']}}}Collection":
                self._collect(node)
        for part in self.root.iterfind(".//dcterms:isPartOf", PATHS):
            target = part.get(f"{_RDF}resource")
            if target:
                self.pointed[target] = self.pointed.get(target, 0) + 1

    def _collect(self, node: Any) -> None:
        name = one_line(node.findtext("dc:title", "", PATHS)).replace('"', "").replace(",", " ")
        name = " ".join(name.split())[:80]
        for part in node.iterfind("dcterms:hasPart", PATHS):
            held = self.collections.setdefault(part.get(f"{_RDF}resource") or "", [])
            if name and name not in held:
                held.append(name)

    def items(self) -> Iterator[Any]:
        """What the library is made of: nodes that are of a type, but for attachments and notes."""
        for node in self.root:
            kind = node.findtext("z:itemType", "", PATHS) if isinstance(node.tag, str) else ""
            if kind and kind not in _NOT_ITEMS:
                yield node
            elif kind == "note" or node.tag == f"{{{PATHS['bib']}}}Memo":
                self.aside += 1

    def container(self, item: Any) -> Any | None:
        """The journal, book or series an item is part of."""
        for part in item.iterfind("dcterms:isPartOf", PATHS):
            inner = next(iter(part), None)
            found = inner if inner is not None else self.nodes.get(part.get(f"{_RDF}resource"))
            if found is not None:
                return found
        return None

    def shared(self, item: Any) -> bool:
        """Whether other items point to the container too: then its DOI is not the item's."""
        parts = (part.get(f"{_RDF}resource") for part in item.iterfind("dcterms:isPartOf", PATHS))
        return any(self.pointed.get(target, 0) > 1 for target in parts if target)

    def linked(self, item: Any) -> Iterator[Any]:
        """Attachments and notes."""
        for path in ("link:link", "dcterms:isReferencedBy"):
            for part in item.iterfind(path, PATHS):
                node = self.nodes.get(part.get(f"{_RDF}resource"))
                if node is not None:
                    yield node


def _entry(item: Any, graph: _Graph) -> Entry:
    words, version = _words(item, graph)
    container = graph.container(item)
    beside = [node for node in (container, *graph.linked(item)) if node is not None]
    held = graph.collections.get(item.get(f"{_RDF}about") or "", ())
    return Entry(
        source=Source.ZOTERO,
        kind=item.findtext("z:itemType", "", PATHS),
        key=one_line(item.findtext("z:citationKey", "", PATHS)) or item.get(f"{_RDF}about") or "",
        fields={
            "item": _xml(item),
            "beside": [_xml(n) for n in beside if n.getparent() is graph.root],
        },
        line=_line(item),
        words=words,
        tags=_tags(item),
        files=tuple(path for node in graph.linked(item) if (path := _file(node))),
        marks=Marks(collections=tuple((name, 0) for name in held)),
        version=version,
    )


def _words(item: Any, graph: _Graph) -> tuple[Metadata, int | None]:
    container = graph.container(item)
    near = [item] if container is None or graph.shared(item) else [item, container]
    numbers = [
        one_line(n.text or "") for node in near for n in node.iterfind("dc:identifier", PATHS)
    ]
    url = one_line(item.findtext("dc:identifier/dcterms:URI/rdf:value", "", PATHS))
    doi = next((found for text in (*numbers, url) if (found := bibliography.doi_in(text))), "")
    venue = _venue(item, container)
    extra = item.findtext("dc:description", "", PATHS)
    number = _under(container, "prism:number") or one_line(item.findtext("prism:number", "", PATHS))
    arxiv = bibliography.arxiv_of_doi(doi) or next(
        (a for text in (url, venue, number, extra) if (a := bibliography.arxiv_in(text))), None
    )
    if bibliography.arxiv_of_doi(doi):
        doi = ""
    venue = bibliography.venue_as(venue)
    year = bibliography.year_in(item.findtext("dc:date", "", PATHS))
    words = Metadata(
        title=one_line(item.findtext("dc:title", "", PATHS)),
        authors=_authors(item),
        abstract=one_line(item.findtext("dcterms:abstract", "", PATHS)),
        arxiv_id=arxiv.base if arxiv else None,
        version=(arxiv.version if arxiv else None) or 1,
        doi=doi,
        journal_ref=_reference(item, container, venue, year),
        venue=venue,
        stated_year=year,
    )
    named = bibliography.named(words, _under(container, "dc:title"))
    return named, arxiv.version if arxiv else None


def _venue(item: Any, container: Any | None) -> str:
    meeting = one_line(item.findtext("bib:presentedAt/bib:Conference/dc:title", "", PATHS))
    return _under(container, "dc:title") or meeting


def _reference(item: Any, container: Any | None, venue: str, year: int | None) -> str:
    if not venue:
        return ""
    volume, number = _under(container, "prism:volume"), _under(container, "prism:number")
    pages = one_line(item.findtext("bib:pages", "", PATHS))
    issue = f"{volume}({number})" if volume and number else volume or number
    head = f"{venue} {issue}".strip() + (f", {pages}" if pages else "")
    return f"{head} ({year})" if year else head


def _under(node: Any | None, path: str) -> str:
    return "" if node is None else one_line(node.findtext(path, "", PATHS))


def _authors(item: Any) -> tuple[str, ...]:
    for path in ("bib:authors", "bib:editors", "bib:contributors"):
        names = [_name(person) for person in item.iterfind(f"{path}//foaf:Person", PATHS)]
        if any(names):
            return tuple(filter(None, names))
    return ()


def _name(person: Any) -> str:
    given = person.findtext("foaf:givenName", "", PATHS) or person.findtext(
        "foaf:givenname", "", PATHS
    )
    return one_line(f"{given} {person.findtext('foaf:surname', '', PATHS)}")


def _tags(item: Any) -> tuple[str, ...]:
    words = []
    for subject in item.iterfind("dc:subject", PATHS):
        words.append(subject.text or subject.findtext(".//rdf:value", "", PATHS))
    return bibliography.keywords(",".join(word.replace(";", " ") for word in words if word.strip()))


def _file(node: Any) -> str:
    """The path of an attachment that is a PDF, relative to the export's folder."""
    path = node.find("rdf:resource", PATHS)
    kind = one_line(node.findtext("link:type", "", PATHS))
    found = path.get(f"{_RDF}resource") if path is not None else ""
    return found if found and kind in ("", "application/pdf") and "://" not in found else ""


def _xml(node: Any) -> str:
    return str(etree.tostring(node, encoding="unicode", with_tail=False))


def _line(node: Any) -> int:
    return int(node.sourceline or 0)
