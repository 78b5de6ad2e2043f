"""One watched script: what it does goes to the detectors, what they find into the report."""

import signal
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch

from researchdesk.harness.training.watch.contexts import Unseen, hidden
from researchdesk.harness.training.watch.detector import EVENTS, Detector
from researchdesk.harness.training.watch.findings import CERTAINTIES, Finding, Site
from researchdesk.harness.training.watch.pacing import Pace
from researchdesk.harness.training.watch.sites import here, is_silenced

_PLACES = 20
_STEPLESS = 100
_EFFECTS = ("parameters-not-optimised", "evaluation-with-gradients", "training-loss-not-falling")
"""What is often the effect of another finding, which is then told first."""
_OF_TRAINING = {"before_backward", "after_backward", "before_step", "after_step", "zeroed"}
_OF_TRAINING |= {"scheduled", "clipped"}


class _Apart(threading.local):
    """Of one thread: whether detectors are at work in it, and whether on a sampled step."""

    on = False
    sampled = False


class Session:
    """Tells detectors what happens and keeps what they report.

    ``step`` counts the optimizer steps so far, of all optimizers. ``waited`` are the seconds for
    which the script waited for batches; ``readings`` are figures for the report; ``unseen`` counts
    what could not be looked at, by the reason.
    """

    def __init__(self, kinds: Iterable[type[Detector]], every: int = 0) -> None:
        self.step = 0
        self.unseen: dict[str, int] = defaultdict(int)
        self.seen: dict[str, int] = defaultdict(int)
        self.readings: dict[str, float] = {}
        self.waited = 0.0
        self.limits: list[str] = []
        self.problems: list[str] = []
        self.between_steps: Callable[[], None] = lambda: None
        self._apart = _Apart()
        self._lock = threading.RLock()
        self._found: dict[tuple[str, Site], Finding] = {}
        self._listeners: dict[str, list[Callable[..., None]]] = {name: [] for name in EVENTS}
        self._spent = 0.0
        self._training, self._judging = Pace(every), Pace(every)
        self._training.begin(time.perf_counter(), 0.0)
        self._stepless, self._judged_at = 0, -1
        for kind in kinds:
            self._listen(kind(self))

    def _listen(self, detector: Detector) -> None:
        for name in EVENTS:
            if getattr(type(detector), name) is not getattr(Detector, name):
                self._listeners[name].append(getattr(detector, name))

    def wants(self, event: str) -> bool:
        """Whether any detector listens to it."""
        return bool(self._listeners[event])

    @property
    def spent(self) -> float:
        """Seconds that the detectors took so far."""
        return self._spent

    @property
    def is_apart(self) -> bool:
        """Whether what happens now is the detectors' own doing."""
        return self._apart.on

    @property
    def sampled(self) -> bool:
        """Whether this step is looked at closely: the first are, later some.

        Steps are chosen, and apart from them the calls while autograd does not record: an
        evaluation is looked at, whatever became of the step before it.
        """
        apart = self._apart
        if apart.on:
            return apart.sampled
        return (self._training if torch.is_grad_enabled() else self._judging).on

    @property
    def is_spared(self) -> bool:
        """Whether this is a long step in which even cheap work is left out: two in three are."""
        return self._training.is_long and self.step % 3 != 0

    def tell(self, event: str, *what: Any) -> None:
        """Hand an event to the detectors. One that fails is reported, and heard no more."""
        listeners, apart = self._listeners[event], self._apart
        if not listeners or apart.on:
            return
        if event != "finish" and (why := hidden()):
            self.unseen[why] += 1
            return
        begun = time.perf_counter()
        sampled = self._training.on if event in _OF_TRAINING else self.sampled
        with self._lock:
            apart.on, apart.sampled = True, sampled
            try:
                with Unseen():
                    self._hand(event, tuple(listeners), what)
            finally:
                apart.on = False
                self._spent += time.perf_counter() - begun
        if event == "before_backward":
            self._count_stepless()
        elif event == "created" and isinstance(what[0], torch.optim.Optimizer):
            self._training.renew()

    def _hand(
        self, event: str, listeners: tuple[Callable[..., None], ...], what: tuple[Any, ...]
    ) -> None:
        at = 0
        while at < len(listeners):
            try:
                for listener in listeners[at:]:
                    at += 1
                    listener(*what)
            except Exception as error:  # the script goes on, whatever it stumbles over
                if _of_a_signal(error):
                    raise
                self._dismiss(event, listeners[at - 1])

    def _dismiss(self, event: str, listener: Callable[..., None]) -> None:
        """It failed, just now, and hears no more of such events."""
        if listener in self._listeners[event]:
            self._listeners[event].remove(listener)
        owner = type(getattr(listener, "__self__", listener)).__name__
        self.problems.append(f"{owner}.{event}: {traceback.format_exc(limit=-4)}")

    def begun(self) -> None:
        """A module is about to be called, by the script itself."""
        if torch.is_grad_enabled():
            self._count_stepless()
            return
        now = time.perf_counter()
        if self._judged_at != self.step:
            self._judged_at = self.step
            self._judging.begin(now, self._spent)
        self._judging.over(now, self._spent)
        self.between_steps()

    def _count_stepless(self) -> None:
        """Training that no optimizer steps in has its share of looks too, and no more."""
        self._stepless += 1
        if self._stepless >= _STEPLESS:
            self._stepless = 0
            self._training.over(time.perf_counter(), self._spent)
            self.between_steps()

    def stepped(self) -> None:
        """An optimizer stepped: choose whether the next step is looked at closely."""
        self._stepless = 0
        self._training.over(time.perf_counter(), self._spent)
        self.step += 1
        self.between_steps()

    @property
    def looked(self) -> int:
        """How many steps were looked at closely."""
        return self._training.looked

    def report(
        self, name: str, certainty: str, message: str, at: Site | None = None, **evidence: Any
    ) -> None:
        """Keep a finding. One that is known from this place is counted, and its first words stay.

        ``at`` is the line of the user's code, else the one that is being run. ``evidence`` are the
        numbers of ``message``, by name.
        """
        site = here(2) if at is None else at
        known = self._found.get((name, site))
        if known is not None:
            known.times += 1
        elif sum(key[0] == name for key in self._found) < _PLACES:
            self._found[name, site] = Finding(name, certainty, message, site, evidence)

    def withdraw(self, name: str) -> None:
        """Take back all findings of this name: something later showed that it is sound."""
        self._found = {key: item for key, item in self._found.items() if key[0] != name}

    def findings(self) -> list[Finding]:
        """What was found and not silenced in the code, the surest first."""
        with self._lock:
            kept = list(self._found.values())
        loud = [item for item in kept if not is_silenced(item.name, item.site)]
        return sorted(
            loud, key=lambda item: (CERTAINTIES.index(item.certainty), item.name in _EFFECTS)
        )

    def finish(self) -> None:
        """Let the detectors say what only the whole can tell."""
        self.tell("finish")
        self._listeners["finish"].clear()

    def close(self) -> None:
        """Hear nothing more: the report is written, or this is a child of the script."""
        self._training.on = self._judging.on = False
        for listeners in self._listeners.values():
            listeners.clear()


def _of_a_signal(error: Exception) -> bool:
    """Whether a signal's handler, in the script, raised it while a detector was at work."""
    handlers = (signal.getsignal(number) for number in signal.valid_signals())
    codes = {getattr(handler, "__code__", None) for handler in handlers}
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code in codes:
            return True
        trace = trace.tb_next
    return False
