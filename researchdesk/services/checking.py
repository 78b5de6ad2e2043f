"""The ladder of a recipe's experiment: checked before a claim of it is believed."""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from researchdesk.document.codec import decode
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.ladder import (
    RUNGS,
    Ladder,
    Rung,
    RungState,
    Standing,
    Step,
    in_order,
    standing_of,
)
from researchdesk.domain.recipes import Arm, Recipe
from researchdesk.domain.runs import Task
from researchdesk.domain.text import clean, slug
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.files import write_text
from researchdesk.harness.asking import ask
from researchdesk.harness.data import resolve
from researchdesk.harness.events import number_of
from researchdesk.harness.jobs import LADDER, ArmSetup, Job, Plan
from researchdesk.harness.recipes import copy_recipe
from researchdesk.harness.workers import Answer
from researchdesk.services.desk import Desk
from researchdesk.services.looking import arm_of, looks_inside
from researchdesk.services.recipes import recipe_for, require_trust, trust

SECONDS = 120.0
NOTHING_INSIDE = "measure() hands neither data nor model over"
NO_LADDER = {
    "name": "ladder",
    "ok": None,
    "state": RungState.NOT_RUN.value,
    "message": f"does not apply here, and nothing is wrong: {NOTHING_INSIDE}",
}
"""What a run of a plain ``measure`` says of the ladder, among its checks."""

_REGULARISERS = ("weight_decay", "dropout", "l2", "l1", "augment", "label_smoothing", "shifts")
_OF_BUDGET, _SHORTEST, _LONGEST, _LONGEST_QUICK = 0.1, 3.0, 30.0, 10.0
_FORMAT = 1

OnRung = Callable[[Rung], None]


def check(
    desk: Desk,
    ref: str,
    arm: str = "",
    *,
    seconds: float = SECONDS,
    trusted: bool = False,
    on_rung: OnRung | None = None,
    stop: Callable[[], bool] | None = None,
) -> Ladder:
    """Climb the ladder of a recipe's experiment (a paper's id in any form, or the recipe's name).

    ``arm``: the one that is checked, else the first with data of its own. ``seconds``: about what
    it may take; rungs that do not come to an end are not run. ``trusted``: the user has said yes to
    the recipe's code. ``on_rung`` is called in this thread with each rung as it is done. The ladder
    is kept: see ``kept``. Where the recipe is a plain ``measure``, no rung is run.
    Raises NotOnDeskError, UsageProblemError where the recipe has no such arm or is not trusted,
    BadInputError where its experiment fails before the first rung, DeskError where it cannot be run
    or ``stop`` said so.
    """
    recipe = recipe_for(desk, ref)
    if not looks_inside(recipe):
        return _not_run(recipe)
    chosen = arm_of(recipe, arm)
    if trusted and not recipe.bundled:
        trust(desk, recipe, (chosen.name,))
    require_trust(desk, recipe)
    if seconds <= 0:
        raise UsageProblemError(f"{seconds:g} seconds are no time.", "It is more than 0.")
    with tempfile.TemporaryDirectory(prefix="researchdesk-ladder-") as made:
        plan = _plan(desk, recipe, chosen, Path(made), seconds)
        rungs = _climbed(plan, on_rung, stop or (lambda: False))
    took = round(sum(rung.seconds for rung in rungs), 3)
    told = in_order(rungs)
    ladder = Ladder(recipe.name, chosen.name, told, standings(recipe, chosen, told), took)
    write_text(_file(desk, recipe, chosen.name), json.dumps(asdict(ladder), indent=1) + "\n")
    return ladder


def _climbed(plan: Plan, on_rung: OnRung | None, stop: Callable[[], bool]) -> list[Rung]:
    rungs: list[Rung] = []

    def hear(answer: Answer) -> None:
        if answer.kind == "rung":
            rungs.append(rung_of(answer.data))
            if on_rung:
                on_rung(rungs[-1])

    ask(Job(LADDER, plan.tasks[0].arm, tuple(plan.tasks)), plan, stop, on_answer=hear)
    return rungs


