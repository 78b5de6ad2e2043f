"""Optuna's tree-structured Parzen estimator, asked so that the same trials come on any engine."""

import importlib
import math
import warnings
from collections.abc import Mapping
from typing import Any

from researchdesk.domain.sampling import like, top_step
from researchdesk.domain.seeding import TRIAL, stream_seed
from researchdesk.domain.sweeps import Dimension, Distribution, SweepSpec, TrialState
from researchdesk.errors import DeskError

_SEEDS = 2**32
_LOGARITHMIC = (Distribution.LOG_UNIFORM, Distribution.LOG_INTEGER)
_WHOLE = (Distribution.INTEGER, Distribution.LOG_INTEGER)


class OptunaSearch:
    """Trial k follows from the sweep's seed and from what came of trials 0 to k - width.

    Of width w, it asks for 0 ... w-1, then tells 0 and asks for w, tells 1 and asks for w+1, and so
    on, whatever the order in which trials end. The sampler is seeded anew for each trial, so that
    trials that are ``known``, number by number with their settings, are told to it and not chosen
    again: going on with a sweep costs no more than Optuna's choice of the next trial, which grows
    with the trials before it.

    A stopped trial is told as pruned, with its value at the step where it was stopped: Optuna ranks
    it below all that came to their end, and among its like by how far it came; told as finished,
    its value would be held against those of trials that trained for longer. A failed one is told as
    such, and chooses nothing. A value that is no finite number is the worst there is: it is never
    chosen.

    Source: Bergstra et al. (2011), Algorithms for Hyper-Parameter Optimization; trials under way
    count as bad ones, as in Ginsbourger et al. (2010) ("constant liar"). Raises DeskError where
    Optuna is not installed.
    """

    def __init__(
        self,
        spec: SweepSpec,
        usual: Mapping[str, Any],
        known: Mapping[int, Mapping[str, Any]],
    ) -> None:
        self._optuna = _optuna()
        self._spec = spec
        self._known = known
        self._worst = -math.inf if spec.better == "higher" else math.inf
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a range that its steps do not fill to the last digit
            self._parameters = {
                one.name: _Parameter(one, usual.get(one.name), self._optuna.distributions)
                for one in spec.space
            }
        self._storage = self._optuna.storages.InMemoryStorage()
        self._study = self._optuna.create_study(
            storage=self._storage,
            direction="maximize" if spec.better == "higher" else "minimize",
            pruner=self._optuna.pruners.NopPruner(),
        )
        self._id = self._storage.get_study_id_from_name(self._study.study_name)
        self._chosen: list[dict[str, Any]] = []
        self._results: dict[int, tuple[TrialState, float | None, int | None]] = {}

    def settings(self, number: int) -> Mapping[str, Any]:
        """The settings of trial ``number``; that of trials 0 to ``number - width`` was told."""
        while len(self._chosen) <= number:
            next_one = len(self._chosen)
            if next_one >= self._spec.width:
                self._tell(next_one - self._spec.width)
            self._chosen.append(self._recorded(next_one) or self._asked(next_one))
        return self._chosen[number]

    def told(self, number: int, state: TrialState, value: float | None, step: int | None) -> None:
        """Take what became of a trial; Optuna is told of it when its turn comes."""
        self._results[number] = state, value, step

    def _asked(self, number: int) -> dict[str, Any]:
        seed = stream_seed(f"{TRIAL}:{self._spec.seed}:optuna", number) % _SEEDS
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it takes for experimental, by its version
            self._study.sampler = self._optuna.samplers.TPESampler(
                seed=seed, multivariate=True, constant_liar=True
            )
            asked = self._study.ask(self._distributions())
        return {name: one.setting(asked.params[name]) for name, one in self._parameters.items()}

    def _recorded(self, number: int) -> dict[str, Any] | None:
        """The settings that a trial was begun with before; None where it was not."""
        known = self._known.get(number, {})
        if not known.keys() >= self._parameters.keys():
            return None
        try:
            params = {name: one.param(known[name]) for name, one in self._parameters.items()}
            self._study.add_trial(
                self._optuna.trial.create_trial(
                    state=self._optuna.trial.TrialState.RUNNING,
                    params=params,
                    distributions=self._distributions(),
                )
            )
        except (ValueError, TypeError):  # it is not of this space
            return None
        return {name: known[name] for name in self._parameters}

    def _distributions(self) -> dict[str, Any]:
        return {name: one.distribution for name, one in self._parameters.items()}

    def _tell(self, number: int) -> None:
        state, value, step = self._results.pop(number)
        states = self._optuna.trial.TrialState
        if state is TrialState.STOPPED and value is not None and math.isfinite(value):
            trial = self._storage.get_trial_id_from_study_id_trial_number(self._id, number)
            self._storage.set_trial_intermediate_value(trial, step or 0, value)
            self._study.tell(number, state=states.PRUNED)
        elif state is TrialState.STOPPED:
            self._study.tell(number, state=states.PRUNED)
        elif state is TrialState.FAILED or value is None:
            self._study.tell(number, state=states.FAIL)
        else:
            self._study.tell(number, value if math.isfinite(value) else self._worst)


class _Parameter:
    """A setting as Optuna has it: of a choice the place in its values."""

    def __init__(self, one: Dimension, usual: Any, distributions: Any) -> None:
        self._usual = usual
        self._values: list[Any] = []
        logarithmic = one.distribution in _LOGARITHMIC
        whole = isinstance(usual, int) and not isinstance(usual, bool)
        if one.distribution is Distribution.CHOICE:
            for value in (like(value, usual) for value in one.values):
                if not any(_same(value, other) for other in self._values):
                    self._values.append(value)
            places = tuple(range(len(self._values)))
            self.distribution = distributions.CategoricalDistribution(places)
        elif one.distribution in _WHOLE or whole:
            low, high = math.ceil(one.low), math.floor(top_step(one))
            step = max(1, int(one.step))
            self.distribution = distributions.IntDistribution(low, high, logarithmic, step)
        else:
            self.distribution = distributions.FloatDistribution(
                one.low, top_step(one), logarithmic, one.step or None
            )

    def setting(self, param: Any) -> Any:
        return self._values[param] if self._values else like(param, self._usual)

    def param(self, setting: Any) -> Any:
        """Raises ValueError where the setting is none of those to choose from."""
        if self._values:
            return [_same(setting, value) for value in self._values].index(True)
        return int(setting) if isinstance(self.distribution.high, int) else float(setting)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; 1, 1.0 and true are three."""
    return repr(one) == repr(other)


def _optuna() -> Any:
    try:
        found = importlib.import_module("optuna")
    except ImportError as error:
        raise DeskError(
            "A search by Optuna needs Optuna, which is not installed. Nothing was run.",
            "`pip install 'researchdesk[optuna]'`, or take search = \"random\".",
        ) from error
    found.logging.set_verbosity(found.logging.ERROR)
    return found
