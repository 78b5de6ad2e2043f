"""What each arm of a recipe is run with here, or why it cannot be."""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from researchdesk.domain.recipes import Arm, ArmKind, Recipe
from researchdesk.harness.jobs import ArmSetup
from researchdesk.services.checkouts import NotHere, Progress, checkout_for
from researchdesk.services.desk import Desk

_BASELINE = "baseline:"


@dataclass(frozen=True, slots=True)
class Setups:
    """``arms`` by their names; ``missing`` says why one cannot be run here."""

    arms: dict[str, ArmSetup] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def out_of_reach(arms: Iterable[Arm], asked: Collection[str], gpu: bool) -> dict[str, str]:
    """Why arms need a budget or an accelerator that is not here; ``asked``: those named by the
    user, whose budget he gives. ``gpu``: there is one, and it may be used."""
    found = {}
    for arm in arms:
        if arm.needs_gpu and not gpu:
            found[arm.name] = "needs a GPU, and none is here or it was not to be used"
        elif arm.needs_minutes and arm.name not in asked:
            found[arm.name] = (
                f"needs about {arm.needs_minutes:g} minutes of a core for each seed, more than the "
                f"recipe's budget: `--arm {arm.name}` runs it"
            )
    return found


def setups_of(
    desk: Desk,
    recipe: Recipe,
    names: Collection[str],
    quick: bool,
    cancel: threading.Event | None = None,
    progress: Progress | None = None,
) -> Setups:
    """What these arms are run with; the authors' checkout is made ready for those of a command.

    Raises DeskError where the disk cannot be written, StoppedError where ``cancel`` was set.
    """
    found = Setups()
    for arm in recipe.arms:
        if arm.name not in names:
            continue
        if arm.command is None:
            found.arms[arm.name] = _setup(arm, quick)
            continue
        checkout = checkout_for(desk, recipe, arm, progress=progress, cancel=cancel)
        if isinstance(checkout, NotHere):
            found.missing[arm.name] = checkout.why
        else:
            found.arms[arm.name] = replace(_setup(arm, quick), checkout=checkout.folder)
    return found


def _setup(arm: Arm, quick: bool) -> ArmSetup:
    settings = {**arm.settings, **(arm.quick if quick else {})}
    free = arm.kind is ArmKind.BASELINE and arm.name.startswith(_BASELINE)
    return ArmSetup(settings, arm.command, baseline=arm.name[len(_BASELINE) :] if free else "")
