"""The sentences of a storyline, what each of them links, and the four questions it carries."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from researchdesk.domain.links import links_in
from researchdesk.domain.sentences import sentence_spans
from researchdesk.domain.story_lines import (
    QUESTIONS,
    LineKind,
    StoryLine,
    comment_spans,
    story_lines,
    without_comments,
)
from researchdesk.domain.text import one_line


@dataclass(frozen=True, slots=True)
class Questions:
    """How it is proved, what would refute it, by what mechanism, where it is weak."""

    proof: str = ""
    refuted_by: str = ""
    mechanism: str = ""
    weak: str = ""

    @property
    def answered(self) -> bool:
        """Whether every one has an answer."""
        return all(said for _, said in self.each())

    def __bool__(self) -> bool:
        return any(said for _, said in self.each())

    def each(self) -> tuple[tuple[str, str], ...]:
        """Each question as it stands in the text, with its answer."""
        return tuple(
            zip(QUESTIONS, (self.proof, self.refuted_by, self.mechanism, self.weak), strict=True)
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence. ``text`` is in one line, with its links as they are written.

    It stands at ``start``..``end`` of the story, on the lines ``line``..``last_line`` (from 0);
    ``refs`` are what it links, ``section`` is the heading above it, ``paragraph`` counts the
    paragraphs and items (from 0).
    """

    text: str
    line: int
    last_line: int
    start: int
    end: int
    refs: tuple[str, ...]
    questions: Questions
    section: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading: its title, its line (from 0) and how deep it is (1 to 6)."""

    title: str
    line: int
    level: int


@dataclass(frozen=True, slots=True)
class RedThread:
    """What stands where the story's one sentence should: the sentences that begin on this line."""

    line: int
    sentences: tuple[Statement, ...]

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def statements(text: str) -> tuple[Statement, ...]:
    """The sentences of a markdown text, in its order.

    Headings, code, tables, quotations, comments and the questions' lines hold none. A sentence
    that is wrapped is one; a line of a question ends the sentence above it.
    """
    bare = without_comments(text)
    lines = story_lines(text)
    found: list[Statement] = []
    section = ""
    for number, (head, block) in enumerate(_blocks(lines)):
        section = _title(bare, head) if head else section
        prose = [line for line in block if line.kind is LineKind.PROSE]
        asked = [line for line in block if line.kind is LineKind.QUESTION]
        found += _sentences(bare, prose, _answers(bare, asked), section, number)
    return tuple(found)


def sections(text: str) -> tuple[Section, ...]:
    """The headings of a markdown text."""
    bare = without_comments(text)
    found = []
    for line in story_lines(text):
        if line.kind is LineKind.HEADING:
            begin = bare.rfind("\n", 0, line.start) + 1
            level = bare[begin : line.start].count("#") or 1
            found.append(Section(_title(bare, line), line.number, level))
    return tuple(found)


def red_thread(text: str) -> RedThread | None:
    """The first line that is no heading and not blank; None where that is no prose, or no line."""
    head = "\n".join(text.split("\n", _MOST)[:_MOST])
    found = _first(story_lines(head))
    if found is None or found.number > _MOST // 2:
        head = text
        found = _first(story_lines(head))
    if found is None:
        return None
    here = tuple(item for item in statements(head) if item.line == found.number)
    return RedThread(found.number, here) if here and not found.begins else None


def statement_at(text: str, line: int, column: int | None = None) -> Statement | None:
    """The sentence of a line (from 0): that at ``column`` (from 0), or the first that stands on
    it; for a line of a question that which it asks. None where there is none."""
    here = [item for item in statements(text) if item.line <= line]
    on_it = [item for item in here if line <= item.last_line]
    if on_it:
        begin = sum(len(above) + 1 for above in text.split("\n")[:line])
        at = begin if column is None else begin + column
        return next((item for item in on_it if at < item.end), on_it[-1])
    last = here[-1] if here else None
    lines = story_lines(text)
    if last is None or not last.last_line < line < len(lines):
        return None
    between = lines[last.last_line + 1 : line + 1]
    return last if all(item.kind is LineKind.QUESTION for item in between) else None


