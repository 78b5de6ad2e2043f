"""Sizes exchanged by a view, which moves no number, where a transpose was meant."""

import weakref
from collections import deque
from collections.abc import Sequence
from typing import TypeGuard

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.graphs import Graph, Node
from researchdesk.harness.training.watch.detectors.model.reading import Reader
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Batch, Call
from researchdesk.harness.training.watch.findings import LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_NAME = "view-for-transpose"
_VIEWS = ("ViewBackward0", "UnsafeViewBackward0", "ReshapeAliasBackward0")
_MOVES = ("TransposeBackward0", "PermuteBackward0", "TBackward0")
_PADS = ("CatBackward0", "ConstantPadNdBackward0")
_FIRST = 6


def exchanged(before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether a view from one shape to another puts dimensions into another order.

    Splitting and merging neighbours is what views are for. A part that cannot be had by these, and
    in which the same sizes come in another order (merged or split, as heads are), is not.
    """
    return any(_reordered(old, new) for old, new in _parts(before, after))


def _parts(
    before: Sequence[int], after: Sequence[int]
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The smallest runs of dimensions with equal products, sizes of 1 left out."""
    old, new = [n for n in before if n != 1], [n for n in after if n != 1]
    parts = []
    left: list[int] = []
    right: list[int] = []
    p = q = 1
    while old or new:
        if (p <= q and old) or not new:
            left.append(old.pop(0))
            p *= left[-1]
        else:
            right.append(new.pop(0))
            q *= right[-1]
        if p == q:
            parts.append((tuple(left), tuple(right)))
            left, right, p, q = [], [], 1, 1
    return parts


def _reordered(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if len(old) < 2 or len(new) < 2:
        return False
    if len(old) == len(new):
        return old != new and sorted(old) == sorted(new)
    if (len(old), len(new)) == (2, 3):  # (T, H*D) to (H, T, D), (H*W, C) to (C, H, W)
        return (new[1] == old[0] and new[0] * new[2] == old[1]) or (
            new[0] == old[1] and new[1] * new[2] == old[0]
        )
    if (len(old), len(new)) == (3, 2):  # back; and (C, H, W) to (W, C*H)
        return (new[0] == old[1] and new[1] == old[0] * old[2]) or (
            (new[1] == old[0] and new[0] == old[1] * old[2])
            or (new[0] == old[2] and new[1] == old[0] * old[1])
        )
    return False


class GraphViews(Reader):
    """``view-for-transpose`` among tensors with a gradient."""

    names = (_NAME,)

    def read(self, graph: Graph) -> None:
        for node in graph.nodes:
            if node.name not in _VIEWS or _is_moved(node):
                continue
            before, after = node.saved("self_sym_sizes"), node.shape
            if before and len(before) == len(after) and _moved_after(node):
                continue
            if before and after and exchanged(before, after):
                tell(self.session, before, after, graph.at)


def _is_moved(node: Node) -> bool:
    """Whether numbers were moved or added right before: the sizes may then be right."""
    below = node.inputs[0]
    if below is not None and below.name() == "CloneBackward0":
        below = below.next_functions[0][0]
    return below is not None and below.name() in (*_MOVES, *_PADS)


def _moved_after(node: Node) -> bool:
    return any(one.name in _MOVES for one in node.consumers)


class DataViews(Detector):
    """``view-for-transpose`` of what a model is given: a layer gets its numbers in other sizes."""

    names = (_NAME,)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._given: deque[tuple[weakref.ref[Tensor], int]] = deque(maxlen=8)
        self._taken: list[tuple[int, tuple[int, ...]]] = []
        self._looks = 0

    def batch(self, batch: Batch) -> None:
        if self._looks < _FIRST:
            parts = batch.batch if isinstance(batch.batch, list | tuple) else [batch.batch]
            self._given += [(weakref.ref(x), x.data_ptr()) for x in parts if _is_plain(x)]

    def called(self, call: Call) -> None:
        if self._looks >= _FIRST or not self.session.sampled:
            return
        taken = [(x.data_ptr(), tuple(x.shape)) for x in call.inputs[:1] if _is_plain(x)]
        self._taken += taken[: 200 - len(self._taken)]
        if call.root:
            self._looks += 1
            self._compare(call)
            self._taken.clear()

    called_inside = called

    def _compare(self, call: Call) -> None:
        origins = [x for x in call.inputs if _is_plain(x)]
        origins += [x for ref, ptr in self._given if _is_plain(x := ref()) and x.data_ptr() == ptr]
        bases = [x._base for x in call.inputs if _is_plain(x) and x._base is not None]
        origins += [x for x in bases if _is_plain(x)]
        for origin in origins:
            for place, shape in self._taken:
                if place == origin.data_ptr() and exchanged(origin.shape, shape):
                    tell(self.session, origin.shape, shape, call.site)
                    return


def _is_plain(found: object) -> TypeGuard[Tensor]:
    return is_ordinary(found) and found.dim() >= 2 and found.is_contiguous()


def tell(session: Session, before: Sequence[int], after: Sequence[int], at: Site) -> None:
    """Report a view that exchanged sizes."""
    session.report(
        _NAME,
        LIKELY,
        f"A tensor of shape {tuple(before)} was viewed as {tuple(after)}: a view keeps the numbers "
        "in their places in memory, so that rows of different items or times are mixed.",
        at,
        before=list(before),
        after=list(after),
    )
