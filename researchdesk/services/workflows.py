"""Reading workflows from TOML files: the shipped ones, and the user's own in the desk folder."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from researchdesk.assets import folder
from researchdesk.domain.text import one_line
from researchdesk.domain.workflows import Place, Step, Workflow, WorkflowPass
from researchdesk.services.desk import Desk

_TEXTS = {
    "workflow": ("name", "title", "source"),
    "pass": ("title", "aim"),
    "step": ("key", "title", "question"),
}


def workflows(desk: Desk) -> dict[str, Workflow]:
    """The workflows at hand by name: the shipped ones, then those in the desk's ``workflows/``,
    which replace shipped ones of the same name. Broken files are left out; see
    ``workflow_problems``."""
    return load_workflows(_folders(desk))[0]


def workflow_problems(desk: Desk) -> list[str]:
    """What is wrong with workflow files, one message a file."""
    return load_workflows(_folders(desk))[1]


def load_workflows(folders: Sequence[Path]) -> tuple[dict[str, Workflow], list[str]]:
    """Workflows by name from every ``*.toml`` of these folders, and the problems met.

    A later folder wins over an earlier one. A broken file gives one message, which names the file
    and the key (or the line, where the TOML itself is broken), and the rest load. A folder that
    does not exist holds none.
    """
    found: dict[str, Workflow] = {}
    problems: list[str] = []
    for place in folders:
        for path in sorted(place.glob("*.toml")):
            try:
                workflow = _workflow(tomllib.loads(path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
                problems.append(one_line(f"{path}: {error}"))
            else:
                found[workflow.name] = workflow
    return found, problems


def _folders(desk: Desk) -> list[Path]:
    return [folder("data") / "workflows", desk.root / "workflows"]


def _workflow(table: dict[str, Any]) -> Workflow:
    _only(table, (*_TEXTS["workflow"], "passes"), "")
    name, title, source = _texts(table, "workflow", "", optional=("source",))
    items = _tables(table, "passes", "")
    passes = tuple(_pass(item, f"passes[{at}].", at) for at, item in enumerate(items, start=1))
    return Workflow(name, title, source, passes)


def _pass(table: dict[str, Any], where: str, expected: int) -> WorkflowPass:
    _only(table, ("number", *_TEXTS["pass"], "steps"), where)
    number = table.get("number", expected)
    if number != expected or isinstance(number, bool):
        raise ValueError(f"{where}number: {number!r}, but the passes count 1, 2, 3 …")
    title, aim = _texts(table, "pass", where, optional=("aim",))
    items = _tables(table, "steps", where)
    steps = tuple(_step(item, f"{where}steps[{at}].") for at, item in enumerate(items, start=1))
    keys = [step.key for step in steps]
    for at, key in enumerate(keys, start=1):
        if key in keys[: at - 1]:
            raise ValueError(f"{where}steps[{at}].key: {key!r} stands twice in one pass")
    return WorkflowPass(expected, title, aim, steps)


def _step(table: dict[str, Any], where: str) -> Step:
    _only(table, (*_TEXTS["step"], "places"), where)
    key, title, question = _texts(table, "step", where)
    names = table.get("places")
    if not isinstance(names, list) or not names:
        raise ValueError(f"{where}places: missing; a list of parts of the paper is wanted")
    return Step(key, title, question, tuple(_place(name, where) for name in names))


def _place(name: Any, where: str) -> Place:
    if name not in [place.value for place in Place]:
        known = ", ".join(place.value for place in Place)
        raise ValueError(f"{where}places: {name!r} is no part of a paper; known: {known}")
    return Place(name)


def _texts(
    table: dict[str, Any], kind: str, where: str, optional: Sequence[str] = ()
) -> tuple[str, ...]:
    values: list[str] = []
    for key in _TEXTS[kind]:
        value = table.get(key, "" if key in optional else None)
        if value is None:
            raise ValueError(f"{where}{key}: missing")
        if not isinstance(value, str) or (not value.strip() and key not in optional):
            raise ValueError(f"{where}{key}: {value!r}, but text is wanted")
        values.append(one_line(value))
    return tuple(values)


def _tables(table: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    items = table.get(key)
    if not isinstance(items, list) or not items:
        raise ValueError(f"{where}{key}: missing; at least one [[{where}{key}]] is wanted")
    for at, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            raise ValueError(f"{where}{key}[{at}]: {item!r}, but a table is wanted")
    return items


def _only(table: dict[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ValueError(f"{where}{key}: unknown key; known: {', '.join(known)}")
