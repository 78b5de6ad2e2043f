"""What is carried from call to call: hidden states with their history, inputs that are changed."""

import weakref
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_RECURRENT = (nn.RNNBase, nn.RNNCellBase)


class CarriedState(Detector):
    """``hidden-state-not-detached``: a state made before a step goes on after it, with its "
    "graph."""

    names = ("hidden-state-not-detached",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._made: dict[int, tuple[weakref.ref[Tensor], weakref.ref[nn.Module], int]] = {}
        self._steps: dict[int, int] = {}
        self._at = Site()

    def called(self, call: Call) -> None:
        if call.root:
            self._at = call.site
        if not isinstance(call.module, _RECURRENT) or not call.grad:
            return
        steps = self._own_steps(call.module)
        for state in _tensors(call.inputs[1:]):
            self._compare(state, call, steps)
        outputs = call.output if isinstance(call.module, nn.RNNCellBase) else call.output[1:]
        if len(self._made) > 2_000:
            self._made.clear()
        for state in _tensors(outputs):
            self._made[id(state)] = (weakref.ref(state), weakref.ref(call.module), steps)

    called_inside = called

    def _compare(self, state: Tensor, call: Call, steps: int) -> None:
        known = self._made.get(id(state))
        if known is None or known[0]() is not state or not state.requires_grad:
            return
        if known[2] < steps and known[1]() is call.module and state.grad_fn is not None:
            self.session.report(
                "hidden-state-not-detached",
                LIKELY,
                f"A hidden state made {steps - known[2]} optimizer steps ago was given to "
                f"{type(call.module).__name__} again with its history: backward goes through all "
                "batches so far, or fails.",
                self._at if not call.root else call.site,
                steps=steps - known[2],
            )

    def _own_steps(self, module: nn.Module) -> int:
        return max((self._steps.get(id(p), 0) for p in module.parameters()), default=0)

    def after_step(self, optimizer: Optimizer) -> None:
        if not self._made:
            return
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                self._steps[id(parameter)] = self._steps.get(id(parameter), 0) + 1


def _tensors(found: Any) -> list[Tensor]:
    if isinstance(found, Tensor):
        return [found]
    if isinstance(found, list | tuple):
        return [tensor for part in found for tensor in _tensors(part)]
    return []


class ChangedInput(Detector):
    """``input-changed-in-place``: a model writes into data that it gets again later."""

    names = ("input-changed-in-place",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._times: dict[int, tuple[weakref.ref[Tensor], int]] = {}

    def called(self, call: Call) -> None:
        if not call.root or not self.session.sampled:
            return
        for given, before in zip(call.inputs, call.versions, strict=False):
            if not is_ordinary(given) or before < 0 or given._version == before:
                continue
            if given.requires_grad or not given.is_floating_point():
                continue
            owner = given if given._base is None else given._base
            ref, times = self._times.get(id(owner), (weakref.ref(owner), 0))
            if ref() is not owner:
                ref, times = weakref.ref(owner), 0
            self._times[id(owner)] = (ref, times + 1)
            if times + 1 >= 3:
                self.session.report(
                    "input-changed-in-place",
                    LIKELY,
                    f"{type(call.module).__name__} wrote into its input in {times + 1} calls, and "
                    "the input's memory is that of data which is used again: it changes with each "
                    "pass.",
                    call.site,
                    times=times + 1,
                )
