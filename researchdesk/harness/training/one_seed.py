"""One seed of an Experiment at some step of its training."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from researchdesk.harness.training.experiment import Batch, Experiment, Part, Split
from researchdesk.harness.training.loader import Loader
from researchdesk.harness.training.randomness import restore_shared, seed_everything, shared_state
from researchdesk.harness.training.run import Number, Run, number

_EVALUATIONS = 20


def split_of(experiment: Experiment, run: Run) -> Split:
    """The seed's data, on its device."""
    seed_everything(run.stream("split"))
    given = experiment.data(run)
    if not isinstance(given, Split):
        raise TypeError(f"data(run) gave {type(given).__name__}, not a Split.")

    def there(part: Part) -> Part:
        return part[0].to(run.device), part[1].to(run.device)

    return Split(
        there(given.train),
        there(given.test),
        given.classes,
        None if given.valid is None else there(given.valid),
        given.feature_names,
        given.image_shape,
        {name: there(part) for name, part in given.tests.items()},
    )


def model_of(experiment: Experiment, run: Run) -> nn.Module:
    """The seed's model before training, on its device."""
    seed_everything(run.stream("init"))
    return experiment.model(run).to(run.device)


class Training:
    """One seed of an experiment at some step of its training."""

    def __init__(self, experiment: Experiment, run: Run, split: Split | None = None) -> None:
        self.experiment = experiment
        self.run = run
        self.split = split_of(experiment, run) if split is None else split
        self.model = model_of(experiment, run)
        self.optimizer: Optimizer = experiment.optimizer(self.model.parameters(), run)
        self.scheduler: LRScheduler | None = experiment.schedule(self.optimizer, run)
        self.steps = step_count(experiment, run, self.split)
        self.evaluate_every = max(
            1, int(run.settings.get("evaluate_every", self.steps // _EVALUATIONS))
        )
        self.loader = Loader(experiment, self.split, run)
        self.step = 0
        self.model.train()
        seed_everything(run.stream("noise"))

    def use(self, split: Split) -> None:
        """Take these tensors for the data: the same numbers, kept elsewhere."""
        self.split = split
        self.loader = Loader(self.experiment, split, self.run)

    def batch(self) -> Batch:
        """The next batch, augmented."""
        return self.experiment.augment(self.loader.next(), self.run)

    def advance(self, batch: Batch) -> dict[str, Number]:
        """One training step; returns what it logged."""
        logged = self.experiment.step(self.model, batch, self.optimizer, self.run)
        if self.scheduler is not None:
            self.scheduler.step()
        self.step += 1
        return {name: number(name, value) for name, value in logged.items()}

    def evaluate(self) -> dict[str, Number]:
        """The metrics now."""
        with self._at_rest():
            found = self.experiment.evaluate(self.model, self.split, self.run)
        return {name: number(name, value) for name, value in found.items()}

    def finish(self) -> dict[str, Number]:
        """What the experiment measures of the trained model."""
        with self._at_rest():
            found = self.experiment.finish(self.model, self.split, self.run)
        return {name: number(name, value) for name, value in found.items()}

    def is_evaluated_at(self, step: int) -> bool:
        return step % self.evaluate_every == 0 or step == self.steps

    def state(self) -> dict[str, Any]:
        """All that the rest of the training depends on, and the curves' state."""
        return {
            "step": self.step,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict() if self.scheduler else {},
            "loader": self.loader.state(),
            "run": self.run.state(),
            "shared": shared_state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go to where another training of the same seed was."""
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.scheduler is not None:
            self.scheduler.load_state_dict(state["scheduler"])
        self.step = state["step"]
        self.loader.restore(state["loader"])
        self.run.restore(state["run"])
        restore_shared(state["shared"])

    def twin(self, state: Mapping[str, Any]) -> "Training":
        """Another training of the same seed, at ``state``, which tells and writes nothing."""
        twin = Training(self.experiment, self.run.silent(), self.split)
        twin.restore(state)
        return twin

    @contextmanager
    def _at_rest(self) -> Iterator[None]:
        """In eval mode, and with the shared generators afterwards as they were."""
        before = shared_state()
        self.model.eval()
        yield
        self.model.train()
        restore_shared(before)


def step_count(experiment: Experiment, run: Run, split: Split) -> int:
    """How many steps the training has. Raises ValueError where nothing says so."""
    steps = experiment.steps(run)
    if steps > 0:
        return steps
    if "epochs" not in run.settings:
        raise ValueError("The arm's settings have neither steps nor epochs.")
    examples = len(split.train[0])
    size = int(run.settings.get("batch_size") or examples)
    return max(1, int(run.settings["epochs"]) * -(-examples // size))
