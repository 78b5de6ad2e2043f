"""How a run goes, told on stderr: one line written over, and a line for what is worth keeping."""

from datetime import datetime, timedelta

from researchdesk.cli import diagnostics
from researchdesk.domain.durations import in_words
from researchdesk.domain.estimate import Estimate
from researchdesk.domain.runs import Event

_WIDTH = 78
_MANY = 20
_PACE = timedelta(seconds=0.2)
_SETTLED = timedelta(seconds=20)


class RunProgress:
    """Takes the events of a run as they happen."""

    def __init__(self) -> None:
        self._done = 0
        self._all = 0
        self._handed_over = 0
        self._latest = ""
        self._hinted: set[str] = set()
        self._estimate = Estimate()
        self._left: float | None = None
        self._told_left = False
        self._shown: datetime | None = None
        self._begun_at: datetime | None = None

    def __call__(self, event: Event) -> None:
        self._estimate.take(event)
        tell = _TELLS.get(event.kind)
        if tell is not None:
            tell(self, event)
        if self._shown is None or event.at - self._shown >= _PACE or event.seed is None:
            self._shown = event.at
            self._show()

    def _show(self) -> None:
        self._left = self._estimate.left_s
        self._tell_left()
        outlook = f" · about {in_words(self._left)} left" if self._left is not None else ""
        line = f"{self._done} of {self._all} seeds done{outlook} · {self._latest}"
        diagnostics.show_progress(line[:_WIDTH], 0, None)

    def _begun(self, event: Event) -> None:
        self._begun_at = event.at
        left = event.data.get("left", {})
        self._all = sum(left.values()) if isinstance(left, dict) else 0
        word = "started" if event.kind == "run_started" else "resumed"
        self._line(f"run {event.data.get('run', '')} {word}: {self._all} seeds to go")
        for arm, why in dict(event.data.get("missing", {})).items():
            self._line(f"arm {arm} cannot be run here: {why}")

    def _planned(self, event: Event) -> None:
        speeds = event.data.get("seed_steps_per_s")
        figures = ""
        if isinstance(speeds, dict) and speeds:
            each = (f"{name} {value:.0f}" for name, value in speeds.items())
            figures = f" (seed-steps a second in a process: {', '.join(each)})"
        self._line(f"{event.data.get('plan', '')}{figures}")

    def _checked(self, event: Event) -> None:
        name, message = event.data.get("name", ""), event.data.get("message", "")
        if event.data.get("ok") is False:
            diagnostics.clear_progress()
            diagnostics.warn(f"the check “{name}” FAILED: {message}")
        elif event.data.get("state") == "not run":
            self._line(f"check: {name}: {message}")
        elif event.data.get("ok") is None:
            self._line(f"the check “{name}” could not be made")
        else:
            figure = event.data.get("figure")
            self._line(f"check: {name}{f': {figure}' if figure else ''}")

    def _metric(self, event: Event) -> None:
        name, value = event.data.get("name"), event.data.get("value")
        number = f"{value:.4g}" if isinstance(value, int | float) else value
        self._latest = f"{_where(event)}, step {event.data.get('step')}: {name} {number}"

    def _timing(self, event: Event) -> None:
        hint = event.data.get("hint")
        if isinstance(hint, str) and hint and event.arm not in self._hinted:
            self._hinted.add(event.arm)
            self._line(f"hint ({event.arm}): {hint}")

    def _finished(self, event: Event) -> None:
        self._done += 1
        if self._all <= _MANY:
            seconds = event.data.get("seconds", 0.0)
            self._line(f"{_where(event)} done in {seconds:.1f} s")

    def _failed(self, event: Event) -> None:
        self._line(f"{_where(event)} failed: {event.data.get('error', '')}")

    def _again(self, event: Event) -> None:
        reason = str(event.data.get("reason", "")).splitlines()[:1]
        self._line(f"{_where(event)}: try {event.data.get('try')}. {' '.join(reason)}")

    def _handed(self, event: Event) -> None:
        self._handed_over += 1
        self._latest = f"{self._handed_over} trials handed over"

    def _engine_lost(self, event: Event) -> None:
        self._line(f"{event.data.get('message', '')} Trying again; what it has goes on there.")

    def _engine_back(self, event: Event) -> None:
        self._line("The engine answers again.")

    def _tell_left(self) -> None:
        """Said once, when it can be relied on: in the first minute."""
        if self._begun_at is None or self._shown is None or self._told_left:
            return
        if self._left is not None and self._shown - self._begun_at >= _SETTLED:
            self._told_left = True
            self._line(f"about {in_words(self._left)} to go")

    def _line(self, text: str) -> None:
        diagnostics.clear_progress()
        diagnostics.say(text)


def _where(event: Event) -> str:
    return f"{event.arm} seed {event.seed}{f' ({event.vary})' if event.vary else ''}"


_TELLS = {
    "run_started": RunProgress._begun,
    "run_resumed": RunProgress._begun,
    "run_planned": RunProgress._planned,
    "check": RunProgress._checked,
    "metric": RunProgress._metric,
    "timing": RunProgress._timing,
    "seed_finished": RunProgress._finished,
    "seed_failed": RunProgress._failed,
    "seed_retried": RunProgress._again,
    "trial_submitted": RunProgress._handed,
    "engine_lost": RunProgress._engine_lost,
    "engine_back": RunProgress._engine_back,
}
