"""The training loop of several seeds together, each to its own metrics."""

from collections.abc import Callable, Mapping
from typing import Any

from researchdesk.harness.training.batched import Together
from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.diagnosis import explained
from researchdesk.harness.training.dynamics import Dynamics
from researchdesk.harness.training.finite import broken_parameter, not_finite
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.run import Number
from researchdesk.harness.training.timings import Timings

Lose = Callable[[Training, Exception], None]
"""Is told of a seed that fails while the others go on."""


def state_in(kept: Mapping[str, Any] | None, seed: int, vary: str) -> dict[str, Any] | None:
    """The state of one seed out of a group's; None where it is not there."""
    for one in (kept or {}).get("seeds", ()):
        if (one["seed"], one["vary"]) == (seed, vary):
            state: dict[str, Any] = one["state"]
            return state
    return None


class GroupLoop:
    """Trains seeds together. A seed whose numbers stop being finite is lost, the others go on."""

    def __init__(self, group: Together, checkpoints: Checkpoints, lose: Lose) -> None:
        first = group.trainings[0]
        self._group = group
        self._checkpoints = checkpoints
        self._lose = lose
        self.alive = list(group.trainings)
        self._steps = first.steps
        self._timings = Timings(first.steps, self._tell)
        self._dynamics = {
            id(one): Dynamics(one.experiment.task, one.split, one.steps, one.run.tell)
            for one in group.trainings
        }

    def train(self) -> list[Training]:
        """Train to the end from wherever they are; returns the seeds that came through.

        Raises NotWrittenError where a step or checkpoint cannot be written.
        """
        if self._group.step == 0:
            self._save()
            self._show()
        while self._group.step < self._steps and self.alive:
            batch = self._group.batch()
            self._timings.spent("data")
            losses = self._group.advance(batch)
            for training, loss in zip(self._group.trainings, losses, strict=True):
                self._take(training, {"loss": loss})
            self._timings.spent("compute")
            self._look(self._group.step)
            self._timings.spent("evaluate")
            self._timings.stepped(self._group.step)
        return self.alive

    def _look(self, step: int) -> None:
        if self.alive and self.alive[0].is_evaluated_at(step):
            for training in tuple(self.alive):
                self._take(training, training.evaluate())
        if any(one.due(step) for one in self._dynamics.values()):
            self._show()
        if step == self._steps or self._checkpoints.due(step):
            self._save()

    def _show(self) -> None:
        for training in self.alive:
            self._dynamics[id(training)].tell(training.model, training.step)

    def _take(self, training: Training, measured: Mapping[str, Number]) -> None:
        if training not in self.alive:
            return
        training.run.log(training.step, **measured)
        self._guard(training, not_finite(measured))

    def _guard(self, training: Training, seen: str) -> None:
        if seen:
            self.alive.remove(training)
            kept = state_in(self._checkpoints.load(), training.run.seed, training.run.vary)
            self._lose(training, explained(training, seen, kept, self._checkpoints.path))

    def _save(self) -> None:
        for training in tuple(self.alive):
            name = broken_parameter(training.model)
            self._guard(training, f"{name} stopped being finite" if name else "")
        states = [
            {"seed": training.run.seed, "vary": training.run.vary, "state": state}
            for training, state in zip(self._group.trainings, self._group.states(), strict=True)
            if training in self.alive
        ]
        self._checkpoints.save({"step": self._group.step, "seeds": states})

    def _tell(self, kind: str, data: Mapping[str, Any]) -> None:
        for training in self.alive:
            training.run.tell(kind, {**data, "together": len(self._group.trainings)})
