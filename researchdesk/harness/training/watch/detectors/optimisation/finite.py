"""Numbers that are none."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import is_dense, parameters
from researchdesk.harness.training.watch.events import Backward, Call
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_MOST, _NUMBERS = 64, 1 << 15


class Finite(Detector):
    """``not-finite``: a loss of NaN or inf was given to backward, or parameters became so."""

    names = ("not-finite",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._first = ""
        self._losses = self._in_a_row = self._passes = 0
        self._scaler = False
        self._weights = False

    def scaled(self, scaler: Any, what: str) -> None:
        self._scaler = True

    def called(self, call: Call) -> None:
        if self._first or not self.session.sampled or not call.grad:
            return
        output = call.output
        if not isinstance(output, Tensor) or not output.is_floating_point() or not is_dense(output):
            return
        # NaN only: minus infinity is how positions are masked
        if math.isnan(float(_few(output).sum())) and bool(torch.isnan(output).any()):
            weights = any(not _is_finite(p) for p in call.module.parameters(recurse=False))
            inside = any(not _is_finite(item) for item in call.inputs if isinstance(item, Tensor))
            whence = "its own weights are not finite" if weights else "its weights are finite"
            whence += ", its input is not" if inside else ", its input too" if call.inputs else ""
            name = type(call.module).__name__
            self._first = (
                f" NaN came first out of {name} ({whence}), at step {self.session.step + 1}."
            )

    called_inside = called

    def before_backward(self, backward: Backward) -> None:
        self._passes += 1
        root = backward.root
        if not backward.is_number and not (
            self.session.sampled and root.numel() == 1 and is_dense(root.detach())
        ):
            return
        value = backward.value
        if math.isfinite(value):
            self._in_a_row = 0
            return
        self._losses += 1
        self._in_a_row += 1
        if self._in_a_row == 2 or (self._losses == 1 and not self._scaler):
            self._say(value, backward.site)

    def _say(self, value: float, site: Site) -> None:
        self.session.withdraw("not-finite")
        self.session.report(
            "not-finite",
            CERTAIN if self._in_a_row > 1 or self._weights else LIKELY,
            f"Backward pass {self._passes - self._in_a_row + 1} (after {self.session.step} "
            "optimizer "
            f"steps) began from a loss of {value}.{self._first}",
            site,
            step=self.session.step,
            backward_pass=self._passes,
        )

    def after_step(self, optimizer: Optimizer) -> None:
        if self._weights or not self.session.sampled:
            return
        held = [p.detach() for p in parameters(optimizer)[:_MOST] if p.requires_grad]
        held = [p for p in held if p.is_floating_point() and is_dense(p)]
        # the sums are quick; only where one is not finite itself is each number looked at
        sums = torch.stack([p.sum().float().cpu() for p in held]) if held else torch.zeros(1)
        broken = [] if bool(torch.isfinite(sums).all()) else [p for p in held if not _is_finite(p)]
        if broken:
            self._weights = True
            if not self._losses:
                self.session.report(
                    "not-finite",
                    CERTAIN,
                    f"Parameters became NaN or infinite in step {self.session.step + 1}, while "
                    "the loss "
                    f"was still finite: {len(broken)} of them, the first of shape "
                    f"{tuple(broken[0].shape)}. Their gradients were not finite, or the step was "
                    "far "
                    "too long.",
                    step=self.session.step + 1,
                    parameters=len(broken),
                )


def _few(output: Tensor) -> Tensor:
    """Some of the items, where there are many numbers."""
    return output[:: max(1, output.numel() // _NUMBERS)] if output.dim() > 1 else output


def _is_finite(tensor: Tensor) -> bool:
    tensor = tensor.detach()
    if not tensor.is_floating_point() or tensor.layout != torch.strided or tensor.is_meta:
        return True
    # the sum is quick; only where it is not finite itself is each number looked at
    return bool(torch.isfinite(tensor.sum())) or bool(torch.isfinite(tensor).all())
