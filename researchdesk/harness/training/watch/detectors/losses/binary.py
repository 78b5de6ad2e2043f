"""What the binary cross-entropies are given, with and without logits."""

from typing import Any

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    Origin,
    dim_of,
    is_readable,
    kind_of,
    origin,
    parents,
    shape_of,
)
from researchdesk.harness.training.watch.events import LossCall, LossRefused
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY

_WITH = "binary_cross_entropy_with_logits"
_WITHOUT = "binary_cross_entropy"
_LIMITING = {"Relu": "ReLU", "Tanh": "tanh", "LeakyRelu": "leaky ReLU"}
_BIASED = frozenset({"Addmm", "Convolution", "MkldnnConvolution"})
_CLAMPS = frozenset({"Clamp", "ClampMin", "ClampMax", "Hardtanh", "Clip"})


class BinaryInput(Detector):
    """Probabilities where logits are meant, and the other way round."""

    names = ("probabilities-to-bce-with-logits", "logits-to-bce", "softmax-of-one-class")

    def loss(self, call: LossCall) -> None:
        if call.name not in (_WITH, _WITHOUT) or not is_readable(call.input):
            return
        found = origin(call.input)
        if found.kind == "Softmax" and _is_over_one(found, call.input):
            self._one_class(call)
        elif call.name == _WITH:
            self._with_logits(call, found)
        else:
            self._without(call, found)

    def loss_refused(self, call: LossRefused) -> None:
        if call.name != _WITHOUT or not is_readable(call.input) or "input" not in call.error:
            return
        low, high = float(call.input.min()), float(call.input.max())
        if low < 0 or high > 1:
            self.session.report(
                "logits-to-bce",
                CERTAIN,
                f"binary_cross_entropy got numbers in {low:.3g} .. {high:.3g}, and takes "
                "probabilities: no sigmoid came before it.",
                call.site,
                low=low,
                high=high,
            )

    def _one_class(self, call: LossCall) -> None:
        self.session.report(
            "softmax-of-one-class",
            CERTAIN,
            f"{call.name} got a softmax over a dimension of size 1: it is 1 whatever the model "
            "says, and has no gradient. A sigmoid was meant.",
            call.site,
            shape=list(call.input.shape),
        )

    def _with_logits(self, call: LossCall, found: Origin) -> None:
        source = _under_clamps(found)
        if source in ("Sigmoid", "Softmax"):
            self.session.report(
                "probabilities-to-bce-with-logits",
                CERTAIN,
                f"{_WITH} got the output of {source.lower()} and takes a sigmoid of it once more: "
                "no prediction can fall below 0.5, nor rise above 0.73.",
                call.site,
                source=source,
            )
        elif found.kind == "Relu":
            self.session.report(
                "probabilities-to-bce-with-logits",
                LIKELY,
                f"{_WITH} got the output of ReLU: logits that cannot be negative are predictions "
                "that cannot fall below 0.5.",
                call.site,
                source=found.kind,
            )

    def _without(self, call: LossCall, found: Origin) -> None:
        source = _under_clamps(found)
        clamped = found.kind in _CLAMPS
        if source in _BIASED or (source in _LIMITING and not clamped) or source == "Relu":
            what = _LIMITING.get(source, "a layer without a sigmoid")
            low, high = _range(call.input)
            self.session.report(
                "logits-to-bce",
                LIKELY,
                f"binary_cross_entropy got the output of {what}"
                f"{', clamped' if clamped else ''} ({low:.3g} .. {high:.3g}), and takes "
                "probabilities, as a sigmoid gives them.",
                call.site,
                source=source,
            )


def _range(tensor: Tensor) -> tuple[float, float]:
    return float(tensor.min()), float(tensor.max())


def _under_clamps(found: Origin) -> str:
    """The kind of what was computed before clamps, which keep a probability one."""
    node: Any = found.node
    for _ in range(4):
        if node is None or kind_of(node) not in _CLAMPS:
            break
        before = parents(node)
        node = before[0] if before else None
    return kind_of(node) if node is not None else ""


def _is_over_one(found: Origin, given: Tensor) -> bool:
    shape = shape_of(found.node)
    if shape is None:
        shape = tuple(given.shape) if not found.moves else None
    dim = dim_of(found.node, len(shape)) if shape else None
    return shape is not None and dim is not None and shape[dim] == 1
