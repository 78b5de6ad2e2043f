"""What outputs depend on: not on other items, not on the future, but on the input."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import torch
from torch import Tensor, nn
from torch.utils.data import RandomSampler, default_collate

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.rehearsing import can_rehearse, rehearse
from researchdesk.harness.training.watch.detectors.model.tensors import (
    first_ordinary,
    is_ordinary,
)
from researchdesk.harness.training.watch.events import Batch, Call, LossCall
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_ITEMS = 5
_FEWEST = 3
_TRIALS = (4, 10)
_SEQUENTIAL = (nn.RNNBase, nn.MultiheadAttention, nn.Conv1d)


@dataclass(slots=True, eq=False)
class _Model:
    """A model: ``rows`` are its items by the loss, ``ahead`` its input that foretells the "
    "targets."""

    ref: weakref.ref[nn.Module]
    calls: int = 0
    trials: int = 0
    able: bool | None = None
    rows: set[int] = field(default_factory=set)
    sums: set[float] = field(default_factory=set)
    ahead: tuple[int, int] | None = None
    shapes: set[int] = field(default_factory=set)
    inputs: tuple[Any, ...] = ()
    output: Any = None


class Dependence(Detector):
    """``batch-items-mixed``, ``output-ignores-input``, ``sees-the-future``.

    A copy of the model, in eval mode, is given some items of a batch; then the same with all but
    the last replaced by it (later items see earlier ones in a recurrent layer); then with the
    second half of each sequence replaced.
    """

    names = ("batch-items-mixed", "output-ignores-input", "sees-the-future")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._models: dict[int, _Model] = {}
        self._loaded: dict[tuple[int, ...], bool] = {}
        self._last: _Model | None = None

    def batch(self, batch: Batch) -> None:
        if batch.index or getattr(batch.loader, "collate_fn", None) is not default_collate:
            return
        shuffled = isinstance(getattr(batch.loader, "sampler", None), RandomSampler)
        for part in batch.batch if isinstance(batch.batch, list | tuple) else [batch.batch]:
            whole = isinstance(part, Tensor) and part.dim() > 1
            if whole and part.shape[0] == batch.loader.batch_size and len(self._loaded) < 50:
                self._loaded[tuple(part.shape)] = shuffled

    def called(self, call: Call) -> None:
        if not (call.root and call.grad and call.module.training):
            return
        known = self._models.get(id(call.module))
        if known is None or known.ref() is not call.module:
            if not any(p.requires_grad for p in call.module.parameters()):
                return
            known = self._models[id(call.module)] = _Model(weakref.ref(call.module))
        known.calls += 1
        self._last = None
        if known.trials >= len(_TRIALS) or known.able is False or not self.session.sampled:
            return
        first = first_ordinary(call.inputs)
        output = first_ordinary((call.output,))
        if first is None or output is None or len(known.shapes) > 50:
            return
        known.shapes.add(first.shape[0])
        if len(known.sums) < 4:
            known.sums.add(float(first.detach().double().sum()))
        known.inputs = tuple(weakref.ref(x) if _is_tensor(x) else None for x in call.inputs)
        known.output = weakref.ref(output)
        self._last = known
        if known.calls >= _TRIALS[known.trials] and call.output is not None:
            known.trials += 1
            self._try(known, call)

    def loss(self, call: LossCall) -> None:
        known, self._last = self._last, None
        output = known.output() if known is not None and known.output else None
        if known is None or output is None:
            return
        target = call.target
        if not (is_ordinary(call.input) and is_ordinary(target)):
            return
        if call.input.data_ptr() == output.data_ptr() and _are_rows(call.input, output, target):
            known.rows.add(output.shape[0])
        for place, ref in enumerate(known.inputs):
            given = ref() if ref is not None else None
            if given is not None and (dim := _is_next(given, target)) is not None:
                known.ahead = (place, dim)

    def _try(self, known: _Model, call: Call) -> None:
        if known.able is None:
            known.able = can_rehearse(call.module) and not any(
                isinstance(given, Tensor) and not is_ordinary(given) for given in call.inputs
            )
        first = first_ordinary(call.inputs)
        if not known.able or first is None or first.device.type not in ("cpu", "cuda"):
            return
        size = first.shape[0]
        if size < _FEWEST:
            return
        some = tuple(_take(given, size) for given in call.inputs)
        alike = tuple(_repeat(given, min(size, _ITEMS)) for given in some)
        trials = [some, alike]
        if known.ahead is not None:
            trials.append(_other_end(some, *known.ahead))
        given = rehearse(call.module, trials)
        if given is None:
            known.able = False
            return
        outputs = [first_ordinary((one,)) for one in given]
        if any(one is None or not one.is_floating_point() for one in outputs):
            return
        self._judge(known, call, some, [one for one in outputs if one is not None])

    def _judge(
        self, known: _Model, call: Call, some: tuple[Any, ...], outputs: list[Tensor]
    ) -> None:
        first = first_ordinary(some)
        own, alike = outputs[0], outputs[1]
        if first is None or own.shape != alike.shape or not bool(torch.isfinite(own).all()):
            return
        scale = float(own.abs().mean()) + 1e-12
        name = type(call.module).__name__
        if own.shape[0] == first.shape[0] and own.dim() > 0:
            change = float((own[-1] - alike[-1]).abs().max()) / scale
            certainty = self._items_are_rows(known, call)
            # a table of pairs, as of pictures and their texts, is for all items together
            pairs = own.dim() == 2 and own.shape[0] == own.shape[1] and _is_square(call.output)
            if change > 1e-3 and certainty and not pairs and not _norms_by_batch(call.module):
                self._tell_mixed(certainty, name, change, call.site)
            differ = bool((first[1:] != first[:1]).any())
            if change == 0 and differ and known.trials > 1 and torch.equal(own, alike):
                self._tell_ignored(name, own, call.site)
        if len(outputs) > 2 and known.ahead is not None:
            self._judge_future(known.ahead, some, own, outputs[2], call)

    def _items_are_rows(self, known: _Model, call: Call) -> str:
        """How sure it is that the first dimension counts items; empty where nothing says so."""
        whole = first_ordinary(call.inputs)
        if whole is None or len(known.sums) < 2:
            return ""
        loaded = self._loaded.get(tuple(whole.shape))
        sequential = any(isinstance(m, _SEQUENTIAL) for m in call.module.modules())
        if known.ahead is not None:
            return LIKELY if known.ahead[1] == 1 else ""
        if loaded is not None:
            return LIKELY if loaded or whole.dim() > 2 or not sequential else LOOK
        sizes = {given.shape[0] for given in call.inputs if _is_tensor(given)}
        if known.rows and len(known.shapes) <= 2 and known.rows >= known.shapes and len(sizes) == 1:
            square = whole.dim() > 2 and whole.shape[0] == whole.shape[1]
            return LIKELY if not square and (whole.dim() > 2 or not sequential) else LOOK
        return ""

    def _judge_future(
        self, ahead: tuple[int, int], some: tuple[Any, ...], own: Tensor, other: Tensor, call: Call
    ) -> None:
        place, dim = ahead
        given = some[place]
        if own.shape[:2] != given.shape[:2]:
            if own.shape[0] != given.shape[0] * given.shape[1]:
                return
            own, other = (one.reshape(*given.shape[:2], -1) for one in (own, other))
        half = given.shape[dim] // 2
        before, after = own.narrow(dim, 0, half), other.narrow(dim, 0, half)
        change = float((before - after).abs().max()) / (float(own.abs().mean()) + 1e-12)
        if change > 1e-3:
            self.session.report(
                "sees-the-future",
                LIKELY,
                f"The targets are the inputs, one place later; and {type(call.module).__name__}'s "
                f"outputs for the first {half} places change (by {change:.0%}) with the inputs "
                "after them: it can copy what it is to foretell.",
                call.site,
                change=change,
            )

    def _tell_mixed(self, certainty: str, name: str, change: float, at: Site) -> None:
        self.session.report(
            "batch-items-mixed",
            certainty,
            f"With other items beside it in the batch, {name} gives another output for the same "
            f"item (by {change:.0%}, in eval mode): something works over dimension 0 as if it were "
            "time or features.",
            at,
            change=change,
        )

    def _tell_ignored(self, name: str, own: Tensor, at: Site) -> None:
        same = bool((own == own[:1]).all())
        self.session.report(
            "output-ignores-input",
            LIKELY,
            f"After {_TRIALS[1]} calls, {name} (in eval mode) gives the same output for different "
            f"inputs{'' if same else ', but for random numbers'}: nothing of the input reaches it.",
            at,
            value=float(own.reshape(-1)[0]),
        )


