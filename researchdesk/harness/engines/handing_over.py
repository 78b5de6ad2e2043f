"""Hands jobs to an engine, so that each is known of, and none is there twice."""

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import FrameType

from researchdesk.domain.engines import EngineSettings
from researchdesk.harness.engines.backend import Backend, Handed
from researchdesk.harness.engines.handing import MailReader, hand, key_of
from researchdesk.harness.engines.recalled import SUBMITTED, submitted_data
from researchdesk.harness.jobs import Job, Plan
from researchdesk.harness.ledger import Ledger, Underway


@dataclass(slots=True)
class There:
    """A job that is with the engine. ``over_since``: when it was first said to be over.

    ``words``: how it was lost, as its mail tells, and ``own`` whether it brought that upon itself;
    ``again``: what of it is to be done once more. ``before``: an earlier process handed it over;
    ``called_off``: that one asked for its end.
    """

    at: Underway
    trial: Handed
    handle: str
    mail: MailReader
    node: str = ""
    words: str = ""
    own: bool = False
    over_since: float | None = None
    again: list[Job] = field(default_factory=list)
    before: bool = False
    called_off: bool = False


class HandingOver:
    """Hands the jobs of a plan over. ``ledger`` is told ``trial_submitted`` of each."""

    def __init__(self, plan: Plan, engine: EngineSettings, ledger: Ledger) -> None:
        self._plan, self._engine, self._ledger = plan, engine, ledger
        self._refused: dict[str, Handed] = {}

    def hand_over(self, backend: Backend, jobs: Sequence[Job]) -> list[There]:
        """Each job as it is with the engine now.

        One that the engine did not take before is handed over as it was then: where it was taken
        all the same, the engine knows it. Raises EngineError, and OSError.
        """
        trials = [self._made(job) for job in jobs]
        with undisturbed():
            handles = backend.submit(trials)
            for trial, handle in zip(trials, handles, strict=True):
                self._refused.pop(trial.key, None)
                said = submitted_data(
                    trial.key, trial.job, trial.submission, handle, self._plan.gpus
                )
                self._ledger.say(SUBMITTED, None, said)
        return [
            There(Underway(trial.job, self._plan.gpus), trial, handle, MailReader(trial.folder))
            for trial, handle in zip(trials, handles, strict=True)
        ]

    def _made(self, job: Job) -> Handed:
        """What was tried elsewhere counts against how often the engine may begin it anew."""
        key = key_of(job)
        if key not in self._refused:
            engine = replace(self._engine, retries=self._ledger.tries_left(job.tasks))
            self._refused[key] = hand(job, self._plan, engine)
        return self._refused[key]


@contextlib.contextmanager
def undisturbed(*, heeded: bool = True) -> Iterator[None]:
    """An interrupt from the keyboard waits for the end of this, and is forgotten where it is not
    to be ``heeded``; a second one does not wait."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    asked: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked and heeded:
        raise KeyboardInterrupt
