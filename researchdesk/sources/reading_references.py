"""Kept entries of bibliographies read as references."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from researchdesk.domain.bibliography import Source
from researchdesk.domain.marks import Marks
from researchdesk.domain.papers import Metadata
from researchdesk.domain.references import Name, Reference, name_of
from researchdesk.domain.text import one_line
from researchdesk.sources.bibtex_names import names as parted_names
from researchdesk.sources.bibtex_values import Macros, unkept
from researchdesk.sources.bibtex_words import marks_of, tags_of, verbatim, words_of
from researchdesk.sources.csl import given_and_family, labels_of_csl, said, words_of_csl
from researchdesk.sources.latex_text import to_text
from researchdesk.sources.zotero import PATHS

_MORE = ("volume", "number", "pages", "publisher", "school", "institution", "address", "location",
         "url", "issn", "isbn", "edition", "series", "note", "langid", "month")  # fmt: skip
_CSL = {
    "volume": "volume", "issue": "number", "page": "pages", "publisher": "publisher", "URL": "url",
    "publisher-place": "address", "ISSN": "issn", "ISBN": "isbn", "edition": "edition",
    "collection-title": "series", "note": "note", "language": "langid",
}  # fmt: skip
_CSL_KINDS = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "paper-conference": "inproceedings", "book": "book", "chapter": "incollection",
    "thesis": "phdthesis", "report": "techreport", "manuscript": "unpublished",
}  # fmt: skip
_ZOTERO_KINDS = {
    "journalArticle": "article", "magazineArticle": "article", "newspaperArticle": "article",
    "conferencePaper": "inproceedings", "book": "book", "bookSection": "incollection",
    "thesis": "phdthesis", "report": "techreport", "manuscript": "unpublished",
}  # fmt: skip


def reference(
    source: str, kind: str, fields: Mapping[str, Any], words: Metadata, tags: tuple[str, ...]
) -> Reference:
    """The reference of a paper (``words``, ``tags``) whose kept entry has these fields."""
    names = tuple(map(name_of, words.authors))
    if source == Source.BIBTEX:
        read = _read_bibtex(fields)
        parted = parted_names(read.get("author") or read.get("editor") or "")
        told = parted if len(parted) == len(names) else names
        return Reference(kind, words, told, tags, _more_of_bibtex(read))
    if source == Source.CSL:
        people = given_and_family(fields.get("author"))
        same = len(people) == len(names)
        told = tuple(Name(family, given) for given, family in people) if same else names
        more = {name: text for csl, name in _CSL.items() if (text := said(fields, csl))}
        return Reference(_CSL_KINDS.get(kind, "misc"), words, told, tags, more)
    if source != Source.ZOTERO:
        return Reference("misc", words, names, tags)
    return Reference(_ZOTERO_KINDS.get(kind, "misc"), words, names, tags, _more_of_zotero(fields))


def _more_of_bibtex(read: Mapping[str, str]) -> dict[str, str]:
    more = {}
    for name in _MORE:
        text = read.get(name, "")
        told = verbatim(text).strip() if name == "url" else to_text(text)
        if told:
            more["address" if name == "location" else name] = told
    return more


def words_of_kept(source: str, key: str, fields: Mapping[str, Any]) -> Metadata | None:
    """What a kept entry says by itself; None for one that is not read again so."""
    if source == Source.BIBTEX:
        return words_of(_read_bibtex(fields), key)[0]
    return words_of_csl(fields)[0] if source == Source.CSL else None


def labels_of_kept(source: str, fields: Mapping[str, Any]) -> tuple[tuple[str, ...], Marks]:
    """The tags and marks that a kept entry says by itself; none where it is not read again so."""
    if source == Source.BIBTEX:
        read = _read_bibtex(fields)
        return tags_of(read), marks_of(read)
    return labels_of_csl(fields) if source == Source.CSL else ((), Marks())


def _read_bibtex(fields: Mapping[str, Any]) -> dict[str, str]:
    pairs, abbreviations = unkept(fields)
    macros = Macros()
    for name, value in abbreviations.items():
        macros.define(name, value)
    return macros.read(pairs)


def _more_of_zotero(fields: Mapping[str, Any]) -> dict[str, str]:
    """Volume, number, pages and address, from the item or what it is part of."""
    found: dict[str, str] = {}
    paths = {"volume": ".//prism:volume", "number": ".//prism:number", "pages": ".//bib:pages",
             "publisher": ".//dc:publisher//foaf:name", "langid": "z:language",
             "url": "dc:identifier/dcterms:URI/rdf:value"}  # fmt: skip
    for text in (fields.get("item", ""), *fields.get("beside", ())):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        try:
            node = etree.fromstring(text, parser) if text else None
        except (ValueError, etree.XMLSyntaxError):
            node = None
        if node is None or re.search(r"\}(?:Attachment|Memo)$", str(node.tag)):
            continue
        for name, path in paths.items():
            value = one_line(node.findtext(path, "", PATHS))
            if value and name not in found:
                found[name] = value
    return found