def _is_tensor(found: Any) -> TypeGuard[Tensor]:
    return is_ordinary(found) and found.dim() > 0


def _are_rows(given: Tensor, output: Tensor, target: Tensor) -> bool:
    """Whether each row of the output has a target, other than the number of another row."""
    rows = output.shape[0]
    if output.dim() > 2 or target.dim() not in (1, 2) or output.shape[1:] == output.shape[:1]:
        return False
    return given.shape[:1] == target.shape[:1] == (rows,)


def _take(given: Any, size: int) -> Any:
    """Some items of each tensor that has ``size`` of them."""
    if isinstance(given, Tensor):
        own = given.detach()
        return own[:_ITEMS].clone() if own.dim() and own.shape[0] == size else own.clone()
    return _inside(given, lambda one: _take(one, size))


def _repeat(given: Any, size: int) -> Any:
    if isinstance(given, Tensor) and given.dim() and given.shape[0] == size:
        return given[-1:].repeat(size, *[1] * (given.dim() - 1))
    return _inside(given, lambda one: _repeat(one, size))


def _inside(given: Any, change: Callable[[Any], Any]) -> Any:
    """A list, tuple or mapping with its items changed; anything else as it is."""
    if type(given) is dict:
        return {name: change(one) for name, one in given.items()}
    return type(given)(map(change, given)) if type(given) in (list, tuple) else given


