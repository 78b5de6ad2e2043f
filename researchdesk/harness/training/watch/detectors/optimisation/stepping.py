"""Steps without gradients of their own, and gradients without a step."""

import weakref
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import (
    is_dense,
    leaves,
    parameters,
    total,
)
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_ENOUGH = 5
_MANY = 10
_THROWN = 8


@dataclass
class _Record:
    """One optimizer. Numbers of backward passes are of the whole process, up to that moment."""

    site: Site
    steps: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    pending: tuple[str, int] = ("", 0)
    at_step: int = 0
    zeroed_at: int = -1
    last: "tuple[weakref.ref[Tensor], int] | None" = None
    zeroings: int = 0
    thrown: int = 0
    received: int = 0
    start: tuple[int, float] | None = None
    moved: bool = False
    by_hand: bool = False


class Stepping(Detector):
    """Compares when gradients are computed, zeroed and used."""

    names = (
        "step-without-backward",
        "gradients-zeroed-before-step",
        "backward-without-step",
        "gradients-thrown-away",
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._records: weakref.WeakKeyDictionary[Optimizer, _Record] = weakref.WeakKeyDictionary()
        self._all: list[_Record] = []
        self._backwards = 0
        self._input_wanted = False
        self._at = Site()

    def _record(self, optimizer: Optimizer, site: Site | None = None) -> _Record:
        found = self._records.get(optimizer)
        if found is None:
            found = self._records[optimizer] = _Record(site or here(2), at_step=self._backwards)
            if len(self._all) < 100:
                self._all.append(found)
        return found

    def created(self, owner: Any, site: Site) -> None:
        if isinstance(owner, Optimizer):
            self._record(owner, site)

    def before_backward(self, backward: Backward) -> None:
        if self._backwards in (1, 6, 14) and any(r.thrown or not r.steps for r in self._all):
            # gradients of an input: attacks, saliency
            known = {id(p) for o in self._records for p in parameters(o)}
            of = leaves(backward)
            self._input_wanted |= any(
                p.is_leaf and id(p) not in known and type(p) is Tensor for p in of
            )

    def after_backward(self, backward: Backward) -> None:
        self._backwards += 1
        self._at = backward.site
        if any(r.steps == 0 and r.received < _MANY + 5 for r in self._all):
            for optimizer, record in tuple(self._records.items()):
                if record.steps == 0 and record.received < _MANY + 5:
                    self._receive(optimizer, record)

    def _receive(self, optimizer: Optimizer, record: _Record) -> None:
        first = next((p for p in parameters(optimizer) if p.grad is not None), None)
        if first is None:
            return
        record.received += 1
        now = (id(first), total(first))
        record.moved |= record.start is not None and record.start != now
        record.start = now

    def zeroed(self, owner: Any) -> None:
        if isinstance(owner, Optimizer):
            self._zero(owner, self._record(owner))
        elif self.session.sampled:
            ids = {id(p) for p in owner.parameters()}
            for optimizer, record in tuple(self._records.items()):
                if any(id(p) in ids for p in parameters(optimizer)):
                    self._zero(optimizer, record)

    def _zero(self, optimizer: Optimizer, record: _Record) -> None:
        record.zeroings += 1
        if any(p.grad is not None for p in parameters(optimizer)):
            record.thrown += self._backwards > max(record.at_step, record.zeroed_at)
            record.zeroed_at = self._backwards

    def before_step(self, optimizer: Optimizer) -> None:
        record = self._record(optimizer)
        record.pending = (self._kind(optimizer, record), self._backwards)

    def _kind(self, optimizer: Optimizer, record: _Record) -> str:
        found = [p.grad for p in parameters(optimizer) if p.grad is not None]
        new = self._backwards > record.at_step
        dropped = new and record.zeroed_at == self._backwards
        if not found:
            return "dropped" if dropped else "empty" if not new else ""
        if dropped and self.session.sampled:
            few = [gradient for gradient in found[:4] if is_dense(gradient)]
            empty = bool(few) and not any(bool(g.any()) for g in few)
            record.by_hand |= not empty
            return "dropped" if empty else ""
        if not new and self._backwards and record.last is not None:
            ref, version = record.last
            return "again" if ref() is found[0] and found[0]._version == version else ""
        return ""

    def after_step(self, optimizer: Optimizer) -> None:
        record = self._record(optimizer)
        record.steps += 1
        kind, before = record.pending
        if kind and before == self._backwards:  # else a closure computed gradients
            record.kinds[kind] += 1
            self._judge(record, kind)
        if before != self._backwards:
            # LBFGS and its kind zero and compute gradients many times in one step
            record.thrown = 0
        record.at_step = self._backwards
        first = next((p.grad for p in parameters(optimizer) if p.grad is not None), None)
        record.last = None if first is None else (weakref.ref(first), first._version)

    def _judge(self, record: _Record, kind: str) -> None:
        times, steps = record.kinds[kind], record.steps
        if times < _ENOUGH or times < 0.3 * steps:
            return
        certainty = CERTAIN if times >= 0.9 * steps else LIKELY
        if kind == "dropped":
            self.session.report(
                "gradients-zeroed-before-step",
                certainty,
                f"In {times} of {steps} steps the gradients were zeroed after backward had "
                "computed "
                "them and before the optimizer used them: the step did nothing.",
                steps=times,
                of=steps,
            )
            return
        words = "no gradients at all" if kind == "empty" else "the gradients of the step before"
        self.session.report(
            "step-without-backward",
            certainty if kind == "empty" else LIKELY,
            f"{times} of {steps} optimizer steps came without a backward pass since the step "
            "before, "
            f"with {words}.",
            steps=times,
            of=steps,
            backward_passes=self._backwards,
        )

    def finish(self) -> None:
        stepping = [record for record in self._all if record.steps]
        for record in self._all:
            if not record.steps and record.received >= _MANY and not record.moved:
                self.session.report(
                    "backward-without-step",
                    CERTAIN if record.zeroings >= _ENOUGH and not self._input_wanted else LIKELY,
                    f"{self._backwards} backward passes gave this optimizer's parameters "
                    "gradients, "
                    "and it never stepped: nothing was trained.",
                    record.site,
                    backward_passes=self._backwards,
                )
        if len(stepping) == 1 and not self._input_wanted:
            self._thrown(stepping[0])

    def _thrown(self, record: _Record) -> None:
        often = record.thrown >= 1.9 * record.steps
        if record.by_hand or record.thrown < _THROWN:
            return
        if often or record.thrown >= 0.9 * record.steps:
            self.session.report(
                "gradients-thrown-away",
                LIKELY if often else LOOK,
                f"Gradients were computed and zeroed {record.thrown} times without a step that "
                "used "
                f"them; there were {record.steps} steps.",
                self._at,
                thrown=record.thrown,
                steps=record.steps,
            )
