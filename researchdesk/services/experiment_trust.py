"""Whose code the experiments of an investigation run, and the yes to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from researchdesk.domain.recipes import Recipe
from researchdesk.errors import BusyError
from researchdesk.services import recipes
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_recipes import derived_recipe, drafted_recipe
from researchdesk.services.experiment_records import base_of, experiments_of
from researchdesk.services.investigation_records import get_investigation
from researchdesk.services.trust import WhatRuns


def derived_of(desk: Desk, number: int) -> Recipe:
    """The recipe by which the experiments are run, written as they are now. Raises
    UsageProblemError without a baseline or a yes to the base's code, and as ``derived_recipe``."""
    base = base_of(desk, number)
    found = experiments_of(desk, number, judge=False)
    return derived_recipe(desk, get_investigation(desk, number), base, found)


def awaiting_yes(desk: Desk, number: int, names: Sequence[str] = ()) -> WhatRuns:
    """What these experiments (all) would run and the user has not said yes to; nothing is written.

    First the base recipe's code alone; once that has its yes, the commands of authors, with the
    experiments' own settings filled in. Raises as ``derived_of``.
    """
    base = base_of(desk, number)
    code = recipes.awaiting_yes(desk, _code_of(base))
    if code.code is not None or not any(arm.command for arm in base.arms):
        return code
    with _commands(desk, number, base) as theirs:
        return recipes.awaiting_yes(desk, theirs, names)


def say_yes(desk: Desk, number: int, shown: WhatRuns, names: Sequence[str] = ()) -> None:
    """Keep the yes to ``shown``, which ``awaiting_yes`` gave of these names, and to no more.

    Raises BusyError where that is not what would run any more: the yes is then none.
    """
    base = base_of(desk, number)
    if shown.code is not None:
        if base.digest != shown.code.digest:
            raise _changed(base)
        recipes.trust(desk, _code_of(base))
    elif shown.authors:
        with _commands(desk, number, base) as theirs:
            known = {item.digest for item in recipes.what_would_run(theirs, names).authors}
            waiting = {item.digest for item in recipes.awaiting_yes(desk, theirs, names).authors}
            asked = {item.digest for item in shown.authors}
            if not waiting <= asked <= known:
                raise _changed(base)
            recipes.trust(desk, replace(theirs, name=base.name), names)


@contextmanager
def _commands(desk: Desk, number: int, base: Recipe) -> Iterator[Recipe]:
    """The experiments' commands of authors, without the code, which is the base's."""
    found = experiments_of(desk, number, judge=False)
    with drafted_recipe(get_investigation(desk, number), base, found) as recipe:
        yield replace(recipe, bundled=True)


def _code_of(recipe: Recipe) -> Recipe:
    """The recipe as far as its own code goes, without commands of authors."""
    return replace(recipe, arms=())


def _changed(base: Recipe) -> BusyError:
    return BusyError(
        f"The recipe at {base.folder} changed while it was looked at; the yes was not kept.",
        "Look at it again.",
    )
