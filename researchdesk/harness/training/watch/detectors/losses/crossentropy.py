"""What ``cross_entropy`` and ``nll_loss`` are given: logits, probabilities, or their logarithms."""

import math

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    LINEAR,
    TURNS,
    Origin,
    are_log_probabilities,
    are_one_hot,
    are_probabilities,
    class_dim,
    figure,
    is_readable,
    origin,
    rows_of,
)
from researchdesk.harness.training.watch.events import LossCall
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY
from researchdesk.harness.training.watch.session import Session

_SQUASHED = {"Relu": "ReLU", "Sigmoid": "a sigmoid", "Tanh": "tanh", "Hardtanh": "a hard tanh"}
_WEIGHTED = frozenset({"Mul", "Div", "Neg"})
_ENOUGH = 3


class CrossEntropyInput(Detector):
    """What ``cross_entropy`` is given, which takes logits."""

    names = (
        "softmax-before-cross-entropy",
        "log-softmax-before-cross-entropy",
        "softmax-over-wrong-dimension",
        "activation-before-cross-entropy",
        "cross-entropy-of-one-class",
    )

    def loss(self, call: LossCall) -> None:
        if call.name != "cross_entropy" or not is_readable(call.input):
            return
        rows = rows_of(call.input, class_dim(call.input))
        if rows.shape[1] == 1:
            self._one_class(call)
            return
        found = origin(call.input)
        kind = found.kind
        if kind == "LogSoftmax":
            self._log_softmax(call, rows, found)
        elif kind == "Softmax" or (are_probabilities(rows) and not are_one_hot(rows)):
            self._softmax(call, rows)
        elif kind in _SQUASHED:
            self.session.report(
                "activation-before-cross-entropy",
                LIKELY,
                f"cross_entropy got the output of {_SQUASHED[kind]}, and takes logits of any size "
                f"and sign: these lie in {float(rows.min()):.3g} .. {float(rows.max()):.3g}.",
                call.site,
                activation=kind,
            )

    def _softmax(self, call: LossCall, rows: Tensor) -> None:
        classes = rows.shape[1]
        least = math.log(math.e + classes - 1) - 1
        self.session.report(
            "softmax-before-cross-entropy",
            CERTAIN,
            "cross_entropy got probabilities, and takes softmax of them once more: with "
            f"{classes} classes the loss cannot fall below {least:.3g}, and gradients are small.",
            call.site,
            classes=classes,
            least=least,
        )

    def _log_softmax(self, call: LossCall, rows: Tensor, found: Origin) -> None:
        if are_log_probabilities(rows):
            self.session.report(
                "log-softmax-before-cross-entropy",
                LIKELY,
                "cross_entropy got log-probabilities, and takes log_softmax of them once more. "
                "The loss is the same; either is one too many, and the outputs are no logits.",
                call.site,
            )
        elif _is_whole(found):
            _wrong_dimension(self, call, rows.shape[1])

    def _one_class(self, call: LossCall) -> None:
        if call.input.requires_grad:
            self.session.report(
                "cross-entropy-of-one-class",
                CERTAIN,
                f"cross_entropy got logits of shape {tuple(call.input.shape)}: softmax over one "
                "class is 1 whatever the model says, so that the loss teaches nothing.",
                call.site,
                shape=list(call.input.shape),
            )


class LikelihoodInput(Detector):
    """What ``nll_loss`` is given, which takes log-probabilities."""

    names = ("nll-of-probabilities", "nll-of-logits", "softmax-over-wrong-dimension")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._odd = 0

    def loss(self, call: LossCall) -> None:
        if call.name != "nll_loss" or not is_readable(call.input) or call.input.ndim < 2:
            return
        rows = rows_of(call.input, 1)
        if rows.shape[1] < 2:
            return
        found = origin(call.input)
        kind = found.kind
        if kind == "Softmax" or (are_probabilities(rows) and not are_one_hot(rows)):
            self._probabilities(call)
        elif kind == "LogSoftmax":
            if _is_whole(found) and not are_log_probabilities(rows):
                _wrong_dimension(self, call, rows.shape[1])
        elif kind not in _WEIGHTED and float(rows.logsumexp(1).max()) > 0.05:
            self._logits(call, rows, kind)

    def _probabilities(self, call: LossCall) -> None:
        self.session.report(
            "nll-of-probabilities",
            CERTAIN,
            "nll_loss got probabilities where it takes their logarithms: it is minus the mean "
            f"probability, {figure(call.output, 'a negative number')} here, and hardly punishes a "
            "sure mistake.",
            call.site,
        )

    def _logits(self, call: LossCall, rows: Tensor, kind: str) -> None:
        self._odd += 1
        is_model = kind in LINEAR
        if self._odd < _ENOUGH and not is_model:
            return
        above = float((rows > 0).float().mean())
        self.session.report(
            "nll-of-logits",
            CERTAIN if is_model and above > 0 else LIKELY,
            f"nll_loss got numbers that are no log-probabilities: {above:.0%} of them lie above 0, "
            "and the loss can be lowered without end by making them larger.",
            call.site,
            above_zero=above,
        )


def _is_whole(found: Origin) -> bool:
    """Whether all of a softmax's values are there still, and those of no other."""
    return all(kind in TURNS for kind, _ in found.moves)


def _wrong_dimension(detector: Detector, call: LossCall, classes: int) -> None:
    detector.session.report(
        "softmax-over-wrong-dimension",
        CERTAIN,
        f"{call.name} got a log_softmax that ran over another dimension than the classes': of "
        f"shape {tuple(call.input.shape)}, and over the {classes} classes they do not sum to 1.",
        call.site,
        shape=list(call.input.shape),
    )
