"""The experiment of {{id}}: replace this by the paper's own, in one file that can be read."""

import torch
from sklearn.datasets import load_digits
from torch import nn

from researchdesk.harness.training.experiment import Experiment, Split


class Digits(Experiment):
    """One class, of small methods. What is not written here has a default:

    loss(model, batch, run)               cross-entropy, or the squared error for a regression
    optimizer(parameters, run)            SGD at run.settings["lr"]
    schedule(optimizer, run)              none
    batches(split, run), augment(...)     run.settings["batch_size"], drawn by the "order"
    step(model, batch, optimizer, run)    one step of gradient descent
    steps(run)                            run.settings["steps"], or so many epochs
    evaluate(model, split, run)           train_accuracy, test_accuracy; the last value counts
    finish(model, split, run)             more metrics, once trained

    Seeding, curves, checkpoints, baselines and the analysis of errors come with it. self keeps
    nothing of a seed; what differs between seeds and arms is in run: run.settings, run.device,
    run.generator("split") and the other sources of randomness.
    """

    task = "classification"

    def data(self, run):
        """The data of one seed; a fifth of it, drawn by the seed, is the test set."""
        pixels, digits = load_digits(return_X_y=True)
        x = torch.tensor(pixels, dtype=torch.float32) / 16
        y = torch.tensor(digits)
        drawn = torch.randperm(len(x), generator=run.generator("split"))
        train, test = drawn[len(x) // 5 :], drawn[: len(x) // 5]
        return Split(
            train=(x[train], y[train]),
            test=(x[test], y[test]),
            classes=[str(digit) for digit in range(10)],
            image_shape=(8, 8),
        )

    def model(self, run):
        """A network whose parameters are drawn by the source "init"."""
        hidden = run.settings["hidden"]
        return nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10))
