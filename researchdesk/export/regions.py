"""Marked regions of a file that is the user's: only what stands between our marks is ours.

A begin mark carries a short hash of what we wrote after it. Text that no longer has that hash was
changed by hand, and is not written over.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from researchdesk.errors import BadInputError

_MARK = re.compile(
    r"(?P<mark>(?P<lead>(?:- )?)"
    r"<!-- researchdesk:(?P<kind>begin|end) (?P<name>[a-z]+)(?: (?P<hash>[0-9a-f]{8}))? -->)"
    r"[ \t]*(?P<line_end>\r\n|\r|\n|\Z)"
)
_SIGN, _LEAD = "<!-- researchdesk:", "- "
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_END = re.compile(r"\r\n|\r|\n")
_FOLDED = re.compile(r"\s*collapsed:: (?:true|false)\s*")


class Settle(StrEnum):
    """What becomes of a region that was changed by hand, where we have newer text for it."""

    ASK = "ask"
    """It stays, and is told as a conflict."""
    NEW = "new"
    """The newer text takes its place."""
    MINE = "mine"
    """It stays, and is told again only when there is text newer still."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The file's text. ``edited`` names the regions that stay as a person changed them;
    ``conflicts`` has the newer text of those for which there is some."""

    text: str
    edited: tuple[str, ...] = ()
    conflicts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Region:
    start: int
    end: int
    line_end: str
    lead: str
    written: str
    """The hash in its mark, or ``""``."""
    body: str
    rest: str
    """All that comes after the begin mark itself."""

    def stamped(self, name: str, told: str) -> str:
        """The region byte for byte, but for the hash in its mark."""
        return _begin(self.lead, name, told) + self.rest


def wrap(name: str, body: str, lead: str = "") -> str:
    """``body`` between the marks of region ``name``; ``lead`` stands before each mark."""
    return _region(name, body, "\n", lead, digest(body)) + "\n"


def guard(text: str) -> str:
    """``text`` in which nothing begins a comment, so nothing reads as one of our marks."""
    return text.replace("<!--", "&lt;!--")


def holds_mark(text: str) -> bool:
    """Whether one of our marks stands in ``text``."""
    return next(_marks(text), None) is not None


def lines_of(text: str) -> list[str]:
    """The lines of ``text``, each with its end, whichever that is."""
    return _LINE.findall(text)


def line_end(text: str) -> str:
    """The line end that ``text`` uses most; a newline where it has none."""
    if "\r" not in text:
        return "\n"
    counted = Counter(_END.findall(text)).most_common(1)
    return counted[0][0] if counted else "\n"


def digest(body: str) -> str:
    """The short hash of a region's text, whatever its line ends, blanks at the ends of lines and
    blocks that Logseq shows folded."""
    lines = [line.rstrip() for line in _END.split(body)]
    if "collapsed::" in body:
        lines = [line for line in lines if not _FOLDED.fullmatch(line)]
    return hashlib.sha256("\n".join(lines).strip("\n").encode()).hexdigest()[:8]


def names_in(text: str) -> frozenset[str]:
    """The names of the regions whose marks stand in ``text``."""
    return frozenset(match["name"] for match in _marks(text))


def bodies_in(text: str, where: str) -> dict[str, str]:
    """What stands in each region. Raises BadInputError, as ``merge``."""
    return {
        name: _END.sub("\n", one.body).strip("\n") for name, one in _regions(text, where).items()
    }


def merge(
    text: str,
    bodies: Mapping[str, str],
    where: str,
    *,
    lead: str = "",
    settle: Settle = Settle.ASK,
) -> Merged:
    """``text`` with every region brought up to date; one that is not there is put at the end.

    A region changed by hand stays, but for Settle.NEW; an empty one is written anew. So does one
    without a hash, of which nobody can tell, unless it says just this. A region keeps the line end
    of its begin mark; all outside the marks stays byte for byte. Raises BadInputError, naming
    ``where``, when the marks do not pair.
    """
    found = _regions(text, where)
    usual = line_end(text)
    edited: list[str] = []
    conflicts: dict[str, str] = {}
    for name in sorted(found, key=lambda item: found[item].start, reverse=True):
        if name not in bodies:
            continue
        region, new = found[name], digest(bodies[name])
        same = region.body.strip("\n") == bodies[name]
        now = new if same else digest(region.body)
        if region.body.strip() and now not in (region.written, new) and settle is not Settle.NEW:
            edited.append(name)
            if settle is Settle.ASK and region.written != new:
                conflicts[name] = bodies[name]
            written = region.stamped(name, new if settle is Settle.MINE else region.written)
        elif now == new:
            written = region.stamped(name, new)
        else:
            written = _region(name, bodies[name], region.line_end, lead, new)
        text = text[: region.start] + written + text[region.end :]
    for name, body in bodies.items():
        if name not in found:
            gap = "" if lead and text.endswith(("\n", "\r")) else _gap(text, usual)
            text += gap + _region(name, body, usual, lead, digest(body)) + usual
    return Merged(text, tuple(reversed(edited)), conflicts)


def _marks(text: str) -> Iterator[re.Match[str]]:
    """Our marks in their order: each stands on a line of its own."""
    at = text.find(_SIGN)
    while at >= 0:
        start = at - len(_LEAD) if text.startswith(_LEAD, at - len(_LEAD)) and at > 1 else at
        if start == 0 or text[start - 1] in "\r\n" or text[:start] == "\ufeff":
            match = _MARK.match(text, start)
            if match:
                yield match
        at = text.find(_SIGN, at + 1)


def _region(name: str, body: str, end: str, lead: str, told: str) -> str:
    lines = _END.sub("\n", body).strip("\n")
    text = f"{_begin(lead, name, told)}\n{lines}\n{lead}<!-- researchdesk:end {name} -->"
    return text.replace("\n", end)


def _begin(lead: str, name: str, told: str) -> str:
    return f"{lead}<!-- researchdesk:begin {name}{f' {told}' if told else ''} -->"


def _gap(text: str, end: str) -> str:
    """What makes the next line one of its own, after a blank one where there is text."""
    if re.search(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\Z", text) or not text:
        return ""
    ends = 0 if text[-1] in "\r\n" else 1
    return end * (ends + 1 if text.strip() else ends)


def _regions(text: str, where: str) -> dict[str, _Region]:
    """Where each region begins and ends, without its last line end."""
    found: dict[str, _Region] = {}
    opened: re.Match[str] | None = None
    for match in _marks(text):
        kind, name = match["kind"], match["name"]
        if (kind == "begin") is not (opened is None) or (opened and opened["name"] != name):
            raise _broken(where, match)
        if opened is None:
            if name in found:
                raise _broken(where, match)
            opened = match
        else:
            body = text[opened.end() : match.start("mark")]
            rest = text[opened.end("mark") : match.end("mark")]
            place = (opened.start("mark"), match.end("mark"), opened["line_end"], opened["lead"])
            found[name] = _Region(*place, opened["hash"] or "", body, rest)
            opened = None
    if opened is not None:
        raise _broken(where, opened)
    return found


def _broken(where: str, match: re.Match[str]) -> BadInputError:
    line = len(_END.findall(match.string, 0, match.start())) + 1
    return BadInputError(
        f"{where}, line {line}: the mark of region {match['name']!r} has no partner. "
        "The file was left as it is.",
        "Put the missing begin or end mark back, or move the file away to have it written anew.",
    )
