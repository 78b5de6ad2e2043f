"""Layers that the model does not know to be its own."""

import weakref
from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_ENOUGH = 3
_LOOKS = 24
_MOST = 500
_OWN = frozenset(vars(nn.Module()))


class Unregistered(Detector):
    """``modules-not-registered``, ``parameters-not-registered``: layers in a plain list.

    They count once a gradient came to them and no optimizer has them: a model kept out of the
    list of parameters on purpose, as a teacher, gets no gradient, or goes to an optimizer by hand.
    """

    names = ("modules-not-registered", "parameters-not-registered")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._models: dict[int, tuple[weakref.ref[nn.Module], Site]] = {}
        self._given: set[int] = set()
        self._sizes: dict[int, tuple[int, ...]] = {}
        self._steps = 0

    def called(self, call: Call) -> None:
        if call.root and call.grad and self._steps <= _ENOUGH and len(self._models) < _MOST:
            known = self._models.get(id(call.module))
            if known is None or known[0]() is not call.module:
                self._models[id(call.module)] = (weakref.ref(call.module), call.site)

    def before_step(self, optimizer: Optimizer) -> None:
        sizes = tuple(len(group["params"]) for group in optimizer.param_groups)
        if self._sizes.get(id(optimizer)) != sizes or self.session.sampled:
            self._sizes[id(optimizer)] = sizes
            self._given |= {id(p) for group in optimizer.param_groups for p in group["params"]}
        self._steps += 1
        if self._steps in (_ENOUGH, 4 * _ENOUGH):
            self._look()

    def finish(self) -> None:
        # a model of ``main`` may be gone by now: then the last look stands
        if all(ref() is not None for ref, _ in self._models.values()):
            for name in self.names:
                self.session.withdraw(name)
            self._look()

    def _look(self) -> None:
        for ref, at in self._models.values():
            model = ref()
            if model is not None:
                self._look_into(model, at)

    def _look_into(self, model: nn.Module, at: Site) -> None:
        own = {id(p) for p in model.parameters()}
        for name, module in list(model.named_modules())[:_MOST]:
            where = f"{type(module).__name__}.{{}}" if not name else f"{name}.{{}}"
            for attribute, held in list(vars(module).items()):
                if attribute in _OWN:
                    continue
                found = [*_parts(held)]
                lost = [m for m in found if isinstance(m, nn.Module) and self._is_lost(m, own)]
                loose = [t for t in found if isinstance(t, Tensor) and self._is_loose(t, own)]
                if lost:
                    self._tell(lost, where.format(attribute), at)
                elif loose:
                    self._tell_loose(loose, where.format(attribute), at)

    def _is_lost(self, module: nn.Module, own: set[int]) -> bool:
        return any(self._is_loose(p, own) for p in module.parameters())

    def _is_loose(self, tensor: Tensor, own: set[int]) -> bool:
        return (
            tensor.is_leaf
            and tensor.requires_grad
            and tensor.grad is not None
            and id(tensor) not in own
            and id(tensor) not in self._given
        )

    def _tell(self, lost: list[nn.Module], where: str, at: Site) -> None:
        numbers = sum(p.numel() for m in lost for p in m.parameters())
        self.session.report(
            "modules-not-registered",
            LIKELY,
            f"{where} is a plain list, tuple or dict with {len(lost)} modules ({numbers:,} "
            "numbers) that take part in the loss, but are not among the model's parameters, and in "
            "no optimizer.",
            at,
            attribute=where,
            modules=len(lost),
            parameters=numbers,
        )

    def _tell_loose(self, loose: list[Tensor], where: str, at: Site) -> None:
        self.session.report(
            "parameters-not-registered",
            LIKELY,
            f"{where} holds {len(loose)} tensors that get gradients, but is not among the model's "
            "parameters, and in no optimizer: they stay as they were made.",
            at,
            attribute=where,
            tensors=len(loose),
        )


def _parts(held: Any, deep: int = 2) -> Iterator[Any]:
    """Modules and tensors in plain containers."""
    if isinstance(held, nn.Module | Tensor):
        yield held
    elif isinstance(held, dict) and deep and len(held) < _MOST:
        for one in list(held.values()):
            yield from _parts(one, deep - 1)
    elif isinstance(held, list | tuple) and deep and len(held) < _MOST:
        for one in list(held):
            yield from _parts(one, deep - 1)


class MadeInForward(Detector):
    """``module-made-in-forward``: layers made anew at each call, so that nothing is learnt."""

    names = ("module-made-in-forward",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._inner: list[weakref.ref[nn.Module]] = []
        self._known: weakref.WeakSet[nn.Module] = weakref.WeakSet()
        self._times: dict[str, int] = {}
        self._looks = 0

    def called(self, call: Call) -> None:
        if not self.session.sampled or not call.grad or self._looks >= _LOOKS:
            return
        if not call.root:
            if len(self._inner) < _MOST and any(
                p is not None for p in call.module._parameters.values()
            ):
                self._inner.append(weakref.ref(call.module))
                # kept for the length of this root's call only
            return
        inner, self._inner = self._inner, []
        self._looks += 1
        own = set(call.module.modules())
        for ref in inner:
            module = ref()
            if module is None or (module not in own and module not in self._known):
                self._count(type(call.module).__name__, call.site)
                break
        self._known.update(module for ref in inner if (module := ref()) is not None)

    called_inside = called

    def _count(self, model: str, at: Site) -> None:
        times = self._times[model] = self._times.get(model, 0) + 1
        if times >= _ENOUGH + 1:
            self.session.report(
                "module-made-in-forward",
                LIKELY,
                f"{times} calls of {model} each made new layers, with weights of their own: these "
                "are random each time, and never learn.",
                at,
                times=times,
            )
