"""Inputs that hold what is to be predicted."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from researchdesk.harness.training.watch.detectors.data.flow import Part
from researchdesk.harness.training.watch.detectors.data.items import Items, PerModule
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_ROWS = 100
_WIDEST = 2_048
_CALLS = 5


@dataclass(slots=True)
class _Sample:
    rows: list[Tensor] = field(default_factory=list)
    targets: list[Tensor] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    classes: bool = False
    tokens: int = 0
    table: bool = True
    unshifted: int = 0
    site: Site = field(default_factory=Site)


class Leak(Part):
    """``target-in-input``, ``targets-not-shifted``."""

    names = ("target-in-input", "targets-not-shifted")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._samples: PerModule[_Sample] = PerModule(_Sample)

    def trained(self, items: Items) -> None:
        call = items.loss()
        if call is None:
            return
        sample = self._samples.of(items.module)
        target = call.target.detach()
        if items.data.is_floating_point():
            self._gather(sample, items, target)
        elif call.name in ("cross_entropy", "nll_loss") and items.data.dim() == 2:
            self._tokens(sample, items, target)
        sample.site = call.site if not sample.site.file else sample.site

    def _gather(self, sample: _Sample, items: Items, target: Tensor) -> None:
        labels = items.labels()
        target = target.reshape(-1) if labels is None else labels
        if len(sample.known) >= 2 * _ROWS or target.shape[0] != items.rows:
            return
        if not 2 <= items.width <= _WIDEST:
            return
        fresh = [n for n, key in enumerate(items.keys) if key not in sample.known]
        fresh = fresh[: 2 * _ROWS - len(sample.known)]
        if not fresh:
            return
        sample.known.update(items.keys[n] for n in fresh)
        sample.rows.append(items.data[fresh].reshape(len(fresh), -1).float().cpu())
        sample.targets.append(target[fresh].float().cpu())
        sample.classes, sample.table = labels is not None, items.data.dim() == 2

    def _tokens(self, sample: _Sample, items: Items, target: Tensor) -> None:
        if items.width < 4 or target.numel() != items.data.numel() or sample.tokens >= _CALLS:
            return
        given, wanted = items.data.reshape(-1), target.reshape(-1)
        sample.tokens += 1
        # in the other order of the two dimensions too
        turned = items.data.t().reshape(-1)
        sample.unshifted += torch.equal(given, wanted) or torch.equal(turned, wanted)

    def finish(self) -> None:
        for sample in self._samples.all():
            if sample.tokens and sample.unshifted == sample.tokens:
                self.session.report(
                    "targets-not-shifted",
                    LOOK,
                    "The tokens to predict are the tokens that the model is given, at the same "
                    "places: copying is all there is to learn.",
                    sample.site,
                    calls=sample.tokens,
                )
            if len(sample.known) >= _ROWS and len({rows.shape[1] for rows in sample.rows}) == 1:
                self._judge(torch.cat(sample.rows), torch.cat(sample.targets), sample)

    def _judge(self, rows: Tensor, targets: Tensor, sample: _Sample) -> None:
        if len(set(targets.tolist())) < 2:
            return
        same = (rows == targets[:, None]).all(0)
        if sample.classes:
            same |= _tells_class(rows, targets)
        if not bool(same.any()):
            return
        columns = same.nonzero().reshape(-1).tolist()
        self.session.report(
            "target-in-input",
            LIKELY if sample.table or not sample.classes else LOOK,
            f"Input {columns[0]} of {rows.shape[1]} gives the target away in each of "
            f"{len(targets)} different items that were looked at.",
            sample.site,
            columns=columns[:20],
            items=len(targets),
        )


def _tells_class(rows: Tensor, targets: Tensor) -> Tensor:
    """Columns with one value for each class, not the same for all of them."""
    classes, counts = torch.unique(targets, return_counts=True)
    if int(counts.min()) < 5 or len(classes) > 50:
        return torch.zeros(rows.shape[1], dtype=torch.bool)
    held = torch.ones(rows.shape[1], dtype=torch.bool)
    values = []
    for one in classes:
        of = rows[targets == one]
        held &= (of == of[0]).all(0)
        values.append(of[0])
    together = torch.stack(values)
    return held & ~(together == together[0]).all(0)
