"""Several seeds of an experiment trained in one process, their parameters stacked."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from researchdesk.harness.training.experiment import Batch, Experiment, Part, Split
from researchdesk.harness.training.one_seed import Training, model_of
from researchdesk.harness.training.run import Run

ELEMENTWISE = (
    torch.optim.SGD,
    torch.optim.Adam,
    torch.optim.AdamW,
    torch.optim.Adamax,
    torch.optim.NAdam,
    torch.optim.RAdam,
    torch.optim.RMSprop,
    torch.optim.Adagrad,
    torch.optim.Adadelta,
    torch.optim.ASGD,
    torch.optim.Rprop,
)
"""Optimizers that change each number by its own gradients alone, so that seeds do not mix."""

_OF_ALL = ("step", "mu_product", "mu", "eta")
"""What optimizers keep of a parameter as a whole, which has the shape of one that is a scalar."""


def refusal(experiment: Experiment, run: Run) -> str:
    """Why seeds such as this one cannot be trained together, in words; empty where they can."""
    if not experiment.batchable:
        return "The experiment does not say that it is batchable."
    if type(experiment).step is not Experiment.step:
        return "The experiment has a training step of its own."
    model = model_of(experiment, run)
    optimizer = type(experiment.optimizer(model.parameters(), run))
    if optimizer not in ELEMENTWISE:
        return f"The optimizer {optimizer.__name__} does not work element by element."
    for name, module in model.named_modules():
        if isinstance(module, _BatchNorm | _DropoutNd):
            return f"The model has {type(module).__name__} ({name})."
    return ""


def trainings_of(experiment: Experiment, runs: Sequence[Run]) -> list[Training]:
    """The seeds before their training; data that is the same for several is kept once."""
    found: list[Training] = []
    for run in runs:
        training = Training(experiment, run)
        if found:
            training.use(_sharing(training.split, found[0].split))
        found.append(training)
    return found


class Together:
    """Seeds in training side by side: each with the batches and parameters it has alone.

    Their models' parameters are views of stacked ones, (seeds, ...), which one optimizer changes.
    """

    def __init__(self, trainings: Sequence[Training]) -> None:
        self.trainings = tuple(trainings)
        first = self.trainings[0]
        self._stacked, buffers = stack_module_state([one.model for one in trainings])
        self._learned = {name: one for name, one in self._stacked.items() if one.requires_grad}
        self._fixed = buffers | {
            name: one for name, one in self._stacked.items() if not one.requires_grad
        }
        self._optimizer = first.experiment.optimizer(iter(self._stacked.values()), first.run)
        self._scheduler = first.experiment.schedule(self._optimizer, first.run)
        self._loss = _Loss(first.experiment, first.model, first.run)
        self._losses = vmap(self._loss_of)
        for number, training in enumerate(self.trainings):
            for name, one in (
                *training.model.named_parameters(),
                *training.model.named_buffers(),
            ):
                one.data = (self._stacked | buffers)[name].data[number]

    @property
    def step(self) -> int:
        return self.trainings[0].step

    def batch(self) -> Batch:
        """The next batch of every seed, stacked: (seeds, examples, ...)."""
        batches = [training.batch() for training in self.trainings]
        return tuple(torch.stack(column) for column in zip(*batches, strict=True))

    def advance(self, batch: Batch) -> list[float]:
        """One training step of all; returns the loss of each."""
        self._optimizer.zero_grad()
        losses = self._losses(self._learned, self._fixed, batch)
        # No seed's loss depends on another's parameters: the sum's gradients are each one's own.
        losses.sum().backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        if self._scheduler is not None:
            self._scheduler.step()
        for training in self.trainings:
            training.step += 1
        found: list[float] = losses.detach().tolist()
        return found

    def states(self) -> list[dict[str, Any]]:
        """The state of each seed, as if it had been trained alone."""
        optimizer = self._optimizer.state_dict()
        shapes = [one.shape for one in self._stacked.values()]
        scheduler = self._scheduler.state_dict() if self._scheduler else {}
        return [
            training.state()
            | {"optimizer": _sliced(optimizer, shapes, number), "scheduler": scheduler}
            for number, training in enumerate(self.trainings)
        ]

    def restore(self, states: Sequence[Mapping[str, Any]]) -> None:
        """Go to where the same seeds were, at one step."""
        for training, state in zip(self.trainings, states, strict=True):
            training.restore(state)
        shapes = [one.shape for one in self._stacked.values()]
        self._optimizer.load_state_dict(_stacked([one["optimizer"] for one in states], shapes))
        if self._scheduler is not None:
            self._scheduler.load_state_dict(dict(states[0]["scheduler"]))

    def _loss_of(
        self, learned: Mapping[str, Tensor], fixed: Mapping[str, Tensor], batch: Batch
    ) -> Tensor:
        state = {f"model.{name}": one for name, one in (*learned.items(), *fixed.items())}
        loss: Tensor = functional_call(self._loss, state, batch)
        return loss


class _Loss(nn.Module):
    """The experiment's loss as a module, so that its model's parameters can be replaced."""

    def __init__(self, experiment: Experiment, model: nn.Module, run: Run) -> None:
        super().__init__()
        self.model = model
        self._experiment = experiment
        self._run = run

    def forward(self, *batch: Tensor) -> Tensor:
        return self._experiment.loss(self.model, batch, self._run)


def _sliced(state: Mapping[str, Any], shapes: Sequence[torch.Size], seed: int) -> dict[str, Any]:
    """An optimizer's state for one of the stacked seeds: of its parameters' shape, its slice."""
    own = {
        number: {
            name: value[seed].clone() if _is_of(value, shapes[number]) else value
            for name, value in entries.items()
        }
        for number, entries in state["state"].items()
    }
    return {**state, "state": own}


def _stacked(states: Sequence[Mapping[str, Any]], shapes: Sequence[torch.Size]) -> dict[str, Any]:
    first = states[0]
    stacked = {
        number: {
            name: torch.stack([one["state"][number][name] for one in states])
            if name not in _OF_ALL and _is_of(value, shapes[number][1:])
            else value
            for name, value in entries.items()
        }
        for number, entries in first["state"].items()
    }
    return {**first, "state": stacked}


def _is_of(value: Any, shape: torch.Size) -> bool:
    return isinstance(value, Tensor) and value.shape == shape


def _sharing(split: Split, other: Split) -> Split:
    """``split`` with the tensors of ``other`` where they are the same."""

    def shared(part: Part, like: Part | None) -> Part:
        if like is None:
            return part
        x, y = (b if torch.equal(a, b) else a for a, b in zip(part, like, strict=True))
        return x, y

    return Split(
        shared(split.train, other.train),
        shared(split.test, other.test),
        split.classes,
        None if split.valid is None else shared(split.valid, other.valid),
        split.feature_names,
        split.image_shape,
        {name: shared(part, other.tests.get(name)) for name, part in split.tests.items()},
    )
