"""Items that cannot be right: numbers that are none, and all the same."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.detectors.data.flow import Part
from researchdesk.harness.training.watch.detectors.data.items import Items, PerModule
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_CALLS = 5


@dataclass(slots=True)
class _Alike:
    calls: int = 0
    alike: int = 0
    loaded: bool = False
    site: Site = field(default_factory=Site)


class Broken(Part):
    """``nan-in-data``, ``items-identical``."""

    names = ("nan-in-data", "items-identical")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._alike: PerModule[_Alike] = PerModule(_Alike)

    def fed(self, layer: nn.Module, data: Tensor) -> None:
        if bool(torch.isfinite(data.sum())):
            return
        bad = int((~torch.isfinite(data)).sum())
        if bad:
            self.session.report(
                "nan-in-data",
                CERTAIN,
                f"{bad} of {data.numel()} numbers given to the first {type(layer).__name__} are "
                f"NaN or infinite (step {self.session.step}).",
                here(),
                bad=bad,
                of=data.numel(),
                step=self.session.step,
            )

    def trained(self, items: Items) -> None:
        for call in items.losses:
            target, output = call.target, call.output
            if target.is_floating_point() and output.numel() == 1 and bool(torch.isnan(output)):
                bad = int(torch.isnan(target).sum())
                if bad:
                    self.session.report(
                        "nan-in-data",
                        CERTAIN,
                        f"{bad} of {target.numel()} targets are NaN, and the loss with them "
                        f"(step {self.session.step}).",
                        call.site,
                        bad=bad,
                        of=target.numel(),
                        step=self.session.step,
                    )
        if items.rows >= 4 and items.width >= 4:
            self._compare(items)

    def _compare(self, items: Items) -> None:
        seen = self._alike.of(items.module)
        seen.calls += 1
        seen.alike += len(set(items.joint_keys())) == 1
        seen.loaded |= items.batch is not None
        seen.site = items.site

    def finish(self) -> None:
        for seen in self._alike.all():
            if seen.calls >= _CALLS and seen.alike == seen.calls:
                self.session.report(
                    "items-identical",
                    LIKELY if seen.loaded else LOOK,
                    f"All items of a batch were the same, in each of {seen.calls} batches that "
                    "were looked at.",
                    seen.site,
                    batches=seen.calls,
                )
