"""Papers and their imported entries as one BibTeX file."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from researchdesk.domain.bibliography import Source
from researchdesk.domain.marks import Marks, fields_of
from researchdesk.domain.papers import Paper
from researchdesk.domain.references import Reference
from researchdesk.export.bibtex_entries import (
    abbreviation,
    raw_entry,
    reference_entry,
    text,
    with_eprint,
)
from researchdesk.services.citation_keys import Handle
from researchdesk.sources.bibtex_scan import value_end
from researchdesk.sources.bibtex_values import MONTHS, Macros, names_in, unkept
from researchdesk.sources.bibtex_words import marks_of, tags_of
from researchdesk.storage import records
from researchdesk.storage.database import Database
from researchdesk.storage.records import Record

_KIND = re.compile(r"[^\w-]")
_BRACE = re.compile(r"\\([{}])")
_SIDES = {"{": "left", "}": "right"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper with its records, the best first, its tags and its other marks."""

    paper: Paper
    records: Sequence[Record]
    tags: Sequence[str]
    marks: Marks


def bibtex_file(
    db: Database,
    papers: Sequence[Kept],
    keys: Mapping[Handle, str],
    reference: Callable[[Kept], Reference],
    *,
    one_each: bool,
) -> str:
    """One file: abbreviations, entries in the order of the papers, and behind them those that they
    refer to by ``crossref``."""
    file = _File(keys)
    for kept in papers:
        own = [record for record in kept.records if record.source == Source.BIBTEX]
        for place, record in enumerate(own[:1] if one_each else own):
            file.add(record, _fields(kept, own, place))
        if not own:
            for key, one in by_key(kept, keys, one_each=one_each):
                file.entries[key] = reference_entry(key, reference(one))
    for record in records.with_keys(db, Source.BIBTEX.value, file.missing()):
        file.add(record, unkept(record.fields)[0])
    return file.text()


def by_key(
    kept: Kept, keys: Mapping[Handle, str], *, one_each: bool = False
) -> list[tuple[str, Kept]]:
    """The paper under each key that a text may cite it by: those of its entries, each with that
    entry alone and the marks at the first; its own where none has one."""
    found = [
        (keys["record", record.id], replace(kept, records=(record,)))
        for record in kept.records
        if ("record", record.id) in keys
    ]
    if not found:
        return [(keys["paper", kept.paper.id], kept)]
    (first, best), *others = found
    rest = [(key, replace(one, tags=(), marks=Marks())) for key, one in others]
    return [(first, replace(best, records=kept.records)), *([] if one_each else rest)]


def cite_handle(kept: Kept, keys: Mapping[Handle, str]) -> Handle:
    """What the paper's first entry has its key of, where each paper has one."""
    own = [record for record in kept.records if record.source == Source.BIBTEX]
    named = own or [record for record in kept.records if ("record", record.id) in keys]
    return ("record", named[0].id) if named else ("paper", kept.paper.id)


