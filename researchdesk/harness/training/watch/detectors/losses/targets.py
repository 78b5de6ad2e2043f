"""Targets that a loss cannot mean: their range, their type, their sums."""

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    are_one_hot,
    class_dim,
    is_readable,
    origin,
    rows_of,
)
from researchdesk.harness.training.watch.events import LossCall, LossRefused
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")
_SIGNED = ("cosine_embedding_loss", "margin_ranking_loss", "hinge_embedding_loss")
_SQUARED = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
_INDEXED = ("cross_entropy", "nll_loss")
_MANY = 64
_LOOKED_AT = 4096
_CLASSES = 3
_ROUNDED = 1e-3


class TargetRange(Detector):
    """Targets outside of what the loss takes."""

    names = (
        "labels-out-of-range",
        "binary-target-range",
        "target-not-signed",
        "target-not-a-distribution",
        "every-target-ignored",
        "loss-of-itself",
    )

    def loss(self, call: LossCall) -> None:
        if not is_readable(call.input, call.target):
            return
        if _is_same(call.input, call.target):
            self.session.report(
                "loss-of-itself",
                CERTAIN,
                f"{call.name} got the same tensor as prediction and as target.",
                call.site,
            )
        elif call.name in _BINARY:
            self._binary(call)
        elif call.name in _SIGNED or call.name == "soft_margin_loss":
            self._signed(call)
        elif call.name == "cross_entropy" and call.target.is_floating_point():
            self._distribution(call)
        elif call.name in _INDEXED:
            self._ignored(call)

    def loss_refused(self, call: LossRefused) -> None:
        if not is_readable(call.input, call.target):
            return
        if call.name in _BINARY:
            self._binary(call)
        elif call.name in _INDEXED and not call.target.is_floating_point():
            classes = call.input.shape[class_dim(call.input)]
            kept = call.target[call.target != call.options.get("ignore_index", -100)]
            if kept.numel() and (int(kept.min()) < 0 or int(kept.max()) >= classes):
                self._labels(call, classes, int(kept.min()), int(kept.max()))

    def _labels(self, call: LossRefused, classes: int, low: int, high: int) -> None:
        counted = ": they count from 1, and the loss from 0" if (low, high) == (1, classes) else ""
        self.session.report(
            "labels-out-of-range",
            CERTAIN,
            f"{call.name} got labels {low} .. {high} for {classes} classes (0 .. {classes - 1})"
            f"{counted}.",
            call.site,
            low=low,
            high=high,
            classes=classes,
        )

    def _binary(self, call: LossCall | LossRefused) -> None:
        low, high = float(call.target.min()), float(call.target.max())
        if low < -_ROUNDED or high > 1 + _ROUNDED:
            self.session.report(
                "binary-target-range",
                CERTAIN,
                f"{call.name} got targets in {low:.3g} .. {high:.3g}, and takes 0 .. 1: outside of "
                "it the loss has no lowest value.",
                call.site,
                low=low,
                high=high,
            )

    def _signed(self, call: LossCall) -> None:
        odd = call.target[(call.target != 1) & (call.target != -1)]
        if odd.numel():
            is_tie = call.name == "margin_ranking_loss"
            self.session.report(
                "target-not-signed",
                LIKELY if is_tie else CERTAIN,
                f"{call.name} takes targets of 1 and -1; {odd.numel()} of {call.target.numel()} "
                f"are others, as {float(odd.flatten()[0]):.3g}.",
                call.site,
                others=odd.numel(),
            )

    def _distribution(self, call: LossCall) -> None:
        rows = rows_of(call.target, class_dim(call.target))
        sums = rows.sum(1)
        low = float(rows.min())
        off = float(((sums - 1).abs() > 0.02)[sums != 0].float().mean()) if bool(sums.any()) else 0
        if low >= 0 and off < 0.05:
            return
        what = f"reach down to {low:.3g}" if low < 0 else f"sum to {float(sums.max()):.3g}, not 1"
        batch = ""
        if call.input.ndim == 1:
            batch = f" Of shape {tuple(call.input.shape)}, a whole batch counts as one sample."
        self.session.report(
            "target-not-a-distribution",
            CERTAIN if low < 0 or call.input.ndim == 1 else LIKELY,
            f"cross_entropy got targets of type float, which it takes as probabilities: they "
            f"{what}.{batch}",
            call.site,
            low=low,
            highest_sum=float(sums.max()),
        )

    def _ignored(self, call: LossCall) -> None:
        ignored = call.options.get("ignore_index", -100)
        averaged = call.options.get("reduction", "mean") == "mean"
        if averaged and bool((call.target == ignored).all()):
            self.session.report(
                "every-target-ignored",
                CERTAIN,
                f"{call.name} got {call.target.numel()} targets that are all {ignored}, the one to "
                "ignore: their mean is not a number.",
                call.site,
                ignored=ignored,
            )


class LabelsAsNumbers(Detector):
    """Class labels that are taken as numbers; and classes that begin with 1."""

    names = ("regression-on-class-labels", "labels-start-at-one")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._labels: dict[Site, tuple[int, int, set[int]]] = {}

    def loss(self, call: LossCall) -> None:
        if not is_readable(call.input, call.target):
            return
        if call.name in _SQUARED:
            self._squared(call)
        elif call.name in _INDEXED and not call.target.is_floating_point():
            classes = call.input.shape[class_dim(call.input)]
            if _CLASSES <= classes <= _MANY and call.options.get("ignore_index", -100) != 0:
                _, times, known = self._labels.get(call.site, (0, 0, set()))
                known.update(call.target.flatten()[:_LOOKED_AT].tolist())
                self._labels[call.site] = (classes, times + call.target.numel(), known)

    def _squared(self, call: LossCall) -> None:
        soft = origin(call.input).kind == "Softmax"
        if call.input.ndim > 1 and call.input.shape[1] > 1:
            rows = rows_of(call.target, 1)
            if soft and are_one_hot(rows) and bool((rows.sum(1) == 1).all()):
                self._say(LIKELY, call, "one-hot labels, and a softmax's output")
            return
        values = call.target.detach().flatten()[:_LOOKED_AT]
        if call.target.is_floating_point() and not bool((values == values.round()).all()):
            return
        kinds = set(values.tolist())
        counted = _CLASSES <= len(kinds) <= 20 and kinds == set(range(len(kinds)))
        if counted and values.numel() >= 2 * len(kinds):
            sure = LOOK if call.target.is_floating_point() else LIKELY
            self._say(sure, call, f"the labels 0 .. {len(kinds) - 1}")

    def _say(self, certainty: str, call: LossCall, what: str) -> None:
        self.session.report(
            "regression-on-class-labels",
            certainty,
            f"{call.name} got {what}: as numbers, class 2 lies nearer to class 1 than to 0, and a "
            "sure mistake costs little.",
            call.site,
        )

    def finish(self) -> None:
        for site, (classes, times, known) in self._labels.items():
            if times >= _MANY and known == set(range(1, classes)):
                self.session.report(
                    "labels-start-at-one",
                    LOOK,
                    f"Among {times} labels each of 1 .. {classes - 1} occurs, and never 0: the "
                    f"model has {classes} outputs, and one of them is never right.",
                    site,
                    classes=classes,
                )


def _is_same(given: Tensor, target: Tensor) -> bool:
    return (
        given.shape == target.shape
        and given.dtype == target.dtype
        and given.data_ptr() == target.data_ptr()
        and given.stride() == target.stride()
    )
