"""Links in markdown: ``[[1412.6980]]``, ``[[claim:…]]``, ``[[run:…]]``, ``[[note:5]]`` and more."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.errors import UsageProblemError


class LinkKind(StrEnum):
    PAPER = "paper"
    CLAIM = "claim"
    RUN = "run"
    FUNNY = "funny"
    NOTE = "note"
    IDEA = "idea"
    INVESTIGATION = "investigation"
    EXPERIMENT = "experiment"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands at ``start``..``end`` of a text (``end`` not included).

    ``target`` is a paper's base id or key, a claim's slug, a run's id (``RUN#claim`` for what it
    says of one claim), an experiment's ``3.2``, or a number. ``label`` is what ``[[target|label]]``
    wants to be shown in its place, or ``""``.
    """

    kind: LinkKind
    target: str
    start: int = 0
    end: int = 0
    label: str = ""

    @property
    def ref(self) -> str:
        """The link as it is kept elsewhere: without brackets, in its one form."""
        return self.target if self.kind is LinkKind.PAPER else f"{self.kind.value}:{self.target}"


_LINK = re.compile(r"(?<!\\)\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{0,200}))?\]\]")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`\n]*(?:\n|\Z))|~{3,})")
_TICKS = re.compile(r"(?<![\\`])`+(?!`)")
_BLANK = re.compile(r"\n[ \t]*\n")
_NAME = re.compile(r"[\w][\w./-]*")
_NUMBER = re.compile(r"0*([1-9]\d{0,9})", re.ASCII)
_EXPERIMENT = re.compile(r"0*([1-9]\d{0,9})\.0*([1-9]\d{0,4})", re.ASCII)
_KINDS = {kind.value: kind for kind in LinkKind}
_NUMBERED = (
    LinkKind.FUNNY, LinkKind.NOTE, LinkKind.IDEA, LinkKind.INVESTIGATION, LinkKind.WATCH,
)  # fmt: skip


def links_in(text: str) -> tuple[Link, ...]:
    """The links of a markdown text in their order; none of those in code spans and fences.

    What has the shape of a link and leads nowhere on the desk is a link too.
    """
    hidden = _code(text)
    ends = [end for _, end in hidden]
    found = []
    for match in _LINK.finditer(text):
        near = bisect_right(ends, match.start())
        inside = near < len(hidden) and hidden[near][0] < match.end()
        link = None if inside else _link(match)
        if link is not None:
            found.append(link)
    return tuple(found)


def ref_link(text: str) -> Link | None:
    """The link that ``text`` is without its brackets, as ``Link.ref`` writes it; None for none."""
    bare = text.strip().removeprefix("[[").removesuffix("]]")
    found = links_in(f"[[{bare}]]")
    return found[0] if len(found) == 1 else None


def misshapen(text: str) -> tuple[str, ...]:
    """What begins as a link of ours does and can be none: ``[[funny:zz]]``, ``[[note:]]``."""
    good = {link.start for link in links_in(text)}
    hidden = _code(text)
    return tuple(
        match[0]
        for match in _LINK.finditer(text)
        if match.start() not in good
        and not any(start < match.end() and match.start() < end for start, end in hidden)
        and match[1].strip().partition(":")[0] in _KINDS
    )


def _link(match: re.Match[str]) -> Link | None:
    word, _, rest = match[1].strip().partition(":")
    label = (match[2] or "").strip()
    kind, target = LinkKind.PAPER, match[1].strip()
    if rest and word in _KINDS:
        kind, target = _KINDS[word], rest.strip()
    named = normal_target(kind, target)
    return Link(kind, named, match.start(), match.end(), label) if named else None


def normal_target(kind: LinkKind, target: str) -> str:
    """``target`` in the one form that is compared and kept; ``""`` where it can be none."""
    if kind in _NUMBERED:
        number = _NUMBER.fullmatch(target)
        return number[1] if number else ""
    if kind is LinkKind.EXPERIMENT:
        numbers = _EXPERIMENT.fullmatch(target)
        return f"{numbers[1]}.{numbers[2]}" if numbers else ""
    if kind is LinkKind.PAPER:
        try:
            return parse_arxiv_id(target).base
        except UsageProblemError:
            return target.casefold() if _NAME.fullmatch(target) else ""
    if kind is LinkKind.RUN and "#" in target:
        run, _, claim = target.partition("#")
        return target if _NAME.fullmatch(run) and _NAME.fullmatch(claim) else ""
    if kind is LinkKind.CLAIM:
        target = target.casefold()
    return target.replace("/", "_") if _NAME.fullmatch(target) else ""


def _code(text: str) -> list[tuple[int, int]]:
    """Where code stands: fences, closed or not, and spans that end in their paragraph."""
    if "`" not in text and "~~~" not in text:
        return []
    spans: list[tuple[int, int]] = []
    prose, opened, at = 0, "", 0
    for line in text.splitlines(keepends=True):
        fence = _FENCE.match(line)
        if fence and not opened:
            spans += _spans(text, prose, at)
            opened, prose = fence[1], at
        elif fence and fence[1].startswith(opened) and not line[fence.end() :].strip():
            spans.append((prose, at + len(line)))
            opened, prose = "", at + len(line)
        at += len(line)
    return [*spans, (prose, at)] if opened else [*spans, *_spans(text, prose, at)]


def _spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Code spans between ``start`` and ``end``, where there is no fence."""
    found: list[tuple[int, int]] = []
    for first, last in _paragraphs(text, start, end):
        ticks = list(_TICKS.finditer(text, first, last))
        while ticks:
            opener = ticks.pop(0)
            closer = next((i for i, mark in enumerate(ticks) if mark[0] == opener[0]), None)
            if closer is not None:
                found.append((opener.start(), ticks[closer].end()))
                del ticks[: closer + 1]
    return found


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    breaks = [match.end() for match in _BLANK.finditer(text, start, end)]
    return list(zip([start, *breaks], [*breaks, end], strict=True))
