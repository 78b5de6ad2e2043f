"""Values of BibTeX fields: pieces in braces or quotes, numbers, abbreviations, joined by ``#``."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from researchdesk.domain.bibliography import Problem
from researchdesk.sources.bibtex_scan import piece_end, value_end

MONTHS = dict(
    zip(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        ("January", "February", "March", "April", "May", "June", "July", "August", "September",
         "October", "November", "December"),
        strict=True,
    )
)  # fmt: skip
ABBREVIATION = "@string "
"""What stands before the name of an abbreviation among the fields of an entry that uses it."""

_ONE = re.compile(r"\{([^{}]*)\}|\"([^\"{}]*)\"|(\d+)")
_ESCAPED = re.compile(r"\\[{}\"]")


def is_sound(raw: str) -> bool:
    r"""Whether it is a value and nothing more; ``\{`` and ``\"`` may count as braces and quotes, as
    BibTeX has it, or not, as people have it."""
    if _ONE.fullmatch(raw):
        return True
    if value_end(raw, 0, len(raw)) == (len(raw), ""):
        return True
    bare = _ESCAPED.sub("..", raw)
    return value_end(bare, 0, len(bare)) == (len(bare), "")


def pieces(raw: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a value, and whether each is the name of an abbreviation."""
    whole = _ONE.fullmatch(raw)
    if whole:
        yield next(part for part in whole.groups() if part is not None), False
        return
    size = len(raw)
    counted = raw if value_end(raw, 0, size) == (size, "") else _ESCAPED.sub("..", raw)
    place = 0
    while place < size:
        if raw[place] == "#" or raw[place].isspace():
            place += 1
            continue
        end, missing = piece_end(counted, place, size)
        end = max(end, place + 1)
        piece, place = raw[place:end], end
        if piece[0] in '{"':
            yield piece[1 : None if missing else -1], False
        else:
            yield piece, not piece.isdigit()


def kept(fields: Sequence[tuple[str, str]], used: Mapping[str, str]) -> dict[str, str]:
    """Fields under their names, and the abbreviations they use; a name that comes twice is counted
    (``keywords 2``), which no field's own name can be."""
    found: dict[str, str] = {}
    times: Counter[str] = Counter()
    for name, raw in fields:
        times[name] += 1
        found[name if times[name] == 1 else f"{name} {times[name]}"] = raw
    return found | {f"{ABBREVIATION}{name}": raw for name, raw in used.items()}


def unkept(fields: Mapping[str, str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Fields and abbreviations as ``kept`` was given them."""
    pairs = [
        (label.partition(" ")[0], raw)
        for label, raw in fields.items()
        if not label.startswith(ABBREVIATION)
    ]
    macros = {
        label.removeprefix(ABBREVIATION): raw
        for label, raw in fields.items()
        if label.startswith(ABBREVIATION)
    }
    return pairs, macros


@dataclass(slots=True)
class Macros:
    """The abbreviations of a file, as they stand and as they are read."""

    raw: dict[str, str] = field(default_factory=dict)
    _read: dict[str, str] = field(default_factory=lambda: dict(MONTHS))

    def define(self, name: str, raw: str) -> None:
        self.raw[name.lower()] = raw
        self._read[name.lower()] = self.spoken(raw)

    def spoken(self, raw: str) -> str:
        """A value without delimiters; an abbreviation that is not defined is its own name."""
        whole = _ONE.fullmatch(raw)
        if whole:
            return whole[1] or whole[2] or whole[3] or ""
        return "".join(
            self._read.get(text.lower(), text) if named else text for text, named in pieces(raw)
        )

    def read(self, fields: Sequence[tuple[str, str]]) -> dict[str, str]:
        """The values without delimiters under names in lower case: of a name that comes twice the
        first, but of keywords all."""
        found: dict[str, str] = {}
        for name, raw in fields:
            low = name.lower()
            if low not in found:
                found[low] = self.spoken(raw)
            elif low == "keywords":
                found[low] += f", {self.spoken(raw)}"
        return found

    def used(self, fields: Sequence[tuple[str, str]]) -> dict[str, str]:
        """The abbreviations that these fields need, those that they need themselves first."""
        found: dict[str, str] = {}
        waiting = [name for _, raw in fields for name in names_in(raw)]
        while waiting:
            name = waiting.pop().lower()
            itself = self._read.get(name, "").casefold() == name
            if name in self.raw and name not in found and not itself:
                found[name] = self.raw[name]
                waiting += names_in(self.raw[name])
        return dict(reversed(found.items()))

    def unknown(self, fields: Sequence[tuple[str, str]], lines: Sequence[int]) -> list[Problem]:
        """The abbreviations in these fields that nothing defines. ``lines`` are those of the
        fields, or the entry's alone."""
        at = lines if len(lines) == len(fields) else [lines[0]] * len(fields)
        return [
            Problem(line, f"the abbreviation {name} in {label} is not defined; read as it is")
            for (label, raw), line in zip(fields, at, strict=True)
            for name in names_in(raw)
            if name.lower() not in self._read
        ]


def names_in(raw: str) -> list[str]:
    """The abbreviations of a value, as it writes them."""
    if _ONE.fullmatch(raw) or (raw.startswith("{") and "#" not in raw and is_sound(raw)):
        return []
    return [text for text, named in pieces(raw) if named]
