"""The folder of sweeps: each sweep a folder as a run has one, its events the truth."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Event
from researchdesk.errors import BadInputError, BusyError, NotOnDeskError
from researchdesk.harness.events import EventLog
from researchdesk.harness.history import RunConfig
from researchdesk.harness.locks import is_held
from researchdesk.harness.open_run import EVENTS, OnEvent, OpenRun
from researchdesk.harness.run_folders import LOCK, beginning, folders_in
from researchdesk.harness.store import RunStore


class SweepStore(RunStore):
    """All sweeps of a desk. A sweep that came to its end can be opened again: it may be extended.

    Of what it has of runs, ``all``, ``get``, ``start`` and ``resume`` are not for sweeps.
    """

    def begin(
        self, recipe: Recipe, config: RunConfig, on_event: OnEvent, first: Callable[[], None]
    ) -> OpenRun:
        """Begin a sweep, after ``first``, which may raise, and during which no other begins.

        Raises BusyError where another is just starting, DeskError where the folder cannot be
        written.
        """
        with beginning(self._folder, "sweep"):
            first()
            self._sweep()
            return self._begin(recipe, config, on_event)

    def folder_of(self, run_id: str) -> Path:
        """The sweep's folder. Raises NotOnDeskError, also for what is no sweep's id."""
        try:
            return super().folder_of(run_id)
        except NotOnDeskError as error:
            raise NotOnDeskError(
                f"There is no sweep {run_id}.", "See `researchdesk sweep list`."
            ) from error

    def ids(self) -> list[str]:
        """Of every sweep, the newest first."""
        return sorted((name for name, _ in folders_in(self._folder)), reverse=True)

    def is_under_way(self, sweep_id: str) -> bool:
        """Whether a living process has the sweep. Raises NotOnDeskError."""
        return is_held(self.folder_of(sweep_id) / LOCK)

    def reopen(self, sweep_id: str, on_event: OnEvent) -> OpenRun:
        """Open a sweep by its own copy of the recipe, also one that came to its end.

        Raises NotOnDeskError, BusyError where it is under way, BadInputError where its copy of the
        recipe is not what was started.
        """
        if self.is_under_way(sweep_id):
            raise busy(sweep_id)
        if not self._copy_is_whole(sweep_id):
            raise BadInputError(
                f"The recipe in {self.folder_of(sweep_id)} was changed since the sweep began.",
                "Begin a new sweep with `researchdesk sweep start`. What it measured is kept.",
            )
        return self._reopen(sweep_id, on_event)

    def note(self, sweep_id: str, kind: str, data: Mapping[str, Any]) -> None:
        """Add an event to a sweep, under way or not. Raises NotOnDeskError, and DeskError where the
        disk takes no more."""
        log = EventLog(self.folder_of(sweep_id) / EVENTS)
        try:
            log.append(Event(kind, self._clock(), data=data))
        finally:
            log.close()


def busy(sweep_id: str) -> BusyError:
    """The refusal where another process has the sweep under way."""
    return BusyError(
        f"The sweep {sweep_id} is under way in another process. Nothing was changed.",
        f"Wait for it, or stop it with `researchdesk sweep cancel {sweep_id}`.",
    )
