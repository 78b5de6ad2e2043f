"""What the attempts of a sweep's trials took, those that were lost too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.sweeps import TrialCost
from researchdesk.harness.engines.recalled import OVER, SUBMITTED
from researchdesk.harness.events import number_of

_ENDS = ("seed_finished", "seed_failed")


@dataclass(slots=True)
class _Took:
    """Of one trial; ``begun`` is when its attempt under way began, None where there is none.

    ``before``: the seconds that the trial counted by itself when that began, None: not known.
    """

    gpu_seconds: float = 0.0
    unsaid: float = 0.0
    gpus: float | None = None
    begun: float | None = None
    before: float | None = 0.0

    def add(self, seconds: float) -> None:
        if self.gpus is None:
            self.unsaid += seconds
        else:
            self.gpu_seconds += self.gpus * seconds


class Attempts:
    """Adds up attempts as the events of trials tell of them, on whatever clock ``now`` is of.

    An attempt lasts from its start to its end, to where it was tried again, called off, or last
    heard of. Where the worker measured itself, that counts: its seconds less those before the
    checkpoint that it went on from. Those after the last checkpoint of an attempt that was lost are
    counted so, once for each attempt. All by the clock where a worker says nothing.
    """

    def __init__(self) -> None:
        self._of: dict[int, _Took] = {}
        self._open: set[int] = set()
        self._there: dict[str, list[int]] = {}
        self._closed = _Took()

    def go_on(self, number: int, cost: TrialCost, now: float) -> None:
        """Take what a trial took until now; an attempt of it that an engine has goes on."""
        took = _Took(cost.gpu_seconds, cost.unsaid, cost.gpus)
        self._closed.gpu_seconds += cost.gpu_seconds
        self._closed.unsaid += cost.unsaid
        if cost.so_far is not None:
            took.begun, took.before = now, cost.so_far
            self._open.add(number)
        self._of[number] = took

    def take(self, kind: str, number: int, data: Mapping[str, Any], now: float) -> None:
        """Hear of an event of a trial that is not over."""
        if kind == "seed_started":
            self._begin(self._of.setdefault(number, _Took()), number, data, now)
        elif kind == "seed_retried":
            self._close(number, now, number_of(data.get("seconds")))
        elif kind in _ENDS:
            took = self._of.setdefault(number, _Took())
            gpus = number_of(data.get("gpus"))
            took.gpus = took.gpus if gpus is None else float(gpus)
            self._close(number, now, _own(took, number_of(data.get("seconds")), now))

    def hear(self, kind: str, data: Mapping[str, Any], now: float) -> None:
        """Hear of an event of the sweep: what an engine has, and what it has no more."""
        if kind == SUBMITTED:
            seeds = data.get("seeds")
            whole = isinstance(seeds, list) and all(isinstance(one, list) and one for one in seeds)
            numbers = [one[0] for one in seeds] if isinstance(seeds, list) and whole else []
            self._there[str(data.get("key"))] = [one for one in numbers if isinstance(one, int)]
        elif kind == OVER:
            for number in self._there.pop(str(data.get("key")), ()):
                self._close(number, now)

    def broke_off(self, last: float) -> None:
        """A stretch ended, last heard of then: what no engine has ended with it."""
        there = {number for numbers in self._there.values() for number in numbers}
        for number in self._open - there:
            self._close(number, last)

    def cost(self, number: int, now: float) -> TrialCost:
        """What a trial took, up to ``now`` where an attempt of it is under way."""
        took = self._of.get(number) or _Took()
        if took.begun is None:
            return TrialCost(took.gpu_seconds, took.unsaid, took.gpus)
        seconds = max(0.0, now - took.begun)
        whole = _Took(took.gpu_seconds, took.unsaid, took.gpus)
        whole.add(seconds)
        so_far = (took.before or 0.0) + seconds
        return TrialCost(whole.gpu_seconds, whole.unsaid, took.gpus, so_far)

    def in_all(self, gpus: float, now: float) -> float:
        """GPU-seconds of all trials, up to ``now`` of what is under way; attempts of which it was
        not written held so many ``gpus``."""
        found = self._closed.gpu_seconds + gpus * self._closed.unsaid
        for number in self._open:
            took = self._of[number]
            held = gpus if took.gpus is None else took.gpus
            found += held * max(0.0, now - (now if took.begun is None else took.begun))
        return found

    def _begin(self, took: _Took, number: int, data: Mapping[str, Any], now: float) -> None:
        self._close(number, now)
        gpus, before = number_of(data.get("gpus")), number_of(data.get("seconds"))
        took.gpus = None if gpus is None else float(gpus)
        took.begun = now
        took.before = 0.0 if before is None and "step" not in data else before
        self._open.add(number)

    def _close(self, number: int, now: float, seconds: float | None = None) -> None:
        """The end of an attempt that is under way, or of one that was only heard of at its end."""
        took = self._of.get(number)
        if took is None or (took.begun is None and seconds is None):
            return
        by_clock = 0.0 if took.begun is None else now - took.begun
        lasted = max(0.0, by_clock if seconds is None else seconds)
        self._closed.gpus = took.gpus
        for one in (took, self._closed):
            one.add(lasted)
        took.begun = None
        self._open.discard(number)


def _own(took: _Took, said: float | None, now: float) -> float | None:
    """What the last attempt took of the seconds that its worker said of the whole trial."""
    if said is None or took.begun is None:
        return said
    if took.before is None:  # as of one that an earlier version went on with
        return min(said, now - took.begun)
    return said - took.before
