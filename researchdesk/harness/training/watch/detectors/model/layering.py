"""How layers follow each other: what is between two of them, and at the model's end."""

from typing import Any

from torch import Tensor

from researchdesk.harness.training.watch.detectors.model.graphs import (
    WEIGHT_OPS,
    Graph,
    Node,
    is_dropout,
    layer_below,
    straight_below,
    weight_of,
)
from researchdesk.harness.training.watch.detectors.model.reading import Reader
from researchdesk.harness.training.watch.findings import LIKELY, LOOK

_NORMS = ("NativeBatchNormBackward0", "CudnnBatchNormBackward0", "MiopenBatchNormBackward0")
_LINEAR = ("AddmmBackward0", "MmBackward0")
_STRAIGHT = (
    *(*WEIGHT_OPS, *_NORMS, "ViewBackward0", "UnsafeViewBackward0", "ReshapeAliasBackward0"),
    *("TBackward0", "TransposeBackward0", "PermuteBackward0", "CloneBackward0", "ToCopyBackward0"),
    *("SqueezeBackward0", "SqueezeBackward1", "UnsqueezeBackward0", "SelectBackward0"),
    *("torch::autograd::AccumulateGrad", "AvgPool2DBackward0", "MeanBackward1"),
)
_LOSSES = (
    *("NllLossBackward0", "NllLoss2DBackward0", "LogSoftmaxBackward0", "MseLossBackward0"),
    *("BinaryCrossEntropyWithLogitsBackward0", "SmoothL1LossBackward0", "HuberLossBackward0"),
    *("MeanBackward0", "SumBackward0", "L1LossBackward0"),
)


class MissingActivation(Reader):
    """``activation-missing``: a linear layer right after another, and not to make it narrow."""

    names = ("activation-missing",)

    def read(self, graph: Graph) -> None:
        pairs = [found for node in graph.nodes if (found := self._pair(node))]
        if not pairs:
            return
        straight = all(
            node.name in _STRAIGHT or is_dropout(node.operation)
            for node in graph.nodes
            if node.weighed
        )
        first, second = pairs[0]
        self.session.report(
            "activation-missing",
            LIKELY if straight else LOOK,
            f"{self.layers.layer(first)} is followed by {self.layers.layer(second)} with no "
            "nonlinearity between: the two are one linear layer"
            + (", and there is no nonlinearity in the whole model." if straight else "."),
            graph.at,
            pairs=len(pairs),
        )

    def _pair(self, node: Node) -> tuple[Tensor, Tensor] | None:
        if node.name not in _LINEAR:
            return None
        second = weight_of(node.operation)
        for operation in node.inputs:
            below = straight_below(operation)
            if below is None or below.name() not in _LINEAR or second is None:
                continue
            first = weight_of(below)
            if first is None or first is second or not _is_wide(first, second):
                continue
            return first, second
        return None


def _is_wide(first: Tensor, second: Tensor) -> bool:
    """Whether what is between two layers is no narrower than both ends: else it is a bottleneck."""
    if first.shape[0] == second.shape[1]:
        between, ends = first.shape[0], (first.shape[1], second.shape[0])
    elif first.shape[1] == second.shape[0]:
        between, ends = first.shape[1], (first.shape[0], second.shape[1])
    else:
        return False
    return between >= min(ends)


class BiasBeforeNorm(Reader):
    """``bias-before-batch-norm``: a bias that batch norm subtracts again."""

    names = ("bias-before-batch-norm",)

    def read(self, graph: Graph) -> None:
        for node in graph.nodes:
            if node.name not in _NORMS or not node.saved("training"):
                continue
            below = straight_below(node.inputs[0])
            if below is None or not _has_bias(below):
                continue
            name = self.layers.layer(layer_below(below))
            self.session.report(
                "bias-before-batch-norm",
                LOOK,
                f"{name} has a bias, and batch norm right after subtracts it with the mean.",
                graph.at,
                layer=name,
            )
            return


def _has_bias(operation: Any) -> bool:
    if operation.name() == "ConvolutionBackward0":
        return len(operation.next_functions) > 2 and operation.next_functions[2][0] is not None
    return bool(operation.name() == "AddmmBackward0")


class OutputWithoutBias(Reader):
    """``output-without-bias``: a loss takes what a layer without a bias gave."""

    names = ("output-without-bias",)

    def read(self, graph: Graph) -> None:
        for node in graph.nodes:
            if node.name not in _LOSSES:
                continue
            below = straight_below(node.inputs[0])
            if below is None or below.name() not in ("MmBackward0", "ConvolutionBackward0"):
                continue
            weight = weight_of(below)
            if weight is None or _has_bias(below) or weight.shape[0] > 1_000:
                continue
            if _is_embedding(weight, graph):
                continue
            name = self.layers.layer(weight)
            message = (
                f"{name}, whose output goes to the loss, has no bias: it cannot learn how often"
            )
            message += " each class comes, nor the targets' mean, but through its inputs."
            self.session.report("output-without-bias", LOOK, message, graph.at, layer=name)
            return


def _is_embedding(weight: Tensor, graph: Graph) -> bool:
    """Whether it is tied: an embedding looks its rows up too."""
    lookups = [node for node in graph.nodes if node.name == "EmbeddingBackward0"]
    return any(getattr(one, "variable", None) is weight for node in lookups for one in node.inputs)


class SoftmaxOverItems(Reader):
    """``softmax-over-batch``: a softmax within the model adds to 1 over the items of a batch."""

    names = ("softmax-over-batch",)

    def read(self, graph: Graph) -> None:
        rows = _rows(graph)
        for node in graph.nodes:
            if node.name not in ("SoftmaxBackward0", "LogSoftmaxBackward0"):
                continue
            shape, dim = node.shape, node.saved("dim")
            if dim != 0 or len(shape) < 2 or shape[0] < 2:
                continue
            sure = bool(rows) and shape[0] == rows and shape[1] != rows
            self.session.report(
                "softmax-over-batch",
                LIKELY if sure else LOOK,
                f"A softmax of a tensor of shape {shape} is over dimension 0"
                + (f", the {rows} items that the loss has targets for" if sure else "")
                + ": items share a total of 1 that each should have for itself.",
                graph.at,
                shape=list(shape),
            )


def _rows(graph: Graph) -> int:
    """How many items the loss has targets for: rows of a loss of classes."""
    for node in graph.nodes[:6]:
        if node.name == "NllLossBackward0":
            target = node.saved("target")
            return int(target.shape[0]) if isinstance(target, Tensor) and target.dim() == 1 else 0
        if node.name == "BinaryCrossEntropyWithLogitsBackward0":
            found = node.saved("target")
            return int(found.shape[0]) if isinstance(found, Tensor) and found.dim() else 0
    return 0
