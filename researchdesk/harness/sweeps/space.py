"""Reads the space of a sweep: each setting with its distribution."""

from collections.abc import Mapping
from typing import Any

from researchdesk.domain.recipes import HyperRange
from researchdesk.domain.sampling import WHOLE, axis_length
from researchdesk.domain.sweeps import Dimension, Distribution, Search
from researchdesk.domain.text import one_line
from researchdesk.domain.toml_tables import unknown
from researchdesk.harness.recipes.fields import Table, is_plain

MOST_TRIALS = 1_000_000
"""A sweep of more trials than this is taken for a slip of the hand."""

_BOUNDED = (Distribution.UNIFORM, Distribution.LOG_UNIFORM, *WHOLE)
_BY_LOGARITHM = (Distribution.LOG_UNIFORM, Distribution.LOG_INTEGER)
_KEYS = {
    Distribution.UNIFORM: ("low", "high", "step", "points"),
    Distribution.LOG_UNIFORM: ("low", "high", "points"),
    Distribution.INTEGER: ("low", "high", "step", "points"),
    Distribution.LOG_INTEGER: ("low", "high", "points"),
    Distribution.NORMAL: ("mean", "sd", "points"),
    Distribution.LOG_NORMAL: ("mean", "sd", "points"),
    Distribution.CHOICE: ("values",),
}
_ALL = ("distribution", "low", "high", "mean", "sd", "step", "points", "values")
_LARGEST_WHOLE = 2**53  # up to here a float holds every whole number
_LARGEST_EXPONENT = 700.0  # of e, in a float


def read_space(table: Table, search: Search | None) -> tuple[Dimension, ...]:
    """All ``[space.NAME]``; what is wrong is noted."""
    if not table.values:
        table.problems.add(table.path, "is empty: name a setting, as [space.lr]")
    found = []
    for name in table.values:
        if one_line(name) != name or not name:
            table.problem(name, "is no name of a setting")
        one = _dimension(table.table(name), name)
        if one is not None:
            found.append(one)
            _check_search(table.table(name), one, search)
    return tuple(found)


def dimension_of(given: HyperRange, usual: Any) -> Dimension:
    """A recipe's own range as a dimension; of whole numbers where the arm's own value is one."""
    if given.choices:
        return Dimension(given.name, Distribution.CHOICE, values=given.choices)
    whole = isinstance(usual, int) and not isinstance(usual, bool)
    if whole:
        kind = Distribution.LOG_INTEGER if given.log else Distribution.INTEGER
        low, high = -(-given.low // 1), given.high // 1
        return Dimension(given.name, kind, max(1.0, low) if given.log else low, high)
    kind = Distribution.LOG_UNIFORM if given.log else Distribution.UNIFORM
    return Dimension(given.name, kind, given.low, given.high)


def space_table(space: tuple[Dimension, ...]) -> dict[str, dict[str, Any]]:
    """The space as the tables that ``read_space`` reads."""
    return {one.name: _table(one) for one in space}


def _table(one: Dimension) -> dict[str, Any]:
    needed = ("low", "high", "mean", "sd", "values")
    keys = [key for key in _KEYS[one.distribution] if key in needed or getattr(one, key)]
    values: Mapping[str, Any] = {key: getattr(one, key) for key in keys}
    if one.distribution in WHOLE:
        values = {key: int(value) for key, value in values.items()}
    return {"distribution": one.distribution.value, **values}


def _dimension(table: Table, name: str) -> Dimension | None:
    kind = _distribution(table)
    for key in table.values:
        if key not in _ALL:
            table.problem(key, f"is unknown; {unknown(key, _ALL)}")
        elif kind and key not in (*_KEYS[kind], "distribution"):
            takes = ", ".join(_KEYS[kind])
            table.problem(key, f"has no meaning for {kind.value}, which takes {takes}")
    if kind is None:
        return None
    if kind is Distribution.CHOICE:
        return Dimension(name, kind, values=_values(table))
    points = table.whole("points", least=1, most=MOST_TRIALS) or 0
    if kind in _BOUNDED:
        return _bounded(table, name, kind, points)
    mean, sd = table.number("mean", needed=True), table.number("sd", needed=True, above=0)
    if mean is None or sd is None:
        return None
    if kind is Distribution.LOG_NORMAL and abs(mean) + 10 * sd > _LARGEST_EXPONENT:
        table.problem("mean", "is of the natural logarithm, and e to this power is out of reach")
    return Dimension(name, kind, mean=float(mean), sd=float(sd), points=points)


def _distribution(table: Table) -> Distribution | None:
    kinds = [kind.value for kind in Distribution]
    if not table.has("distribution"):
        if table.has("values"):
            return Distribution.CHOICE
        near = next((key for key in table.values if key not in _ALL), "")
        if not near or unknown(near, ("distribution", "values")).startswith("known"):
            what = f"is missing: one of {', '.join(kinds)}; or `values` to choose from"
            table.problem("distribution", what)
        return None
    given = table.text("distribution")
    if given not in kinds:
        table.problem("distribution", f"is {given!r}; {unknown(given, kinds)}")
        return None
    return Distribution(given)


def _bounded(table: Table, name: str, kind: Distribution, points: int) -> Dimension | None:
    low, high = table.number("low", needed=True), table.number("high", needed=True)
    step = table.number("step", above=0) or 0.0
    if low is None or high is None:
        return None
    if not low < high:
        table.problem("high", f"is {high:g}, not above `low`, which is {low:g}")
        return None
    if kind in WHOLE:
        for key, value in (("low", low), ("high", high), ("step", step)):
            if value != int(value) or abs(value) > _LARGEST_WHOLE:
                table.problem(key, f"is {value:g}, not a whole number within 2^53")
                return None
    if kind in _BY_LOGARITHM and low <= 0:
        table.problem("low", f"is {low:g}, not above 0, and the logarithm is drawn")
        return None
    if step > high - low:
        table.problem("step", "is more than `high` less `low`: there would be one value only")
        return None
    if step and points:
        table.problem("points", "has no meaning beside `step`")
    return Dimension(name, kind, float(low), float(high), step=float(step), points=points)


def _values(table: Table) -> tuple[Any, ...]:
    values = table.values.get("values")
    if not isinstance(values, list) or not values:
        table.problem("values", "is not a list with something to choose from")
        return ()
    if not is_plain(values):
        table.problem("values", "holds a date or time (write it as text), or is too large")
        return ()
    return tuple(values)


def _check_search(table: Table, one: Dimension, search: Search | None) -> None:
    chosen = one.distribution is Distribution.CHOICE
    if search is Search.GRID and not chosen and not axis_length(one):
        table.problem("points", "is missing: a grid over a continuous setting needs it")
    elif search is not Search.GRID and one.points:
        table.problem("points", "has a meaning for a grid only")
    normal = one.distribution in (Distribution.NORMAL, Distribution.LOG_NORMAL)
    if search is Search.OPTUNA and normal:
        what = "is none that Optuna has: take uniform or log-uniform with low and high"
        table.problem("distribution", what)
