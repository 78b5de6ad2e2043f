"""Gradients that pile up from step to step."""

import weakref
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import is_dense, parameters
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_ENOUGH = 3
_SOME = 6
_SHARE = 0.4
_Used = tuple[Tensor, "weakref.ref[Tensor]", int]


@dataclass(eq=False)
class _State:
    """``used``: gradients of the last step, as it left them; ``piled``: those added to since."""

    used: dict[int, _Used] = field(default_factory=dict)
    piled: dict[int, _Used] = field(default_factory=dict)
    in_a_row: int = 0
    times: int = 0
    judged: int = 0


class Zeroing(Detector):
    """``gradients-not-zeroed``: a step, backward adds to the same gradients, another step.

    Adding to them is no bug by itself: a GAN's discriminator gets gradients from the generator's
    loss, and they are zeroed before its own.
    """

    names = ("gradients-not-zeroed",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._states: weakref.WeakKeyDictionary[Optimizer, _State] = weakref.WeakKeyDictionary()
        self._busy: list[_State] = []
        self._at = Site()

    def zeroed(self, owner: Any) -> None:
        states = [state for state in self._busy if state.used or state.piled]
        if not states:
            return
        found = parameters(owner) if isinstance(owner, Optimizer) else owner.parameters()
        ids = {id(p) for p in found}
        for state in states:
            for held in (state.used, state.piled):
                for key in ids & held.keys():
                    del held[key]

    def before_backward(self, backward: Backward) -> None:
        self._at = backward.site
        for state in self._busy:
            for key, (p, ref, version) in tuple(state.used.items()):
                if p.grad is not None and p.grad is ref() and p.grad._version == version:
                    state.piled[key] = (p, ref, version)
            state.used = {}
            for key, (p, ref, _) in tuple(state.piled.items()):
                if p.grad is None or p.grad is not ref() or not bool(p.grad.any()):
                    del state.piled[key]
        self._busy = [state for state in self._busy if state.piled]

    def after_step(self, optimizer: Optimizer) -> None:
        state = self._states.get(optimizer)
        if state is None:
            state = self._states[optimizer] = _State()
        if not self.session.sampled:
            state.used, state.piled, state.in_a_row = {}, {}, 0
            return
        having = [p for p in parameters(optimizer) if p.grad is not None and is_dense(p.grad)]
        self._judge(state, len(having))
        state.used = {}
        for p in having:
            if p.grad is not None:
                state.used[id(p)] = (p, weakref.ref(p.grad), p.grad._version)
        state.piled = {}
        if state not in self._busy:
            self._busy.append(state)

    def _judge(self, state: _State, of: int) -> None:
        state.judged += 1
        if not state.piled:
            state.in_a_row = 0
            return
        state.times += 1
        state.in_a_row += 1
        always = state.times >= state.judged - 1
        often = state.times >= _SOME and state.times >= _SHARE * state.judged
        if (always and state.in_a_row >= _ENOUGH) or often:
            count = len(state.piled)
            whose = "" if count == of else f" of {count} of {of} parameters"
            self.session.report(
                "gradients-not-zeroed",
                CERTAIN if always else LIKELY,
                f"{state.times} of {state.judged} optimizer steps used gradients{whose} to which "
                "backward had added without zeroing what the step before had already used.",
                self._at,
                steps=state.times,
                of=state.judged,
                parameters=count,
            )
