"""Samplers and datasets that want to be told of each epoch, and are not."""

from __future__ import annotations

import weakref
from typing import Any

from researchdesk.harness.training.watch.detectors.data.flow import Part
from researchdesk.harness.training.watch.detectors.data.items import Items
from researchdesk.harness.training.watch.findings import LIKELY
from researchdesk.harness.training.watch.session import Session

_PASSES = 3
_NUMBERS = ("epoch", "_epoch", "current_epoch", "cur_epoch")


class Epochs(Part):
    """``set-epoch-forgotten``: what ``set_epoch`` sets is the same in pass after pass."""

    names = ("set-epoch-forgotten",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: weakref.WeakKeyDictionary[Any, dict[str, dict[int, int]]] = (
            weakref.WeakKeyDictionary()
        )

    def trained(self, items: Items) -> None:
        batch = items.batch
        if batch is None or batch.index > 1:
            return
        seen = self._seen.setdefault(batch.loader, {})
        for name in ("dataset", "sampler", "batch_sampler"):
            owner = getattr(batch.loader, name, None)
            number = _number(owner)
            if number is not None:
                passes = seen.setdefault(name, {})
                passes[batch.epoch] = number
                if len(passes) >= _PASSES and len(set(passes.values())) == 1:
                    self._report(name, owner, len(passes), items)

    def _report(self, name: str, owner: Any, passes: int, items: Items) -> None:
        self.session.report(
            "set-epoch-forgotten",
            LIKELY,
            f"The loader's {name}, a {type(owner).__name__}, has set_epoch, and its epoch was the "
            f"same in {passes} passes: what it draws by the epoch is the same each time.",
            items.batch.site if items.batch is not None else items.site,
            passes=passes,
        )


def _number(owner: Any) -> int | None:
    """The epoch that it believes in; None where it does not want to be told."""
    held = getattr(owner, "__dict__", {})
    if not callable(getattr(type(owner), "set_epoch", None)):
        return None
    return next((held[key] for key in _NUMBERS if isinstance(held.get(key), int)), None)
