"""The training loop of an Experiment: one seed, from where it is to its metrics."""

from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.diagnosis import explained
from researchdesk.harness.training.dynamics import Dynamics
from researchdesk.harness.training.finite import broken_parameter, not_finite
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.timings import Timings


def train(training: Training, checkpoints: Checkpoints) -> None:
    """Train to the end from wherever it is; the metrics are the run's afterwards.

    Raises NotFiniteError, NotWrittenError where a step or checkpoint cannot be written, and
    StoppedEarlyError where the seed's rule ends it.
    """
    run = training.run
    run.ends_at(training.steps)
    timings = Timings(training.steps, run.tell)
    dynamics = Dynamics(training.experiment.task, training.split, training.steps, run.tell)
    if training.step == 0:
        save(training, checkpoints)
        dynamics.tell(training.model, 0)
    while training.step < training.steps:
        batch = training.batch()
        timings.spent("data")
        logged = training.advance(batch)
        run.log(training.step, **logged)
        guard(training, checkpoints, not_finite(logged))
        timings.spent("compute")
        if training.is_evaluated_at(training.step):
            measured = training.evaluate()
            run.log(training.step, **measured)
            guard(training, checkpoints, not_finite(measured))
        if dynamics.due(training.step):
            dynamics.tell(training.model, training.step)
        if training.step == training.steps or checkpoints.due(training.step):
            save(training, checkpoints)
        timings.spent("evaluate")
        timings.stepped(training.step)
    run.result(**training.finish())


def save(training: Training, checkpoints: Checkpoints) -> None:
    """Save the state, unless its parameters are not finite: then raises NotFiniteError."""
    name = broken_parameter(training.model)
    guard(training, checkpoints, f"{name} stopped being finite" if name else "")
    checkpoints.save(training.state())


def guard(training: Training, checkpoints: Checkpoints, seen: str) -> None:
    """Raise NotFiniteError where something was seen that is not finite."""
    if seen:
        raise explained(training, seen, checkpoints.load(), checkpoints.path)
