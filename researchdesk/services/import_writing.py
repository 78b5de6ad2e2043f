"""Entries written to the desk one by one, within the transaction of an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from researchdesk.domain.bibliography import Entry, plain
from researchdesk.domain.clock import stamp
from researchdesk.domain.marks import UNMARKED, Marks
from researchdesk.services.import_matching import Known
from researchdesk.sources.reading_references import labels_of_kept, words_of_kept
from researchdesk.storage import imports, labels, records
from researchdesk.storage.database import Database
from researchdesk.storage.records import Record

Labels = tuple[tuple[str, ...], Marks]
"""Tags, and stars, priority and collections."""


@dataclass(frozen=True, slots=True)
class Joined:
    """An entry that is about a paper that was there, or that came with an entry before it."""

    where: str
    line: int
    key: str
    paper: str
    why: str


@dataclass(slots=True)
class Writing:
    """An import under way: what it was told to add to each paper, and what it did so far.

    ``made`` are collections; ``marked`` the papers that were given stars or a priority, by which.
    """

    db: Database
    known: Known
    moment: datetime
    tags: Sequence[str] = ()
    collection: str = ""
    added: dict[int, str] = field(default_factory=dict)
    joined: list[Joined] = field(default_factory=list)
    disputed: list[Joined] = field(default_factory=list)
    updated: list[Joined] = field(default_factory=list)
    already: int = 0
    replaced: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    marked: dict[str, set[int]] = field(default_factory=dict)
    files: list[tuple[int, str, Path]] = field(default_factory=list)
    _records: list[int] = field(default_factory=list)
    _settled: set[int] = field(default_factory=set)
    _filled: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    _moved: list[tuple[int, Sequence[Mapping[str, Any]]]] = field(default_factory=list)
    _back: list[int] = field(default_factory=list)
    _tagged: dict[str, list[int]] = field(default_factory=dict)
    _placed: dict[str, list[int]] = field(default_factory=dict)
    _marks: dict[int, tuple[int, int]] = field(default_factory=dict)
    _spelled: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[int]] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """How many papers are new or say more than before."""
        touched = {number for number, _ in self._filled} | set(self._back)
        for ids in (*self._tagged.values(), *self._placed.values()):
            touched.update(ids)
        return len(self.added) + len(touched - set(self.added))

    def take(self, path: Path, entry: Entry) -> None:
        """Write one entry of the file ``path``: a new paper, or a record beside one."""
        found = self._kept_as(entry) or self.known.match(entry.words)
        older: Labels | None = ((), UNMARKED)
        if found is None:
            key = self.known.key_for(entry)
            number = imports.insert(self.db, key, entry.words, self.moment)
            self.known.add(number, key, entry.words)
            self.added[number] = self.known.name_of(number)
            self._keep(path, number, entry)
        else:
            number, why = found
            older = self._join(path, entry, number, why)
        if older is not None:
            self._label(number, entry, older)
            self._mark(number, entry.marks, older[1])
        self.files += [(number, file, path) for file in entry.files]

    def _kept_as(self, entry: Entry) -> tuple[int, str] | None:
        """The paper beside which the entry is kept already, as it is or in older words."""
        held = records.keyed(self.db, entry.source.value, entry.key)
        for record in held:
            if _same(record, entry):
                return record.paper_id, "the same entry"
        title = plain(entry.words.title)
        older = (one for one in held if one.id not in self._settled)
        alike = (one for one in older if plain(self.known.title_of(one.paper_id)) == title)
        return next(((one.paper_id, "the same key and title") for one in alike), None)

    def undo_step(self) -> dict[str, Any] | None:
        """What takes all of it back (see ``import_undo``); None where nothing was written."""
        step = {
            "do": "import",
            "at": stamp(self.moment),
            "papers": list(self.added),
            "records": self._records,
            "replaced": self.replaced,
            "filled": self._filled,
            "moved": self._moved,
            "back": self._back,
            "tags": self._tagged,
            "collections": self._placed,
            "made": self.made,
            "marks": [[number, *marks] for number, marks in self._marks.items()],
        }
        return (
            step if any(value for name, value in step.items() if name not in ("do", "at")) else None
        )

    def _join(self, path: Path, entry: Entry, number: int, why: str) -> Labels | None:
        """Put the entry beside the paper. Gives the labels of the older one that it replaces, or
        None where it was there as it is."""
        if number in self.known.removed:
            imports.put_back(self.db, number)
            self.known.removed.discard(number)
            self._back.append(number)
        held = records.of_paper(self.db, number)
        same = [one.id for one in held if _same(one, entry)]
        if same:
            self._settled.update([one for one in same if one not in self._settled][:1])
            self.already += 1
            return (entry.tags, entry.marks) if number in self._back else None
        older = [one for one in held if one.id not in self._settled and _named_alike(one, entry)]
        mended: Mapping[str, Any] = {}
        labels_before: Labels = ((), UNMARKED)
        if older:
            said = words_of_kept(older[0].source, older[0].key, older[0].fields)
            labels_before = labels_of_kept(older[0].source, older[0].fields)
            self._settled.add(older[0].id)
            told = (self.known.name_of(number), _difference(older[0].fields, entry.fields))
            self.updated.append(Joined(str(path), entry.line, entry.key, *told))
            self.replaced.append((older[0].id, records.replace(self.db, older[0].id, entry)))
            mended = imports.mend(self.db, number, said, entry.words) if said else {}
        else:
            name = self.known.name_of(number)
            self.joined.append(Joined(str(path), entry.line, entry.key, name, why))
            self._keep(path, number, entry)
        free = not self.known.has_arxiv(entry.words.arxiv_id)
        filled = {**imports.fill(self.db, number, entry.words, arxiv=free), **mended}
        if "arxiv_id" in filled and (moved := imports.make_room(self.db, number)):
            self._moved.append((number, moved))
        self.known.tell(number, entry.words)
        if filled and number not in self.added:
            self._filled.append((number, filled))
        return labels_before

    def _keep(self, path: Path, number: int, entry: Entry) -> None:
        other = self.known.holder(entry.key, number)
        if other != number:
            names = (self.known.name_of(one) for one in (number, other))
            self.disputed.append(Joined(str(path), entry.line, entry.key, *names))
        self._records.append(records.add(self.db, number, entry, self.moment))
        self._settled.add(self._records[-1])

    def _label(self, number: int, entry: Entry, older: Labels) -> None:
        """Give the paper the tags and collections of the entry that the older one did not say, so
        that none comes back which was taken away."""
        tags = {tag.casefold() for tag in older[0]}
        for tag in (*self.tags, *(tag for tag in entry.tags if tag.casefold() not in tags)):
            if labels.add_tag_to(self.db, tag, number):
                self._tagged.setdefault(tag, []).append(number)
        if self.collection:
            self._place(self.collection, number)
        names = {name.casefold() for name, _ in older[1].collections}
        for name, place in entry.marks.collections:
            if name.casefold() not in names:
                self._place(name, number, place)

    def _mark(self, number: int, marks: Marks, older: Marks) -> None:
        """Give the paper the stars and the priority of the entry: see ``imports.mark``."""
        now, before = ((one.stars, one.priority) for one in (marks, older))
        given = imports.mark(self.db, number, now, before)
        for name in given:
            self.marked.setdefault(name, set()).add(number)
        if number in self.added:
            stars, priority = self._marks.get(number, (0, 0))
            stars, priority = (
                given.get("stars", (0, stars))[1],
                given.get("priority", (0, priority))[1],
            )
            if stars or priority:
                self._marks[number] = (stars, priority)
        elif given:
            self._filled.append((number, given))

    def _place(self, name: str, number: int, place: int = 0) -> None:
        """Put the paper behind the others, or in its own place of a collection that is new."""
        low = name.casefold()
        if low not in self._members:
            name = self._spelled[low] = self._found_or_made(name)
            self._members[low] = {row[0] for row in labels.members(self.db, name)}
        name, held = self._spelled[low], self._members[low]
        if number not in held:
            held.add(number)
            own = place if name in self.made else 0
            labels.put_in(self.db, name, [(number, own or len(held), "")])
            self._placed.setdefault(name, []).append(number)

    def _found_or_made(self, name: str) -> str:
        """The collection as the desk spells it. The database knows small and capital letters of
        ASCII only."""
        if exact := labels.collections(self.db, name):
            return exact[0].name
        if not self._names:
            found = labels.collections(self.db)
            self._names.update((one.name.casefold(), one.name) for one in found)
        if name.casefold() in self._names:
            return self._names[name.casefold()]
        labels.create(self.db, name, "", self.moment)
        self.made.append(name)
        return name


def _same(record: Record, entry: Entry) -> bool:
    return (record.source, record.kind, record.key, record.fields) == (
        entry.source.value,
        entry.kind,
        entry.key,
        entry.fields,
    )


def _named_alike(record: Record, entry: Entry) -> bool:
    return bool(entry.key) and (record.source, record.key) == (entry.source.value, entry.key)


def _difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Which fields of an entry are new, others, and gone."""
    others = [name for name in now if name in before and before[name] != now[name]]
    parts = (
        ("new", [name for name in now if name not in before]),
        ("changed", others),
        ("gone", [name for name in before if name not in now]),
    )
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names)
