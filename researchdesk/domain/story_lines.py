"""A storyline's markdown line by line: what is prose, what a heading, what a question's answer."""

import re
from dataclasses import dataclass
from enum import StrEnum

QUESTIONS = ("proof", "refuted by", "mechanism", "weak")
"""The four that a scientific statement can carry, as they stand in its text."""


class LineKind(StrEnum):
    PROSE = "prose"
    HEADING = "heading"
    QUESTION = "question"
    BLANK = "blank"
    OTHER = "other"
    """Code, a table, a quotation, a rule: nothing that the writer states."""


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A line (from 0): what it says stands at ``start``..``end`` of the text, marks of lists and
    headings and blanks around it left out.

    ``begins``: it begins a paragraph or an item, whatever stands above. ``question`` is which one.
    ``indent`` is how far its words are put in, as they are written: behind the marks, and before a
    comment.
    """

    number: int
    kind: LineKind
    start: int
    end: int
    begins: bool = False
    question: str = ""
    indent: int = 0


_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*\Z)|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+|\Z)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*\Z")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_APART = re.compile(r" {0,3}(?:>|\||\[[^\]]+\]:\s)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_CODE = re.compile(r"(?: {4}|\t)")
_QUESTION = re.compile(rf"\s*\?\s*({'|'.join(QUESTIONS)})\s*:[ \t]*", re.I)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_TICKS = re.compile(r"`[^`\n]*`")


def story_lines(text: str) -> tuple[StoryLine, ...]:
    """Every line of ``text``. What stands in HTML comments is blank."""
    return _Scanner(text).scan()


def comment_spans(text: str) -> list[tuple[int, int]]:
    """Where HTML comments that stand outside of code begin and end."""
    found: list[tuple[int, int]] = []
    at = 0
    for first, last in _prose_spans(text):
        code = [match.span() for match in _TICKS.finditer(text, first, last)]
        for match in _COMMENT.finditer(text, first, last):
            if any(start < match.start() < end for start, end in code) or match.start() < at:
                continue
            found.append(match.span())
            at = match.end()
    return found


def without_comments(text: str) -> str:
    """``text`` with blanks in the place of HTML comments that stand outside of code."""
    made, at = "", 0
    for start, end in comment_spans(text):
        made += text[at:start] + re.sub(r"[^\n]", " ", text[start:end])
        at = end
    return made + text[at:]


def _prose_spans(text: str) -> list[tuple[int, int]]:
    """Where no fence of code is; a comment that began before a fence goes on over it."""
    spans, first, at, opened, comment = [], 0, 0, "", False
    for line in text.splitlines(keepends=True):
        fence = None if comment else _FENCE.match(line.rstrip("\n"))
        if fence and not opened:
            spans.append((first, at))
            opened = fence[1]
        elif fence and fence[1].startswith(opened):
            opened, first = "", at + len(line)
        elif not opened:
            comment = line.rfind("<!--") > line.rfind("-->") or (comment and "-->" not in line)
        at += len(line)
    return spans if opened else [*spans, (first, at)]


class _Scanner:
    """Goes down the lines and knows what stood above."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bare = without_comments(text)
        self._found: list[StoryLine] = []
        self._fence = ""
        self._in_list = False
        self._asked = 0

    def scan(self) -> tuple[StoryLine, ...]:
        at = 0
        spans = iter(comment_spans(self._text))
        comment = next(spans, None)
        lines = zip(self._bare.split("\n"), self._text.split("\n"), strict=True)
        for number, (line, written) in enumerate(lines):
            while comment and comment[1] <= at:
                comment = next(spans, None)
            start = comment[0] - at if comment else len(line)
            self._found.append(self._line(number, line, at, written[:1], max(start, 0)))
            at += len(line) + 1
        return tuple(self._found)

    def _line(self, number: int, line: str, at: int, first: str, comment: int) -> StoryLine:
        """``first`` is the line's first letter as it is written, with its comments; ``comment``
        how much of it stands before the first of them."""
        above = self._found[-1].kind if self._found else LineKind.BLANK
        end = at + len(line.rstrip())
        kind, skipped, begins, question = self._kind(line, above, first, comment)
        if kind is LineKind.HEADING and _UNDERLINE.match(line) and not _HEADING.match(line):
            self._make_heading()
            kind = LineKind.BLANK
        said = kind not in (LineKind.BLANK, LineKind.QUESTION)
        if said and (begins or (first and not first.isspace())):
            self._in_list = begins
        start = min(at + skipped, end)
        return StoryLine(number, kind, start, end, begins, question, min(skipped, comment))

    def _kind(
        self, line: str, above: LineKind, first: str, comment: int
    ) -> tuple[LineKind, int, bool, str]:
        """The kind, how much of the line is marks, whether it begins something, the question."""
        blank = len(line) - len(line.lstrip())
        put_in = min(blank, comment)
        fence = _FENCE.match(line)
        if self._fence or fence:
            if fence is None:
                pass
            elif not self._fence:
                self._fence = fence[1]
            elif fence[1].startswith(self._fence) and not line[fence.end() :].strip():
                self._fence = ""
            return LineKind.OTHER, blank, False, ""
        if not line.strip():
            return LineKind.BLANK, 0, False, ""
        if question := _QUESTION.match(line):
            self._asked = put_in
            return LineKind.QUESTION, question.end(), False, question[1].lower()
        if above is LineKind.QUESTION and put_in >= self._asked + 2:
            return LineKind.QUESTION, blank, False, ""
        if heading := _HEADING.match(line):
            return LineKind.HEADING, heading.end(), False, ""
        if above is LineKind.PROSE and _UNDERLINE.match(line):
            return LineKind.HEADING, blank, False, ""
        if _RULE.match(line) or _APART.match(line):
            return LineKind.OTHER, blank, False, ""
        if item := _ITEM.match(line):
            return LineKind.PROSE, item.end(), True, ""
        open_ = above in (LineKind.PROSE, LineKind.QUESTION)
        goes_on = open_ or self._in_list or not first.isspace()
        code = _CODE.match(line) and not goes_on
        return (LineKind.OTHER if code else LineKind.PROSE), blank, False, ""

    def _make_heading(self) -> None:
        """The paragraph above an underline is its heading."""
        for place in range(len(self._found) - 1, -1, -1):
            line = self._found[place]
            if line.kind is not LineKind.PROSE:
                return
            self._found[place] = StoryLine(line.number, LineKind.HEADING, line.start, line.end)
            if line.begins:
                return
