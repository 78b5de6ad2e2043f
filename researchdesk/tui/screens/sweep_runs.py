"""Sweeps that this process does itself: each in one thread, which lives as long as it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from textual.app import App
from textual.worker import get_current_worker

from researchdesk.domain.runs import Event
from researchdesk.errors import DeskError
from researchdesk.services.sweeps import SweepRun
from researchdesk.tui.screens.bench_runs import Stop

OnEvent = Callable[[Event], None]
OnNote = Callable[[str], None]
Job = Callable[[OnEvent, threading.Event, OnNote], SweepRun]
"""Starts a sweep or goes on with one: called with what hears its events, what stops it, and what
hears of what is fetched for it."""


@dataclass(slots=True, eq=False)
class OwnSweep:
    """A sweep under way here. ``sweep_id`` is known once it began, ``note`` is what is done before.

    ``over`` with neither ``run`` nor ``error``: it broke by a fault.
    """

    name: str
    sweep_id: str = ""
    note: str = ""
    stop: Stop = field(default_factory=Stop)
    run: SweepRun | None = None
    error: DeskError | None = None
    over: bool = False

    @property
    def stopping(self) -> bool:
        return not self.over and self.stop.is_set()

    @property
    def doing(self) -> str:
        """What stands for its state while it is between two states; empty where it is in one."""
        if self.stopping:
            return "stopping; trials that ended are kept …"
        return "" if self.sweep_id else self.note or "starting …"


class SweepKeeper:
    """Starts sweeps and stops them. They belong to the app: no screen that is left ends one."""

    def __init__(self) -> None:
        self._sweeps: list[OwnSweep] = []

    def start(self, app: App[object], name: str, job: Job, sweep_id: str = "") -> OwnSweep:
        """Do this in a thread; ``sweep_id`` is the one that is gone on with."""
        own = OwnSweep(name, sweep_id)
        self._sweeps.append(own)
        app.run_worker(
            partial(_run, own, job),
            name=f"sweep {name}",
            group="sweeps",
            thread=True,
            exit_on_error=False,
        )
        return own

    @property
    def busy(self) -> bool:
        """Whether a sweep is under way here."""
        return any(not own.over for own in self._sweeps)

    @property
    def beginning(self) -> OwnSweep | None:
        """One that has no folder yet."""
        return next((own for own in self._sweeps if not own.over and not own.sweep_id), None)

    def of(self, sweep_id: str) -> OwnSweep | None:
        """The sweep of this id if it is under way here."""
        return next(
            (own for own in self._sweeps if own.sweep_id == sweep_id and not own.over), None
        )

    def take_over(self) -> list[OwnSweep]:
        """Those that came to their end since last asked."""
        ended = [own for own in self._sweeps if own.over]
        self._sweeps = [own for own in self._sweeps if not own.over]
        return ended

    def stop_all(self) -> None:
        """Stop everything; what had ended is kept."""
        for own in self._sweeps:
            own.stop.set()


def _run(own: OwnSweep, job: Job) -> None:
    own.stop.worker = get_current_worker()

    def hear(event: Event) -> None:
        if not own.sweep_id and (sweep_id := event.data.get("run")):
            own.sweep_id = str(sweep_id)

    def note(words: str) -> None:
        own.note = words

    try:
        own.run = job(hear, own.stop, note)
    except DeskError as error:
        own.error = error
    finally:
        own.over = True
