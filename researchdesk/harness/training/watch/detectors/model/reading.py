"""One walk through the graph of a sampled backward pass, for all who read graphs."""

from collections import Counter, deque
from dataclasses import replace
from typing import ClassVar

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.graphs import (
    MOST,
    Graph,
    Names,
    Node,
    nodes_below,
)
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Backward, Call
from researchdesk.harness.training.watch.findings import Site
from researchdesk.harness.training.watch.session import Session

_RECENT = 16
_KEPT = 100


class Reader:
    """Reads graphs of backward passes: the first of each line of the code, whole.

    ``often`` are the operations by name that it reads of every sampled pass.
    """

    names: ClassVar[tuple[str, ...]] = ()
    often: ClassVar[tuple[str, ...]] = ()

    def __init__(self, session: Session, layers: Names, outputs: deque[int]) -> None:
        self.session, self.layers, self.outputs = session, layers, outputs

    def read(self, graph: Graph) -> None:
        """A backward pass is about to begin."""

    def finish(self) -> None:
        """The script is over."""


class GraphReading(Detector):
    """Walks the graph once, and hands it to its readers. Subclasses name them."""

    readers: tuple[type[Reader], ...] = ()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._layers = Names()
        self._outputs: deque[int] = deque(maxlen=_RECENT)
        self._at = Site()
        self._walked: Counter[Site] = Counter()
        self._known: dict[tuple[Site, int], list[Node]] = {}
        self._readers = [kind(session, self._layers, self._outputs) for kind in self.readers]

    def called(self, call: Call) -> None:
        if not (call.root and call.grad and self.session.sampled):
            return
        if next(call.module.parameters(), None) is None:
            return
        self._at = call.site
        self._layers.learn(call.module)
        if is_ordinary(call.output):
            self._outputs.append(call.output.data_ptr())

    def before_backward(self, backward: Backward) -> None:
        if not self.session.sampled:
            return
        self._walked[backward.site] += 1
        first = self._walked[backward.site] <= 2
        nodes = nodes_below(backward.walk) if first else self._often(backward)
        graph = Graph(backward.root, nodes, self._at, backward.site)
        for reader in self._readers:
            if reader.often or first:
                reader.read(graph)

    def _often(self, backward: Backward) -> list[Node]:
        """The nodes to read of every pass; where the graph is as it was, without sorting it."""
        operations = backward.walk.first(MOST)
        key = (backward.site, len(operations))
        if len(operations) > MOST:
            return []
        found = self._known.get(key)
        if found is None or any(operations[one.place].name() != one.name for one in found):
            names = {name for reader in self._readers for name in reader.often}
            found = [node for node in nodes_below(backward.walk) if node.name in names]
            found = [replace(node, operation=None, consumers=[]) for node in found]
            if len(self._known) < _KEPT:
                self._known[key] = found
        return [replace(node, operation=operations[node.place]) for node in found]

    def finish(self) -> None:
        for reader in self._readers:
            reader.finish()
