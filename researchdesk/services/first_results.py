"""When there was first a result of some settings: a hypothesis that is stated later is late."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from researchdesk.domain.derived_names import base_name
from researchdesk.domain.investigations import Experiment, LinkedRun
from researchdesk.errors import DeskError
from researchdesk.harness.open_run import EVENTS
from researchdesk.harness.outline import read_outline
from researchdesk.services.desk import Desk
from researchdesk.services.recent import Recent
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.run_summaries import newest_written
from researchdesk.storage import experiments

_RUNS = 200
"""How many runs are looked at, those written to last."""

_firsts = Recent[dict[str, datetime]](512)
_by_settings = Recent[dict[str, datetime]](512)


def first_results(desk: Desk, recipe: str) -> dict[str, datetime]:
    """When the first seed finished of each settings of the recipe that there is a result of.

    Looked at are the links of every experiment of the recipe, also of those that were dropped and
    of runs that are gone, and the newest runs of the recipe on the desk. The keys are those of
    ``key_of``.
    """
    found: dict[str, datetime] = {}
    for item in experiments.of_recipe(desk.database.connection, recipe):
        for run in item.runs:
            if moment := first_of(desk, run):
                _take(found, key_of(item.settings), moment)
    for summary in newest_written(desk, _RUNS):
        if summary.results and recipe in {summary.recipe, base_name(summary.recipe)}:
            for key, moment in _of_run(desk, summary.id).items():
                _take(found, key, moment)
    return found


def key_of(settings: Mapping[str, Any]) -> str:
    """The settings as text that is the same where they are; 1 and 1.0 are not."""
    return json.dumps(dict(settings), sort_keys=True, default=str)


def first_of(desk: Desk, linked: LinkedRun) -> datetime | None:
    """When the first seed of a linked run's arm finished; None where none did."""
    return linked.first_at or firsts_in(desk, linked.run_id).get(linked.arm)


def firsts_in(desk: Desk, run_id: str) -> Mapping[str, datetime]:
    """When the first seed of each arm of the run finished; empty where the run is gone."""
    events = desk.settings.runs / run_id / EVENTS

    def read() -> dict[str, datetime]:
        found: dict[str, datetime] = {}
        for event in read_outline(events):
            if event.kind == "seed_finished":
                found.setdefault(event.arm, event.at)
        return found

    try:
        told = events.stat()
        return _firsts.get((events, told.st_mtime_ns, told.st_size), read)
    except (OSError, ValueError):
        return {}


def with_lateness(desk: Desk, item: Experiment, seen: Mapping[str, datetime]) -> Experiment:
    """Each version of the hypothesis, marked where it was stated after the first result; ``seen``
    are the ``first_results`` of its recipe. What was late once stays so."""
    moments = [*_linked_moments(desk, item), seen.get(key_of(item.settings))]
    first = min((moment for moment in moments if moment), default=None)

    def is_late(stated_at: datetime, known: datetime | None) -> bool:
        return any(moment is not None and stated_at > moment for moment in (first, known))

    marked = (replace(one, late=is_late(one.stated_at, one.result_at)) for one in item.versions)
    return replace(item, versions=tuple(marked))


def _linked_moments(desk: Desk, item: Experiment) -> Iterator[datetime | None]:
    for linked in item.runs:
        yield linked.first_at
        yield firsts_in(desk, linked.run_id).get(linked.arm)


def _of_run(desk: Desk, run_id: str) -> dict[str, datetime]:
    """By the settings of the run's arms; empty where its recipe cannot be read."""
    firsts = firsts_in(desk, run_id)

    def read() -> dict[str, datetime]:
        recipe = recipe_in(desk, run_id)
        found: dict[str, datetime] = {}
        for name, moment in firsts.items():
            if arm := recipe.arm(name):
                _take(found, key_of(arm.settings), moment)
        return found

    try:
        return _by_settings.get((desk.settings.runs, run_id, tuple(firsts.items())), read)
    except DeskError:
        return {}


def _take(found: dict[str, datetime], key: str, moment: datetime) -> None:
    found[key] = min(moment, found.get(key, moment))
