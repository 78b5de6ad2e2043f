"""Marked regions of a file that is the user's: only what stands between our marks is ours."""

import re
from collections import Counter
from collections.abc import Mapping

from researchdesk.errors import BadInputError

_MARK = re.compile(
    r"(?:\A\ufeff?|(?<=[\r\n]))(?P<mark><!-- researchdesk:(begin|end) ([a-z]+) -->)"
    r"[ \t]*(?P<line_end>\r\n|\r|\n|\Z)"
)
_END = re.compile(r"\r\n|\r|\n")


def wrap(name: str, body: str) -> str:
    """``body`` between the marks of region ``name``."""
    return _region(name, body, "\n") + "\n"


def guard(text: str) -> str:
    """``text`` in which nothing begins a comment, so nothing reads as one of our marks."""
    return text.replace("<!--", "&lt;!--")


def holds_mark(text: str) -> bool:
    """Whether one of our marks stands in ``text``."""
    return _MARK.search(text) is not None


def line_end(text: str) -> str:
    """The line end that ``text`` uses most; a newline where it has none."""
    counted = Counter(_END.findall(text)).most_common(1)
    return counted[0][0] if counted else "\n"


def merge(text: str, bodies: Mapping[str, str], where: str) -> str:
    """``text`` with every region written anew; one that is not there is put at the end.

    A region keeps the line end of its begin mark; all outside the marks stays byte for byte.
    Raises BadInputError, naming ``where``, when the marks do not pair.
    """
    spans = _spans(text, where)
    usual = line_end(text)
    for name in sorted(spans, key=lambda item: spans[item][0], reverse=True):
        if name in bodies:
            start, end, own = spans[name]
            text = text[:start] + _region(name, bodies[name], own) + text[end:]
    for name, body in bodies.items():
        if name not in spans:
            text += _gap(text, usual) + _region(name, body, usual) + usual
    return text


def _region(name: str, body: str, end: str) -> str:
    lines = _END.sub("\n", body).strip()
    text = f"<!-- researchdesk:begin {name} -->\n{lines}\n<!-- researchdesk:end {name} -->"
    return text.replace("\n", end)


def _gap(text: str, end: str) -> str:
    """What makes the next line one of its own, after a blank one where there is text."""
    if re.search(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\Z", text) or not text:
        return ""
    ends = 0 if text[-1] in "\r\n" else 1
    return end * (ends + 1 if text.strip() else ends)


def _spans(text: str, where: str) -> dict[str, tuple[int, int, str]]:
    """Where each region begins and ends, without its last line end, and the line end it has."""
    spans: dict[str, tuple[int, int, str]] = {}
    opened: re.Match[str] | None = None
    for match in _MARK.finditer(text):
        kind, name = match[2], match[3]
        if (kind == "begin") is not (opened is None) or (opened and opened[3] != name):
            raise _broken(where, match)
        if opened is None:
            if name in spans:
                raise _broken(where, match)
            opened = match
        else:
            spans[name] = (opened.start("mark"), match.end("mark"), opened["line_end"])
            opened = None
    if opened is not None:
        raise _broken(where, opened)
    return spans


def _broken(where: str, match: re.Match[str]) -> BadInputError:
    line = len(_END.findall(match.string, 0, match.start())) + 1
    return BadInputError(
        f"{where}, line {line}: the mark of region {match[3]!r} has no partner. "
        "Nothing was written.",
        "Put the missing begin or end mark back, or move the file away to have it written anew.",
    )
