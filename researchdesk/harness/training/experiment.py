"""An experiment in small methods: data, model, loss, optimizer, training step, evaluation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import SGD, Optimizer
from torch.optim.lr_scheduler import LRScheduler

from researchdesk.harness.training.run import Run

CLASSIFICATION = "classification"
REGRESSION = "regression"

Part = tuple[Tensor, Tensor]
"""Inputs, examples first, and what they should give: class numbers (int64) or real values."""

Batch = tuple[Tensor, ...]
"""What a training step is given: ``(x, y)`` where ``batches`` is not overridden."""

_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Split:
    """The data of an experiment: what it trains on and what it is tested on.

    Each part is ``(x, y)``, examples first. ``classes`` are the names of the classes,
    ``feature_names`` those of the columns of ``x``, ``image_shape`` is ``(height, width)`` where
    the examples are images that may have been flattened. ``tests`` are further test sets by name,
    such as a shifted one.
    """

    train: Part
    test: Part
    classes: Sequence[str] | None = None
    valid: Part | None = None
    feature_names: Sequence[str] | None = None
    image_shape: tuple[int, int] | None = None
    tests: Mapping[str, Part] = field(default_factory=dict)

    def parts(self) -> dict[str, Part]:
        """``train``, ``valid`` where there is one, ``test``, and ``tests`` by their names."""
        valid = {} if self.valid is None else {"valid": self.valid}
        return {"train": self.train, **valid, "test": self.test, **self.tests}


class Experiment:
    """A training experiment, told in small methods of which only ``data`` and ``model`` are a must.

    Derive one class from it in ``experiment.py``; the runner makes one object and trains every
    seed of every arm with it, so that ``self`` holds nothing of a seed. What differs between seeds
    and arms is in ``run``: ``run.settings`` are the arm's, ``run.generator(source)`` is the seed's
    generator for one source of randomness, ``run.device`` is where tensors are to be.

    For the writing of ``data`` and ``model`` alone an experiment gets: seeds whose sources of
    randomness are apart, so that each can be varied alone; the curves of what a step and an
    evaluation return; checkpoints, from which a run that was killed goes on to the very same
    numbers; a stop with step and layer when numbers stop being finite; the time that data and
    computing take; predictions on a fixed batch through the training; and, for a classification
    task, baselines and an analysis of errors.

    The training of a seed, in the order of the calls; torch's global generator (and Python's and
    numpy's) is seeded by the source in brackets before::

        split = data(run)                          # [split]
        network = model(run)                       # [init]; then moved to run.device, train mode
        optimizer = self.optimizer(network.parameters(), run)
        scheduler = schedule(optimizer, run)       # [noise] from here on, so dropout is noise
        for number in 1 .. steps(run):
            batch = augment(next of batches(split, run), run)
            logged = step(network, batch, optimizer, run)
            scheduler.step(), if there is one
            every settings["evaluate_every"] steps and after the last one:
                evaluate(network, split, run)      # in eval mode
        finish(network, split, run)                # in eval mode

    A seed's result is the last value of everything logged, and what ``finish`` returns.

    Settings that the defaults use: ``lr``, ``batch_size`` (without it, a batch is all of the
    training data), ``steps`` or ``epochs``, ``evaluate_every`` (a twentieth of the steps),
    ``checkpoint_every`` (steps; without it, one about every 30 s).

    ``task`` is ``"classification"`` (the model returns logits, examples × classes, and ``y`` is
    int64), ``"regression"`` (the model returns values shaped like ``y``), or ``""`` for anything
    else: then ``loss`` and ``evaluate`` must be overridden.

    ``batchable`` allows the seeds of an arm to be trained together in one process, stacked. It
    holds where ``step`` is not overridden, the optimizer works element by element (SGD, Adam and
    its kind), ``loss`` is made of tensor operations only (no ``.item()``, no drawing of random
    numbers), and the model has neither batch normalization nor dropout. What cannot be stacked is
    trained one seed after the other, and the plan of the run says why.

    A gradient penalty, an alternating training and the like go into ``step``; a training that is no
    loop of steps is better written as a plain function ``measure(run)``.
    """

    task: ClassVar[str] = ""
    batchable: ClassVar[bool] = False

    def data(self, run: Run) -> Split:
        """The seed's data, on any device. Splits are drawn with ``run.generator("split")``."""
        raise NotImplementedError(f"{type(self).__name__} has no method data(self, run).")

    def model(self, run: Run) -> nn.Module:
        """A model with its parameters as they are before training; on the CPU."""
        raise NotImplementedError(f"{type(self).__name__} has no method model(self, run).")

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        """The loss of a batch, a tensor of one element.

        The mean cross-entropy for classification, the mean squared error for regression.
        """
        x, y = batch
        if self.task == CLASSIFICATION:
            return functional.cross_entropy(model(x), y)
        if self.task == REGRESSION:
            return functional.mse_loss(model(x), y)
        raise NotImplementedError(f"{type(self).__name__} has neither a task nor a method loss.")

    def optimizer(self, parameters: Iterator[nn.Parameter], run: Run) -> Optimizer:
        """What changes the parameters: plain gradient descent at ``settings["lr"]``."""
        return SGD(parameters, lr=run.settings["lr"])

    def schedule(self, optimizer: Optimizer, run: Run) -> LRScheduler | None:
        """The learning rate's schedule, stepped after each training step; None: constant."""
        return None

    def batches(self, split: Split, run: Run) -> Iterator[Batch]:
        """The batches of one pass over the training data; called anew for every pass.

        All of them are drawn in an order by ``run.generator("order")``, the last may be smaller.
        Where you override it, draw from that generator only: a run that goes on from a checkpoint
        calls this again and leaves out the batches it had.
        """
        x, y = split.train
        size = run.settings.get("batch_size")
        if size is None:
            yield x, y
            return
        order = torch.randperm(len(x), generator=run.generator("order")).to(x.device)
        for chosen in torch.split(order, int(size)):
            yield x[chosen], y[chosen]

    def augment(self, batch: Batch, run: Run) -> Batch:
        """The batch, changed at random by ``run.generator("augment")``; unchanged by default."""
        return batch

    def step(
        self, model: nn.Module, batch: Batch, optimizer: Optimizer, run: Run
    ) -> Mapping[str, Tensor | float]:
        """One training step; returns what is to be logged, numbers or tensors of one element."""
        optimizer.zero_grad()
        loss = self.loss(model, batch, run)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return {"loss": loss.detach()}

    def steps(self, run: Run) -> int:
        """How many training steps; 0: as many as ``settings["epochs"]`` passes have batches."""
        return int(run.settings.get("steps", 0))

    def evaluate(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
        """The metrics now; the last ones are the seed's result.

        For classification ``train_accuracy``, ``test_accuracy``, and likewise for ``valid`` and
        each of ``split.tests`` by its name, all from 0 to 1; for regression ``train_mse``,
        ``test_mse`` and so on. Random numbers drawn here do not change the training.
        """
        if self.task not in (CLASSIFICATION, REGRESSION):
            name = type(self).__name__
            raise NotImplementedError(f"{name} has neither a task nor a method evaluate.")
        measured = accuracy if self.task == CLASSIFICATION else mean_squared_error
        word = "accuracy" if self.task == CLASSIFICATION else "mse"
        return {f"{name}_{word}": measured(model, *part) for name, part in split.parts().items()}

    def finish(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
        """More metrics, once trained. None by default."""
        return {}


def accuracy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """The share of the examples whose largest logit is their class, from 0 to 1."""
    with torch.no_grad():
        right = [int((model(some).argmax(dim=1) == truth).sum()) for some, truth in _chunks(x, y)]
    return sum(right) / len(x)


def mean_squared_error(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """The mean of (model(x) − y)² over all examples and outputs."""
    with torch.no_grad():
        sums = [
            float(functional.mse_loss(model(some), truth, reduction="sum"))
            for some, truth in _chunks(x, y)
        ]
    return sum(sums) / y.numel()


def _chunks(x: Tensor, y: Tensor) -> Iterator[Part]:
    return zip(torch.split(x, _AT_ONCE), torch.split(y, _AT_ONCE), strict=True)
