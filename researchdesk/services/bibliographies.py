"""Bibliographies written out of the desk: BibTeX, CSL-JSON, RIS."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from researchdesk.domain import bibliography
from researchdesk.domain.bibliography import Source
from researchdesk.domain.marks import Marks
from researchdesk.domain.papers import Paper
from researchdesk.domain.references import Reference, name_of
from researchdesk.domain.search_query import parse_query
from researchdesk.errors import UsageProblemError
from researchdesk.export.csl import csl, csl_item, valid_item, with_marks
from researchdesk.export.ris import ris
from researchdesk.services import citation_keys
from researchdesk.services.bibtex_out import Kept, bibtex_file, by_key, cite_handle
from researchdesk.services.desk import Desk
from researchdesk.services.library import get_papers
from researchdesk.services.library_filters import understand
from researchdesk.services.library_search import ids_of
from researchdesk.sources.reading_references import reference
from researchdesk.storage import labels, papers, records
from researchdesk.storage.database import Database
from researchdesk.storage.records import Record

Form = Literal["bibtex", "csl", "ris"]
_CONFERENCE = re.compile(
    r"\b(?:proceedings|conference|workshop|symposium|congress|meeting|advances in|neurips|nips|icml"
    r"|iclr|cvpr|iccv|eccv|acl|emnlp|naacl|aaai|ijcai|kdd|sigir|aistats|uai|colt|interspeech)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A key that two papers claim. It is that of ``paper``; ``other`` goes out as ``given``."""

    key: str
    paper: Paper
    other: Paper
    given: str

    def __str__(self) -> str:
        return (
            f"{self.key} is {_called(self.paper)} An entry of that key is about "
            f"{_called(self.other)} Cite that one as {self.given}."
        )


def export_bibliography(
    desk: Desk,
    cited: Sequence[Paper],
    form: Form,
    *,
    one_each: bool = False,
    tell: Callable[["Dispute"], None] | None = None,
) -> str:
    """The papers as one file, in their order.

    An entry that was imported keeps its key, its type and every field as it came; other papers get
    a key of the settings' pattern, the same whatever else is exported. An entry whose key is
    another paper's goes out under the desk's key of its own: ``tell`` is told of such a key of
    these papers. BibTeX and CSL-JSON have every imported entry of a paper, since texts may cite it
    by any of their keys; with ``one_each`` only the best: a published one before a preprint.

    Raises UsageProblemError for a pattern that cannot be used.
    """
    db = desk.database.connection
    made = citation_keys.keys(db, desk.settings.bibtex_keys)
    keys = made.of
    if tell:
        for dispute in _disputes(db, made.disputed, cited):
            tell(dispute)
    kept = _kept(db, cited)
    if form == "bibtex":
        return bibtex_file(db, kept, keys, _reference, one_each=one_each)
    if form == "csl":
        return csl([item for one in kept for item in _csl_items(one, keys, one_each)])
    return ris((by_key(one, keys)[0][0], _reference(one)) for one in kept)


def keys_of(desk: Desk, cited: Sequence[Paper]) -> dict[int, str]:
    """The key of each paper's best entry in a BibTeX export, by the paper's row.

    Raises UsageProblemError for a pattern that cannot be used.
    """
    db = desk.database.connection
    keys = citation_keys.keys(db, desk.settings.bibtex_keys).of
    found = {one.paper: cite_handle(one, keys) for one in _kept(db, cited)}
    return {paper.id: keys.get(handle, paper.key) for paper, handle in found.items()}


def entries_of(desk: Desk, cited: Sequence[tuple[str, Paper]]) -> str:
    """The best BibTeX entry of each paper, under the key that it is given with. Raises as
    ``keys_of`` does."""
    db = desk.database.connection
    keys = dict(citation_keys.keys(db, desk.settings.bibtex_keys).of)
    kept = _kept(db, [paper for _, paper in cited])
    keys |= {cite_handle(one, keys): key for one, (key, _) in zip(kept, cited, strict=True)}
    return bibtex_file(db, kept, keys, _reference, one_each=True)


def chosen(desk: Desk, refs: Sequence[str], query: str = "") -> list[Paper]:
    """The papers that are named, each once; those that a search finds; else every one of the desk.

    In the order in which they were added, but those named in theirs. Raises NotOnDeskError for a
    name that is none, UsageProblemError for a search that is not understood.
    """
    if refs:
        return list({paper.id: paper for paper in get_papers(desk, refs)}.values())
    found = sorted(papers.all_papers(desk.database.connection), key=lambda paper: paper.id)
    if not query:
        return found
    wanted = parse_query(query)
    problems = understand(desk, wanted).problems
    if problems or wanted.is_empty:
        why = " ".join(problems) or f"{query.strip()} has no word to search for."
        raise UsageProblemError(why, "Nothing was written.")
    ids = set(ids_of(desk, wanted))
    return [paper for paper in found if paper.id in ids]


