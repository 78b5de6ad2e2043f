"""Labels: how they are spread, and whether they belong to their inputs."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from researchdesk.harness.training.watch.detectors.data.flow import Part, label_counts
from researchdesk.harness.training.watch.detectors.data.items import (
    BINARY,
    Items,
    PerModule,
    narrow,
    row_keys,
)
from researchdesk.harness.training.watch.events import LossCall
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_ENOUGH = 100
_MAJORITY, _RARE = 0.8, 0.9
_MOST, _CLASSES = 20_000, 1_000


@dataclass(slots=True)
class _Spread:
    counts: dict[int, int] = field(default_factory=dict)
    weighted: bool = False
    loaded: bool = False
    soft: bool = False
    weights: list[float] = field(default_factory=list)
    calls: int = 0
    site: Site = field(default_factory=Site)

    def weigh(self, call: LossCall) -> None:
        """Note the weights that a loss gives classes, as numbers by class."""
        for key in ("weight", "pos_weight"):
            found = call.options.get(key)
            self.weighted |= found is not None
            if isinstance(found, Tensor) and not self.weights and 0 < found.numel() < _CLASSES:
                own = found.detach().double()
                if key == "pos_weight":
                    self.weights = [1.0, float(own.mean())]
                elif call.name not in BINARY and own.dim() == 1:
                    self.weights = own.tolist()

    def upside_down(self) -> tuple[int, int] | None:
        """The most and the least frequent class, where the loss weighs the former more."""
        known = [one for one in self.counts if 0 <= one < len(self.weights) and self.counts[one]]
        if len(known) < 2 or self.soft:
            return None
        most = max(known, key=lambda one: self.counts[one])
        least = min(known, key=lambda one: self.counts[one])
        rare = self.counts[most] >= 2 * self.counts[least]
        more = self.weights[most] > 1.5 * self.weights[least] > 0
        return (most, least) if rare and more else None


class Spread(Part):
    """``class-imbalance``, ``labels-constant``, ``class-weights-inverted``."""

    names = ("class-imbalance", "labels-constant", "class-weights-inverted")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._spreads: PerModule[_Spread] = PerModule(_Spread)
        self._tables: PerModule[_Spread] = PerModule(_Spread)

    def trained(self, items: Items) -> None:
        labels, call = items.labels(), items.loss()
        if labels is None and call is not None:
            self._note_table(items, call)
        if labels is None or call is None:
            return
        spread = self._spreads.of(items.module)
        spread.calls += 1
        spread.site = call.site
        spread.loaded |= items.batch is not None
        spread.weigh(call)
        for label, count in label_counts(labels).items():
            spread.counts[label] = spread.counts.get(label, 0) + count

    def _note_table(self, items: Items, call: LossCall) -> None:
        """Several labels an item, each there or not."""
        target = call.target.detach()
        many = call.name in BINARY and target.shape[:1] == items.data.shape[:1]
        if not many or target.numel() < 3 * items.rows or not target.is_floating_point():
            return
        spread = self._tables.of(items.module)
        spread.site = call.site
        spread.weigh(call)
        ones, zeros = int((target == 1).sum()), int((target == 0).sum())
        spread.soft |= ones + zeros < target.numel()
        for label, count in ((1, ones), (0, zeros)):
            spread.counts[label] = spread.counts.get(label, 0) + count

    def _judge_table(self, spread: _Spread) -> None:
        total = sum(spread.counts.values())
        share = spread.counts.get(0, 0) / max(total, 1)
        if total >= _ENOUGH and _RARE <= share < 1 and not (spread.weighted or spread.soft):
            self.session.report(
                "class-imbalance",
                LOOK,
                f"{share:.1%} of the labels in training, several for each item, are 0: always "
                "answering that nothing is there gets as many right, and the loss weighs neither.",
                spread.site,
                majority=share,
                classes=2,
            )

    def _judge_weights(self, spread: _Spread) -> None:
        found = spread.upside_down()
        if found is None or sum(spread.counts.values()) < _ENOUGH:
            return
        most, least = found
        self.session.report(
            "class-weights-inverted",
            LIKELY,
            f"Class {most} comes {spread.counts[most]:,} times and class {least} "
            f"{spread.counts[least]:,} times, and the loss weighs the former "
            f"{spread.weights[most] / spread.weights[least]:.3g} times as much: weights for "
            "balance are the other way round.",
            spread.site,
            frequent=most,
            rare=least,
        )

    def finish(self) -> None:
        for spread in (*self._tables.all(), *self._spreads.all()):
            self._judge_weights(spread)
        for spread in self._tables.all():
            self._judge_table(spread)
        for spread in self._spreads.all():
            total = sum(spread.counts.values())
            if total < _ENOUGH:
                continue
            label, count = max(spread.counts.items(), key=lambda pair: pair[1])
            if len(spread.counts) == 1:
                self.session.report(
                    "labels-constant",
                    LIKELY if spread.loaded else LOOK,
                    f"All {total} labels in training were {label}.",
                    spread.site,
                    labels=total,
                )
            elif count / total >= _MAJORITY and not spread.weighted:
                self.session.report(
                    "class-imbalance",
                    LOOK,
                    f"{count / total:.1%} of the labels in training are class {label}: always "
                    "answering it scores as much, and the loss weighs no class.",
                    spread.site,
                    majority=count / total,
                    classes=len(spread.counts),
                )


@dataclass(slots=True)
class _Pairs:
    known: dict[int, int] = field(default_factory=dict)
    targets: dict[int, int] = field(default_factory=dict)
    same: int = 0
    other: int = 0


class Moving(Part):
    """``labels-move``: an input comes again, with the label of another."""

    names = ("labels-move",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._pairs: dict[tuple[int, Site], _Pairs] = {}

    def trained(self, items: Items) -> None:
        call = items.loss()
        if call is None or not items.is_rich or call.target.shape[:1] != items.data.shape[:1]:
            return
        classes = items.labels()
        if classes is None and not call.target.is_floating_point():
            return
        if items.rows > 1 and classes is None and _is_binary(call.target):
            return
        target = call.target if classes is None else classes
        pairs = self._pairs.setdefault((id(items.module), call.site), _Pairs())
        if len(pairs.known) < _MOST:
            self._compare(pairs, items.joint_keys(), row_keys(target), classes is not None)
        if pairs.other >= 40 and pairs.other > pairs.same:
            self.session.report(
                "labels-move",
                LIKELY,
                f"{pairs.other} times an input came again in training with the target of another "
                f"({pairs.same} times with its own): inputs and targets are not shuffled together.",
                call.site,
                other=pairs.other,
                same=pairs.same,
            )

    def restarted(self) -> None:
        self._pairs.clear()

    def _compare(self, pairs: _Pairs, keys: list[int], targets: list[int], classes: bool) -> None:
        fresh: dict[int, int] = {}
        for key, target in zip(keys, targets, strict=False):
            known = pairs.known.get(key)
            if known is None:
                fresh[key] = target
            elif known == target:
                pairs.same += 1
            # a target that no input had before was computed, as those of bootstrapping are
            elif classes or target in pairs.targets:
                pairs.other += 1
        for key, target in fresh.items():
            pairs.known[key] = target
            pairs.targets.setdefault(target, key)


def _is_binary(target: Tensor) -> bool:
    return len(set(target.reshape(-1)[:64].tolist())) <= 2


@dataclass(slots=True)
class _Sample:
    rows: list[Tensor] = field(default_factory=list)
    targets: list[Tensor] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    classes: bool = True
    site: Site = field(default_factory=Site)


class Unrelated(Part):
    """``labels-unrelated``: an input's nearest neighbour says nothing of its label."""

    names = ("labels-unrelated",)
    size = 500

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._samples: PerModule[_Sample] = PerModule(_Sample)

    def trained(self, items: Items) -> None:
        call = items.loss()
        sample = self._samples.of(items.module)
        if call is None or len(sample.known) >= self.size or not items.data.is_floating_point():
            return
        labels = items.labels()
        target = call.target.detach() if labels is None else labels
        if target.numel() != items.rows or items.width < 2 or items.others or items.graph:
            return
        if labels is None and (not target.is_floating_point() or _is_binary(target)):
            return
        fresh = [n for n, key in enumerate(items.keys) if key not in sample.known]
        fresh = fresh[: self.size - len(sample.known)]
        sample.known.update(items.keys[n] for n in fresh)
        if fresh:
            sample.rows.append(narrow(items.data)[fresh].float().cpu())
            sample.targets.append(target.reshape(-1)[fresh].cpu())
            sample.classes, sample.site = labels is not None, call.site

    def finish(self) -> None:
        for sample in self._samples.all():
            if len(sample.known) >= 150 and len({rows.shape[1] for rows in sample.rows}) == 1:
                self._judge(sample)

    def _judge(self, sample: _Sample) -> None:
        rows, targets = torch.cat(sample.rows), torch.cat(sample.targets)
        rows = (rows - rows.mean(0)) / rows.std(0).clamp_min(1e-6)
        if not bool(torch.isfinite(rows).all()):
            return
        gaps = torch.cdist(rows, rows).fill_diagonal_(torch.inf)
        near = targets[gaps.topk(3, largest=False).indices]
        if sample.classes:
            shares = torch.unique(targets, return_counts=True)[1].float() / len(targets)
            chance = float(shares.square().sum())
            found = float((near == targets[:, None]).float().mean())
            error = (chance * (1 - chance) / len(targets)) ** 0.5
            odd = found < chance + 1.5 * error and len(shares) > 1 and chance < 0.9
        else:
            wide = targets.float() - targets.float().mean()
            chance = 0.0
            found = float(
                ((near.float() - targets.float().mean()) * wide[:, None]).mean()
                / wide.square().mean().clamp_min(1e-12)
            )
            odd = found < 1.5 / len(targets) ** 0.5
        if odd:
            self.session.report(
                "labels-unrelated",
                LOOK,
                f"Of {len(targets)} inputs, the nearest neighbours tell nothing of the target "
                f"({found:.2f} alike, {chance:.2f} by chance): do the targets belong to them?",
                sample.site,
                alike=found,
                chance=chance,
                items=len(targets),
            )
