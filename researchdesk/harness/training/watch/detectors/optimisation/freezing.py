"""Freezing that is written where it has no effect."""

from typing import Any

from torch import nn

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import CERTAIN
from researchdesk.harness.training.watch.session import Session

_LOOKS = (1, 4, 40)
_MOST = 2_000
_LIKE = {
    *("require_grad", "required_grad", "requires_grads", "require_grads", "requiresgrad"),
    *("requires_gradient", "require_gradient", "require_gradients", "requires_gradients"),
}


class Misspelt(Detector):
    """``requires-grad-misspelt``: a name that torch does not know, on a parameter."""

    names = ("requires-grad-misspelt",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._calls: dict[int, int] = {}

    def called(self, call: Call) -> None:
        if not (call.root and call.grad):
            return
        times = self._calls[id(call.module)] = self._calls.get(id(call.module), 0) + 1
        if times in _LOOKS:
            self._look(call.module, call.site)

    def _look(self, model: nn.Module, at: Any) -> None:
        found = [
            (name, word)
            for name, one in list(model.named_parameters())[:_MOST]
            if one.requires_grad
            for word, value in getattr(one, "__dict__", {}).items()
            if word in _LIKE and value is False
        ]
        if found:
            name, word = found[0]
            self.session.report(
                "requires-grad-misspelt",
                CERTAIN,
                f"{word} = False was set on {len(found)} parameters ({name} the first): torch "
                "knows requires_grad only, and they are trained.",
                at,
                parameters=len(found),
            )
