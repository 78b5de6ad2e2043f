"""How a sweep goes, told on stderr: one line written over, and a line for what is worth keeping."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from researchdesk.cli import diagnostics
from researchdesk.cli.sweep_words import number_words, settings_words
from researchdesk.domain.durations import in_words
from researchdesk.domain.runs import Event
from researchdesk.domain.text import one_line
from researchdesk.services.sweep_notes import NO_GPU, unused_words

_WIDTH = 78
_PACE = timedelta(seconds=0.2)
_FAILURES_TOLD = 5
_SETTLED = 4
"""Trials after which their pace tells something."""


class SweepProgress:
    """Takes the events of a sweep as they happen; tells nothing that is measured on the test."""

    def __init__(self) -> None:
        self._outset: Mapping[str, Any] = {}
        self._begun: datetime | None = None
        self._shown: datetime | None = None
        self._settings: dict[int, Mapping[str, Any]] = {}
        self._done = self._new = self._failed = self._lost = self._handed_over = 0
        self._best: tuple[float, int] | None = None

    def __call__(self, event: Event) -> None:
        if event.kind in ("run_started", "run_resumed"):
            self._begin(event)
        elif event.seed is not None:
            self._of_trial(event.seed, event)
        elif event.kind == "stop_unused":
            self._line(unused_words(str(self._outset.get("metric", "its metric"))))
        elif event.kind == "trial_submitted":
            self._handed_over += 1
        elif event.kind == "engine_lost":
            words = str(event.data.get("message", ""))
            self._line(f"{words} Trying again; what it has goes on there.")
        elif event.kind == "engine_back":
            self._line("The engine answers again.")
        if self._shown is None or event.at - self._shown >= _PACE:
            self._shown = event.at
            self._show(event.at)

    def _begin(self, event: Event) -> None:
        self._outset, self._begun = event.data, event.at
        self._done = int(event.data.get("done", 0))
        best = event.data.get("best")
        if isinstance(best, Mapping):
            self._best = float(best["value"]), int(best["trial"])
        word = "started" if event.kind == "run_started" else "resumed"
        so_far = f", {self._done} trials are there" if self._done else ""
        self._line(f"sweep {event.data.get('run', '')} {word}: {self._goal()}{so_far}")
        if self._table("budget").get("gpu_hours") and event.data.get("gpus") == 0:
            self._line(NO_GPU)

    def _goal(self) -> str:
        budget = self._table("budget")
        parts = [f"{budget['trials']} trials"] if budget.get("trials") else []
        parts += [f"{budget['hours']:g} hours"] if budget.get("hours") else []
        parts += [f"{budget['gpu_hours']:g} GPU-hours"] if budget.get("gpu_hours") else []
        return " or ".join(parts) or "every point of the grid"

    def _of_trial(self, number: int, event: Event) -> None:
        if event.kind == "seed_started":
            found = event.data.get("settings")
            self._settings[number] = found if isinstance(found, Mapping) else {}
        elif event.kind == "seed_retried":
            again = f"trial {number} is tried again (try {event.data.get('try')})"
            self._line(f"{again}: {one_line(str(event.data.get('reason', '')))}")
        elif event.kind == "seed_finished":
            self._ended(number, event.data)
        elif event.kind == "seed_failed" and event.data.get("lost"):
            self._lost += 1
            self._settings.pop(number, None)
            if self._lost <= _FAILURES_TOLD:
                self._line(f"trial {number} is lost, and not tried again now: {_reason(event)}")
        elif event.kind == "seed_failed":
            self._done, self._new, self._failed = self._done + 1, self._new + 1, self._failed + 1
            self._settings.pop(number, None)
            if self._failed <= _FAILURES_TOLD:
                self._line(f"trial {number} failed: {_reason(event, -1)}")
            if self._failed == _FAILURES_TOLD:
                self._line("more that fail are counted, and told by `researchdesk sweep show`")

    def _ended(self, number: int, data: Mapping[str, Any]) -> None:
        self._done, self._new = self._done + 1, self._new + 1
        settings = self._settings.pop(number, {})
        metrics, metric = data.get("metrics"), str(self._outset.get("metric", ""))
        value = metrics.get(metric) if isinstance(metrics, Mapping) else None
        if not isinstance(value, int | float) or not math.isfinite(value) or "stopped" in data:
            return
        sign = 1 if self._outset.get("better") == "higher" else -1
        if self._best is None or sign * value > sign * self._best[0]:
            self._best = float(value), number
            words = settings_words(settings)
            self._line(f"trial {number}: {metric} {number_words(value)}, best so far; {words}")

    def _show(self, now: datetime) -> None:
        trials = self._table("budget").get("trials")
        parts = [f"{self._done} of {trials} trials done" if trials else f"{self._done} trials done"]
        if self._best is not None:
            parts.append(f"best {number_words(self._best[0])} (trial {self._best[1]})")
        if self._handed_over and not self._new:
            parts.append(f"{self._handed_over} handed over")
        if self._failed:
            parts.append(f"{self._failed} failed")
        if self._lost:
            parts.append(f"{self._lost} lost")
        left = self._left(now)
        if left is not None:
            parts.append(f"about {in_words(left)} left")
        diagnostics.show_progress(" · ".join(parts)[:_WIDTH], 0, None)

    def _left(self, now: datetime) -> float | None:
        """Seconds by the budget, whichever of its limits comes first."""
        if self._begun is None:
            return None
        budget, passed = self._table("budget"), (now - self._begun).total_seconds()
        found = []
        if budget.get("trials") and self._new >= _SETTLED and passed > 1:
            found.append(passed / self._new * max(0, int(budget["trials"]) - self._done))
        if budget.get("hours"):
            before = float(self._outset.get("seconds", 0.0))
            found.append(max(0.0, 3600 * float(budget["hours"]) - before - passed))
        return min(found, default=None)

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self._outset.get(name)
        return found if isinstance(found, Mapping) else {}

    def _line(self, text: str) -> None:
        diagnostics.clear_progress()
        diagnostics.say(text)


def _reason(event: Event, line: int = 0) -> str:
    """That line of an error."""
    lines = str(event.data.get("error", "")).strip().splitlines() or [""]
    return one_line(lines[line])
