"""How far the optimizer moves the weights, and the settings that say so."""

import math
import weakref
from statistics import median
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import (
    is_dense,
    parameters,
    spread,
)
from researchdesk.harness.training.watch.detectors.optimisation.rate import Rate
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_PICKS = 8
_LARGEST = 1 << 20
_ENOUGH = 8
_MANY = 20
_GONE = 1e-6
_NOWHERE = 1e-4
_HUGE, _WIDE, _STRIDE, _LONG = 1.0, 0.3, 0.1, 0.02
_TINY = 1e-7
_LONG_RUN, _LITTLE = 60, 0.03


class Rates(Detector):
    """Learning rates as set, and as they come out: the length of the update against the weights."""

    names = (
        "learning-rate-zero",
        "learning-rate-decayed-away",
        "learning-rate-too-high",
        "learning-rate-too-low",
        "weight-decay-too-strong",
        "momentum-out-of-range",
        "gradients-all-zero",
        "weights-do-not-move",
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._rates: weakref.WeakKeyDictionary[Optimizer, Rate] = weakref.WeakKeyDictionary()
        self._all: list[Rate] = []
        self._loss = math.nan
        self._passes = 0

    def _rate(self, optimizer: Optimizer, site: Site | None = None) -> Rate:
        found = self._rates.get(optimizer)
        if found is None:
            found = self._rates[optimizer] = Rate(site or here(2), type(optimizer).__name__)
            if len(self._all) < 100:
                self._all.append(found)
        return found

    def created(self, owner: Any, site: Site) -> None:
        if isinstance(owner, Optimizer):
            self._rate(owner, site)

    def before_backward(self, backward: Backward) -> None:
        self._passes += 1
        if self.session.sampled and backward.root.numel() == 1 and is_dense(backward.root.detach()):
            self._loss = float(backward.root.detach())

    def before_step(self, optimizer: Optimizer) -> None:
        rate = self._rate(optimizer)
        rate.before = []
        if self.session.sampled:
            held = [p for p in parameters(optimizer) if p.requires_grad and is_dense(p.data)]
            matrices = [p for p in held if p.dim() > 1] or held
            # over the whole depth: the first, the last, and some between
            stride = max(1, len(matrices) // _PICKS)
            picked = [*matrices[::stride][: _PICKS - 1], *matrices[-1:]]
            rate.before = [(p, rate.some(p).clone()) for p in picked if p.numel() <= _LARGEST]

    def after_step(self, optimizer: Optimizer) -> None:
        rate = self._rate(optimizer)
        rate.steps += 1
        self._note(rate, optimizer)
        if rate.before:
            self._compare(rate, optimizer)
            rate.before = []

    def _note(self, rate: Rate, optimizer: Optimizer) -> None:
        groups = optimizer.param_groups
        rates = [group.get("lr", 1.0) for group in groups]
        if any(isinstance(item, Tensor) for item in rates) and not self.session.sampled:
            return
        highest = max(map(float, rates), default=1.0)
        if highest > rate.peak:
            rate.peak, rate.gone = highest, 0
        rate.gone += highest < _GONE * rate.peak
        rate.zero += highest == 0
        rate.some_zero += highest > 0 and min(map(float, rates)) == 0
        rate.groups = len(groups)
        if self.session.sampled and groups:
            group = groups[0]
            decay = float(group.get("weight_decay") or 0.0)
            rate.decay = max(rate.decay, (decay * highest, decay))
            rate.momentum = max(rate.momentum, float(group.get("momentum") or 0.0))

    def _compare(self, rate: Rate, optimizer: Optimizer) -> None:
        moved, gradient, ratios = False, False, []
        for p, before in rate.before:
            change = float((rate.some(p) - before).norm())
            weight = float(before.norm())
            gradient |= p.grad is not None and (not is_dense(p.grad) or _is_any(p.grad))
            moved |= change != 0.0
            if weight > 0 and math.isfinite(change) and p.grad is not None:
                ratios.append(change / weight)
        if gradient and not moved and not rate.whole:
            # what moves may lie elsewhere, as the rows of an embedding do
            rate.whole, rate.observed, rate.still, rate.flat = True, 0, 0, 0
            return
        rate.observed += 1
        if not gradient:
            found = [p.grad for p in parameters(optimizer) if p.grad is not None]
            rate.flat += bool(found) and not any(bool(item.any()) for item in found)
        rate.still += gradient and not moved
        if ratios and gradient and len(rate.ratios) < 2000:
            rate.ratios.append(median(ratios))
            rate.losses.append(self._loss)

    def finish(self) -> None:
        for rate in self._all:
            if rate.steps >= _ENOUGH:
                self._settings(rate)
                self._learning(rate)

    def _learning(self, rate: Rate) -> None:
        if rate.zero == rate.steps:
            self._say(
                rate,
                "learning-rate-zero",
                CERTAIN,
                f"The learning rate of {rate.kind} was 0 in all {rate.steps} steps.",
                steps=rate.steps,
            )
        elif rate.gone >= _MANY and rate.gone >= 0.25 * rate.steps:
            self._say(
                rate,
                "learning-rate-decayed-away",
                LIKELY,
                f"In {rate.gone} of {rate.steps} steps the learning rate was below a millionth of "
                f"its highest value ({rate.peak:.3g}): nothing was learned any more.",
                steps=rate.gone,
                of=rate.steps,
            )
        else:
            self._standing(rate)
        if rate.zero < rate.steps and len(rate.ratios) >= _ENOUGH:
            self._far_off(rate)
        if rate.some_zero == rate.steps and rate.zero == 0:
            self._say(
                rate,
                "learning-rate-zero",
                LOOK,
                f"A group of {rate.kind} had a learning rate of 0 in all {rate.steps} steps, "
                "others not.",
                steps=rate.steps,
            )

    def _standing(self, rate: Rate) -> None:
        if rate.flat >= _ENOUGH and rate.flat == rate.observed:
            self._say(
                rate,
                "gradients-all-zero",
                LIKELY,
                f"Gradients were exactly zero in all of {rate.observed} observed steps.",
                steps=rate.observed,
            )
        elif rate.still >= 2 * _ENOUGH and rate.still == rate.observed:
            self._say(
                rate,
                "weights-do-not-move",
                CERTAIN,
                f"Gradients were not zero, and in {rate.observed} observed steps not one number of "
                f"the weights changed. The learning rate was up to {rate.peak:.3g}.",
                steps=rate.observed,
                learning_rate=rate.peak,
            )

    def _far_off(self, rate: Rate) -> None:
        usual = median(rate.ratios)
        losses = [loss for loss in rate.losses if math.isfinite(loss)]
        if len(losses) < _ENOUGH:
            return
        quarter = max(2, len(losses) // 4)
        first, last = median(losses[:quarter]), median(losses[-quarter:])
        drop = (first - last) / max(abs(first), 1e-12)
        early = median(rate.ratios[:6])
        wild = usual > _HUGE or (early > _HUGE and drop < 0.05) or (usual > _WIDE and drop <= 0)
        worse = early > _STRIDE and last > 10 * max(abs(losses[0]), 0.1)
        if wild or worse or (early > _LONG and _explodes(losses)):
            usual = max(early, usual)
            self._say(
                rate,
                "learning-rate-too-high",
                LIKELY,
                f"A step changes the weights by {usual:.2g} of their length (about 0.001 is usual) "
                f"with a learning rate of {rate.peak:.3g}; the loss went from {losses[0]:.3g} to "
                f"{last:.3g}.",
                ratio=usual,
                learning_rate=rate.peak,
                first_loss=losses[0],
                last_loss=last,
            )
        elif len(rate.ratios) >= 12 and (sure := _too_low(usual, rate.steps, drop)):
            self._say(
                rate,
                "learning-rate-too-low",
                sure,
                f"A step changes the weights by {usual:.2g} of their length (about 0.001 is usual) "
                f"with a learning rate of {rate.peak:.3g}; the loss is at {last:.3g}.",
                ratio=usual,
                learning_rate=rate.peak,
                last_loss=last,
            )

    def _settings(self, rate: Rate) -> None:
        shrink, decay = rate.decay
        adam = rate.kind in ("Adam", "NAdam", "RAdam", "Adamax")
        sgd = rate.kind == "SGD"
        if shrink >= 0.05 or (sgd and decay >= 1.0):
            certainty = LIKELY
        elif decay >= 0.1 and (adam or sgd):
            certainty = LOOK
        else:
            certainty = ""
        if certainty:
            self._say(
                rate,
                "weight-decay-too-strong",
                certainty,
                f"weight_decay={decay:g} in {rate.kind} with a learning rate of "
                f"{shrink / decay:.3g}: usual are 1e-4 to 1e-2; the weights are pulled to zero "
                "harder than most losses pull them away.",
                weight_decay=decay,
                shrink=shrink,
            )
        if rate.momentum >= 1.0:
            self._say(
                rate,
                "momentum-out-of-range",
                CERTAIN,
                f"momentum={rate.momentum:g}: steps of the past never fade, and add up for ever.",
                momentum=rate.momentum,
            )

    def _say(self, rate: Rate, name: str, certainty: str, message: str, **numbers: Any) -> None:
        self.session.report(name, certainty, message, rate.site, **numbers)


def _too_low(usual: float, steps: int, drop: float) -> str:
    """How sure it is that all steps together lead nowhere; empty where they do."""
    if usual < _TINY and steps >= 15 and usual * steps < _NOWHERE:
        return LIKELY
    return LOOK if steps >= _LONG_RUN and usual * steps < _LITTLE and drop < 0.05 else ""


def _is_any(gradient: Tensor) -> bool:
    return bool(spread(gradient).any()) or bool(gradient.any())


def _explodes(losses: list[float]) -> bool:
    """The loss grew a thousandfold from its first value."""
    return median(map(abs, losses[-3:])) > 1000 * max(abs(losses[0]), 1.0)
