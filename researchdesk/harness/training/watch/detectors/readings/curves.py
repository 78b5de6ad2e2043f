"""The loss of the training loop, and the losses of its evaluations."""

import weakref
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.readings.series import Series, mean, weighted
from researchdesk.harness.training.watch.events import Backward, Batch, Call, LossCall
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_ENOUGH = 40
_PASSES = 4
_FALL = 0.05
_SAME = 0.02
_RISE = 0.1
_SURE = 4.0
_SCALED = 1_000.0
_BETTER = 0.7
_CLEARLY = 0.03
_AGAIN = 0.3
_WORSE = 2.0
_MARGIN = 0.2
_HELD = 256
_CLASSES = ("cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits")


class Curves(Detector):
    """Losses that do not fall; evaluations that do not go with the training."""

    names = (
        "training-loss-not-falling",
        "validation-loss-not-falling",
        "validation-better-than-training",
        "training-set-worse-in-evaluation",
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._training: dict[tuple[int, Site], Series] = {}
        self._fresh: list[tuple[Site, float]] = []
        self._optimizers: dict[int, tuple[weakref.ref[Optimizer], int]] = {}
        self._last = self._turns = self._runs = 0
        self._called: tuple[tuple[str, str], float] | None = None
        self._agreed: dict[tuple[str, str], Site] = {}
        self._judged: dict[tuple[str, str, Site, bool], dict[int, list[tuple[float, int]]]] = {}
        self._trained_loaders: set[int] = set()
        self._loader = self._dataset = self._given = 0
        self._own_data = self._evaluating = False
        self._names: set[str] = set()
        self._inputs: list[Any] = []

    def before_backward(self, backward: Backward) -> None:
        root = backward.root
        if not backward.is_number and (root.numel() != 1 or root.is_complex() or root.is_meta):
            return
        if self._loader:
            self._trained_loaders |= {self._loader, self._dataset}
        if backward.is_number or (self.session.sampled and len(self._fresh) < _HELD):
            value = backward.value
            self._fresh.append((backward.site, value))
            if self._called is not None and self._called[1] == value:
                self._agreed[self._called[0]] = backward.site

    def after_step(self, optimizer: Optimizer) -> None:
        run = self._run_of(optimizer)
        if run != self._last:
            self._turns += run < self._runs
            self._last = run
        by_site = dict(self._fresh)
        self._fresh.clear()
        for site, last in by_site.items():
            self._training.setdefault((run, site), Series()).add(self.session.step, last)

    def _run_of(self, optimizer: Optimizer) -> int:
        known = self._optimizers.get(id(optimizer))
        if known is None or known[0]() is not optimizer:
            self._runs += 1
            known = self._optimizers[id(optimizer)] = (weakref.ref(optimizer), self._runs)
        return known[1]

    def batch(self, batch: Batch) -> None:
        self._loader, self._given = id(batch.loader), self.session.step
        self._dataset = id(getattr(batch.loader, "dataset", batch.loader))

    def epoch_over(self, loader: Any, batches: int) -> None:
        self._loader = 0

    def called(self, call: Call) -> None:
        if not call.root or not call.inputs or not isinstance(call.inputs[0], Tensor):
            return
        given = call.inputs[0]
        if call.grad:
            if self.session.sampled and not any(ref() is given for ref in self._inputs):
                self._inputs = [*self._inputs[-7:], weakref.ref(given)]
        elif next(call.module.parameters(), None) is not None:
            self._evaluating = not call.module.training
            self._own_data = any(ref() is given for ref in self._inputs)

    def loss(self, call: LossCall) -> None:
        if call.output.requires_grad and call.output.numel() == 1:
            self._names.add(call.name)
            key = (call.name, str(call.options.get("reduction", "mean")))
            self._called = (key, call.output.detach().item())

    def judged(self, call: LossCall) -> None:
        if call.output.numel() != 1 or call.output.is_complex() or call.output.is_meta:
            return
        if call.output.device.type != "cpu" and not self.session.sampled:
            return
        again = bool({self._loader, self._dataset} & self._trained_loaders)
        again = again and bool(self._loader) and self._given == self.session.step
        own = self._own_data or again
        own = own and self._evaluating
        reduction = str(call.options.get("reduction", "mean"))
        passes = self._judged.setdefault((call.name, reduction, call.site, own), {})
        if len(passes) < _HELD or self.session.step in passes:
            rows = call.input.shape[0] if call.input.dim() and reduction == "mean" else 1
            passes.setdefault(self.session.step, []).append((call.output.detach().item(), rows))

    def finish(self) -> None:
        alone = self._turns <= self._runs
        for (_, site), series in self._training.items():
            if len(series.values) >= 2 and alone:
                self._judge_training(site, series)
        longest = max(self._training.values(), key=lambda one: one.count, default=None)
        if longest is not None and len(longest.values) > 1:
            first, last, _ = longest.ends()
            self.session.readings["training loss at first"] = first
            self.session.readings["training loss at last"] = last
        for (name, reduction, site, own), passes in self._judged.items():
            means = {step: weighted(values) for step, values in sorted(passes.items()) if step}
            if len(means) >= _PASSES and self._runs == 1:
                self._judge_passes(site, own, means, self._agreed.get((name, reduction)))

    def _judge_training(self, site: Site, series: Series) -> None:
        first, last, error = series.ends()
        if series.count < _ENOUGH or first <= 0 or min(series.values) < 0:
            return
        if last < first * (1 - _FALL):
            return
        rises = last > first * (1 + _RISE) and last - first > _SURE * error
        classifies = bool(self._names) and self._names <= set(_CLASSES)
        sure = rises and classifies and self._runs == 1 and first < _SCALED
        what = "rose" if rises else "hardly fell" if last < first else "did not fall"
        self.session.report(
            "training-loss-not-falling",
            LIKELY if sure else LOOK,
            f"The training loss {what}: {first:.4g} in the first of {series.count} steps, "
            f"{last:.4g} in the last quarter of them.",
            site,
            first=first,
            last=last,
            steps=series.count,
        )

    def _judge_passes(
        self, site: Site, own: bool, means: dict[int, float], loop: Site | None
    ) -> None:
        first, *others = means.values()
        if not own:
            self._judge_rise(site, list(means.values()))
        if not own and first > 0 and min(others) > first * (1 - _SAME):
            self.session.report(
                "validation-loss-not-falling",
                LOOK,
                f"The loss of {len(means)} evaluations was never clearly better than that of the "
                f"first: {first:.4g} then, {min(others):.4g} at best since.",
                site,
                first=first,
                best=min(others),
            )
        late = list(means)[-max(2, len(means) // 4) - 1 :]
        series = self._training.get((1, loop)) if loop is not None else None
        values = series.since(late[0]) if series is not None else []
        if values:
            self._compare(site, own, mean([means[step] for step in late[1:]]), mean(values))

    def _judge_rise(self, site: Site, values: list[float]) -> None:
        """It went down, and then well up again."""
        best = min(range(len(values)), key=values.__getitem__)
        late = mean(values[-max(1, len(values) // 4) :])
        fell, rose = values[0] - values[best], late - values[best]
        if best and values[best] > 0 and rose > _AGAIN * values[best] and rose > 0.5 * fell:
            self.session.report(
                "validation-loss-not-falling",
                LOOK,
                f"The loss of {len(values)} evaluations was best at number {best + 1} "
                f"({values[best]:.4g}) and rose to {late:.4g}: the model is overfitted since.",
                site,
                best=values[best],
                number=best + 1,
                last=late,
            )

    def _compare(self, site: Site, own: bool, late: float, trained: float) -> None:
        """The mean loss of the last evaluations, and that of the training between them."""
        if own and late > _WORSE * trained + _MARGIN:
            self.session.report(
                "training-set-worse-in-evaluation",
                LOOK,
                f"On data that it is trained on, the model's loss is {late:.4g} in evaluation "
                f"mode, and {trained:.4g} in the training loop.",
                site,
                evaluation=late,
                training=trained,
            )
        start = next((one.values[0] for one in self._training.values() if one.values), trained)
        clearly = trained - late > _CLEARLY * abs(start)
        if not own and 0 <= late < _BETTER * trained and clearly:
            self.session.report(
                "validation-better-than-training",
                LOOK,
                f"The loss of the last evaluations is {late:.4g}, that of the training loop "
                f"between them {trained:.4g}.",
                site,
                evaluation=late,
                training=trained,
            )
