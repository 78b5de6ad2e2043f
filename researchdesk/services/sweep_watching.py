"""A sweep that is looked at again and again, while it goes on."""

import importlib
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from researchdesk.domain.budget_curves import Against, BudgetCurve
from researchdesk.domain.sweeps import SweepSummary, Trial, TrialState
from researchdesk.errors import DeskError
from researchdesk.harness.open_run import EVENTS
from researchdesk.harness.sweeps.growing import GrowingSweep, read_curve
from researchdesk.services.desk import Desk
from researchdesk.services.recent import Recent
from researchdesk.services.sweep_pages import SweepPage, page_of
from researchdesk.services.sweep_reading import gpus_of
from researchdesk.services.sweep_store import store_of

_LAST = (TrialState.RUNNING, TrialState.FAILED, TrialState.LOST, TrialState.CANCELLED)
_KEPT = 48

_curves = Recent[BudgetCurve](_KEPT)


@dataclass(frozen=True, slots=True)
class SweepSight:
    """A sweep at one look. ``rows`` are its trials, the best on validation first; those without a
    value stand at the end, what is under way before what failed. ``retried`` counts trials that
    were tried again."""

    page: SweepPage
    rows: tuple[Trial, ...]
    retried: int


class SweepWatch:
    """Reads of a sweep's events each one once, however often it is looked at.

    ``look`` is for one thread at a time; ``curves`` may be asked for in another one. Raises
    NotOnDeskError, BadInputError where the sweep cannot be read.
    """

    def __init__(self, desk: Desk, sweep_id: str) -> None:
        self._desk, self.sweep_id = desk, sweep_id
        self._store = store_of(desk)
        self._growing = GrowingSweep(self._store.folder_of(sweep_id))
        self._owned: bool | None = None
        self._summary: SweepSummary | None = None
        self._gpus = 0.0
        self._stamp: Hashable = None

    def look(self) -> SweepSight | None:
        """The sweep as it is now, None where that is as it was at the last look.

        Raises NotOnDeskError where it is gone, BadInputError where it cannot be read.
        """
        owned, stamp = self._store.is_under_way(self.sweep_id), self._stamp_now()
        news = self._growing.read_on()
        if not news and owned is self._owned and self._summary is not None:
            return None
        self._owned, self._stamp = owned, stamp
        environment = self._store.environment(self.sweep_id)
        self._gpus = gpus_of(environment)
        self._summary, at_engine = self._growing.summary(owned)
        page = page_of(self._summary, environment, self._gpus)
        page = replace(page, at_engine=at_engine)
        return SweepSight(page, _in_order(page), sum(bool(one.retries) for one in page.trials))

    def curves(self) -> Iterator[BudgetCurve]:
        """What the budget bought as of the last look, against each kind of it that is known.

        That takes seconds where there are many thousand trials. Raises NotOnDeskError where no
        trial has a value yet.
        """
        made = importlib.import_module("researchdesk.services.budget_curves")
        draws = importlib.import_module("researchdesk.services.budget_draws")
        if (summary := self._summary) is None:
            return
        stamp, gpus = (self._stamp, self._owned), self._gpus

        def reckoned(against: Against) -> BudgetCurve:
            key = (stamp, gpus, against)
            return _curves.get(key, lambda: made.curve_of(summary, draws.Asked(against), gpus))

        yield reckoned(Against.TRIALS)
        for against in (Against.TIME, Against.GPU_HOURS):
            try:
                yield reckoned(against)
            except DeskError:
                continue

    def _stamp_now(self) -> Hashable:
        """What stays the same as long as nothing is written of the sweep."""
        events = self._store.folder_of(self.sweep_id) / EVENTS
        try:
            told = events.stat()
        except OSError:
            return object()
        return events, told.st_mtime_ns, told.st_size


def trial_curve(desk: Desk, sweep_id: str, metric: str, number: int) -> Sequence[tuple[int, float]]:
    """What a trial measured on its way of the metric that trials are chosen by; empty where it
    logged none. Raises NotOnDeskError, BadInputError where the events cannot be read."""
    return read_curve(store_of(desk).folder_of(sweep_id), metric, number)


def _in_order(page: SweepPage) -> tuple[Trial, ...]:
    known = {trial.number: trial for trial in page.trials}
    best = [known[number] for number in page.ranked]
    ranked = set(page.ranked)
    rest = [trial for trial in page.trials if trial.number not in ranked]
    places = {state: at for at, state in enumerate(_LAST)}
    rest.sort(key=lambda one: (places.get(one.state, len(_LAST)), one.number))
    return (*best, *rest)
