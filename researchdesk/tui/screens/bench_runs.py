"""Runs that this process does itself: each in one thread, which lives as long as the run."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from textual.app import App
from textual.worker import Worker, get_current_worker

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Event
from researchdesk.errors import DeskError
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import Report, ReproduceOptions

Job = Callable[[Callable[[Event], None], threading.Event], Report | None]
"""What a run is, where it is not a recipe's: called with what hears its events and what stops it.
"""


class Stop(threading.Event):
    """Set by a person, or by the end of the app, which cancels its workers."""

    def __init__(self) -> None:
        super().__init__()
        self.worker: Worker[None] | None = None

    def is_set(self) -> bool:
        return super().is_set() or (self.worker is not None and self.worker.is_cancelled)


@dataclass(slots=True, eq=False)
class OwnRun:
    """A run under way here. The thread only ever adds to it; the screen reads it now and then.

    ``run_id`` is known once the run began; ``before`` is how many events it had until then, and
    ``events`` are those since. ``over`` with neither ``report`` nor ``error``: it broke by a fault.
    """

    recipe: Recipe
    options: ReproduceOptions
    job: Job | None = None
    stop: Stop = field(default_factory=Stop)
    run_id: str = ""
    before: int = 0
    events: list[Event] = field(default_factory=list)
    report: Report | None = None
    error: DeskError | None = None
    over: bool = False
    resumed: bool = False

    @property
    def stopping(self) -> bool:
        return not self.over and self.stop.is_set()

    def since(self, taken: int) -> Sequence[Event]:
        """The events after the first ``taken`` of the run."""
        return self.events[max(0, taken - self.before) :]


class RunKeeper:
    """Starts runs and stops them. They belong to the app: no screen that is left ends one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._runs: list[OwnRun] = []

    def start(
        self,
        app: App[object],
        recipe: Recipe,
        options: ReproduceOptions,
        run_id: str = "",
        job: Job | None = None,
    ) -> OwnRun:
        """Begin a run, or go on with an unfinished one of the same plan, or with that of an id.

        ``job`` is done in its place, where there is one.
        """
        own = OwnRun(recipe, options, job, run_id=run_id, resumed=bool(run_id))
        if run_id:
            own.before = len(reproduction.events_of(self._desk, run_id))
        self._runs.append(own)
        app.run_worker(
            partial(self._run, own),
            name=f"reproduce {recipe.name}",
            group="reproduce",
            thread=True,
            exit_on_error=False,
        )
        return own

    @property
    def busy(self) -> bool:
        """Whether a run is under way here."""
        return any(not own.over for own in self._runs)

    def of_recipe(self, name: str) -> OwnRun | None:
        """The run of this recipe that is under way here."""
        return next((own for own in self._runs if own.recipe.name == name and not own.over), None)

    def of_run(self, run_id: str) -> OwnRun | None:
        """The run of this id if it is under way here."""
        return next((own for own in self._runs if own.run_id == run_id and not own.over), None)

    def take_over(self) -> list[OwnRun]:
        """Those that came to their end since last asked."""
        ended = [own for own in self._runs if own.over]
        self._runs = [own for own in self._runs if not own.over]
        return ended

    def stop_all(self) -> None:
        """Stop everything; what had finished is kept."""
        for own in self._runs:
            own.stop.set()

    def _run(self, own: OwnRun) -> None:
        own.stop.worker = get_current_worker()
        heard = partial(self._heard, own)
        try:
            if own.job is not None:
                own.report = own.job(heard, own.stop)
            elif own.resumed:
                own.report = reproduction.resume_run(self._desk, own.run_id, heard, own.stop)
            else:
                own.report = reproduction.reproduce(
                    self._desk, own.recipe.name, own.options, heard, own.stop
                )
        except DeskError as error:
            own.error = error
        finally:
            own.over = True

    def _heard(self, own: OwnRun, event: Event) -> None:
        own.events.append(event)
        if not own.run_id and (run_id := event.data.get("run")):
            with contextlib.suppress(DeskError):
                before = reproduction.events_of(self._desk, str(run_id))
                own.before = len(before) - len(own.events)
                own.run_id = str(run_id)


class KeepsRuns:
    """What a screen says of the runs that it started: before ``DeskScreen`` among its bases."""

    _keeper: RunKeeper

    @property
    def busy(self) -> bool:
        """Whether a run that was started here is under way."""
        return self._keeper.busy

    @property
    def runs_on(self) -> bool:
        return self.busy

    def settle(self) -> None:
        self._keeper.stop_all()
