"""A reading workflow read from TOML: what it says, or every problem with its line and key."""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.text import one_line
from researchdesk.domain.toml_lines import Path, key_lines
from researchdesk.domain.workflows import Place, Step, Workflow, WorkflowPass

_WORKFLOW = ("name", "title", "source", "passes")
_PASS = ("number", "title", "aim", "steps")
_STEP = ("key", "title", "question", "places")
_OPTIONAL = {"source", "aim"}
_PLACES = [place.value for place in Place]
_BROKEN = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.S
)
_KEY = re.compile(r"\s*(?P<key>(?:[\w.-]+|\"[^\"\n]*\")(?:\s*\.\s*[\w-]+)*)\s*=|\s*(?P<table>\[.*)")


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


def read_workflow(source: str) -> tuple[Workflow | None, tuple[Problem, ...]]:
    """The workflow that a TOML text says, or None and every problem, in the order of the lines."""
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        return None, (_no_toml(source, str(error)),)
    except RecursionError:
        return None, (Problem(1, "", "the brackets are nested too deep"),)
    reader = _Reader(key_lines(source))
    workflow = reader.workflow(table)
    problems = tuple(sorted(reader.problems, key=lambda item: item.line))
    return (None if problems else workflow), problems


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


class _Reader:
    """Reads tables, and keeps what is wrong with them."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self.problems: list[Problem] = []
        self._meant: set[Path] = set()

    def workflow(self, table: Mapping[str, Any]) -> Workflow:
        self._only(table, _WORKFLOW, ())
        name, title, source = (self._text(table, key, ()) for key in _WORKFLOW[:3])
        passes = [self._pass(*item) for item in self._tables(table, "passes", ())]
        return Workflow(name, title, source, tuple(passes))

    def _pass(self, table: Mapping[str, Any], at: Path, place: int) -> WorkflowPass:
        self._only(table, _PASS, at)
        number = table.get("number", place)
        if number != place or not isinstance(number, int) or isinstance(number, bool):
            self._complain(
                (*at, "number"), f"{number!r}, but the passes count 1, 2, 3 …; this is {place}"
            )
        title, aim = (self._text(table, key, at) for key in ("title", "aim"))
        steps, keys = [], dict[str, Path]()
        for item, where, _ in self._tables(table, "steps", at):
            step = self._step(item, where)
            if step.key in keys:
                line = self._line((*keys[step.key], "key"))
                self._complain(
                    (*where, "key"), f"{step.key!r} stands twice in one pass, first on line {line}"
                )
            elif step.key:
                keys[step.key] = where
            steps.append(step)
        return WorkflowPass(place, title, aim, tuple(steps))

    def _step(self, table: Mapping[str, Any], at: Path) -> Step:
        self._only(table, _STEP, at)
        key, title, question = (self._text(table, name, at) for name in _STEP[:3])
        names, here = table.get("places"), (*at, "places")
        if names is None and here in self._meant:
            return Step(key, title, question, ())
        if not isinstance(names, list):
            got = "missing" if names is None else f"{names!r}"
            self._complain(here, f"{got}; a list of parts of the paper is wanted, as ['abstract']")
            names = []
        elif not names:
            self._complain(here, f"missing; name at least one of: {', '.join(_PLACES)}")
        places = [self._place(name, (*here, index)) for index, name in enumerate(names)]
        return Step(key, title, question, tuple(place for place in places if place))

    def _place(self, name: object, at: Path) -> Place | None:
        if name in _PLACES:
            return Place(name)
        hint = _hint(_nearest(name, _PLACES), _PLACES)
        self._complain(at, f"{name!r} is no part of a paper; {hint}")
        return None

    def _text(self, table: Mapping[str, Any], key: str, at: Path) -> str:
        value = table.get(key)
        if value is None:
            if key not in _OPTIONAL and (*at, key) not in self._meant:
                self._complain((*at, key), "missing")
        elif not isinstance(value, str) or (not value.strip() and key not in _OPTIONAL):
            self._complain((*at, key), f"{value!r}, but text is wanted")
        else:
            return one_line(value)
        return ""

    def _tables(
        self, table: Mapping[str, Any], key: str, at: Path
    ) -> list[tuple[Mapping[str, Any], Path, int]]:
        """Each table of an array, with its path and its place from 1."""
        items, here = table.get(key), (*at, key)
        if items is None and here in self._meant:
            return []
        if not isinstance(items, list) or not items:
            header = ".".join(part for part in here if isinstance(part, str))
            got = "missing" if not items else f"a {_kind(items)}"
            self._complain(here, f"{got}; at least one [[{header}]] is wanted")
            return []
        found: list[tuple[Mapping[str, Any], Path, int]] = []
        for index, item in enumerate(items):
            if isinstance(item, dict):
                found.append((item, (*here, index), index + 1))
            else:
                self._complain((*here, index), f"{item!r}, but a table is wanted")
        return found

    def _only(self, table: Mapping[str, Any], known: Sequence[str], at: Path) -> None:
        for key in table:
            if key not in known:
                near = _nearest(key, [name for name in known if name not in table])
                self._meant.update((*at, name) for name in near)
                self._complain((*at, key), f"unknown key; {_hint(near, known)}")

    def _complain(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self._line(path), _spoken(path), message))

    def _line(self, path: Path) -> int:
        """The line of a key; of a missing one that of the table it should stand in."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


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
