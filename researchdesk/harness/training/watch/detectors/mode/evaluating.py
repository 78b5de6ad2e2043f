"""Evaluations: calls of a model that no backward pass uses."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detectors.mode.noise import told
from researchdesk.harness.training.watch.detectors.mode.passes import Known, Pass, Passes, same
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site

if TYPE_CHECKING:
    from researchdesk.harness.training.watch.session import Session

_LOOP = 3
_AGAIN = 2
_REPEATS = 3
_GRAPHS = 3


@dataclass(slots=True, eq=False)
class Stretch:
    """What was seen of a model's calls with noise on, between two steps and over all.

    ``different`` calls with other data than the one before, in this stretch; ``batches`` of a
    DataLoader that went with them; ``again``: how often data of an earlier stretch came again.
    """

    known: Known
    site: Site
    step: int = -1
    calls: int = 0
    different: int = 0
    repeats: int = 0
    judged: bool = False
    sampling: bool = False
    sure: bool = False
    on_training_data: bool = False
    batches: int = 0
    again: int = 0
    graphs: int = 0
    layers: str = ""
    renewed: bool = False
    last: Any = None
    before: deque[tuple[Any, int]] = field(default_factory=lambda: deque(maxlen=8))


class Evaluations:
    """Tells evaluation with dropout or batch statistics on from all the sound uses of that."""

    def __init__(self, session: Session, passes: Passes) -> None:
        self._session, self._passes = session, passes
        self._stretches: dict[int, Stretch] = {}
        self._trained_on: deque[Any] = deque(maxlen=16)
        self._optimizers: dict[int, weakref.ref[Optimizer]] = {}
        self._batches = (-1, 0)

    def batch(self) -> None:
        """A DataLoader gave one."""
        step, count = self._batches
        self._batches = (self._session.step, count + 1 if step == self._session.step else 1)

    def trained(self, optimizer: Optimizer, used: Iterable[Pass]) -> None:
        """An optimizer stepped after backward passes through these calls."""
        self._optimizers[id(optimizer)] = weakref.ref(optimizer)
        for one in used:
            if one.key is not None and not any(same(one.key, key) for key in self._trained_on):
                self._trained_on.append(one.key)

    @property
    def patience(self) -> int:
        """Steps until a call that no backward pass used will not be used any more."""
        return 4 * max(1, len(self._optimizers))

    def weigh(self, one: Pass) -> None:
        """A call that no backward pass uses."""
        if one.aside or not (one.after_training or self._optimizers):
            return
        seen = self._stretches.get(id(one.known))
        if seen is None or seen.known is not one.known:
            seen = self._stretches[id(one.known)] = Stretch(one.known, one.site)
        if one.grad:
            self._with_graph(one, seen)
        if not one.noisy:
            return
        if seen.step != one.step:
            self._close(seen)
            seen.step, seen.calls, seen.different, seen.repeats = one.step, 0, 0, 0
            seen.last, seen.sure = None, False
        seen.calls += 1
        if noisy := [layer for layer in one.known.noise if layer.training]:
            seen.layers = told(noisy)
            seen.renewed = _renews_statistics(noisy, seen.calls)
        seen.site = one.site
        # a call for training, too, is used by no backward pass where the script was stopped
        seen.sure |= not one.grad or one.site not in one.known.lines
        self._compare(one, seen)

    def _compare(self, one: Pass, seen: Stretch) -> None:
        if same(one.key, seen.last):
            seen.repeats += 1
            seen.sampling |= seen.repeats >= _REPEATS
        else:
            seen.different += 1
            seen.repeats = 0
        if any(same(one.key, key) and step != one.step for key, step in seen.before):
            seen.again += 1
        if not any(same(one.key, key) for key, _ in seen.before):
            seen.before.append((one.key, one.step))
        seen.on_training_data = any(same(one.key, key) for key in self._trained_on)
        if self._batches[0] == one.step:
            seen.batches = self._batches[1]
        seen.last = one.key

    def judged(self, known: Known) -> None:
        """A loss of the last call's output was computed without recording gradients."""
        seen = self._stretches.get(id(known))
        if seen is not None:
            seen.judged = True

    def close(self, over: bool = False) -> None:
        """A stretch between steps came to its end, or the script did."""
        for seen in tuple(self._stretches.values()):
            self._close(seen, over)

    def _close(self, seen: Stretch, over: bool = False) -> None:
        if not seen.calls:
            return
        final = over and seen.sure and seen.step == self._session.step
        loop = seen.different >= _LOOP
        enough = loop or final or seen.again >= _AGAIN
        if enough and (certainty := self._certainty(seen, loop or final)):
            self._report(seen, certainty)
        seen.calls = 0

    def _certainty(self, seen: Stretch, loop: bool) -> str:
        known = seen.known
        measured = seen.judged or self._passes.is_supervised(known)
        looped = seen.batches >= _LOOP and seen.different >= _LOOP
        if not known.trained and not seen.judged and not looped:
            return ""
        if seen.sampling or self._plays(known) or seen.renewed:
            return LOOK
        if seen.on_training_data and not loop:
            return LOOK
        if measured or looped or (seen.again >= _AGAIN and not seen.on_training_data):
            return LIKELY
        return LOOK

    def _report(self, seen: Stretch, certainty: str) -> None:
        module = seen.known.module()
        layers = seen.layers or "dropout"
        name = type(module).__name__ if module is not None else "A model"
        self._session.report(
            "evaluation-in-training-mode",
            certainty,
            f"{name} was called {seen.calls} times after step {seen.step} for outputs that no "
            f"backward pass uses, with {layers} in training mode.",
            seen.site,
            calls=seen.calls,
            step=seen.step,
            layers=layers,
        )

    def _with_graph(self, one: Pass, seen: Stretch) -> None:
        seen.graphs += 1
        if seen.graphs >= _GRAPHS and not self._plays(one.known):
            self._session.report(
                "evaluation-with-gradients",
                LOOK,
                f"{seen.graphs} calls recorded what backward needs, and no backward came.",
                one.site,
                calls=seen.graphs,
            )

    def _plays(self, known: Known) -> bool:
        """Whether it gives to a module that another optimizer trains, as a generator does."""
        own = self._trainer(known.module)
        fed = (self._passes.by_id(key) for key in known.feeds)
        others = [self._trainer(one.module) for one in fed if one is not None]
        return any(other and own and other != own for other in others)

    def _trainer(self, module: Callable[[], Any]) -> int:
        found = module()
        if found is None:
            return 0
        mine = {id(p) for p in found.parameters() if p.requires_grad}
        for key, ref in self._optimizers.items():
            optimizer = ref()
            groups = optimizer.param_groups if optimizer is not None else []
            if any(id(p) in mine for group in groups for p in group["params"]):
                return key
        return 0


def _renews_statistics(noisy: list[nn.Module], calls: int) -> bool:
    """Whether batch norm's statistics were set back, for these calls to compute them anew."""
    norms = [layer for layer in noisy if isinstance(layer, _BatchNorm)]
    if len(norms) < len(noisy):
        return False
    counts = [layer.num_batches_tracked for layer in norms if layer.momentum is not None]
    near = [count for count in counts if count is not None and count.device.type == "cpu"]
    return not counts or any(int(count) <= calls for count in near)
