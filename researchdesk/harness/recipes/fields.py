"""Reads values out of a recipe's tables, and gathers every problem with its file, line and key."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from researchdesk.domain.text import clean, one_line
from researchdesk.domain.toml_lines import Path as KeyPath

_DEEPEST = 50
_MOST_BITS = 1023  # what no float holds, no formula takes


@dataclass(slots=True)
class Problems:
    """What is wrong with a recipe file, each with its place."""

    file: Path
    lines: Mapping[KeyPath, int]
    found: list[str] = field(default_factory=list)

    def add(self, path: KeyPath, what: str) -> None:
        near = path
        while near and near not in self.lines:
            near = near[:-1]
        line = self.lines.get(near, 1)
        self.found.append(f"{self.file}:{line}: {one_line(_name(path))}: {one_line(what)}")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file; every reader notes a problem and gives a harmless value instead."""

    values: Mapping[str, Any]
    path: KeyPath
    problems: Problems

    def has(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.problem(key, f"is {_kind(value)}, not text")
            return ""
        if needed and not value.strip():
            self.problem(key, "is missing")
        return clean(value).strip()

    def one_of(self, key: str, known: Sequence[str], *, needed: bool = False) -> str:
        """A text that is among ``known``; empty where it is not there or wrong."""
        value = self.text(key, needed=needed)
        if value and value not in known:
            self.problem(key, f"is {value!r}, not one of {', '.join(known)}")
            return ""
        return value

    def exact(self, key: str, *, needed: bool = False) -> str:
        """A text for a machine, kept as it is; a problem where a terminal would obey it."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.problem(key, f"is {_kind(value)}, not text")
            return ""
        if needed and not value.strip():
            self.problem(key, "is missing")
        return value if self._harmless(key, value) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(key, f"is {_kind(value)}, not a list of texts")
            return ()
        return tuple(clean(item).strip() for item in value)

    def some_of(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        """A list of texts that are among ``known``, each once."""
        given = self.texts(key)
        for name in given:
            if name not in known:
                self.problem(key, f"names {name!r}; known are {', '.join(known) or 'none'}")
        return tuple(dict.fromkeys(name for name in given if name in known))

    def words(self, key: str) -> tuple[str, ...]:
        """The words of a command, kept as they are."""
        return self._words(key, self.values.get(key, []))

    def lines_of_words(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of commands."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, list) for item in value):
            self.problem(key, f"is {_kind(value)}, not a list of commands (lists of words)")
            return ()
        return tuple(self._words(key, item) for item in value)

    def _words(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(key, "is not a list of words: write each word of the command by itself")
            return ()
        if key in self.values and not (value and value[0].strip()):
            self.problem(key, "has no command")
        return tuple(item for item in value if self._harmless(key, item))

    def _harmless(self, key: str, text: str) -> bool:
        if clean(text) == text and "\n" not in text:
            return True
        self.problem(key, "holds line breaks, control characters or escape sequences")
        return False

    def number(
        self,
        key: str,
        *,
        needed: bool = False,
        least: float = -math.inf,
        above: float = -math.inf,
        most: float = math.inf,
    ) -> float | None:
        value = self.values.get(key)
        if value is None:
            if needed:
                self.problem(key, "is missing")
            return None
        found = self._number(key, value)
        if found is None:
            return None
        if not least <= found <= most:
            bounds = f"from {least:g}" + (f" to {most:g}" if math.isfinite(most) else "")
            self.problem(key, f"is {found}, not a finite number {bounds}")
            return None
        if found <= above:
            self.problem(key, f"is {found}, not above {above:g}")
            return None
        return found

    def numbers(self, key: str, count: int) -> tuple[float, ...] | None:
        """A list of so many finite numbers; None where it is not there or wrong."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != count:
            self.problem(key, f"is not a list of {count} numbers")
            return None
        found = [self._number(key, item) for item in value]
        return None if None in found else tuple(item for item in found if item is not None)

    def _number(self, key: str, value: object) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(key, f"is {_kind(value)}, not a number")
        elif isinstance(value, int) and value.bit_length() > _MOST_BITS:
            self.problem(key, "is too large for a number here")
        elif not math.isfinite(value):
            self.problem(key, f"is {value}, not a finite number")
        else:
            return value
        return None

    def whole(
        self, key: str, *, least: int, most: int = 10**9, default: int | None = None
    ) -> int | None:
        value = self.values.get(key, default)
        if value is None:
            return None
        if isinstance(value, int) and value.bit_length() > _MOST_BITS:
            self.problem(key, f"is not a whole number from {least} to {most}")
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problem(key, f"is {value!r}, not a whole number from {least} to {most}")
            return default
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.problem(key, f"is {_kind(value)}, neither true nor false")
            return False
        return value

    def plain(self) -> dict[str, Any]:
        """The table's values, those left out that JSON has not."""
        kept = {}
        for key, value in self.values.items():
            if is_plain(value):
                kept[key] = value
            else:
                self.problem(key, "is or has a date or time (write it as text), or is too large")
        return kept

    def table(self, key: str) -> "Table":
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, f"is {_kind(value)}, not a table")
            value = {}
        return Table(value, (*self.path, key), self.problems)

    def tables(self, key: str) -> list["Table"]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, f"is not a list of tables: write [[{key}]]")
            return []
        return [Table(item, (*self.path, key, i), self.problems) for i, item in enumerate(value)]

    def only(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                self.problem(key, f"is unknown; known are {', '.join(known)}")

    def problem(self, key: str, what: str) -> None:
        self.problems.add((*self.path, key), what)


def unique(tables: Sequence[Table], names: Sequence[str], key: str) -> None:
    """Note every name that is there twice."""
    for number, name in enumerate(names):
        if name and name in names[:number]:
            tables[number].problem(key, f"{name!r} is there twice")


def is_plain(value: object, depth: int = _DEEPEST) -> bool:
    """Whether JSON has such a value: text, numbers, lists and tables, in reason deep and large."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return depth > 0 and all(is_plain(item, depth - 1) for item in value)
    if isinstance(value, int):
        return value.bit_length() <= _MOST_BITS
    return isinstance(value, str | float)


def _name(path: KeyPath) -> str:
    """``arms[0].settings.lr`` for ``("arms", 0, "settings", "lr")``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _kind(value: object) -> str:
    return _KINDS.get(type(value).__name__, "a date")


_KINDS = {
    "str": "text",
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "list": "a list",
    "dict": "a table",
}
