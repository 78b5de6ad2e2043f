"""A sweep's TOML: what it tries, how it chooses, and what it may take."""

import math
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from researchdesk.domain.recipes import Recipe, arm_named
from researchdesk.domain.sampling import axis_length
from researchdesk.domain.sweeps import Budget, Dimension, MedianRule, Search, SweepSpec
from researchdesk.domain.text import one_line
from researchdesk.domain.toml_lines import key_lines
from researchdesk.domain.toml_tables import unknown
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.harness.recipes.fields import Problems, Table
from researchdesk.harness.sweeps.space import MOST_TRIALS, dimension_of, read_space, space_table
from researchdesk.harness.toml_writing import toml_of

_HINT = "Mend the file and give the command again. Nothing was run."
_KEYS = (
    *("name", "recipe", "arm", "metric", "better", "search", "seed", "width", "test"),
    *("budget", "stop", "settings", "space"),
)
_BETTER = ("higher", "lower")
_WHICH_METRIC = (
    "write the name of a metric that the recipe measures on validation data, as valid_accuracy"
)
_MOST_HOURS = 24.0 * 366 * 10
_MOST_STEPS = 10**12
_MOST_AT_ONCE = 10_000


def load_spec(file: Path, changes: Mapping[str, Any] | None = None) -> SweepSpec:
    """Read a sweep's file; its name is the file's stem unless it says another.

    Raises BadInputError where there is none, else naming every problem with file, line and key.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BadInputError(
            f"There is no file {file}; nothing was run.",
            "Look at its name, or write one to begin with: researchdesk sweep new ID --to "
            f"{shlex.quote(str(file))}",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise BadInputError(f"The sweep {file} cannot be read: {why}.", _HINT) from error
    return read_spec(text, file, changes)


def read_spec(text: str, file: Path, changes: Mapping[str, Any] | None = None) -> SweepSpec:
    """As ``load_spec``, of a text that is or would be in ``file``.

    ``changes`` go before what the text has, tables of them key by key: they are what was given
    beside the file, and are checked with it.
    """
    try:
        values = _changed(tomllib.loads(text), changes or {})
        problems = Problems(file, key_lines(text))
        spec = _spec(Table(values, (), problems), file.stem)
    except ValueError as error:
        raise BadInputError(f"The sweep {file} is not TOML: {error}", _HINT) from error
    except RecursionError as error:
        raise BadInputError(f"The sweep {file} is nested too deeply.", _HINT) from error
    if problems.found:
        raise BadInputError("The sweep is not right:\n" + "\n".join(problems.found), _HINT)
    return spec


def spec_toml(spec: SweepSpec) -> str:
    """The spec as the TOML that is read back the same."""
    budget = {key: getattr(spec.budget, key) for key in ("trials", "hours", "gpu_hours")}
    table: dict[str, Any] = {
        "name": spec.name,
        "recipe": spec.recipe,
        "arm": spec.arm,
        "metric": spec.metric,
        "better": spec.better,
        "search": spec.search.value,
        "seed": spec.seed,
        "width": spec.width,
        **({"test": list(spec.test)} if spec.test else {}),
        "budget": {key: value for key, value in budget.items() if value},
        "settings": dict(spec.settings),
        "space": space_table(spec.space),
    }
    if spec.stop is not None:
        table["stop"] = {"after": spec.stop.after, "trials": spec.stop.trials}
    return toml_of(table)


def spec_from_ranges(
    recipe: Recipe, arm: str, metric: str, better: str, budget: Budget, **more: Any
) -> SweepSpec:
    """A sweep over the ranges that the recipe itself declares, of those settings that the arm has.

    ``more`` are other fields of SweepSpec. Raises UsageProblemError where there is no such arm or
    no range for it, BadInputError where the whole is not right, as ``read_spec`` does.
    """
    found = arm_named(recipe, arm)
    ranges = [one for one in recipe.ranges if one.name in found.settings]
    if not ranges:
        raise UsageProblemError(
            f"The recipe {recipe.name} declares no ranges for the settings of {arm}.",
            "Write the space in a file of your own: [space.lr] with distribution, low and high. "
            "Nothing was run.",
        )
    space = tuple(dimension_of(one, found.settings[one.name]) for one in ranges)
    given = {"name": f"{recipe.name} {arm}", "budget": budget, **more}
    spec = SweepSpec(
        recipe=recipe.name, arm=arm, metric=metric, better=better, space=space, **given
    )
    return read_spec(spec_toml(spec), Path("ranges.toml"))


def _changed(table: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(table)
    for key, value in changes.items():
        before = found.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            found[key] = {**before, **value}
        else:
            found[key] = value
    return found


def _spec(top: Table, stem: str) -> SweepSpec:
    _only(top, _KEYS)
    search = _search(top)
    space = read_space(top.table("space"), search)
    settings = top.table("settings")
    for name in settings.values:
        if any(one.name == name for one in space):
            settings.problem(name, "is fixed here and drawn in [space] as well")
    budget = _budget(top, search)
    if search is Search.GRID and space:
        _check_grid(top, space)
    return SweepSpec(
        name=one_line(top.text("name")) or stem,
        recipe=one_line(top.text("recipe", needed=True)),
        arm=one_line(top.text("arm", needed=True)),
        metric=one_line(_filled_in(top, "metric", _WHICH_METRIC)),
        better=_filled_in(top, "better", 'say "higher" or "lower"')
        and top.one_of("better", _BETTER),
        space=space,
        search=search or Search.RANDOM,
        seed=top.whole("seed", least=0, default=0) or 0,
        width=top.whole("width", least=1, most=_MOST_AT_ONCE, default=16) or 16,
        budget=budget,
        stop=_stop(top.table("stop")) if top.has("stop") else None,
        test=_test(top),
        settings=settings.plain(),
    )


def _filled_in(top: Table, key: str, how: str) -> str:
    """A text that `sweep new` may have left to fill in, and what to write there."""
    value = top.text(key)
    if not value and isinstance(top.values.get(key, ""), str):
        top.problem(key, f"is missing: {how}")
    return value


def _search(top: Table) -> Search | None:
    given = top.text("search") or Search.RANDOM.value
    kinds = [kind.value for kind in Search]
    if given not in kinds:
        top.problem("search", f"is {given!r}; {unknown(given, kinds)}")
        return None
    return Search(given)


def _budget(top: Table, search: Search | None) -> Budget:
    table = top.table("budget")
    _only(table, ("trials", "hours", "gpu_hours"))
    budget = Budget(
        table.whole("trials", least=1, most=MOST_TRIALS) or 0,
        float(table.number("hours", above=0, most=_MOST_HOURS) or 0),
        float(table.number("gpu_hours", above=0, most=1e9) or 0),
    )
    if search in (Search.RANDOM, Search.OPTUNA) and not table.values:
        top.problem("budget", f"is missing: {search} has no end; give trials, hours or gpu_hours")
    return budget


def _stop(table: Table) -> MedianRule:
    _only(table, ("after", "trials"))
    after = table.whole("after", least=0, most=_MOST_STEPS, default=0) or 0
    return MedianRule(after, table.whole("trials", least=1, most=MOST_TRIALS, default=5) or 5)


def _test(top: Table) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(one_line(name) for name in top.texts("test")))
    if names and top.text("metric") in names:
        top.problem("test", "keeps back the metric that trials are chosen by")
    return names


def _check_grid(top: Table, space: tuple[Dimension, ...]) -> None:
    size = math.prod(max(1, axis_length(one)) for one in space)
    if size > MOST_TRIALS:
        top.problem("space", f"makes a grid of {size:,} trials, and {MOST_TRIALS:,} are the most")


def _only(table: Table, known: tuple[str, ...]) -> None:
    for key in table.values:
        if key not in known:
            table.problem(key, f"is unknown; {unknown(key, known)}")