def _other_end(some: tuple[Any, ...], place: int, dim: int) -> tuple[Any, ...]:
    """The same inputs, with the second half of the sequences from the next item."""
    changed = list(some)
    given = changed[place].clone()
    size = given.shape[dim]
    half = given.narrow(dim, size // 2, size - size // 2)
    half.copy_(half.roll(1, 1 - dim).flip(dim))
    changed[place] = given
    return tuple(changed)


def _is_next(given: Tensor, target: Tensor) -> int | None:
    """Along which dimension targets are the inputs of one place later; None for none."""
    if given.dim() < 2 or target.numel() != given.numel() or given.numel() > 1_000_000:
        return None
    if target.dtype != given.dtype or min(given.shape[:2]) < 2:
        return None
    given, target = given.detach(), target.detach().reshape(given.shape)
    for dim in (1, 0):
        size = given.shape[dim] - 1
        late, early = given.narrow(dim, 1, size), target.narrow(dim, 0, size)
        if (
            size > 2
            and bool((late == early).all())
            and not bool((late == late.reshape(-1)[0]).all())
        ):
            return dim
    return None


def _is_square(output: Any) -> bool:
    whole = first_ordinary((output,))
    return whole is not None and whole.dim() == 2 and whole.shape[0] == whole.shape[1]


def _norms_by_batch(model: nn.Module) -> bool:
    """Whether batch norm uses the batch in eval mode too."""
    norms = (m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm))
    return any(m.running_mean is None for m in norms)
