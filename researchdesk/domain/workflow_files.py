"""A reading workflow read from TOML: what it says, or every problem with its line and key."""

from collections.abc import Mapping
from typing import Any

from researchdesk.domain.toml_lines import Path
from researchdesk.domain.toml_tables import Problem, TableReader, read, unknown
from researchdesk.domain.workflows import Place, Step, Workflow, WorkflowPass

_WORKFLOW = ("name", "title", "source", "passes")
_PASS = ("number", "title", "aim", "steps")
_STEP = ("key", "title", "question", "places")
_PLACES = [place.value for place in Place]


def read_workflow(source: str) -> tuple[Workflow | None, tuple[Problem, ...]]:
    """The workflow that a TOML text says, or None and every problem, in the order of the lines."""
    return read(source, _workflow)


def _workflow(reader: TableReader, table: Mapping[str, Any]) -> Workflow:
    reader.only(table, _WORKFLOW, ())
    name, title = (reader.text(table, key, ()) for key in ("name", "title"))
    source = reader.text(table, "source", (), needed=False)
    found = reader.tables(table, "passes", ())
    return Workflow(name, title, source, tuple(_pass(reader, *item) for item in found))


def _pass(reader: TableReader, table: Mapping[str, Any], at: Path) -> WorkflowPass:
    reader.only(table, _PASS, at)
    place = int(at[-1]) + 1
    number = table.get("number", place)
    if number != place or not isinstance(number, int) or isinstance(number, bool):
        reader.complain(
            (*at, "number"), f"{number!r}, but the passes count 1, 2, 3 …; this is {place}"
        )
    title, aim = reader.text(table, "title", at), reader.text(table, "aim", at, needed=False)
    found = reader.tables(table, "steps", at)
    steps = [_step(reader, item, where) for item, where in found]
    keys = [(step.key, (*where, "key")) for step, (_, where) in zip(steps, found, strict=True)]
    reader.distinct(keys, "in one pass")
    return WorkflowPass(place, title, aim, tuple(steps))


def _step(reader: TableReader, table: Mapping[str, Any], at: Path) -> Step:
    reader.only(table, _STEP, at)
    key, title, question = (reader.text(table, name, at) for name in _STEP[:3])
    names, here = table.get("places"), (*at, "places")
    if names is None and reader.misspelt(here):
        return Step(key, title, question, ())
    if not isinstance(names, list):
        got = "missing" if names is None else f"{names!r}"
        reader.complain(here, f"{got}; a list of parts of the paper is wanted, as ['abstract']")
        names = []
    elif not names:
        reader.complain(here, f"missing; name at least one of: {', '.join(_PLACES)}")
    places = [_place(reader, name, (*here, index)) for index, name in enumerate(names)]
    return Step(key, title, question, tuple(place for place in places if place))


def _place(reader: TableReader, name: object, at: Path) -> Place | None:
    if name in _PLACES:
        return Place(name)
    reader.complain(at, f"{name!r} is no part of a paper; {unknown(name, _PLACES)}")
    return None
