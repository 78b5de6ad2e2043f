"""How far a run is, told from its events in a line."""

from collections.abc import Iterable

from researchdesk.domain.durations import in_words
from researchdesk.domain.estimate import Estimate
from researchdesk.domain.runs import Event

_BAR = 12


class RunTally:
    """Takes the events of one stretch of a run, or of several one after the other."""

    def __init__(self) -> None:
        self._estimate = Estimate()
        self._done = self._failed = self._all = 0
        self._latest = ""

    def take(self, events: Iterable[Event]) -> None:
        for event in events:
            self._estimate.take(event)
            self._count(event)

    @property
    def share(self) -> tuple[int, int]:
        """Cells of a bar that are filled, and those that are not."""
        filled = round(_BAR * (self._done + self._failed) / self._all) if self._all else 0
        return filled, _BAR - filled

    @property
    def words(self) -> str:
        """``2 of 9 seeds · about 3 min left · 3.2 seed 1: loss 0.31``."""
        parts = [f"{self._done} of {self._all} seeds" if self._all else "starting …"]
        if self._failed:
            parts.append(f"{self._failed} failed")
        if self._all and (left := self._estimate.left_s) is not None:
            parts.append(f"about {in_words(left)} left")
        return " · ".join([*parts, *([self._latest] if self._latest else [])])

    def _count(self, event: Event) -> None:
        if event.kind in ("run_started", "run_resumed"):
            left = event.data.get("left", {})
            self._all = self._done + self._failed
            self._all += sum(left.values()) if isinstance(left, dict) else 0
        elif event.kind == "seed_finished":
            self._done += 1
        elif event.kind == "seed_failed":
            self._failed += 1
        elif event.kind == "metric":
            value = event.data.get("value")
            number = f"{value:.4g}" if isinstance(value, int | float) else value
            self._latest = f"{event.arm} seed {event.seed}: {event.data.get('name')} {number}"