class _File:
    def __init__(self, keys: Mapping[Handle, str]) -> None:
        self._keys = keys
        self._abbreviations: dict[str, str] = {}
        self.entries: dict[str, str] = {}
        self._refers: set[str] = set()

    def add(self, record: Record, fields: Sequence[tuple[str, str]]) -> None:
        key = self._keys.get(("record", record.id)) or f"entry{record.id}"
        kind = _KIND.sub("", record.kind) or "misc"
        told = self._settled(record, fields)
        self.entries[key] = raw_entry(kind, key, told)
        for name, raw in fields:
            if name.lower() in ("crossref", "xdata"):
                self._refers |= {one.strip().casefold() for one in raw.strip('{}" ').split(",")}

    def missing(self) -> list[str]:
        """Keys that entries refer to and that are not in the file."""
        return sorted(self._refers - {key.casefold() for key in self.entries})

    def text(self) -> str:
        """Entries that others refer to stand behind them, as BibTeX wants it."""
        first = [e for key, e in self.entries.items() if key.casefold() not in self._refers]
        last = [e for key, e in self.entries.items() if key.casefold() in self._refers]
        abbreviations = [
            abbreviation(name, sound(raw, Macros())) for name, raw in self._abbreviations.items()
        ]
        return "\n".join([*(["".join(abbreviations)] if abbreviations else []), *first, *last])

    def _settled(self, record: Record, fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Fields whose abbreviations the file defines, and whose braces BibTeX finds in pairs."""
        own = Macros()
        for name, raw in unkept(record.fields)[1].items():
            own.define(name, raw)
            self._abbreviations.setdefault(name, raw)
        told = []
        for name, raw in fields:
            unlike = [one for one in names_in(raw) if not self._is_defined(one, own)]
            told.append((name, f"{{{own.spoken(raw)}}}" if unlike else sound(raw, own)))
        return told

    def _is_defined(self, word: str, own: Macros) -> bool:
        """Whether the file gives an abbreviation the sense it has in the entry. One that nothing
        defines gets its own name for one, so that BibTeX takes the file."""
        name = word.lower()
        meant = own.raw.get(name, f"{{{word}}}")
        return name in MONTHS or self._abbreviations.setdefault(name, meant) == meant


def sound(value: str, macros: Macros) -> str:
    r"""A value as BibTeX has it, to which the brace of ``\{`` is one, and the quote of ``\"`` too.

    One that it would not take is written in braces.
    """
    if value_end(value, 0, len(value)) == (len(value), ""):
        return value
    inner = macros.spoken(value)
    if value_end(f"{{{inner}}}", 0, len(inner) + 2) != (len(inner) + 2, ""):
        inner = _BRACE.sub(lambda match: rf"\textbrace{_SIDES[match[1]]} ", inner)
    return f"{{{inner}}}"


def _fields(kept: Kept, own: Sequence[Record], place: int) -> Sequence[tuple[str, str]]:
    """The fields of the paper's entry at ``place``: as they came, but for tags and marks that were
    given or taken since, and with the arXiv id where no entry tells it."""
    fields: Sequence[tuple[str, str]] = unkept(own[place].fields)[0]
    told = [_keywords(record) for record in own]
    now = {tag.casefold() for tag in kept.tags}
    if {word.casefold() for words in told for word in words} != now:
        stay = [word for word in told[place] if word.casefold() in now]
        known = {word.casefold() for words in told for word in words}
        fresh = [tag for tag in kept.tags if tag.casefold() not in known]
        fields = _with_keywords(fields, [*stay, *(fresh if place == 0 else ())])
    fields = _with_marks(fields, own, place, kept.marks)
    words = kept.paper.metadata
    if words.arxiv_id and not any(record.arxiv_id for record in own):
        fields = with_eprint(fields, words.arxiv_id, "".join(words.categories[:1]))
    return fields


def _keywords(record: Record) -> tuple[str, ...]:
    return tags_of(Macros().read(unkept(record.fields)[0]))


def _with_marks(
    fields: Sequence[tuple[str, str]], own: Sequence[Record], place: int, marks: Marks
) -> Sequence[tuple[str, str]]:
    """The fields as they came where they say the paper's marks, else with these in the first entry.

    Fields of these names that mean something else stay, where no mark needs the name.
    """
    told = Marks()
    for record in own:
        told = told.and_also(marks_of(Macros().read(unkept(record.fields)[0])))
    if told.is_like(marks):
        return fields
    own_marks = fields_of(marks_of(Macros().read(fields)))
    fresh = fields_of(marks) if place == 0 else {}
    stay = [(n, raw) for n, raw in fields if n.lower() not in (*own_marks, *fresh)]
    return [*stay, *((name, f"{{{text(said)}}}") for name, said in fresh.items())]


def _with_keywords(
    fields: Sequence[tuple[str, str]], words: Sequence[str]
) -> Sequence[tuple[str, str]]:
    told = [("keywords", f"{{{', '.join(map(text, words))}}}")] if words else []
    at = next((i for i, (name, _) in enumerate(fields) if name.lower() == "keywords"), len(fields))
    others = [(name, raw) for name, raw in fields[at:] if name.lower() != "keywords"]
    return [*fields[:at], *told, *others]
