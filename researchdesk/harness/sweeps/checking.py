"""Whether the arm of a recipe can be swept as a spec says."""

from collections.abc import Mapping
from typing import Any

from researchdesk.domain.recipes import Arm, ArmKind, Recipe
from researchdesk.domain.settings import KINDS, shown
from researchdesk.domain.sweeps import Dimension, Distribution, SweepSpec
from researchdesk.domain.toml_tables import unknown


def check_against(spec: SweepSpec, recipe: Recipe) -> list[str]:
    """What of the spec the recipe's arm does not have, or has of another type; each a sentence.

    Whether the arm will measure the metric cannot be told beforehand.
    """
    arm = recipe.arm(spec.arm)
    if arm is None:
        arms = [one.name for one in recipe.arms]
        return [f"The recipe {recipe.name} has no arm {spec.arm!r}; {unknown(spec.arm, arms)}."]
    if arm.command is not None:
        return [f"The arm {arm.name} is a command of the authors, which cannot be swept."]
    if arm.kind is ArmKind.BASELINE:
        return [f"The arm {arm.name} is a baseline that comes free, which cannot be swept."]
    found = []
    for one in spec.space:
        found += (
            _of_dimension(one, arm) if one.name in arm.settings else [_no_setting(one.name, arm)]
        )
    for name, value in spec.settings.items():
        if name not in arm.settings:
            found.append(_no_setting(name, arm))
        elif what := _misfit(value, arm.settings[name]):
            found.append(f"The setting {name} is {what} in the arm {arm.name}: {_now(arm, name)}.")
    return found


def usual_settings(spec: SweepSpec, recipe: Recipe) -> Mapping[str, Any]:
    """The settings that no trial changes: the arm's, with those that the spec fixes in place."""
    arm = recipe.arm(spec.arm)
    return {**(arm.settings if arm else {}), **spec.settings}


def _of_dimension(one: Dimension, arm: Arm) -> list[str]:
    usual = arm.settings[one.name]
    if one.distribution is Distribution.CHOICE:
        misfits = [value for value in one.values if _misfit(value, usual)]
        what = _misfit(misfits[0], usual) if misfits else ""
        values = ", ".join(map(shown, misfits))
        where = f"in the arm {arm.name}: {_now(arm, one.name)}"
        return [f"The setting {one.name} is {what} {where}; not so {values}."] if misfits else []
    if isinstance(usual, bool) or not isinstance(usual, int | float):
        return [
            f"The setting {one.name} is no number in the arm {arm.name} ({_now(arm, one.name)}), "
            "so none can be drawn for it: give `values` to choose from."
        ]
    if isinstance(usual, int) and not _is_whole(one):
        return [
            f"The setting {one.name} is a whole number in the arm {arm.name} "
            f"({_now(arm, one.name)}), and {one.distribution} draws others: take integer or "
            "log-integer."
        ]
    return []


def _is_whole(one: Dimension) -> bool:
    if one.distribution in (Distribution.INTEGER, Distribution.LOG_INTEGER):
        return True
    return bool(one.step) and one.step % 1 == 0 and one.low % 1 == 0


def _misfit(value: Any, usual: Any) -> str:
    """What the arm's own value is, where ``value`` is of another type; a whole number will do for
    a number."""
    if type(value) is type(usual) or (type(value) is int and isinstance(usual, float)):
        return ""
    return KINDS.get(type(usual), "of another type")


def _no_setting(name: str, arm: Arm) -> str:
    known = list(arm.settings)
    near = unknown(name, known) if known else "it has none"
    return f"The arm {arm.name} has no setting {name!r}: it would do nothing; {near}."


def _now(arm: Arm, name: str) -> str:
    return f"{shown(arm.settings[name])} now"
