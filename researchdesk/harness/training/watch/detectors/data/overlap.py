"""Items that a model is evaluated on, and was trained on."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import Any

from torch.utils.data import Subset

from researchdesk.harness.training.watch.detectors.data.flow import Part
from researchdesk.harness.training.watch.detectors.data.items import Items, PerModule
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_MOST = 50_000
_FEW = 5
_WAITING = 16
_SHARE = 0.05
_SURELY = 8


@dataclass(slots=True)
class _Known:
    """What a model was trained on: rows, and indices of datasets that loaders took parts of."""

    rows: set[int] = field(default_factory=set)
    indices: dict[int, set[int]] = field(default_factory=dict)
    bases: list[Any] = field(default_factory=list)
    masked: bool = False
    rich: int = 0


@dataclass(slots=True)
class _Evaluation:
    """What was evaluated at one place."""

    site: Site
    named: str
    rows: set[int] = field(default_factory=set)
    trained: set[int] = field(default_factory=set)
    shared: int = 0
    of: int = 0
    numbers: bool = False


class Overlap(Part):
    """``train-test-overlap``: a model was evaluated on items that it had been trained on."""

    names = ("train-test-overlap",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._known: PerModule[_Known] = PerModule(_Known)
        self._waiting: list[tuple[Items, set[int]]] = []
        self._evaluations: dict[tuple[Site, str], _Evaluation] = {}
        self._taken: weakref.WeakKeyDictionary[Any, tuple[Any, set[int]]] = (
            weakref.WeakKeyDictionary()
        )

    def trained(self, items: Items) -> None:
        known = self._known.of(items.module)
        self._settle(items)
        call = items.loss()
        # a loss of some of the rows: the others may be evaluated later, in the same call
        if items.graph or (call is not None and call.target.shape[:1] < items.data.shape[:1]):
            known.masked = True
        if len(known.rows) < _MOST and (known.rich >= _SURELY or items.is_rich):
            known.rich += 1
            known.rows.update(items.keys)
        base, indices = self._part(items)
        if base is not None and id(base) not in known.indices:
            known.bases.append(base)
            known.indices[id(base)] = indices

    def evaluated(self, items: Items) -> None:
        known = self._known.known(items.module)
        if known is None or known.masked or items.graph:
            return
        if len(self._waiting) >= _WAITING:
            self._settle(None)
        self._waiting.append((items, known.rows.intersection(items.keys)))

    def _settle(self, trained: Items | None) -> None:
        """What another model was given in the same step was no evaluation: its targets, maybe."""
        for items, shared in self._waiting:
            aside = trained is not None and trained.module is not items.module
            if not aside or trained is None or trained.keys[:_FEW] != items.keys[:_FEW]:
                self._take(items, shared)
        self._waiting.clear()

    def _take(self, items: Items, shared: set[int]) -> None:
        known = self._known.known(items.module)
        if known is None:
            return
        site = items.batch.site if items.batch is not None and not items.named else items.site
        place = self._evaluations.setdefault(
            (site, items.named), _Evaluation(items.site, items.named)
        )
        if items.is_rich and len(place.rows) < _MOST:
            place.numbers |= items.data.is_floating_point()
            place.rows.update(items.keys)
            place.trained.update(shared)
        base, indices = self._part(items)
        if base is not None and id(base) in known.indices and not place.of:
            place.of = len(indices)
            place.shared = len(known.indices[id(base)].intersection(indices))

    def _part(self, items: Items) -> tuple[Any, set[int]]:
        loader = items.batch.loader if items.batch is not None else None
        if loader is None:
            return None, set()
        found = self._taken.get(loader)
        if found is None:
            found = self._taken[loader] = _taken(getattr(loader, "dataset", None))
        return found

    def restarted(self) -> None:
        self._settle(None)
        self._known.clear()

    def finish(self) -> None:
        self._settle(None)
        for place in self._evaluations.values():
            if place.named != "train":
                self._judge(place)

    def _judge(self, place: _Evaluation) -> None:
        shared, of = len(place.trained), len(place.rows)
        if place.shared * max(1, of) > shared * max(1, place.of):
            shared, of = place.shared, place.of
        if shared < _FEW or shared < 0.01 * of:
            return
        split = place.shared not in (0, place.of)
        named = place.named == "test" and (place.numbers or place.shared > 0)
        sure = split or (named and shared >= _SHARE * of)
        if not sure and any(
            other.named == "test" and not other.trained for other in self._evaluations.values()
        ):
            return
        self.session.report(
            "train-test-overlap",
            LIKELY if sure else LOOK,
            f"{shared} of the {of} different items that the model is evaluated on here were "
            f"trained on before ({shared / of:.0%}).",
            place.site,
            shared=shared,
            evaluated=of,
        )


def _taken(found: Any) -> tuple[Any, set[int]]:
    """The dataset that a loader takes a part of, and which; None for all of one."""
    if not isinstance(found, Subset):
        return None, set()
    indices = [int(index) for index in found.indices]
    while isinstance(found.dataset, Subset):
        found = found.dataset
        indices = [int(found.indices[index]) for index in indices]
    return found.dataset, set(indices)
