"""Reads recipes and runs again and again, so that what others do is seen here too."""

import contextlib
import time
from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunSummary
from researchdesk.errors import BadInputError, DeskError
from researchdesk.services import recipes, reproduction
from researchdesk.services.desk import Desk

_TICK_S = 1.0
_LOOK_S = 3.0
_SPARE = 10


class BenchShelf(Widget):
    """Unseen. Reads while its screen is looked at, the less often the longer that takes."""

    DEFAULT_CSS = "BenchShelf { display: none; }"

    @dataclass
    class Listed(Message):
        """All there is now, runs newest first.

        ``gone`` names recipes that only runs still have; ``problems`` are of those not readable.
        """

        recipes: list[Recipe]
        gone: frozenset[str]
        problems: list[BadInputError]
        runs: list[RunSummary]
        took: float

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._wait = _LOOK_S

    def on_mount(self) -> None:
        self.set_interval(_TICK_S, self._tick)
        self.reload()

    def _tick(self) -> None:
        self._wait -= _TICK_S
        if self._wait <= 0 and self.screen.is_current:
            self.reload()

    @work(thread=True, exclusive=True, group="shelf", exit_on_error=False)
    def reload(self) -> None:
        """Read now."""
        begun = time.perf_counter()
        problems = recipes.recipe_problems(self._desk)
        runs = reproduction.runs(self._desk)
        found: dict[str, Recipe] = {}
        for recipe in recipes.recipes(self._desk):
            found.setdefault(recipe.name, recipe)
        gone = self._gone({run.recipe: run.id for run in runs if run.recipe not in found})
        if not get_current_worker().is_cancelled:
            took = time.perf_counter() - begun
            every = [*found.values(), *gone]
            names = frozenset(recipe.name for recipe in gone)
            self.post_message(self.Listed(every, names, problems, runs, took))

    def _gone(self, runs: dict[str, str]) -> list[Recipe]:
        """Recipes that only their runs still have, as those keep a copy."""
        found = []
        for run_id in runs.values():
            with contextlib.suppress(DeskError):
                found.append(reproduction.report_of(self._desk, run_id).recipe)
        return found

    @on(Listed)
    def _rest(self, message: Listed) -> None:
        self._wait = max(_LOOK_S, _SPARE * message.took)
