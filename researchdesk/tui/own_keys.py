"""The user's own keys: every command there is, and what is wrong with what the settings say."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import ModuleType
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen

from researchdesk import tui
from researchdesk.tui.commands import Command
from researchdesk.tui.key_names import is_typed, parse_key

_RESERVED = {
    "tab": "it goes to the next part of the screen",
    "shift+tab": "it goes to the part before",
    "ctrl+c": "it copies",
}
_TAKEN_BEFORE = {"up", "down", "left", "right", "enter", "home", "end", "pageup", "pagedown"}
"""What lists and texts take before the screen around them does."""
Owner = type[DOMNode]


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """What is wrong with a line below ``[keys]``."""

    command: str
    why: str

    @property
    def words(self) -> str:
        return f"{self.command}: {self.why}"


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The sound lines, as Textual takes them (keys joined by commas); what is wrong with others."""

    keymap: Mapping[str, str]
    problems: tuple[KeyProblem, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A command, and in words where its keys work."""

    command: Command
    where: tuple[str, ...]


@cache
def places() -> Mapping[Owner, tuple[Command, ...]]:
    """Every class that has commands, with them. Loads every module of the app."""
    found: dict[Owner, tuple[Command, ...]] = {}
    for module in _modules():
        for kind in vars(module).values():
            if (
                isinstance(kind, type)
                and kind.__module__ == module.__name__
                and "VERBS" in vars(kind)
            ):
                found[kind] = tuple(kind.VERBS)  # type: ignore[attr-defined]
    return found


def every_command() -> list[Listed]:
    """Each command once, by its id."""
    found: dict[str, tuple[Command, list[str]]] = {}
    for owner, commands in places().items():
        for command in commands:
            where = found.setdefault(command.id, (command, []))[1]
            if (name := place_words(owner)) not in where:
                where.append(name)
    return [Listed(found[name][0], tuple(found[name][1])) for name in sorted(found)]


def place_words(owner: Owner) -> str:
    """Where a class of the app is, in words."""
    if issubclass(owner, App):
        return "everywhere"
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", owner.__name__).lower()
    if issubclass(owner, ModalScreen):
        return name if name.endswith("dialog") else f"{name} dialog"
    return name if name.endswith("screen") or not issubclass(owner, Screen) else f"{name} screen"


def read(keys: Mapping[str, Any]) -> OwnKeys:
    """The lines whose keys are keys; whether the commands exist is not looked at."""
    sound: dict[str, str] = {}
    problems = []
    for name, said in keys.items():
        try:
            sound[name] = ",".join(_keys(said))
        except ValueError as error:
            problems.append(KeyProblem(name, str(error)))
    return OwnKeys(sound, tuple(problems))


def check(keys: Mapping[str, Any]) -> OwnKeys:
    """All that is wrong, told at once; what is left can be used together."""
    first = read(keys)
    known = {item.command.id: item for item in every_command()}
    problems = list(first.problems)
    keymap = dict(first.keymap)
    for name in [name for name in keymap if name not in known]:
        near = get_close_matches(name, known, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        problems.append(KeyProblem(name, f"there is no such command{meant}"))
        del keymap[name]
    while found := {problem.command: problem for problem in _clashes(keymap)}:
        for name in found:
            del keymap[name]
        problems += found.values()
    return OwnKeys({**_beside(keymap), **keymap}, tuple(problems))


def _beside(keymap: Mapping[str, str]) -> dict[str, str]:
    """Commands that share a key with one that gets another: Textual would take it from both."""
    return {
        one.id: one.keys
        for commands in places().values()
        for command in commands
        if command.id in keymap
        for one in commands
        if one.id not in keymap and {*_keys_of(one)} & {*_keys_of(command)}
    }


def _keys(said: Any) -> Iterator[str]:
    parts = said.split(",") if isinstance(said, str) and said.strip() != "," else said
    parts = [said] if parts is said and isinstance(said, str) else parts
    if not isinstance(parts, list) or not parts or not all(isinstance(one, str) for one in parts):
        raise ValueError(f"{said!r} is neither a key nor a list of keys")
    for part in parts:
        if not part.strip():
            raise ValueError("a command has one key at least")
        yield parse_key(part)


def _clashes(keymap: Mapping[str, str]) -> Iterator[KeyProblem]:
    for owner, commands in places().items():
        for command in commands:
            for key in keymap.get(command.id, "").split(","):
                if key and key not in _keys_of(command):
                    why = _why_not(owner, command, key) or _taken(owner, command, key, keymap)
                    if why:
                        yield KeyProblem(command.id, f"{key} is not free: {why}")


def _why_not(owner: Owner, command: Command, key: str) -> str:
    if key in _RESERVED:
        return _RESERVED[key]
    if issubclass(owner, App | Screen) and key in _TAKEN_BEFORE:
        return "lists and texts take it before the screen does"
    shipped_typed = any(is_typed(one) for one in _keys_of(command))
    if is_typed(key) and not shipped_typed and _is_typed_in(owner):
        return f"in the {place_words(owner)} it is typed into the text"
    return ""


def _taken(owner: Owner, command: Command, key: str, keymap: Mapping[str, str]) -> str:
    for other, commands in places().items():
        if not _meet(owner, other):
            continue
        for one in commands:
            if one.id != command.id and key in keymap.get(one.id, one.keys).split(","):
                return f"{place_words(other)} has it for {one.id} ({one.label})"
    return ""


def _keys_of(command: Command) -> list[str]:
    return [key.strip() for key in command.keys.split(",")]


def _is_typed_in(owner: Owner) -> bool:
    """Whether texts are written there: no command of it has a letter for a key."""
    if not issubclass(owner, Screen):
        return False
    own = places()[owner]
    return bool(own) and not any(is_typed(key) for command in own for key in _keys_of(command))


def _meet(one: Owner, other: Owner) -> bool:
    """Whether keys of both can be asked for at once."""
    if one is other:
        return True
    kinds = (one, other)
    if any(issubclass(kind, App) for kind in kinds):
        return not any(issubclass(kind, ModalScreen) for kind in kinds)
    screens = [kind for kind in kinds if issubclass(kind, Screen)]
    if len(screens) != 1:
        return False
    part = other if one is screens[0] else one
    return part in _parts_of(screens[0])


@cache
def _parts_of(owner: Owner) -> frozenset[Owner]:
    """The classes with commands that a screen, or what is in it, is made of: those it imports."""
    found: set[Owner] = set()
    seen: set[str] = set()
    todo = [kind.__module__ for kind in owner.__mro__ if kind.__module__.startswith(tui.__name__)]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for kind in vars(importlib.import_module(name)).values():
            if isinstance(kind, type) and _is_part(kind):
                todo.append(kind.__module__)
                found.update({kind} & places().keys())
    return frozenset(found)


def _is_part(kind: type) -> bool:
    return (
        kind.__module__.startswith(tui.__name__)
        and issubclass(kind, DOMNode)
        and not issubclass(kind, App | Screen)
    )


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}."):
        yield importlib.import_module(found.name)
