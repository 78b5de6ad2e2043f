"""Follows one sweep, whoever does it: what its folder says, and what its budget bought."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from researchdesk.domain.budget_curves import BudgetCurve
from researchdesk.domain.runs import RunState
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_watching import SweepSight, SweepWatch

_TICK_S = 0.25
_LOOK_S, _REST_S = 0.5, 3.0
_SPARE = 5
_PAUSE_S = 0.4
"""Whoever goes down the list does not wait for the curves of what is passed over."""
_BEAT_S = 0.02


class SweepFollower(Widget):
    """Unseen. Reads on in the sweep's events, the less often the longer that takes, and reckons its
    curves anew as trials end; all in threads."""

    DEFAULT_CSS = "SweepFollower { display: none; }"

    @dataclass
    class Changed(Message):
        """There is something new of the sweep; ``first``: it is another one, or read anew."""

        sight: SweepSight
        first: bool

    @dataclass
    class Reckoned(Message):
        """Its curves, or why there are none; ``more`` are on their way."""

        sweep_id: str
        curves: tuple[BudgetCurve, ...]
        empty: str
        more: bool

    @dataclass
    class Failed(Message):
        """The sweep could not be read."""

        sweep_id: str
        error: DeskError

    @dataclass
    class _Looked(Message):
        watch: SweepWatch
        sight: SweepSight | None
        took: float

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.sweep_id = ""
        self._watch: SweepWatch | None = None
        self._sight: SweepSight | None = None
        self._looking = self._reckoning = False
        self._wait_look = self._wait_curves = 0.0
        self._reckoned = -1

    def on_mount(self) -> None:
        self.set_interval(_TICK_S, self._tick)

    def follow(self, sweep_id: str) -> None:
        """Follow this sweep from now on; none where it is empty. Also reads it anew."""
        self.sweep_id = sweep_id
        self._watch = self._sight = None
        self._reckoned, self._wait_curves = -1, _PAUSE_S
        self._looking = bool(sweep_id)
        if sweep_id:
            self._open(sweep_id)

    def look_soon(self) -> None:
        """Look at the next beat."""
        self._wait_look = 0.0

    def _tick(self) -> None:
        self._wait_look -= _TICK_S
        self._wait_curves -= _TICK_S
        if self._watch is None or not self.screen.is_current:
            return
        if not self._looking and self._wait_look <= 0:
            self._looking = True
            self._look(self._watch)
        ended = self._sight.page.spent.trials if self._sight else 0
        if ended != self._reckoned and not self._reckoning and self._wait_curves <= 0:
            self._reckoning, self._reckoned = True, ended
            self._reckon(self._watch)

    @work(thread=True, group="sweep", exit_on_error=False)
    def _open(self, sweep_id: str) -> None:
        try:
            watch = SweepWatch(self._desk, sweep_id)
        except DeskError as error:
            self.post_message(self.Failed(sweep_id, error))
            return
        self._see(watch)

    @work(thread=True, group="sweep", exit_on_error=False)
    def _look(self, watch: SweepWatch) -> None:
        self._see(watch)

    def _see(self, watch: SweepWatch) -> None:
        begun = time.perf_counter()
        try:
            sight = watch.look()
        except DeskError as error:
            self.post_message(self.Failed(watch.sweep_id, error))
            return
        self.post_message(self._Looked(watch, sight, time.perf_counter() - begun))

    @work(thread=True, group="curves", exit_on_error=False)
    def _reckon(self, watch: SweepWatch) -> None:
        begun, found = time.perf_counter(), list[BudgetCurve]()
        worker, empty = get_current_worker(), ""
        try:
            for curve in _left_when(lambda: worker.is_cancelled, watch.curves()):
                found.append(curve)
                self.post_message(self.Reckoned(watch.sweep_id, tuple(found), "", True))
        except DeskError:
            empty = "No trial has a value yet: the curve comes with the first one."
        if worker.is_cancelled:
            return
        self._wait_curves = _SPARE * (time.perf_counter() - begun)
        self._reckoning = False
        self.post_message(self.Reckoned(watch.sweep_id, tuple(found), empty, False))

    @on(_Looked)
    def _take(self, message: _Looked) -> None:
        message.stop()
        if message.watch.sweep_id != self.sweep_id:
            return
        first = self._watch is not message.watch
        self._watch, self._looking = message.watch, False
        if message.sight is not None:
            self._sight = message.sight
            self.post_message(self.Changed(message.sight, first))
        under_way = self._sight is not None and self._sight.page.state is RunState.RUNNING
        self._wait_look = max(_LOOK_S if under_way else _REST_S, _SPARE * message.took)

    @on(Failed)
    def _let_go(self, message: Failed) -> None:
        if message.sweep_id == self.sweep_id:
            self.follow("")


def _left_when(
    cancelled: Callable[[], bool], curves: Iterator[BudgetCurve]
) -> Iterator[BudgetCurve]:
    """The curves one by one, until cancelled. One takes seconds, and the end of the app waits for
    its threads: hence each is reckoned in one that it does not wait for."""
    while True:
        made: Future[BudgetCurve | None] = Future()
        threading.Thread(target=_reckon_into, args=(made, curves), daemon=True).start()
        while not made.done():
            if cancelled():
                return
            time.sleep(_BEAT_S)
        if (curve := made.result()) is None:
            return
        yield curve


def _reckon_into(made: "Future[BudgetCurve | None]", curves: Iterator[BudgetCurve]) -> None:
    try:
        made.set_result(next(curves, None))
    except BaseException as error:  # noqa: BLE001 - raised again by who waits
        made.set_exception(error)