def kept(desk: Desk, ref: str, arm: str = "") -> Ladder | None:
    """The ladder that was last climbed by an arm of the recipe as it stands now, if one was.

    Raises NotOnDeskError without such a recipe.
    """
    recipe = recipe_for(desk, ref)
    if not looks_inside(recipe):
        return _not_run(recipe)
    try:
        text = _file(desk, recipe, arm_of(recipe, arm).name).read_text(encoding="utf-8")
        return decode(Ladder, parse_json(text))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def seconds_before(recipe: Recipe, quick: bool = False) -> float:
    """How long the ladder may take before a run: a tenth of the recipe's budget, 3 to 30 s.

    Less before a quick look, and no more than most of what a seed may take.
    """
    budget = 60 * recipe.budget_minutes if recipe.budget_minutes else 100.0
    seconds = min(_LONGEST_QUICK if quick else _LONGEST, max(_SHORTEST, _OF_BUDGET * budget))
    return min(seconds, 48 * recipe.limits.minutes) if recipe.limits.minutes else seconds


def rung_of(told: Mapping[str, Any]) -> Rung:
    """A rung as a worker tells it, or as an event of a run has it."""
    try:
        state = RungState(told.get("state", ""))
    except ValueError:
        state = RungState.NOT_RUN
    name, figure, message = (
        clean(str(told.get(key) or "")) for key in ("name", "figure", "message")
    )
    return Rung(name, state, figure, message, float(number_of(told.get("seconds")) or 0.0))


def standings(recipe: Recipe, arm: Arm, rungs: tuple[Rung, ...]) -> tuple[Standing, ...]:
    """Where the experiment stands at each of the six steps."""
    climbed = [standing_of(step, rungs) for step in (Step.LOOK, Step.CHECK, Step.OVERFIT)]
    return (*climbed, _regularised(arm, rungs), _tuned(recipe), _squeezed())


def _regularised(arm: Arm, rungs: tuple[Rung, ...]) -> Standing:
    used = [name for name in _REGULARISERS if arm.settings.get(name)]
    last = next((r.figure for r in rungs if r.name == "1000-samples" and r.figure), "")
    words = f"the arm has {', '.join(used)}" if used else "the arm's settings name none"
    return Standing(Step.REGULARISE, None, f"{words}{f'; {last}' if last else ''}")


def _tuned(recipe: Recipe) -> Standing:
    names = ", ".join(one.name for one in recipe.ranges)
    drawn = f"`reproduce --vary hyper` draws {names}" if names else "the recipe gives no ranges"
    return Standing(Step.TUNE, None, drawn)


def _squeezed() -> Standing:
    return Standing(Step.SQUEEZE, None, "longer training and ensembles, when all else is done")


def _plan(desk: Desk, recipe: Recipe, arm: Arm, folder: Path, seconds: float) -> Plan:
    data = resolve(recipe, [arm], desk.settings.cache, desk.settings.offline)
    if arm.name in data.missing:
        raise NotOnDeskError(
            f"The data of {arm.name} is not here: {data.missing[arm.name]}.",
            "Nothing was changed.",
        )
    copy = folder / "recipe" / recipe.name
    copy_recipe(recipe.folder, recipe.digest, copy)
    return Plan(
        recipe=copy,
        tasks=(Task(arm.name, 0),),
        arms={arm.name: ArmSetup(arm.settings)},
        log=folder / "stdout.log",
        jobs=1,
        cache=desk.settings.cache,
        data=data.taken,
        ladder_s=seconds,
        brief=False,
    )


def _not_run(recipe: Recipe) -> Ladder:
    rungs = tuple(Rung(name, RungState.NOT_RUN, "", NOTHING_INSIDE) for name in RUNGS)
    steps = tuple(Standing(step, RungState.NOT_RUN, NOTHING_INSIDE) for step in Step)
    return Ladder(recipe.name, "", in_order(rungs), steps)


def _file(desk: Desk, recipe: Recipe, arm: str) -> Path:
    folder = desk.settings.cache / "ladders" / recipe.digest[:16]
    return folder / f"{slug(arm, 30)}.{_FORMAT}.json"
