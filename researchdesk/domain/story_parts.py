"""The parts of a storyline by what they are for, and what stands behind their sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from researchdesk.domain.evidence import Standing
from researchdesk.domain.links import LinkKind
from researchdesk.domain.statements import Questions, Section, Statement, sections, statements
from researchdesk.domain.verdicts import Verdict


class Role(StrEnum):
    """What a part is for. ``LEAD``: what stands above the first heading, below the red thread."""

    LEAD = "lead"
    MOTIVATION = "motivation"
    PROBLEM = "problem"
    NOTATION = "notation"
    IDEA = "idea"
    EXAMPLE = "example"
    EVIDENCE = "evidence"
    ABLATIONS = "ablations"
    WEAK_SPOTS = "weak spots"
    NEW = "what is new"
    CONCLUSION = "conclusion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RolePattern:
    """A heading that ``pattern`` is found in begins a part of this role."""

    role: Role
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run says of one claim, each number in words: ``claimed``, ``measured``, ``interval``
    are as ``domain.figures`` writes them, and ``""`` where there is none.

    ``claim`` says what is claimed, ``where`` in the paper it stands, ``why`` how the verdict was
    come to. ``mark`` is the verdict's sign.
    """

    run: str
    claim_id: str
    claim: str
    where: str
    claimed: str
    measured: str
    interval: str
    verdict: Verdict
    mark: str
    why: str
    quick: bool = False

    @property
    def words(self) -> str:
        """``reproduced: measured 97.6 ± 0.1 % (n=5), claimed 97.5 ± 0.5 % (run …)``."""
        numbers = [f"measured {self.measured}"] if self.measured else []
        numbers += [f"claimed {self.claimed}"] if self.claimed else []
        quick = "quick run" if self.quick else "run"
        said = f"{self.verdict.value}: {', '.join(numbers)}" if numbers else self.verdict.value
        return f"{said} ({quick} {self.run})"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A thing that a sentence links. ``title`` names it; a paper by its authors and year.

    ``said`` is what it says now, ``results`` the judged claims of the run behind it, ``runs`` the
    runs that it leads to.
    """

    ref: str
    kind: LinkKind
    title: str
    said: str
    standing: Standing
    results: tuple[Result, ...] = ()
    runs: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        return self.standing is not Standing.GONE

    @property
    def words(self) -> str:
        """One line with its numbers, to be read without a link."""
        if len(self.results) == 1:
            return f"{self.results[0].claim}: {self.results[0].words}"
        return f"{self.title}: {self.said}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without marks of markdown, its links as words, with what it links.

    ``paragraph`` counts the paragraphs and items of the whole story.
    """

    text: str
    evidence: tuple[Evidence, ...] = ()
    questions: Questions = field(default_factory=Questions)
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a story under one heading. ``markdown`` is what is written there, without the
    heading, comments and questions, its links as words; ``depth`` is the heading's level."""

    role: Role
    heading: str
    markdown: str
    sentences: tuple[Sentence, ...] = ()
    depth: int = 2

    @property
    def text(self) -> str:
        """Its sentences, a blank line between paragraphs."""
        return paragraphs(self.sentences)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Each thing that it links, once."""
        every = (item for sentence in self.sentences for item in sentence.evidence)
        return tuple({item.ref: item for item in every}.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there yet."""
        return not self.markdown.strip()


@dataclass(frozen=True, slots=True)
class StoryParts:
    """A draft of a story by its parts, in the order of the text. ``thread`` is the red thread, None
    where nothing is written; what stands behind it is the lead."""

    slug: str
    title: str
    draft: int
    thread: Sentence | None
    parts: tuple[Part, ...]

    @property
    def red_thread(self) -> str:
        """The story's one sentence, or ``""``."""
        return self.thread.text if self.thread else ""

    def of(self, *roles: Role) -> tuple[Part, ...]:
        """The parts of these roles with something in them, in the order of the text."""
        return tuple(part for part in self.parts if part.role in roles and not part.is_empty)

    def sentences(self, *roles: Role) -> tuple[Sentence, ...]:
        """The sentences of these roles; of all of them where none is named."""
        return tuple(
            one for part in self.parts if not roles or part.role in roles for one in part.sentences
        )

    def text(self, *roles: Role) -> str:
        """What is written there, in plain words; ``""`` where there is nothing."""
        return paragraphs(self.sentences(*roles)) if roles else ""

    def evidence(self, *roles: Role) -> tuple[Evidence, ...]:
        """Each thing that is linked in these roles, once; in all the story where none is named."""
        thread = (self.thread,) if self.thread and not roles else ()
        sentences = (*thread, *self.sentences(*roles))
        return tuple({item.ref: item for one in sentences for item in one.evidence}.values())

    def results(self, *roles: Role) -> tuple[Result, ...]:
        """What runs say of claims there, each once."""
        every = (result for item in self.evidence(*roles) for result in item.results)
        return tuple({(one.run, one.claim_id): one for one in every}.values())


def paragraphs(sentences: Sequence[Sentence]) -> str:
    """Their words, with a blank line between paragraphs."""
    lines: dict[int, list[str]] = {}
    for sentence in sentences:
        lines.setdefault(sentence.paragraph, []).append(sentence.text)
    return "\n\n".join(" ".join(line) for line in lines.values())


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a part stands in a text: its words begin at ``start`` and go to ``end``."""

    role: Role
    heading: str
    depth: int
    start: int
    end: int
    statements: tuple[Statement, ...]


def stretches(text: str, patterns: Sequence[RolePattern]) -> Iterator[Stretch]:
    """A story's text cut at its headings. What stands above the first one is the lead; a first
    heading of the first level is the title, and cuts nothing."""
    heads = list(sections(text))
    title = _title_of(heads)
    start = _line_end(text, title.line) if title else 0
    said = statements(text)
    open_: list[tuple[int, Role]] = []
    role, name, depth = Role.LEAD, "", 1
    for head in [*heads[1 if title else 0 :], None]:
        end = len(text) if head is None else _line_start(text, head.line)
        inside = tuple(one for one in said if start <= one.start < end)
        yield Stretch(role, name, depth, start, end, inside)
        if head is not None:
            open_ = [item for item in open_ if item[0] < head.level]
            role, name, depth = _role_of(head, patterns, open_), head.title, head.level
            open_.append((depth, role))
            start = _line_end(text, head.line)


def title_of(text: str) -> str:
    """The heading of the first level that a story begins with, if it is the only one."""
    title = _title_of(sections(text))
    return title.title if title else ""


def _title_of(heads: Sequence[Section]) -> Section | None:
    alone = heads and heads[0].level == 1 and all(head.level > 1 for head in heads[1:])
    return heads[0] if alone else None


def _role_of(
    head: Section, patterns: Sequence[RolePattern], above: Sequence[tuple[int, Role]]
) -> Role:
    found = next((one.role for one in patterns if one.pattern.search(head.title)), None)
    return found or (above[-1][1] if above else Role.OTHER)


def _line_start(text: str, line: int) -> int:
    return sum(len(above) + 1 for above in text.split("\n", line)[:line])


def _line_end(text: str, line: int) -> int:
    return min(_line_start(text, line + 1), len(text))
