"""One watched script: what it does goes to the detectors, what they find into the report."""

import math
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch

from researchdesk.harness.training.watch.detector import EVENTS, Detector
from researchdesk.harness.training.watch.findings import CERTAINTIES, Finding, Site
from researchdesk.harness.training.watch.sites import here, is_silenced

_WARM = 16
_SHARE = 0.04
_MOST = 1_000
_PLACES = 20


class Session:
    """Tells detectors what happens and keeps what they report.

    ``step`` counts the optimizer steps so far, of all optimizers. ``sampled`` says whether this
    step is looked at closely: the first ones are, later every ``every``-th; with ``every`` 0 as
    many as keep the time spent here below a few per cent. ``waited`` are the seconds for which the
    script waited for batches; ``readings`` are figures for the report.
    """

    def __init__(self, kinds: Iterable[type[Detector]], every: int = 0) -> None:
        self.step = 0
        self.sampled = True
        self.seen: dict[str, int] = defaultdict(int)
        self.readings: dict[str, float] = {}
        self.waited = 0.0
        self.limits: list[str] = []
        self.problems: list[str] = []
        self.between_steps: Callable[[], None] = lambda: None
        self._every = every
        self._apart = threading.local()
        self._found: dict[tuple[str, Site], Finding] = {}
        self._listeners: dict[str, list[Callable[..., None]]] = {name: [] for name in EVENTS}
        self._spent = self._last_spent = 0.0
        self._last = time.perf_counter()
        self._cost = self._plain = 0.0
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
        return getattr(self._apart, "on", False)

    def tell(self, event: str, *what: Any) -> None:
        """Hand an event to the detectors. One that fails is reported, and heard no more."""
        listeners = self._listeners[event]
        if not listeners or self.is_apart:
            return
        begun = time.perf_counter()
        self._apart.on = True
        try:
            with torch.no_grad():
                for listener in tuple(listeners):
                    self._hand(event, listener, what)
        finally:
            self._apart.on = False
            self._spent += time.perf_counter() - begun

    def _hand(self, event: str, listener: Callable[..., None], what: tuple[Any, ...]) -> None:
        try:
            listener(*what)
        except Exception:  # noqa: BLE001 - the script goes on, whatever a detector stumbles over
            self._listeners[event].remove(listener)
            owner = type(getattr(listener, "__self__", listener)).__name__
            self.problems.append(f"{owner}.{event}: {traceback.format_exc(limit=-4)}")

    def stepped(self) -> None:
        """An optimizer stepped: choose whether the next step is looked at closely."""
        now = time.perf_counter()
        cost = self._spent - self._last_spent
        plain = max(now - self._last - cost, 1e-9)
        self._plain = plain if not self._plain else 0.9 * self._plain + 0.1 * plain
        if self.sampled:
            self._cost = cost if not self._cost else 0.7 * self._cost + 0.3 * cost
        self._last, self._last_spent = now, self._spent
        self.step += 1
        self.sampled = self.step < _WARM or self.step % self._pace() == 0
        self.between_steps()

    def _pace(self) -> int:
        """Every how many steps one is looked at, so that this takes a small share of the time."""
        if self._every:
            return self._every
        return min(_MOST, max(1, math.ceil(self._cost / (_SHARE * self._plain))))

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
        loud = [item for item in self._found.values() if not is_silenced(item.name, item.site)]
        return sorted(loud, key=lambda item: CERTAINTIES.index(item.certainty))

    def finish(self) -> None:
        """Let the detectors say what only the whole can tell."""
        self.tell("finish")
        self._listeners["finish"].clear()

    def close(self) -> None:
        """Hear nothing more: the report is written, or this is a child of the script."""
        self.sampled = False
        for listeners in self._listeners.values():
            listeners.clear()
