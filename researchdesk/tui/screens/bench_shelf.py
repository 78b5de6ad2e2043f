"""Reads recipes and runs again and again, so that what others do is seen here too."""

import contextlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.run_rows import RunRow, RunsListed
from researchdesk.errors import BadInputError, DeskError
from researchdesk.services import recipes, runs
from researchdesk.services.desk import Desk
from researchdesk.services.run_recipes import recipe_in

_TICK_S = 1.0
_LOOK_S = 3.0
_SPARE = 10
_OF_A_RECIPE = 100


class BenchShelf(Widget):
    """Unseen. Reads while its screen is looked at, the less often the longer that takes."""

    DEFAULT_CSS = "BenchShelf { display: none; }"

    @dataclass
    class Listed(Message):
        """All there is now: of each recipe its newest runs, that of the newest run first.

        ``gone`` names recipes that only runs still have; ``problems`` are of those not readable.
        """

        recipes: list[Recipe]
        gone: frozenset[str]
        problems: list[BadInputError]
        runs: dict[str, RunsListed]
        took: float

    @dataclass
    class Reading(Message):
        """Runs are read for the first time, and that takes long."""

        done: int
        total: int

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._wait = _LOOK_S

    def on_mount(self) -> None:
        self.set_interval(_TICK_S, self._tick)
        self.reload()

    def _tick(self) -> None:
        self._wait -= _TICK_S
        if self._wait <= 0 and self.screen.is_current and not self._is_reading:
            self.reload()

    @property
    def _is_reading(self) -> bool:
        mine = (worker for worker in self.workers if worker.node is self)
        return any(worker.is_running for worker in mine)

    @work(thread=True, exclusive=True, group="shelf", exit_on_error=False)
    def reload(self) -> None:
        """Read now."""
        begun = time.perf_counter()
        problems = recipes.recipe_problems(self._desk)
        found: dict[str, Recipe] = {}
        for recipe in recipes.recipes(self._desk):
            found.setdefault(recipe.name, recipe)
        listed = runs.listed_by_recipe(self._desk, _OF_A_RECIPE, self._tell)
        gone = self._gone([of.rows for name, of in listed.items() if name not in found])
        if not get_current_worker().is_cancelled:
            took = time.perf_counter() - begun
            every = [*found.values(), *gone]
            names = frozenset(recipe.name for recipe in gone)
            self.post_message(self.Listed(every, names, problems, listed, took))

    def _tell(self, done: int, total: int) -> None:
        if not get_current_worker().is_cancelled:
            self.post_message(self.Reading(done, total))

    def _gone(self, groups: Iterable[Sequence[RunRow]]) -> list[Recipe]:
        """Recipes that only their runs still have, as those keep a copy."""
        found = []
        for rows in groups:
            for newest in rows[:1]:
                with contextlib.suppress(DeskError):
                    found.append(recipe_in(self._desk, newest.id))
        return found

    @on(Listed)
    def _rest(self, message: Listed) -> None:
        self._wait = max(_LOOK_S, _SPARE * message.took)