def _disputes(
    db: Database, found: Iterable[citation_keys.Disputed], cited: Sequence[Paper]
) -> list[Dispute]:
    """The disputes in which one of these papers is."""
    about = {paper.id for paper in cited}
    ours = [one for one in found if not about.isdisjoint((one.paper_id, one.other_id))]
    held = papers.by_ids(db, {n for one in ours for n in (one.paper_id, one.other_id)})
    return [Dispute(d.key, held[d.paper_id], held[d.other_id], d.given) for d in ours]


def _called(paper: Paper) -> str:
    return f"{paper.name}, “{paper.title}”."


def _kept(db: Database, cited: Sequence[Paper]) -> list[Kept]:
    held = records.of_papers(db, [paper.id for paper in cited])
    tags, marks = _tags(db, cited), _marks(db, cited)
    return [
        Kept(one, tuple(_in_order(held.get(one.id, ()))), tags.get(one.id, ()), marks[one.id])
        for one in cited
    ]


def _in_order(found: Iterable[Record]) -> list[Record]:
    """Those that were imported, the published ones first, in the order in which they came."""
    came = (record for record in found if record.source in list(Source))
    return sorted(came, key=lambda record: (not _published(record), record.id))


def _published(record: Record) -> bool:
    if record.source == Source.BIBTEX:
        names = ("journal", "journaltitle", "booktitle", "publisher", "school", "institution")
        told = {name.lower(): str(raw) for name, raw in record.fields.items()}
        return any(bibliography.venue_as(told[n].strip('{}" ')) for n in names if told.get(n))
    if record.source == Source.CSL:
        venue = record.fields.get("container-title")
        return isinstance(venue, str) and bool(bibliography.venue_as(venue))
    return True


def _reference(kept: Kept) -> Reference:
    """The paper as a reference: its own words, and what its best record says beside them."""
    paper, tags = kept.paper, tuple(kept.tags)
    if kept.records:
        best = kept.records[0]
        made = reference(best.source, best.kind, best.fields, paper.metadata, tags)
        return replace(made, marks=kept.marks)
    words = paper.metadata
    kind = "misc"
    if words.venue:
        kind = "inproceedings" if _CONFERENCE.search(words.venue) else "article"
    more = {"note": words.journal_ref} if words.journal_ref and not words.venue else {}
    return Reference(kind, words, tuple(map(name_of, words.authors)), tags, more, kept.marks)


def _csl_items(
    kept: Kept, keys: Mapping[citation_keys.Handle, str], one_each: bool
) -> Iterator[Mapping[str, Any]]:
    """The items as they came, where any did, else one made of the reference."""
    came = [one for one in kept.records if one.source == Source.CSL]
    for key, one in [] if came else by_key(kept, keys, one_each=one_each):
        yield csl_item(key, _reference(one))
    known = {tag.casefold() for one in came for tag in _keywords(one)}
    fresh = [tag for tag in kept.tags if tag.casefold() not in known]
    now = {tag.casefold() for tag in kept.tags}
    for place, record in enumerate(came[:1] if one_each else came):
        item = dict(record.fields)
        own = _keywords(record)
        stay = [tag for tag in own if tag.casefold() in now] + (fresh if place == 0 else [])
        if stay != list(own):
            item["keyword"] = ", ".join(stay)
        marked = with_marks(item, kept.marks if place == 0 else Marks())
        yield valid_item(_csl_id(kept, record, keys), marked)


def _csl_id(kept: Kept, record: Record, keys: Mapping[citation_keys.Handle, str]) -> str:
    """Its own, where it is a text or a number; Zotero's are addresses, beside a citation key."""
    own = record.fields.get("id")
    if isinstance(own, str | int) and own != "" and str(own) != record.key:
        return str(own)
    return keys.get(("record", record.id)) or by_key(kept, keys)[0][0]


def _keywords(record: Record) -> tuple[str, ...]:
    return bibliography.keywords(str(record.fields.get("keyword", "")))


def _marks(db: Database, cited: Sequence[Paper]) -> dict[int, Marks]:
    """The marks of each paper; the places in a collection where the papers do not stand in its
    order anyway."""
    order = {paper.id: at for at, paper in enumerate(cited)}
    held: dict[str, list[int]] = {}
    for name, number in labels.all_members(db):
        if number in order:
            held.setdefault(name, []).append(number)
    found: dict[int, list[tuple[str, int]]] = {}
    for name, members in held.items():
        told = members != sorted(members, key=order.__getitem__)
        for place, number in enumerate(members, 1):
            found.setdefault(number, []).append((name, place if told else 0))
    return {
        paper.id: Marks(paper.stars, paper.priority, tuple(found.get(paper.id, ())))
        for paper in cited
    }


def _tags(db: Database, cited: Sequence[Paper]) -> dict[int, tuple[str, ...]]:
    wanted = {paper.id for paper in cited}
    if len(wanted) < 50:
        return {number: tuple(labels.tags_of(db, number)) for number in wanted}
    found: dict[int, list[str]] = {}
    for number, tag in records.all_tags(db):
        if number in wanted:
            found.setdefault(number, []).append(tag)
    return {number: tuple(tags) for number, tags in found.items()}
