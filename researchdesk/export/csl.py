"""References as CSL-JSON 1.0."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from researchdesk.domain.bibliography import CSL_OTHERS
from researchdesk.domain.marks import CSL_MARKS, Marks, record_of
from researchdesk.domain.references import Name, Reference

TYPES = {
    "article": "article-journal", "inproceedings": "paper-conference", "conference":
    "paper-conference", "book": "book", "incollection": "chapter", "inbook": "chapter",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report",
    "report": "report", "proceedings": "book", "online": "webpage", "software": "software",
    "dataset": "dataset", "unpublished": "manuscript", "collection": "book", "patent": "patent",
}  # fmt: skip
_NAMES = """
type id citation-key categories language journalAbbreviation shortTitle author chair collection-
editor compiler composer container-author contributor curator director editor editorial-director
executive-producer guest host interviewer illustrator narrator organizer original-author performer
producer recipient reviewed-author script-writer series-creator translator accessed available-date
event-date issued original-date submitted abstract annote archive archive_collection
archive_location archive-place authority call-number chapter-number citation-number citation-label
collection-number collection-title container-title container-title-short dimensions division DOI
edition event event-title event-place first-reference-note-number genre ISBN ISSN issue
jurisdiction keyword locator medium note number number-of-pages number-of-volumes original-
publisher original-publisher-place original-title page page-first part part-title PMCID PMID
printing publisher publisher-place references reviewed-genre reviewed-title scale section source
status supplement title title-short URL version volume volume-title volume-title-short year-suffix
custom
"""
_KNOWN = frozenset(_NAMES.split())
_FIELDS = {
    "volume": "volume", "number": "issue", "pages": "page", "publisher": "publisher",
    "school": "publisher", "institution": "publisher", "address": "publisher-place",
    "url": "URL", "issn": "ISSN", "isbn": "ISBN", "edition": "edition",
    "series": "collection-title", "note": "note", "langid": "language",
}  # fmt: skip


def csl(items: Sequence[Mapping[str, Any]]) -> str:
    """One file of these items."""
    return json.dumps(list(items), ensure_ascii=False, indent=2) + "\n"


def valid_item(key: str, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item that came, as the schema has it: what it does not know stands under ``custom``."""
    others = {name: value for name, value in item.items() if name not in _KNOWN}
    known = {name: value for name, value in item.items() if name in _KNOWN}
    custom = known.get("custom")
    if others:
        held = custom if isinstance(custom, Mapping) else {}
        known["custom"] = {**held, CSL_OTHERS: others}
    return {**known, "id": key, "type": known.get("type") or "document"}


def csl_item(key: str, reference: Reference) -> dict[str, Any]:
    """One item. A paper that was not published is an ``article``, with arXiv as its archive."""
    words = reference.words
    item: dict[str, Any] = {
        "id": key,
        "type": "article" if reference.is_preprint else TYPES.get(reference.kind, "document"),
        "title": words.title,
        "author": [_person(name) for name in reference.people],
        "issued": {"date-parts": [[words.year]]} if words.year else None,
        "container-title": words.venue,
        "DOI": words.doi,
        "abstract": words.abstract,
        "keyword": ", ".join(reference.tags),
    }
    for name, said in reference.more.items():
        if name in _FIELDS:
            item.setdefault(_FIELDS[name], said.replace("--", "–") if name == "pages" else said)
    if words.arxiv_id:
        item |= {"archive": "arXiv", "archive_location": words.arxiv_id}
        item.setdefault("number", f"arXiv:{words.arxiv_id}")
        item.setdefault("URL", f"https://arxiv.org/abs/{words.arxiv_id}")
    whole = {name: value for name, value in item.items() if value}
    return dict(with_marks(whole, reference.marks))


def with_marks(item: Mapping[str, Any], marks: Marks) -> Mapping[str, Any]:
    """An item that came, with the marks of its paper as they are now."""
    custom = item.get("custom", {})
    if not isinstance(custom, Mapping):
        return item
    own = {name: value for name, value in custom.items() if name != CSL_MARKS}
    if marks:
        own[CSL_MARKS] = record_of(marks)
    rest = {name: value for name, value in item.items() if name != "custom"}
    return {**rest, "custom": own} if own else rest


def _person(name: Name) -> dict[str, str]:
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}
