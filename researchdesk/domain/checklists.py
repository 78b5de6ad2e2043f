"""Checklists: questions before work is shown, answered from the desk and by a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from researchdesk.domain.toml_lines import Path
from researchdesk.domain.toml_tables import Problem, TableReader, read, unknown


class Answer(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "not known"
    NOT_APPLICABLE = "not applicable"


MARKS = {
    Answer.YES: "✓",
    Answer.PARTLY: "≈",
    Answer.NO: "✗",
    Answer.UNKNOWN: "?",
    Answer.NOT_APPLICABLE: "–",
}
_SHORT = {"y": Answer.YES, "p": Answer.PARTLY, "n": Answer.NO, "n/a": Answer.NOT_APPLICABLE}
_RANK = (Answer.NO, Answer.PARTLY, Answer.YES)


class About(StrEnum):
    """What a checklist is put to: work of the desk (a paper, a run, a story, an investigation, a
    folder of a release), or a file of slides."""

    WORK = "work"
    SLIDES = "slides"


@dataclass(frozen=True, slots=True)
class Item:
    """A question. ``why`` says what it is good for, ``help`` how to get to a yes, ``answered_by``
    names what answers it from the desk, ``""`` where only a person can; ``part`` is the heading
    that it stands under, or ``""``."""

    id: str
    question: str
    why: str
    help: str = ""
    answered_by: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """``source`` says where its topics come from; ``own``: it is a file of the user's."""

    name: str
    title: str
    source: str
    items: tuple[Item, ...]
    about: About = About.WORK
    own: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer leans on, in words with its counts; ``ref`` is the run, paper or file."""

    text: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the desk answers. ``lacks`` says what is missing, ``mend`` what to do or type about it;
    a yes without evidence is none."""

    answer: Answer
    evidence: tuple[Evidence, ...] = ()
    lacks: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.answer in (Answer.YES, Answer.PARTLY) and not self.evidence:
            raise ValueError(f"{self.answer.value!r} needs evidence")


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What a person said of an item; ``answer`` is None where it was taken back."""

    answer: Answer | None
    why: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """An item with the desk's answer and the person's (``own``, the newest; ``earlier`` are those
    before it, oldest first)."""

    item: Item
    found: Found
    own: OwnAnswer | None = None
    earlier: tuple[OwnAnswer, ...] = ()

    @property
    def answer(self) -> Answer:
        """The person's where there is one, else the desk's."""
        return self.own.answer if self.own and self.own.answer else self.found.answer

    @property
    def is_own(self) -> bool:
        return self.own is not None and self.own.answer is not None

    @property
    def contradicts(self) -> bool:
        """Whether the desk found less than the person says, or more."""
        given, found = self.answer, self.found.answer
        if not self.is_own or given is found or Answer.UNKNOWN in (given, found):
            return False
        return given in _RANK or found in _RANK


@dataclass(frozen=True, slots=True)
class Sheet:
    """A checklist put to something: ``of`` is its ref (or file), ``title`` what it is called."""

    checklist: Checklist
    of: str
    title: str
    items: tuple[Answered, ...]

    @property
    def counts(self) -> dict[Answer, int]:
        counted = Counter(item.answer for item in self.items)
        return {answer: counted[answer] for answer in Answer}

    def parts(self) -> list[tuple[str, list[Answered]]]:
        """The items under their headings, in the order of the file."""
        found: dict[str, list[Answered]] = {}
        for item in self.items:
            found.setdefault(item.item.part, []).append(item)
        return list(found.items())


def parse_answer(text: str) -> Answer | None:
    """The answer of a word, as ``yes``, ``y``, ``n/a``, ``not known``; None where it is none."""
    word = " ".join(text.casefold().replace("-", " ").split())
    return _SHORT.get(word) or next((item for item in Answer if item.value == word), None)


def read_checklist(
    name: str, source: str, answerers: Sequence[str], *, own: bool = False
) -> tuple[Checklist | None, tuple[Problem, ...]]:
    """The checklist that a TOML text says; or None and every problem, with line and key.

    ``answerers`` are the names that ``answered_by`` may have.
    """

    def make(reader: TableReader, table: Mapping[str, Any]) -> Checklist:
        reader.only(table, ("title", "source", "about", "items"), ())
        title = reader.text(table, "title", ())
        told = reader.text(table, "source", ())
        about = reader.text(table, "about", (), needed=False) or About.WORK
        if about not in list(About):
            reader.complain(("about",), f"{about!r}; {unknown(about, tuple(About))}")
            about = About.WORK
        found = reader.tables(table, "items", ())
        items = tuple(_item(reader, item, at, answerers) for item, at in found)
        names = [(item.id, (*at, "id")) for item, (_, at) in zip(items, found, strict=True)]
        reader.distinct(names, "in one checklist")
        return Checklist(name, title, told, items, About(about), own)

    return read(source, make)


def _item(
    reader: TableReader, table: Mapping[str, Any], at: Path, answerers: Sequence[str]
) -> Item:
    reader.only(table, ("id", "question", "why", "help", "answered_by", "part"), at)
    name, question, why = (reader.text(table, key, at) for key in ("id", "question", "why"))
    told, by, part = (
        reader.text(table, key, at, needed=False) for key in ("help", "answered_by", "part")
    )
    if by and by not in answerers:
        reader.complain((*at, "answered_by"), f"nothing answers {by!r}; {unknown(by, answerers)}")
    return Item(name, question, why, told, by, part)
