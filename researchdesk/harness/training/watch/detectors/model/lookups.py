"""Embeddings of which next to nothing is looked up."""

import weakref
from dataclasses import dataclass, field

from torch import Tensor, nn
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_ROWS, _ASKED, _MOST, _ENOUGH = 10, 100, 4_096, 8


@dataclass(slots=True, eq=False)
class _Table:
    rows: int
    pad: int
    looks: int = 0
    asked: int = 0
    used: set[int] = field(default_factory=set)


class Lookups(Detector):
    """``embedding-hardly-used``: every token is the same one, beside the padding."""

    names = ("embedding-hardly-used",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._tables: weakref.WeakKeyDictionary[nn.Module, _Table] = weakref.WeakKeyDictionary()
        self._all: list[_Table] = []
        self._at = Site()
        self._steps = 0

    def after_step(self, optimizer: Optimizer) -> None:
        self._steps += 1

    def called(self, call: Call) -> None:
        if call.root:
            self._at = call.site if call.grad else self._at
        if not isinstance(call.module, nn.Embedding) or not (call.grad and self.session.sampled):
            return
        given = call.inputs[0] if call.inputs else None
        if not isinstance(given, Tensor) or not is_ordinary(given) or given.numel() < 2:
            return
        table = self._tables.get(call.module)
        if table is None:
            pad = call.module.padding_idx
            table = _Table(call.module.num_embeddings, 0 if pad is None else pad)
            self._tables[call.module] = table
            self._all = [*self._all[:99], table]
        if len(table.used) <= 2:
            some = given.detach().reshape(-1)[:_MOST]
            table.used.update(list(set(some.tolist()))[:10])
            table.asked += some.numel()
            table.looks += 1

    called_inside = called

    def finish(self) -> None:
        for table in self._all:
            words = table.used - {table.pad}
            enough = table.looks >= _ENOUGH and table.asked >= _ASKED and self._steps >= _ENOUGH
            if enough and table.rows >= _ROWS and len(words) <= 1 and len(table.used) <= 2:
                self.session.report(
                    "embedding-hardly-used",
                    LIKELY,
                    f"Of an embedding's {table.rows} rows only {sorted(table.used)} was looked up, "
                    f"in {table.looks} calls with {table.asked} tokens: all words became one.",
                    self._at,
                    rows=table.rows,
                    used=sorted(table.used),
                )
