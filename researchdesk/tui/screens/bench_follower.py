"""Follows one run, whoever does it: its events, and what they say of the claims."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from researchdesk.domain.runs import Event, RunState, RunSummary
from researchdesk.errors import DeskError
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import Report
from researchdesk.services.watching import findings_on
from researchdesk.tui.screens.bench_runs import RunKeeper
from researchdesk.tui.widgets.bench_findings import Watched
from researchdesk.tui.widgets.bench_view import RunView

_TICK_S = 0.25
_LOOK_S = 0.5
_JUDGE_S = 0.75
_SPARE = 5


class RunFollower(Widget):
    """Unseen. Tells its screen how the run goes on, at most four times a second.

    A run of this process is heard from its thread; one of another process is read again and again
    from its folder, the less often the longer that takes.
    """

    DEFAULT_CSS = "RunFollower { display: none; }"

    @dataclass
    class Changed(Message):
        """There are new events, or another run."""

        view: RunView | None
        run: RunSummary | None

    @dataclass
    class Judged(Message):
        """The claims were judged by what has finished."""

        report: Report

    @dataclass
    class Failed(Message):
        """The run could not be read."""

        error: DeskError

    @dataclass
    class _Loaded(Message):
        run: RunSummary
        events: Sequence[Event]
        first: bool
        took: float
        watched: Watched

    @dataclass
    class _Lost(Message):
        run_id: str
        error: DeskError

    @dataclass
    class _Verdicts(Message):
        report: Report | None
        took: float

    def __init__(self, desk: Desk, keeper: RunKeeper) -> None:
        super().__init__()
        self._desk, self._keeper = desk, keeper
        self._run_id = ""
        self._view: RunView | None = None
        self._run: RunSummary | None = None
        self._looking = self._judging = False
        self._wait_look = self._wait_judge = 0.0
        self._judged = -1

    def on_mount(self) -> None:
        self.set_interval(_TICK_S, self._tick)

    @property
    def run_id(self) -> str:
        return self._run_id

    def follow(self, run_id: str) -> None:
        """Follow this run from now on; none where it is empty. Also reads it anew."""
        if run_id != self._run_id:
            self._view = self._run = None
        self._run_id, self._judged = run_id, -1
        self._looking = bool(run_id)
        if run_id:
            self._load(run_id, 0)
        else:
            self.post_message(self.Changed(None, None))

    def _tick(self) -> None:
        view, run = self._view, self._run
        self._wait_look -= _TICK_S
        self._wait_judge -= _TICK_S
        if view is None or run is None or not self.screen.is_current:
            return
        if own := self._keeper.of_run(self._run_id):
            if new := own.since(view.taken):
                view.take(new)
                self.post_message(self.Changed(view, run))
        elif run.state is RunState.RUNNING and not self._looking and self._wait_look <= 0:
            self._looking = True
            self._load(self._run_id, view.taken)
        if view.ends != self._judged and not self._judging and self._wait_judge <= 0:
            self._judging, self._judged = True, view.ends
            self._judge(self._run_id)

    @work(thread=True, group="follow", exit_on_error=False)
    def _load(self, run_id: str, after: int) -> None:
        begun = time.perf_counter()
        try:
            run = reproduction.get_run(self._desk, run_id)
            events = reproduction.events_of(self._desk, run_id, after)
            watched = () if after else findings_on(self._desk, run_id, run.arxiv_id)
        except DeskError as error:
            self.post_message(self._Lost(run_id, error))
            return
        took = time.perf_counter() - begun
        self.post_message(self._Loaded(run, events, not after, took, watched))

    @work(thread=True, group="judge", exit_on_error=False)
    def _judge(self, run_id: str) -> None:
        begun = time.perf_counter()
        try:
            report = reproduction.report_of(self._desk, run_id)
        except DeskError as error:
            self.post_message(self.Failed(error))
            report = None
        self.post_message(self._Verdicts(report, time.perf_counter() - begun))

    @on(_Loaded)
    def _take_loaded(self, message: _Loaded) -> None:
        message.stop()
        if message.run.id != self._run_id:
            return
        self._looking, self._wait_look = False, max(_LOOK_S, _SPARE * message.took)
        ended = self._run is not None and self._run.state is not message.run.state
        self._run = message.run
        if self._view is None or message.first:
            self._view = RunView(message.run.id, message.run.tasks)
            self._view.watched = message.watched
        self._view.take(message.events)
        if message.run.state not in (RunState.RUNNING, RunState.AWAY):
            self._view.stop()
        if ended:
            self._judged = -1
        if message.events or ended or message.first:
            self.post_message(self.Changed(self._view, self._run))

    @on(_Lost)
    def _let_go(self, message: _Lost) -> None:
        """The run is not there any more, or cannot be read."""
        message.stop()
        if message.run_id == self._run_id:
            self.follow("")
            self.post_message(self.Failed(message.error))

    @on(_Verdicts)
    def _take_verdicts(self, message: _Verdicts) -> None:
        message.stop()
        self._judging, self._wait_judge = False, max(_JUDGE_S, _SPARE * message.took)
        if message.report is not None and message.report.run.id == self._run_id:
            self.post_message(self.Judged(message.report))
