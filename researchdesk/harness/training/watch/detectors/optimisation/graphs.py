"""Graphs that grow, and graphs that are kept."""

import weakref
from itertools import pairwise
from typing import Any

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import first_ordinary
from researchdesk.harness.training.watch.events import Backward, Call
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_MOST = 30_000
_LOOKS = 10
_KEPT = 8
_STEPS = 8
_MARK, _OUTPUT = "researchdesk", "researchdesk output"


class _Tag:
    """Put into a node's own dictionary: it lives as long as the node."""

    def __init__(self, step: int) -> None:
        self.step = step


class Graphs(Detector):
    """``graph-grows``, ``loss-kept-with-history`` and ``graph-retained``."""

    names = (
        *("graph-grows", "graph-retained"),
        *("loss-kept-with-history", "outputs-kept-with-history"),
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._sizes: dict[int, list[tuple[int, int]]] = {}
        self._tags: weakref.WeakSet[_Tag] = weakref.WeakSet()
        self._outputs: weakref.WeakSet[_Tag] = weakref.WeakSet()
        self._called = self._tagged = self._passes = 0
        self._retained = self._again = 0
        self._at = Site()
        self._found_kept = False

    def called(self, call: Call) -> None:
        if not (call.root and call.grad and self.session.sampled):
            return
        output = first_ordinary((call.output,))
        if output is None or output.grad_fn is None:
            return
        tag = _Tag(self.session.step)
        node: Any = output.grad_fn
        node.metadata[_OUTPUT] = tag
        self._outputs.add(tag)
        self._called += 1
        kept = len(self._outputs)
        if self._called < _KEPT + 2 or kept < max(_KEPT, 0.6 * self._called):
            return
        if len({item.step for item in self._outputs}) >= _STEPS and not self._found_kept:
            self._found_kept = True
            self.session.report(
                "outputs-kept-with-history",
                LOOK,
                f"Outputs of {kept} of {self._called} calls of a model are kept with the graphs "
                "that they were computed by, which backward and the optimizer are done with.",
                call.site,
                kept=kept,
                of=self._called,
            )

    def before_backward(self, backward: Backward) -> None:
        self._passes += 1
        self._at = backward.site
        if backward.retain:
            self._retained += 1
        if not self.session.sampled:
            return
        self._tag(backward, self._measure(backward))

    def _measure(self, backward: Backward) -> list[Any]:
        """The size of the graph, at one line of the code: does it only ever grow?"""
        line = backward.site.line
        sizes = self._sizes.setdefault(line, [])
        if len(sizes) >= _LOOKS and self._passes < 2 * sizes[-1][0]:
            return backward.walk.first(50)
        found = backward.walk.first(_MOST)
        if sizes and len(found) < sizes[-1][1]:
            self.session.withdraw("graph-grows")
        sizes.append((self._passes, len(found)))
        if len(sizes) >= _LOOKS:
            self._judge(sizes, backward)
        return found

    def _judge(self, sizes: list[tuple[int, int]], backward: Backward) -> None:
        counts = [count for _, count in sizes[-_LOOKS:]]
        grows = all(after > before for before, after in pairwise(counts))
        if grows and counts[-1] >= 2 * counts[0]:
            self.session.report(
                "graph-grows",
                CERTAIN if backward.retain else LIKELY,
                f"The graph behind the loss only ever grew: from {counts[0]} nodes to "
                f"{counts[-1]} in "
                f"{sizes[-1][0] - sizes[-_LOOKS][0]} backward passes. Something from earlier steps "
                "still hangs on it.",
                backward.site,
                first=counts[0],
                last=counts[-1],
            )

    def _tag(self, backward: Backward, found: list[Any]) -> None:
        root: Any = backward.root.grad_fn
        if root is None:
            return
        tag = _Tag(self.session.step)
        if backward.retain and not self._again:
            # a parameter's own node is in the graph of every step
            inner = [node for node in found[:50] if not hasattr(node, "variable")]
            self._again += sum(1 for node in inner if _MARK in node.metadata)
            for node in inner:
                node.metadata[_MARK] = None
        root.metadata[_MARK] = tag
        self._tags.add(tag)
        self._tagged += 1
        kept = len(self._tags)
        if self._tagged < _KEPT + 2 or kept < max(_KEPT, 0.6 * self._tagged):
            return
        if len({item.step for item in self._tags}) >= _STEPS:
            self.session.report(
                "loss-kept-with-history",
                LIKELY,
                f"The graphs of {kept} of {self._tagged} losses that backward was called on are "
                "still "
                "there: the losses are kept, or summed, with all that they were computed from.",
                backward.site,
                kept=kept,
                of=self._tagged,
            )
            self.session.withdraw("outputs-kept-with-history")
            self._found_kept = True

    def finish(self) -> None:
        if self._retained >= 10 and self._retained == self._passes and not self._again:
            self.session.report(
                "graph-retained",
                LOOK,
                f"All {self._retained} backward passes kept their graph, and none was seen to be "
                "gone "
                "through again.",
                self._at,
                times=self._retained,
            )
