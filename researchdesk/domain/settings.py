"""Settings of experiments: what differs between two, and one that a person types."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError

Settings = Mapping[str, Any]

KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a table",
}
"""What a setting of each type is, in words."""


class Absent:
    """Stands for the value of a setting that is not there."""

    def __repr__(self) -> str:
        return "not there"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting whose value is ``before`` in one and ``after`` in the other; either may be
    ``ABSENT``."""

    name: str
    before: Any
    after: Any

    @property
    def words(self) -> str:
        """``lr = 0.01 (was 0.1)``."""
        return f"{self.name} = {shown(self.after)} (was {shown(self.before)})"


def differences(a: Settings, b: Settings) -> tuple[Difference, ...]:
    """The settings whose values are not the same, in the order of ``a`` and then of ``b``.

    1, 1.0 and true are three values; not-a-number is the same as itself.
    """
    names = dict.fromkeys((*a, *b))
    found = (Difference(name, a.get(name, ABSENT), b.get(name, ABSENT)) for name in names)
    return tuple(item for item in found if not _same(item.before, item.after))


def single_changes(a: Settings, b: Settings) -> tuple[Difference, ...]:
    """As ``differences``, with what differs within a table counted by itself, as ``opt.lr``."""
    found: list[Difference] = []
    for item in differences(a, b):
        before, after = _inner(item.before), _inner(item.after)
        within = () if before is None or after is None else single_changes(before, after)
        found += [replace(one, name=f"{item.name}.{one.name}") for one in within] or [item]
    return tuple(found)


def parse_setting(text: str, settings: Settings) -> tuple[str, Any]:
    """``lr=0.01`` as name and value, the value of the type that ``settings`` has it in.

    A value is read as TOML; text needs no quotes. Raises UsageProblemError for a setting that is
    not there (it would silently do nothing) and for a value of another type.
    """
    name, sign, value = text.partition("=")
    name = one_line(name)
    if not sign or not name:
        raise UsageProblemError(f"{text!r} is no setting.", "Give it as KEY=VALUE: --set lr=0.01")
    if name not in settings:
        known = ", ".join(settings) or "none"
        raise UsageProblemError(
            f"There is no setting {name!r}: to set it would silently do nothing.",
            f"The settings are: {known}.",
        )
    return name, _like(name, _value(value.strip(), settings[name]), settings[name])


def shown(value: object) -> str:
    """A value as it is typed; text without its quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}" if not value.is_integer() or abs(value) >= 1e12 else repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return one_line(str(value))


def _value(text: str, old: object) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError) as error:
        if isinstance(old, str):
            return one_line(text)
        raise UsageProblemError(
            f"{text!r} can not be read as a value of TOML.",
            f"Here it is {_kind(old)}: {shown(old)} now.",
        ) from error


def _like(name: str, value: Any, old: Any) -> Any:
    """``value`` in the type of ``old``; a whole number will do for a number, a finite one."""
    if isinstance(old, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(old):
        raise UsageProblemError(
            f"{name} is {_kind(old)} ({shown(old)}), and {shown(value)} is {_kind(value)}.",
            "A value of another type would be a change of two things.",
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageProblemError(
            f"{name} = {shown(value)} is no number to run with; nothing was kept.",
            f"It is {shown(old)} now.",
        )
    if isinstance(old, list) and old and all(isinstance(item, float) for item in old):
        return [_like(name, item, old[0]) for item in value]
    if isinstance(old, dict):
        return {
            key: _like(f"{name}.{key}", item, old[key]) if key in old else item
            for key, item in value.items()
        }
    return value


def _inner(value: object) -> Settings | None:
    """What is in a table, or in a list of tables; None for a value that is one."""
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return {str(place): item for place, item in enumerate(value)}
    return value if isinstance(value, dict) else None


def _same(one: object, other: object) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return not differences(one, other)
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


def _kind(value: object) -> str:
    return KINDS.get(type(value), "a date or time")