def with_answers(
    text: str, line: int, answers: Mapping[str, str], column: int | None = None
) -> str:
    """``text`` with these answers below the sentence that ``statement_at`` finds.

    ``answers`` maps fields of Questions to their new text, ``""`` takes one away; the others stay.
    A sentence in the middle of a line gets a line's end; comments stay. Raises LookupError where
    no sentence is.
    """
    found = statement_at(text, line, column)
    if found is None:
        raise LookupError(line)
    lines = story_lines(text)
    asked = [found.last_line]
    while asked[-1] + 1 < len(lines) and lines[asked[-1] + 1].kind is LineKind.QUESTION:
        asked.append(asked[-1] + 1)
    wanted = {name: answers.get(name, getattr(found.questions, name)) for name in _FIELDS}
    blanks = " " * _indent(lines, found)
    said = [f"{blanks}? {_FIELDS[name]}: {_said(words)}" for name, words in wanted.items() if words]
    if text[found.end : lines[found.last_line].end].strip():
        below = text[found.end :].lstrip(" \t")
        head = "\n".join([text[: found.end], *said])
        return f"{head}{below}" if below.startswith("\n") else _broken(head, below)
    else:
        end = lines[asked[-1]].end
        kept = _comments(text, found.end, end)
        below = text[end:]
    return "\n".join([text[: found.end], *said]) + kept + below


def _broken(head: str, below: str) -> str:
    """Both with a line's end between. Where ``below`` would begin a heading, an item or the like
    there, its mark is escaped."""
    text = f"{head}\n{below}"
    line = story_lines(text)[head.count("\n") + 1]
    if line.kind is LineKind.PROSE and not line.begins:
        return text
    begin = len(head) + 1
    mark = _NUMBER.match(without_comments(text), begin)
    at = mark.end() if mark else begin
    return f"{text[:at]}\\{text[at:]}"


def _said(answer: str) -> str:
    """An answer in one line. It begins no comment, which would hide what stands below it."""
    return one_line(answer).replace("<!--", "<! --")


def _comments(text: str, start: int, end: int) -> str:
    """The comments of a part of the text; the last one may go on behind it."""
    return "".join(
        f" {text[first : min(last, end)]}"
        for first, last in comment_spans(text)
        if start <= first < end
    )


def _indent(lines: Sequence[StoryLine], found: Statement) -> int:
    """How far the questions of a statement are put in: as its last line, and the next of its
    paragraph, which would go on with the question else."""
    near = [lines[found.last_line]]
    after = lines[found.last_line + 1 : found.last_line + 2]
    near += [line for line in after if line.kind is LineKind.PROSE and not line.begins]
    return max(line.indent for line in near)


def _first(lines: Sequence[StoryLine]) -> StoryLine | None:
    """The first line that says something below the title."""
    above = (LineKind.BLANK, LineKind.HEADING)
    return next((line for line in lines if line.kind not in above), None)


_NUMBER = re.compile(r"\s*\d*")
_MOST = 60
"""Lines in which the red thread is looked for first: it is asked for at each key."""
_FIELDS = dict(zip(("proof", "refuted_by", "mechanism", "weak"), QUESTIONS, strict=True))
_Block = tuple[StoryLine | None, list[StoryLine]]


def _blocks(lines: Sequence[StoryLine]) -> Iterator[_Block]:
    """Paragraphs and items, each with the questions below it and the heading that it begins
    under, if that is new."""
    head: StoryLine | None = None
    block: list[StoryLine] = []
    for line in lines:
        prose, question = line.kind is LineKind.PROSE, line.kind is LineKind.QUESTION
        if block and (not (prose or question) or line.begins or (prose and _asked(block))):
            yield head, block
            head, block = None, []
        if prose or (question and block):
            block.append(line)
        elif line.kind is LineKind.HEADING:
            head = line
    if block:
        yield head, block


def _title(text: str, line: StoryLine) -> str:
    return one_line(text[line.start : line.end].rstrip("#"))


def _asked(block: Sequence[StoryLine]) -> bool:
    return block[-1].kind is LineKind.QUESTION


def _answers(text: str, lines: Sequence[StoryLine]) -> Questions:
    said: dict[str, str] = {}
    name = ""
    for line in lines:
        name = line.question.replace(" ", "_") or name
        said[name] = one_line(f"{said.get(name, '')} {text[line.start : line.end]}")
    return Questions(**said)


def _sentences(
    text: str, prose: Sequence[StoryLine], asked: Questions, section: str, number: int
) -> list[Statement]:
    """The sentences of a paragraph; the last one carries what is asked below."""
    first = prose[0].start
    spans = sentence_spans(text[first : prose[-1].end])
    return [
        Statement(
            one_line(text[first + at : first + end]),
            _line_of(prose, first + at),
            _line_of(prose, first + end - 1),
            first + at,
            first + end,
            tuple(dict.fromkeys(link.ref for link in links_in(text[first + at : first + end]))),
            asked if place == len(spans) - 1 else Questions(),
            section,
            number,
        )
        for place, (at, end) in enumerate(spans)
    ]


def _line_of(prose: Sequence[StoryLine], offset: int) -> int:
    return next(line.number for line in prose if offset < line.end)
