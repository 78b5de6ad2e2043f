"""Sweeps read from their folders."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import Budget, SweepSpec
from researchdesk.errors import BadInputError
from researchdesk.harness.history import RunConfig
from researchdesk.harness.sweeps.spec import read_spec
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import copied_recipe
from researchdesk.services.sweep_budgets import is_larger
from researchdesk.services.sweep_heads import SweepHead, sweep_head
from researchdesk.services.sweep_pages import SweepPage, page_of
from researchdesk.services.sweep_store import read_one, store_of

GPUS = "gpus_per_trial"
"""In a sweep's environment: how many GPUs each of its trials holds."""


def sweep_page(desk: Desk, sweep_id: str) -> SweepPage:
    """A sweep as it may be shown: without what was measured on the test.

    Raises NotOnDeskError, BadInputError where its folder cannot be read.
    """
    store = store_of(desk)
    found = store.environment(sweep_id)
    page = page_of(read_one(desk, sweep_id), found, gpus_of(found))
    if page.state is not RunState.AWAY:
        return page
    return replace(page, at_engine=store.get(sweep_id).at_engine)


def gpus_of(environment: dict[str, object]) -> float:
    """How many GPUs each trial held, as the environment has it."""
    value = environment.get(GPUS)
    return float(value) if isinstance(value, int | float) else 0.0


def recipe_of_sweep(desk: Desk, sweep_id: str) -> Recipe:
    """The sweep's own copy of its recipe. Raises NotOnDeskError, BadInputError where it cannot be
    read."""
    return copied_recipe(*store_of(desk).recipe_folder(sweep_id))


def same_sweep(desk: Desk, config: RunConfig, spec: SweepSpec) -> str:
    """The newest sweep of this spec, whatever its budget and name, that is of the same recipe, data
    and device; ``""`` where there is none."""
    told = (config.digest, config.device, dict(config.data))
    return _newest(desk, spec, lambda other: (other.digest, other.device, dict(other.data)) == told)


def begun_smaller(
    desk: Desk, recipe: Recipe, spec: SweepSpec, device: str = "auto"
) -> SweepHead | None:
    """The newest sweep of this spec, recipe and device, whatever its data, where its budget is
    smaller: it is made larger, and not begun once more. None where there is none."""
    told = (recipe.digest, device)
    found = _newest(desk, spec, lambda other: (other.digest, other.device) == told)
    head = sweep_head(desk, found) if found else None
    return head if head and is_larger(spec.budget, head.budget) else None


def _newest(desk: Desk, spec: SweepSpec, fits: Callable[[RunConfig], bool]) -> str:
    store, wanted = store_of(desk), _without_budget(spec)
    for sweep_id in store.ids():
        try:
            other = store.config(sweep_id)
            if not fits(other):
                continue
            if _without_budget(read_spec(other.sweep, Path("sweep.toml"))) == wanted:
                return sweep_id
        except BadInputError:
            continue
    return ""


def _without_budget(spec: SweepSpec) -> SweepSpec:
    return replace(spec, budget=Budget(), name="")
