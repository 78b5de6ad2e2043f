"""Marked regions of a file that is the user's: only what stands between our marks is ours."""

import re
from collections.abc import Mapping

from researchdesk.errors import BadInputError

_MARK = re.compile(r"^<!-- researchdesk:(begin|end) ([a-z]+) -->[ \t]*$", re.MULTILINE)


def wrap(name: str, body: str) -> str:
    """``body`` between the marks of region ``name``."""
    return f"<!-- researchdesk:begin {name} -->\n{body.strip()}\n<!-- researchdesk:end {name} -->\n"


def guard(text: str) -> str:
    """``text`` in which nothing reads as one of our marks."""
    return text.replace("<!-- researchdesk:", "&lt;!-- researchdesk:")


def merge(text: str, bodies: Mapping[str, str], where: str) -> str:
    """``text`` with every region written anew; one that is not there is put at the end.

    Raises BadInputError, naming ``where``, when the marks do not pair.
    """
    spans = _spans(text, where)
    for name in sorted(spans, key=lambda item: spans[item][0], reverse=True):
        if name in bodies:
            start, end = spans[name]
            text = text[:start] + wrap(name, bodies[name]) + text[end:]
    for name, body in bodies.items():
        if name not in spans:
            text = (text.rstrip("\n") + "\n\n" if text.strip() else "") + wrap(name, body)
    return text


def _spans(text: str, where: str) -> dict[str, tuple[int, int]]:
    spans: dict[str, tuple[int, int]] = {}
    opened: tuple[str, int] | None = None
    for match in _MARK.finditer(text):
        kind, name = match[1], match[2]
        if (kind == "begin") is not (opened is None) or (opened and opened[0] != name):
            raise _broken(where, text.count("\n", 0, match.start()) + 1, name)
        if opened is None:
            if name in spans:
                raise _broken(where, text.count("\n", 0, match.start()) + 1, name)
            opened = (name, match.start())
        else:
            spans[name] = (opened[1], min(match.end() + 1, len(text)))
            opened = None
    if opened is not None:
        raise _broken(where, text.count("\n", 0, opened[1]) + 1, opened[0])
    return spans


def _broken(where: str, line: int, name: str) -> BadInputError:
    return BadInputError(
        f"{where}, line {line}: the mark of region {name!r} has no partner. Nothing was written.",
        "Put the missing begin or end mark back, or move the file away to have it written anew.",
    )
