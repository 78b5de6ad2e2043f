"""One BibTeX entry read sign by sign, as BibTeX itself counts braces; forgiving where it can be.

A second opinion, for the entries that the parser proper gives up.
"""

import re
from dataclasses import dataclass, field

from researchdesk.domain.bibliography import Problem

_HEAD = re.compile(r"@\s*(?P<kind>\w+)\s*(?P<open>[{(])\s*(?P<key>[^\s,{}()=\"#]*)\s*")
_NAME = re.compile(r"(?P<name>[^\s=,{}()\"#@]+)\s*=\s*")
_BARE = re.compile(r"[^\s,{}()\"#=]+")
_GAP = re.compile(r"[\s,]*")
_BLANK = re.compile(r"\s*")
_AHEAD = re.compile(r",\s*[A-Za-z][\w-]*\s*=\s*[{\"\d]")
_AHEAD_BELOW = re.compile(r",[ \t]*\n\s*[A-Za-z][\w-]*\s*=\s*[{\"\d]")
_MOST_REOPENS = 20
_JUNK = re.compile(r"[^,\n})]*")


@dataclass(slots=True)
class Scanned:
    """An entry, whole or as much of it as there is. ``end`` is where it ends in the text.

    ``whole`` is false where its end was not found; ``problems`` say what was wrong.
    """

    kind: str
    key: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    end: int = 0
    whole: bool = False


def scan(text: str, start: int, stop: int, line: int) -> Scanned | None:
    """The entry that begins at ``start``, which is on ``line``; read up to ``stop`` at most.

    None where no entry begins there.
    """
    head = _HEAD.match(text, start, stop)
    if head is None:
        return None
    return _Scan(text, stop, start, line).entry(head)


def value_end(text: str, start: int, stop: int) -> tuple[int, str]:
    """Where the value that begins at ``start`` ends, and what is missing at its end (``""``)."""
    place = start
    while True:
        place, missing = piece_end(text, place, stop)
        after = _skip(_BLANK, text, place, stop)
        if missing or not text.startswith("#", after, stop):
            return place, missing
        place = _skip(_BLANK, text, after + 1, stop)


def piece_end(text: str, start: int, stop: int) -> tuple[int, str]:
    """As ``value_end``, of one piece: what is in braces or quotes, or a bare word."""
    if start < stop and text[start] in '{"':
        return _closed(text, start, stop)
    match = _BARE.match(text, start, stop)
    return (match.end(), "") if match else (start, "value")


_BRACKETS = re.compile(r'[{}"]')


def _closed(text: str, start: int, stop: int) -> tuple[int, str]:
    quoted, depth = text[start] == '"', 0
    for match in _BRACKETS.finditer(text, start + quoted, stop):
        sign = match[0]
        depth += (sign == "{") - (sign == "}")
        if (quoted and sign == '"' and depth == 0) or (not quoted and depth == 0 and sign == "}"):
            return match.end(), ""
        if depth < 0:
            return match.start(), '"'
    return stop, '"' if quoted else "}"


def _skip(pattern: re.Pattern[str], text: str, start: int, stop: int) -> int:
    match = pattern.match(text, start, stop)
    return match.end() if match else start


class _Scan:
    def __init__(self, text: str, stop: int, start: int, line: int) -> None:
        self._text, self._stop, self._start, self._line = text, stop, start, line
        self._value = start
        self._reopens = 0

    def entry(self, head: re.Match[str]) -> Scanned:
        found = Scanned(head["kind"].lower(), head["key"])
        closing = "}" if head["open"] == "{" else ")"
        place = head.end()
        if _NAME.match(self._text, place, self._stop):
            self._tell(found, place, "there is no comma behind the key")
        elif _NAME.match(self._text, head.start("key"), self._stop):
            place, found.key = head.start("key"), ""
        while True:
            place = _skip(_GAP, self._text, place, self._stop)
            reopened = self._reopened(found) if place >= self._stop else None
            if reopened is not None:
                place = reopened
            elif place >= self._stop:
                found.end = self._stop
                end = len(self._text[: self._stop].rstrip())
                self._tell(found, end, f"the entry is not closed: a {closing} is missing")
                return found
            elif self._text[place] == closing:
                found.end, found.whole = place + 1, True
                return found
            else:
                place = self._field(found, place)

    def _reopened(self, found: Scanned) -> int | None:
        """Where to go on, where the last value took the entry's brace for its own: a field begins
        on a line within it. None where none does."""
        if not found.fields or not self._may_reopen():
            return None
        ahead = _AHEAD_BELOW.search(self._text, self._value, self._stop)
        if ahead is None:
            return None
        name, _ = found.fields[-1]
        found.fields[-1] = (name, _mended(self._text[self._value : ahead.start()]))
        self._tell(found, self._value, f"the field {name} is not closed")
        return ahead.start()

    def _may_reopen(self) -> bool:
        """A few times only: each may read the rest of the entry again."""
        self._reopens += 1
        return self._reopens <= _MOST_REOPENS

    def _field(self, found: Scanned, place: int) -> int:
        """Read the field at ``place``, or pass what is none; gives where to go on."""
        name = _NAME.match(self._text, place, self._stop)
        if name is None:
            end = max(_skip(_JUNK, self._text, place, self._stop), place + 1)
            passed = _short(self._text[place:end])
            self._tell(found, place, f"this is no field, and was passed over: {passed}")
            return end
        end, missing = value_end(self._text, name.end(), self._stop)
        if missing and missing != "value" and self._may_reopen():
            ahead = _AHEAD.search(self._text, name.end(), end)
            end = ahead.start() if ahead else end
        value = self._text[name.end() : end].strip()
        if missing == "value":
            self._tell(found, name.end(), f"the field {name['name']} has no value")
            return end
        if missing:
            why = f"the field {name['name']} is not closed: a {missing} is missing"
            self._tell(found, place, why)
            value = _mended(value)
        found.fields.append((name["name"], value))
        self._value = name.end()
        after = _skip(_BLANK, self._text, end, self._stop)
        if not missing and after < self._stop and self._text[after] not in ",})":
            self._tell(found, after, f"there is no comma behind the field {name['name']}")
        return end

    def _tell(self, found: Scanned, place: int, why: str) -> None:
        line = self._line + self._text.count("\n", self._start, place)
        found.problems.append(Problem(line, why))


def _mended(value: str) -> str:
    """An open value as a closed one, in braces."""
    inner = value[1:]
    depth, low = 0, 0
    for sign in inner:
        depth += (sign == "{") - (sign == "}")
        low = min(low, depth)
    return "{" * (1 - low) + inner + "}" * (1 + depth - low)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
