"""Batches, pass after pass, from a position that can be kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from researchdesk.harness.training.experiment import Batch, Experiment, Split
from researchdesk.harness.training.randomness import restore_shared, shared_state
from researchdesk.harness.training.run import Run


class Loader:
    """The batches of a seed's training; calls the experiment's ``batches`` for each pass."""

    def __init__(self, experiment: Experiment, split: Split, run: Run) -> None:
        self._experiment = experiment
        self._split = split
        self._run = run
        # Batches of a recipe's own may draw from any generator, ours from one only.
        self._own = type(experiment).batches is not Experiment.batches
        self._taken = 0
        self._begun: dict[str, Any] = {}
        self._batches: Iterator[Batch] = iter(())

    def next(self) -> Batch:
        """The next batch. Raises ValueError where a pass has none."""
        batch = next(self._batches, None)
        if batch is None:
            self._begin_pass()
            batch = next(self._batches, None)
            self._taken = 0
        if batch is None:
            raise ValueError("batches(split, run) gave no batch.")
        self._taken += 1
        return batch

    def state(self) -> dict[str, Any]:
        """How far in which pass it is."""
        return {"taken": self._taken, "begun": self._begun}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go to where another one was. Moves the generators: restore those afterwards."""
        self._taken = state["taken"]
        self._begun = dict(state["begun"])
        if not self._begun:
            return
        self._run.restore_generators(self._begun["generators"])
        if self._begun["shared"]:
            restore_shared(self._begun["shared"])
        self._batches = iter(self._experiment.batches(self._split, self._run))
        for _ in range(self._taken):
            next(self._batches, None)

    def _begin_pass(self) -> None:
        self._begun = {
            "generators": self._run.generator_states(),
            "shared": shared_state() if self._own else {},
        }
        self._batches = iter(self._experiment.batches(self._split, self._run))
