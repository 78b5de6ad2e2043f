"""Reads values out of a recipe's tables, and gathers every problem with its file, line and key."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from researchdesk.domain.text import clean
from researchdesk.harness.locate import Places

_DEEPEST = 50
_MOST_BITS = 1023  # what no float holds, no formula takes


@dataclass(slots=True)
class Problems:
    """What is wrong with a recipe file, each with its place."""

    file: Path
    places: Places
    found: list[str] = field(default_factory=list)

    def add(self, table: str, key: str, what: str) -> None:
        line = self.places.line(table, key)
        name = f"{table}.{key}" if table and key else table or key
        self.found.append(f"{self.file}:{line}: {clean(name)}: {clean(what)}")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file; every reader notes a problem and gives a harmless value instead."""

    values: Mapping[str, Any]
    name: str
    problems: Problems

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.problem(key, f"is {_kind(value)}, not text")
            return ""
        if needed and not value.strip():
            self.problem(key, "is missing")
        return clean(value).strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(key, f"is {_kind(value)}, not a list of texts")
            return ()
        return tuple(clean(item).strip() for item in value)

    def number(self, key: str, *, needed: bool = False, least: float = -math.inf) -> float | None:
        value = self.values.get(key)
        if value is None:
            if needed:
                self.problem(key, "is missing")
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(key, f"is {_kind(value)}, not a number")
            return None
        if isinstance(value, int) and value.bit_length() > _MOST_BITS:
            self.problem(key, "is too large for a number here")
            return None
        if not math.isfinite(value) or value < least:
            self.problem(key, f"is {value}, not a finite number from {least:g}")
            return None
        return value

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

    def table(self, key: str) -> "Table":
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, f"is {_kind(value)}, not a table")
            value = {}
        return Table(value, f"{self.name}.{key}" if self.name else key, self.problems)

    def tables(self, key: str) -> list["Table"]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, f"is not a list of tables: write [[{key}]]")
            return []
        return [Table(item, f"{key}[{i}]", self.problems) for i, item in enumerate(value)]

    def only(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                self.problem(key, f"is unknown; known are {', '.join(known)}")

    def problem(self, key: str, what: str) -> None:
        self.problems.add(self.name, key, what)


def is_plain(value: object, depth: int = _DEEPEST) -> bool:
    """Whether JSON has such a value: text, numbers, lists and tables, in reason deep and large."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return depth > 0 and all(is_plain(item, depth - 1) for item in value)
    if isinstance(value, int):
        return value.bit_length() <= _MOST_BITS
    return isinstance(value, str | float)


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
