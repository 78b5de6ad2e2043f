"""Files of ours in TOML, read with every problem that they have, each with its line and key."""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from researchdesk.domain.text import one_line
from researchdesk.domain.toml_lines import Path, key_lines

_BROKEN = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.S
)
_KEY = re.compile(r"\s*(?P<key>(?:[\w-]+|\"[^\"\n]*\")(?:\s*\.\s*[\w-]+)*)\s*=|\s*(?P<table>\[.*)")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """``line`` counts from 1. ``key`` is its whole path (``passes[1].steps[2].key``, counted from
    1), ``""`` where the text is no TOML and no key stands on the line."""

    line: int
    key: str
    message: str

    def __str__(self) -> str:
        key = f" {self.key}:" if self.key else ""
        return one_line(f"line {self.line}:{key} {self.message}")


class TableReader:
    """Takes values out of tables, and keeps what is wrong with them.

    A path leads to a key from the top: names, and places in arrays counted from 0.
    """

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self._problems: list[Problem] = []
        self._meant: set[Path] = set()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order of the lines."""
        return tuple(sorted(self._problems, key=lambda item: item.line))

    def only(self, table: Mapping[str, Any], known: Sequence[str], at: Path) -> None:
        """Complain of keys that are not known.

        A key that one of them was probably meant to be is not complained of as missing.
        """
        for key in table:
            if key not in known:
                near = _nearest(key, [name for name in known if name not in table])
                self._meant.update((*at, name) for name in near)
                self.complain((*at, key), f"unknown key; {_hint(near, known)}")

    def text(self, table: Mapping[str, Any], key: str, at: Path, *, needed: bool = True) -> str:
        """The text of a key in one line; ``""`` where there is none, with a complaint if needed."""
        value = table.get(key)
        if value is None:
            if needed and not self.misspelt((*at, key)):
                self.complain((*at, key), "missing")
        elif not isinstance(value, str) or (needed and not value.strip()):
            self.complain((*at, key), f"{value!r}, but text is wanted")
        else:
            return one_line(value)
        return ""

    def tables(
        self, table: Mapping[str, Any], key: str, at: Path
    ) -> list[tuple[Mapping[str, Any], Path]]:
        """Each table of an array, with its path; there must be one at least."""
        items, here = table.get(key), (*at, key)
        if items is None and self.misspelt(here):
            return []
        if not isinstance(items, list) or not items:
            header = ".".join(part for part in here if isinstance(part, str))
            got = "missing" if not items else f"a {_kind(items)}"
            self.complain(here, f"{got}; at least one [[{header}]] is wanted")
            return []
        found: list[tuple[Mapping[str, Any], Path]] = []
        for index, item in enumerate(items):
            if isinstance(item, dict):
                found.append((item, (*here, index)))
            else:
                self.complain((*here, index), f"{item!r}, but a table is wanted")
        return found

    def distinct(self, names: Sequence[tuple[str, Path]], where: str) -> None:
        """Complain of a name that stands twice; empty ones were complained of before."""
        first: dict[str, Path] = {}
        for name, path in names:
            if name in first:
                line = self.line(first[name])
                self.complain(path, f"{name!r} stands twice {where}, first on line {line}")
            elif name:
                first[name] = path

    def misspelt(self, path: Path) -> bool:
        """Whether an unknown key was probably meant to be this one."""
        return path in self._meant

    def complain(self, path: Path, message: str) -> None:
        self._problems.append(Problem(self.line(path), _spoken(path), message))

    def line(self, path: Path) -> int:
        """The line of a key; of a missing one that of the table it should stand in."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


def read(
    source: str, make: Callable[[TableReader, Mapping[str, Any]], T]
) -> tuple[T | None, tuple[Problem, ...]]:
    """What ``make`` takes out of a TOML text; or None and every problem, in the order of lines."""
    try:
        table = tomllib.loads(source)
    except ValueError as error:  # of a number beyond all measure it is no TOMLDecodeError
        return None, (_no_toml(source, str(error)),)
    except RecursionError:
        return None, (Problem(1, "", "the brackets are nested too deep"),)
    reader = TableReader(key_lines(source))
    made = make(reader, table)
    return (None if reader.problems else made), reader.problems


def unknown(name: object, known: Sequence[str]) -> str:
    """What to say of a value that is none of the known ones."""
    return _hint(_nearest(name, known), known)


def _no_toml(source: str, said: str) -> Problem:
    """What Python's parser complains of, with the key on the line it names."""
    found = _BROKEN.fullmatch(said)
    lines = source.split("\n")
    at = int(found["line"]) if found and found["line"] else _last_opened(source)
    match = _KEY.match(lines[at - 1]) if at <= len(lines) else None
    key = (match["key"] or match["table"]).strip() if match else ""
    return Problem(at, key, f"this is no TOML: {found['what'] if found else said}")


def _last_opened(source: str) -> int:
    """The line of what is open at the end: of long quotes that nothing closes, else the last."""
    ends = [source.rfind(quotes) for quotes in ('"""', "'''") if source.count(quotes) % 2]
    return source.count("\n", 0, max(ends)) + 1 if ends else len(source.rstrip().split("\n"))


def _nearest(name: object, known: Sequence[str]) -> list[str]:
    """The known name that was probably meant, if there is one."""
    return difflib.get_close_matches(str(name).lower(), known, n=1, cutoff=0.6)


def _hint(near: Sequence[str], known: Sequence[str]) -> str:
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"


def _spoken(path: Path) -> str:
    said = ""
    for part in path:
        said += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if said else part
    return said


def _kind(value: object) -> str:
    names = {dict: "table", str: "text", bool: "yes or no", int: "number", float: "number"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "value")
