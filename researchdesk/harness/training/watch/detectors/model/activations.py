"""Units that never fire, and activations that are at their flat ends."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from researchdesk.harness.training.watch.detectors.model.graphs import Graph, layer_below
from researchdesk.harness.training.watch.detectors.model.reading import Reader
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site

_SAMPLES = 8
_ITEMS, _MOST = 64, 1_024
_MANY_DEAD, _SOME_DEAD = 0.9, 0.5
_MANY_FLAT, _SOME_FLAT = 0.9, 0.6


@dataclass(slots=True, eq=False)
class _Units:
    """A layer of rectifiers: for how many looks in a row, and items, each unit was silent."""

    quiet: Tensor
    name: str
    at: Site
    looks: int = 0
    items: int = 0


class DeadUnits(Reader):
    """``dead-relus``: units whose output was zero for every item, look after look."""

    names = ("dead-relus",)
    often = ("ReluBackward0", "ReluBackward1")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._layers_seen: dict[tuple[Site, int, int], _Units] = {}

    def read(self, graph: Graph) -> None:
        for node in graph.nodes:
            if node.name not in self.often:
                continue
            result = node.saved("result")
            weight = layer_below(node.inputs[0])
            if is_ordinary(result) and weight is not None:
                self._look(graph, node.place, result.detach(), weight)

    def _look(self, graph: Graph, place: int, result: Tensor, weight: Tensor) -> None:
        size, dim = weight.shape[0], 1 if weight.dim() > 2 else -1
        if result.dim() < 2 or result.shape[dim] != size or size < 4:
            return
        others = [d for d in range(result.dim()) if d != dim % result.dim()]
        some = result[:_MOST]
        peaks = some.amax(others).cpu()
        if bool(torch.isnan(peaks).any()):
            return
        fired = peaks > 0
        key = (graph.backward_at, place, size)
        known = self._layers_seen.get(key)
        if known is None:
            if len(self._layers_seen) > 200:
                return
            known = _Units(torch.zeros(size), self.layers.layer(weight), graph.at)
            self._layers_seen[key] = known
        known.quiet += 1
        known.quiet[fired] = 0
        known.looks += 1
        known.items += some.shape[0]

    def finish(self) -> None:
        told: set[str] = set()
        for units in sorted(self._layers_seen.values(), key=lambda one: -one.looks):
            if units.looks < _SAMPLES or units.items < _ITEMS or units.name in told:
                continue
            told.add(units.name)
            share = float((units.quiet >= max(_SAMPLES, units.looks // 2)).float().mean())
            if share >= _SOME_DEAD:
                self.session.report(
                    "dead-relus",
                    LIKELY if share >= _MANY_DEAD else LOOK,
                    f"{share:.0%} of the {len(units.quiet)} rectified units after {units.name} "
                    f"gave zero for every item in the last {int(units.quiet.max())} looks: no "
                    "gradient comes through them.",
                    units.at,
                    share=share,
                    units=len(units.quiet),
                    looks=units.looks,
                )


class Saturation(Reader):
    """``saturated-activations``: sigmoid or tanh within the net, nearly all at its ends."""

    names = ("saturated-activations",)
    often = ("SigmoidBackward0", "TanhBackward0")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._flat: dict[tuple[Site, int], tuple[list[float], str, str, Site]] = {}

    def read(self, graph: Graph) -> None:
        for node in graph.nodes:
            if node.name not in self.often or not node.weighed or node.gates:
                continue
            result = node.saved("result")
            if not is_ordinary(result) or result.numel() < 16:
                continue
            if result.data_ptr() in self.outputs:
                continue
            kind = node.name.removesuffix("Backward0").lower()
            where = self.layers.layer(layer_below(node.inputs[0])) or "a layer"
            found = self._flat.setdefault(
                (graph.backward_at, node.place), ([], kind, where, graph.at)
            )
            found[0].append(_flat_share(result.detach(), kind))

    def finish(self) -> None:
        for shares, kind, where, at in self._flat.values():
            share = sum(shares) / len(shares)
            if len(shares) >= _SAMPLES and share >= _SOME_FLAT:
                self.session.report(
                    "saturated-activations",
                    LIKELY if share >= _MANY_FLAT else LOOK,
                    f"{share:.0%} of the outputs of {kind} after {where} were at its flat ends, in "
                    f"{len(shares)} looks: their gradients nearly vanish.",
                    at,
                    share=share,
                    looks=len(shares),
                )


def _flat_share(result: Tensor, kind: str) -> float:
    slope = result * (1 - result) * 4 if kind == "sigmoid" else 1 - result * result
    return float((slope < 0.04).float().mean())
