"""BibTeX and BibLaTeX files: every entry with its line, broken ones as far as they can be read.

bibtexparser takes a file apart; what it gives up is read once more sign by sign.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.model import Entry as ParsedEntry
from bibtexparser.splitter import Splitter

from researchdesk.domain.bibliography import Entry, Problem, Reading, Source
from researchdesk.sources.bibtex_scan import scan
from researchdesk.sources.bibtex_values import Macros, is_sound, kept
from researchdesk.sources.bibtex_words import files_of, marks_of, tags_of, words_of

_LOG = logging.getLogger("bibtexparser")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False

_WORD = r"[^\s,{}()=\"#]"
_NEXT = re.compile(
    rf"^[ \t]*@(?:\w+[ \t]*[{{(]\s*{_WORD}*\s*(?:,|{_WORD}+\s*=)|"
    r"(?:string|preamble|comment)[ \t]*[{(])",
    re.MULTILINE | re.IGNORECASE,
)
_HEADLESS = re.compile(
    r"^[ \t]*(?:@[ \t]*)?(\w+)[ \t]*[{(]\s*(?:[^\s,{}]+\s*)?,\s*\w+\s*=", re.MULTILINE
)
_INHERITED = """
booktitle year date month publisher editor series volume address location organization journal
journaltitle isbn issn eventtitle school institution
"""
_FROM_CROSSREF = frozenset(_INHERITED.split())
_PARTS = frozenset(("inproceedings", "incollection", "inbook", "conference"))


@dataclass(slots=True)
class _Raw:
    """An entry as it stands: the fields with the delimiters of their values; then as it reads."""

    kind: str
    key: str
    fields: Sequence[tuple[str, str]]
    line: int
    lines: Sequence[int] = ()
    read: Mapping[str, str] = field(default_factory=dict)


def read_bibtex(text: str, abbreviations: Mapping[str, str] | None = None) -> Reading:
    """Every entry of a file. Never raises: what cannot be read is told with its line.

    ``abbreviations`` are those of files before it, as the ``Reading`` of those has them.
    """
    file = _File(text)
    for name, value in (abbreviations or {}).items():
        file.macros.define(name, value)
    found = list(file.entries())
    by_key: dict[str, _Raw] = {}
    for raw in found:
        raw.read = file.macros.read(raw.fields)
        file.mended += file.macros.unknown(raw.fields, raw.lines or [raw.line])
        by_key.setdefault(raw.key.casefold(), raw)
    entries = [_entry(raw, by_key, file.macros) for raw in found]
    for raw, entry in zip(found, entries, strict=True):
        if not raw.read.get("title", "").strip():
            why = f"this entry has no title; it stands under {entry.words.title!r}"
            file.mended.append(Problem(raw.line, why))
    return Reading(
        tuple(entries),
        tuple(file.left_out),
        tuple(sorted(file.mended, key=lambda problem: problem.line)),
        file.aside,
        file.macros.raw,
    )


class _File:
    """The blocks of a file in their order; what the parser gives up is read a second time."""

    def __init__(self, text: str) -> None:
        self.macros = Macros()
        self.left_out: list[Problem] = []
        self.mended: list[Problem] = []
        self.aside = 0
        self._text = text

    def entries(self) -> Iterator[_Raw]:
        place = done = 0
        for parsed in Splitter(self._text).split().blocks:
            block = _unwrapped(parsed)
            place = max(self._text.find(block.raw or "", place), place)
            line = (block.start_line or 0) + 1
            if place < done and not isinstance(block, ImplicitComment):
                continue
            if isinstance(block, ParsedEntry) and all(is_sound(one.value) for one in block.fields):
                fields = [(one.key, one.value) for one in block.fields]
                lines = [(one.start_line or 0) + 1 for one in block.fields]
                yield _Raw(block.entry_type or "misc", block.key, fields, line, lines)
            elif isinstance(block, ParsedEntry | ParsingFailedBlock):
                done, raw = self._again(place, line)
                if raw is not None:
                    yield raw
            elif isinstance(block, String):
                self.macros.define(block.key, block.value)
            else:
                self.aside += 1
                if isinstance(block, ImplicitComment):
                    self._look_through(max(place, done), place + len(block.raw or ""))

    def _look_through(self, start: int, end: int) -> None:
        """What stands between entries: one that lost its sign is told."""
        for headless in _HEADLESS.finditer(self._text, start, max(start, end)):
            line = self._text.count("\n", 0, headless.start(1)) + 1
            why = f"this looks like an entry that does not begin with @{headless[1]}{{"
            self.left_out.append(Problem(line, why))

    def _again(self, place: int, line: int) -> tuple[int, _Raw | None]:
        """The entry at ``place`` read sign by sign, up to the next one at most; and its end."""
        following = _NEXT.search(self._text, place + 1)
        stop = following.start() if following else len(self._text)
        found = scan(self._text, place, stop, line)
        if found is None or not found.fields or found.kind in ("string", "preamble", "comment"):
            what = (
                found.problems[0].why if found and found.problems else "no entry can be read here"
            )
            self.left_out.append(Problem(line, f"{what} ({self._first_line(place)})"))
            return (stop if found is None or not found.whole else found.end), None
        self.mended += found.problems
        end = found.end if found.whole else stop
        return end, _Raw(found.kind, found.key, found.fields, line)

    def _first_line(self, place: int) -> str:
        return " ".join(self._text[place : place + 60].split("\n")[0].split())


def _unwrapped(block: Block) -> Block:
    while isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        if block.ignore_error_block is None:
            break
        block = block.ignore_error_block
    return block


def _entry(raw: _Raw, by_key: Mapping[str, _Raw], macros: Macros) -> Entry:
    read = _with_inherited(raw, by_key)
    words, version = words_of(read, raw.key)
    return Entry(
        source=Source.BIBTEX,
        kind=raw.kind.lower(),
        key=raw.key,
        fields=kept(raw.fields, macros.used(raw.fields)),
        line=raw.line,
        words=words,
        tags=tags_of(read),
        marks=marks_of(read),
        files=files_of(read),
        version=version,
    )


def _with_inherited(raw: _Raw, by_key: Mapping[str, _Raw]) -> Mapping[str, str]:
    """The fields with those of ``crossref`` and ``xdata`` behind them, one step up."""
    found = raw.read
    for name in found.get("xdata", "").split(","):
        parent = by_key.get(name.strip().casefold())
        if name.strip() and parent is not None and parent is not raw:
            found = {**parent.read, **found}
    parent = by_key.get(found.get("crossref", "").strip().casefold())
    if found.get("crossref") and parent is not None and parent is not raw:
        handed = {name: said for name, said in parent.read.items() if name in _FROM_CROSSREF}
        if raw.kind.lower() in _PARTS and parent.read.get("title"):
            handed.setdefault("booktitle", parent.read["title"])
        found = {**handed, **found}
    return found
