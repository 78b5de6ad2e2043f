"""What ``kl_div`` is given: logarithms of the model's distribution, and the one to meet."""

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    are_log_probabilities,
    are_probabilities,
    figure,
    is_readable,
    origin,
    rows_of,
)
from researchdesk.harness.training.watch.events import LossCall
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK


class Divergence(Detector):
    """``kl_div``'s arguments in the wrong order, or on the wrong scale."""

    names = ("kl-input-not-log", "kl-target-scale", "kl-arguments-swapped", "kl-mean-of-elements")

    def loss(self, call: LossCall) -> None:
        given, target = call.input, call.target
        if call.name != "kl_div" or not is_readable(given, target) or given.ndim < 2:
            return
        if call.options.get("reduction", "mean") == "mean" and given.shape[-1] > 1:
            self._mean(call)
        self._order(call)
        rows = rows_of(given, -1)
        kind = origin(given).kind
        if kind == "Softmax" or are_probabilities(rows):
            self._say(CERTAIN, call, "probabilities")
        elif kind != "LogSoftmax" and not _is_log_along_any(given) and bool((rows > 0.01).any()):
            self._say(LIKELY, call, "numbers above 0 that are logarithms of no distribution")
        self._target(call)

    def _mean(self, call: LossCall) -> None:
        self.session.report(
            "kl-mean-of-elements",
            LOOK,
            "kl_div with reduction='mean' divides by the number of classes as well "
            f"({call.input.shape[-1]}); the divergence itself is reduction='batchmean'.",
            call.site,
            classes=call.input.shape[-1],
        )

    def _order(self, call: LossCall) -> None:
        rows = rows_of(call.input, -1)
        is_fixed = bool((rows == rows[:1]).all())  # as a prior is
        if call.target.requires_grad and not call.input.requires_grad and not is_fixed:
            self.session.report(
                "kl-arguments-swapped",
                LIKELY,
                "kl_div got the model's distribution as target, and what is not learnt as input: "
                "it takes the logarithm of the model's first, and the one to meet second.",
                call.site,
            )

    def _say(self, certainty: str, call: LossCall, what: str) -> None:
        self.session.report(
            "kl-input-not-log",
            certainty,
            f"kl_div got {what} as input, and takes log-probabilities there (the value here is "
            f"{figure(call.output, 'one for each element')}; a divergence is never below 0).",
            call.site,
        )

    def _target(self, call: LossCall) -> None:
        rows = rows_of(call.target, -1)
        is_log = bool(call.options.get("log_target", False))
        if is_log and are_probabilities(rows):
            what = "got probabilities as target, and log_target=True"
        elif not is_log and bool((rows < 0).any()):
            what = f"got a target down to {float(rows.min()):.3g}, and takes probabilities there"
        else:
            return
        self.session.report("kl-target-scale", CERTAIN, f"kl_div {what}.", call.site)


def _is_log_along_any(given: Tensor) -> bool:
    return any(are_log_probabilities(rows_of(given, dim)) for dim in range(1, given.ndim))
