"""Who chooses the settings of a sweep's trials."""

from collections.abc import Mapping
from typing import Any, Protocol

from researchdesk.domain.sampling import Sampler
from researchdesk.domain.sweeps import Search, SweepSpec, TrialState
from researchdesk.harness.sweeps.optuna_search import OptunaSearch


class Chooser(Protocol):
    """Chooses the settings of trials."""

    def settings(self, number: int) -> Mapping[str, Any]:
        """Those of trial ``number``. What became of the trials that it depends on was told."""

    def told(self, number: int, state: TrialState, value: float | None, step: int | None) -> None:
        """Take what became of a trial; in the order of their numbers, each once."""


class _Drawn:
    """At random, or through the grid: no trial depends on another."""

    def __init__(self, spec: SweepSpec, usual: Mapping[str, Any]) -> None:
        self._sampler = Sampler(spec, usual)

    def settings(self, number: int) -> Mapping[str, Any]:
        return self._sampler.settings(number)

    def told(self, number: int, state: TrialState, value: float | None, step: int | None) -> None:
        pass


def chooser_of(
    spec: SweepSpec, usual: Mapping[str, Any], known: Mapping[int, Mapping[str, Any]]
) -> Chooser:
    if spec.search is Search.OPTUNA:
        return OptunaSearch(spec, usual, known)
    return _Drawn(spec, usual)
