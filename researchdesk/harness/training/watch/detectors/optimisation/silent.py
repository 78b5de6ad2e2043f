"""Parameters whose gradient is there, and is nothing but zeros."""

import weakref
from dataclasses import dataclass

from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import (
    ByTensor,
    few,
    is_dense,
    parameters,
)
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import LOOK, Site
from researchdesk.harness.training.watch.session import Session

_LOOKS, _MOST, _LARGEST = 10, 200, 1 << 16


@dataclass(slots=True)
class _Seen:
    looks: int = 0
    zero: int = 0


class SilentGradients(Detector):
    """``gradient-always-zero``: some parameters' gradients are zeros in each look, others' not."""

    names = ("gradient-always-zero",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: ByTensor[_Seen] = ByTensor()
        self._roots: dict[int, tuple[weakref.ref[object], Site]] = {}
        self._looks: weakref.WeakKeyDictionary[Optimizer, int] = weakref.WeakKeyDictionary()
        self._found: dict[str, tuple[str, Site, int, int]] = {}

    def called(self, call: Call) -> None:
        if call.root and call.grad and len(self._roots) < 50:
            self._roots.setdefault(id(call.module), (weakref.ref(call.module), call.site))

    def before_step(self, optimizer: Optimizer) -> None:
        looks = self._looks.get(optimizer, 0) + 1
        if not self.session.sampled or looks > 4 * _LOOKS:
            return
        self._looks[optimizer] = looks
        held = [p for p in parameters(optimizer)[:_MOST] if _is_seen(p)]
        some = False
        for p in held:
            seen = self._seen.get(p)
            if seen is None:
                self._seen.put(p, seen := _Seen())
            elif seen.zero < seen.looks:
                some = True
                continue
            seen.looks += 1
            silent = p.grad is not None and not bool(p.grad.any())
            seen.zero += silent
            some |= not silent
        if some and looks >= _LOOKS:
            self._name(looks)

    def _name(self, looks: int) -> None:
        """Keep the names now: the model may be gone at the end."""
        zero = {id(p) for p, seen in self._seen.items() if seen.looks == seen.zero >= _LOOKS}
        for ref, site in self._roots.values():
            module = ref()
            self._found.pop(type(module).__name__, None)
            named = getattr(module, "named_parameters", None)
            found = [name for name, p in named() if id(p) in zero] if zero and named else []
            # biases cancel where outputs are subtracted, and before a normalisation
            names = [name for name in found if not name.endswith("bias")]
            if names:
                self._found[type(module).__name__] = (few(names), site, len(names), looks)

    def finish(self) -> None:
        for kind, (names, site, count, looks) in self._found.items():
            self.session.report(
                "gradient-always-zero",
                LOOK,
                f"{count} parameters of {kind} ({names}) had a gradient of nothing but zeros in "
                f"each of {looks} looks, while others learned: what they "
                "lead to is clamped, dead, or not used.",
                site,
                parameters=count,
            )


def _is_seen(p: Tensor) -> bool:
    return p.grad is not None and is_dense(p.grad) and p.numel() <= _LARGEST
