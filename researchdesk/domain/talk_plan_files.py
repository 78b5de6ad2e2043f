"""The plan of a talk's slides, read from TOML, or every problem with its line and key."""

from collections.abc import Mapping
from typing import Any

from researchdesk.domain.story_parts import Role
from researchdesk.domain.talks import PlanRow, Takes
from researchdesk.domain.toml_lines import Path
from researchdesk.domain.toml_tables import Problem, TableReader, read, unknown

_KEYS = ("name", "takes", "roles", "weight", "ask", "say", "formulas", "class")


def read_plan(source: str) -> tuple[tuple[PlanRow, ...], tuple[Problem, ...]]:
    """The slides that a TOML text says, in its order; or none, and every problem."""
    rows, problems = read(source, _rows)
    return rows or (), problems


def _rows(reader: TableReader, table: Mapping[str, Any]) -> tuple[PlanRow, ...]:
    reader.only(table, ("slides",), ())
    return tuple(_row(reader, item, at) for item, at in reader.tables(table, "slides", ()))


def _row(reader: TableReader, table: Mapping[str, Any], at: Path) -> PlanRow:
    reader.only(table, _KEYS, at)
    name, takes = (reader.text(table, key, at) for key in ("name", "takes"))
    ask, say, kind = (reader.text(table, key, at, needed=False) for key in ("ask", "say", "class"))
    if takes and takes not in list(Takes):
        known = unknown(takes, tuple(Takes))
        reader.complain((*at, "takes"), f"a slide cannot take {takes!r}; {known}")
        takes = Takes.PART
    weight, formulas = table.get("weight", 1), table.get("formulas", False)
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 < weight < 100:
        reader.complain((*at, "weight"), f"{weight!r}, but a number from 0 to 100 is wanted")
        weight = 1
    if not isinstance(formulas, bool):
        reader.complain((*at, "formulas"), f"{formulas!r}, but true or false is wanted")
    roles = _roles(reader, table, at)
    return PlanRow(
        name, Takes(takes or Takes.PART), roles, float(weight), ask, say, bool(formulas), kind
    )


def _roles(reader: TableReader, table: Mapping[str, Any], at: Path) -> tuple[Role, ...]:
    value = table.get("roles", [])
    if not isinstance(value, list):
        reader.complain((*at, "roles"), f"{value!r}, but a list of parts is wanted")
        return ()
    for place, item in enumerate(value):
        if item not in list(Role):
            reader.complain((*at, "roles", place), f"no part {item!r}; {unknown(item, list(Role))}")
    return tuple(Role(item) for item in value if item in list(Role))
