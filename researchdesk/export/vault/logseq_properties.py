"""Logseq's page properties: ``key:: value`` lines before the first bullet, the user's own kept."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from researchdesk.domain.text import one_line
from researchdesk.export.regions import line_end, lines_of

_PROPERTY = re.compile(r"(?P<key>[^\s:#\-][^\s:]*)::(?:[ \t]+(?P<value>[^\r\n]*))?(?=[\r\n]|\Z)")
_LINKING = re.compile(r"[#<`]|\[\[|\(\(|\{\{|\]\(")
_IN_LIST = re.compile(r"[,\[\]<>`]|\(\(|\)\)|\{\{|\}\}")
_ADDED = ("tags", "alias")


def merge(text: str, values: Mapping[str, Any]) -> str:
    """``text`` with these properties brought up to date; every other line stays."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = _head(text[len(mark) :])
    rest = text[len(mark) + sum(map(len, lines)) :]
    end = line_end("".join(lines) or text)
    seen: set[str] = set()
    for at, line in enumerate(lines):
        match = _PROPERTY.match(line)
        key = match["key"].casefold() if match else ""
        if match and key in values and key not in seen:
            lines[at] = _line(key, values[key], match["value"] or "") + line[match.end() :]
            seen.add(key)
    if lines and not lines[-1].endswith(("\n", "\r")) and len(seen) < len(values):
        lines[-1] += end
    lines += [_line(key, value, "") + end for key, value in values.items() if key not in seen]
    gap = end if rest and not rest.startswith(("\r", "\n")) and not seen else ""
    return f"{mark}{''.join(lines)}{gap}{rest}"


def value_of(head: str, name: str) -> str:
    """The value of a property at the head of a file; ``""`` where it has none."""
    for line in _head(head.removeprefix("\ufeff")):
        match = _PROPERTY.match(line)
        if match and match["key"].casefold() == name:
            return (match["value"] or "").strip().strip('"')
    return ""


def _head(text: str) -> list[str]:
    """The lines of properties that a file begins with."""
    lines = []
    for line in lines_of(text):
        if not _PROPERTY.match(line):
            break
        lines.append(line)
    return lines


def _line(key: str, value: Any, old: str) -> str:
    """The property; where it says its value already, as it is written."""
    if key in _ADDED and isinstance(value, Sequence) and not isinstance(value, str):
        there = {part.strip().strip("[]#").casefold() for part in old.split(",") if part.strip()}
        new = [one for one in map(_one_of, value) if one and one.casefold() not in there]
        return f"{key}:: {', '.join([*([old.rstrip()] if old.strip() else []), *new])}"
    return f"{key}:: {_written(value)}"


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return _quoted(", ".join(map(_plain, value)))
    return _quoted(_plain(value))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else one_line(str(value))


def _one_of(value: Any) -> str:
    """One name of a list, without the commas that part names and the marks of links."""
    return one_line(_IN_LIST.sub(" ", _plain(value)).replace("#", ""))


def _quoted(text: str) -> str:
    """A value in which Logseq would find a link stands in quotes, where it looks for none."""
    return f'"{text}"' if _LINKING.search(text) else text
