"""How verdicts, states and numbers of a run are written: a mark, a word and a colour together."""

from datetime import datetime, timedelta
from enum import StrEnum

from textual.content import Content

from researchdesk.domain.clock import local_day
from researchdesk.domain.figures import MARKS
from researchdesk.domain.run_rows import RunRow
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.verdicts import Verdict


class SeedState(StrEnum):
    """How far one seed of one arm is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


_COLOURS = {
    Verdict.REPRODUCED: "$text-success",
    Verdict.IMPRECISE: "$text-warning",
    Verdict.DIFFERENT: "$text-error",
    Verdict.NOT_COMPARABLE: "$text-secondary",
    Verdict.UNTESTED: "$text-muted",
}
_STATES = {
    RunState.RUNNING: ("▶", "$text-accent"),
    RunState.FINISHED: ("■", "$foreground"),
    RunState.INTERRUPTED: ("‖", "$text-warning"),
    RunState.CRASHED: ("†", "$text-error"),
    RunState.AWAY: ("⇄", "$text-accent"),
    RunState.FAILED: ("✗", "$text-error"),
}
SEEDS = {
    SeedState.WAITING: ("·", "$text-muted"),
    SeedState.RUNNING: ("▶", "$text-accent"),
    SeedState.DONE: ("✓", "$text-success"),
    SeedState.FAILED: ("✗", "$text-error"),
    SeedState.STOPPED: ("‖", "$text-warning"),
}


def verdict_words(verdict: Verdict) -> Content:
    """The verdict as mark and word, coloured."""
    return Content.styled(f"{MARKS[verdict]} {verdict.value}", _COLOURS[verdict])


def state_words(state: RunState) -> Content:
    """The state of a run as mark and word, coloured."""
    mark, colour = _STATES[state]
    return Content.styled(f"{mark} {state.value}", colour)


def state_mark(state: RunState) -> str:
    """The mark of a run's state alone."""
    return _STATES[state][0]


def seed_mark(state: SeedState) -> Content:
    return Content.styled(*SEEDS[state])


def seeds_words(run: RunSummary | RunRow) -> str:
    """How many seeds are done, and how many failed."""
    if isinstance(run, RunSummary):
        done, failed, planned = len(run.results), len(run.failures), len(run.tasks)
    else:
        done, failed, planned = run.done, run.failed, run.planned
    return f"{done}/{planned} seeds" + (f", {failed} failed" if failed else "")


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits; the date where it is more than a month."""
    gone = now - moment
    for unit, length in _UNITS:
        if gone >= length:
            return f"{gone // length} {unit} ago"
    return "just now" if gone > -timedelta(minutes=1) else str(local_day(moment))


_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1)))


def plain_number(value: float) -> str:
    """A measured number whose metric is not known; whole ones in full."""
    return f"{value:,.0f}" if abs(value) < 1e15 and value == int(value) else f"{value:.5g}"
