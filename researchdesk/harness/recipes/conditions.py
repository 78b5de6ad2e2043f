"""What a recipe needs and costs: data, budget, limits, ranges of settings, baselines."""

import re
from collections.abc import Sequence

from researchdesk.domain.recipes import Arm, DataNeed, HyperRange, Limits
from researchdesk.harness.recipes.arms import BASELINES
from researchdesk.harness.recipes.fields import Table, unique

_MOST_MINUTES = 60.0 * 24 * 365
_PINNED = re.compile(r"hf:[^@\s]+@[\w.-]+")


def read_budget(top: Table) -> tuple[str, float | None]:
    """The budget in words, and in minutes on two cores where the file says it."""
    if not isinstance(top.values.get("budget", {}), dict):
        return top.text("budget"), None
    table = top.table("budget")
    table.only("minutes", "note")
    minutes, note = table.number("minutes", above=0, most=_MOST_MINUTES), table.text("note")
    if top.has("budget") and not table.has("minutes"):
        table.problem("minutes", "is missing: how long it takes on two cores")
    unit = "minute" if minutes == 1 else "minutes"
    words = f"{minutes:g} {unit} on two cores" if minutes is not None else ""
    return ": ".join(filter(None, (words, note))), minutes


def read_limits(table: Table) -> Limits:
    """``[limits]``: what one seed may take."""
    table.only("minutes", "memory_gb")
    return Limits(
        table.number("minutes", above=0, most=_MOST_MINUTES),
        table.number("memory_gb", above=0, most=1e6),
    )


def read_needs(tables: Sequence[Table]) -> tuple[DataNeed, ...]:
    """All ``[[data_needs]]``."""
    needs = tuple(_need(table) for table in tables)
    unique(tables, [need.name for need in needs], "name")
    return needs


def _need(table: Table) -> DataNeed:
    table.only("name", "source", "substitute", "always", "why")
    need = DataNeed(
        name=table.text("name", needed=True),
        source=table.text("source", needed=True),
        substitute=table.text("substitute"),
        always=table.flag("always"),
        why=table.text("why"),
    )
    for key, value in (("source", need.source), ("substitute", need.substitute)):
        if value.startswith("hf:") and not _PINNED.fullmatch(value):
            table.problem(key, "is not pinned: write hf:OWNER/NAME@REVISION")
    if need.always and not need.substitute:
        table.problem("substitute", "is missing: `always` says that it takes the data's place")
    return need


def read_ranges(table: Table, arms: Sequence[Arm]) -> tuple[HyperRange, ...]:
    """All ``[ranges.NAME]``, each of a setting that some arm has."""
    return tuple(_range(table.table(name), name, arms) for name in table.values)


def _range(table: Table, name: str, arms: Sequence[Arm]) -> HyperRange:
    table.only("low", "high", "log", "choices")
    if not any(name in arm.settings for arm in arms):
        table.problems.add(table.path, "is the setting of no arm")
    if table.has("choices"):
        for key in ("low", "high", "log"):
            if table.has(key):
                table.problem(key, "has no meaning beside `choices`")
        choices = table.values["choices"]
        if not isinstance(choices, list) or not choices or "choices" not in table.plain():
            table.problem("choices", "is not a list with something to choose from")
            choices = []
        return HyperRange(name, choices=tuple(choices))
    low, high = table.number("low", needed=True), table.number("high", needed=True)
    found = HyperRange(name, low or 0.0, high or 0.0, table.flag("log"))
    if low is not None and high is not None and not low < high:
        table.problem("high", "is not above `low`")
    if found.log and low is not None and low <= 0:
        table.problem("low", "is not above 0, and `log` draws by the logarithm")
    return found


def read_baselines(top: Table) -> tuple[str, ...]:
    """The names of the baselines that the recipe wants: a list of them, or ``true`` for all."""
    if isinstance(top.values.get("baselines"), bool):
        return tuple(BASELINES) if top.flag("baselines") else ()
    return top.some_of("baselines", tuple(BASELINES))
