"""Calls of whole models: by whom they were made, and whether a backward pass used them."""

import sys
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from researchdesk.harness.training.watch.detectors.mode.noise import noise_of, tensors_of
from researchdesk.harness.training.watch.events import Call, LossCall
from researchdesk.harness.training.watch.findings import Site

_OPEN = 2_000
_RESCAN = 200
_LINKED = 100
_DEEPEST = 80
_SHAPES = (
    *("View", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "TBackward", "Permute", "Slice"),
    *("Select", "Index", "Softmax", "Sigmoid", "Clone", "ToCopy", "Expand", "Alias", "Log"),
    *("Cat", "Stack"),
)
_NODES = 16
_OWNER = "researchdesk.known"
_ASIDE = ("torch/utils/checkpoint.py", "torch/optim/swa_utils.py", "torch/jit/_trace.py")


@dataclass(slots=True, eq=False)
class Known:
    """A module that is called by no other module. ``trained``: a backward pass used its output.

    ``supervised``: its output was compared with targets by a loss of torch while it was trained;
    ``feeds``: its output went into these modules; ``lines``: where it was called for training.
    """

    module: Callable[[], nn.Module | None]
    has_parameters: bool
    layers: list[Callable[[], nn.Module | None]] = field(default_factory=list)
    calls: int = 0
    trained: bool = False
    supervised: bool = False
    feeds: set[int] = field(default_factory=set)
    lines: set[Site] = field(default_factory=set)

    @property
    def noise(self) -> list[nn.Module]:
        """The layers within that compute otherwise in training mode."""
        return [layer for ref in self.layers if (layer := ref()) is not None]


@dataclass(slots=True, eq=False)
class Pass:
    """One call. ``used``: a backward pass went through it. ``key``: which tensor it was given."""

    known: Known
    site: Site
    step: int
    grad: bool
    training: bool
    noisy: bool
    aside: bool
    key: Any
    after_training: bool
    used: bool = False


def identity(value: Any) -> tuple[Any, ...] | None:
    """What tells whether the same data come again; None for what is not a tensor."""
    found = tensors_of(value)
    if not found:
        return None
    first = found[0]
    owner = first if first._base is None else first._base
    return (weakref.ref(owner), first.storage_offset(), tuple(first.shape))


def same(one: tuple[Any, ...] | None, other: tuple[Any, ...] | None) -> bool:
    """Whether two identities are of the same data, which is still there."""
    if one is None or other is None or one[1:] != other[1:]:
        return False
    return one[0]() is not None and one[0]() is other[0]()


class Passes:
    """Keeps what is known of the modules, and the calls whose use is still open."""

    def __init__(self) -> None:
        self._known: dict[int, Known] = {}
        self.open: deque[Pass] = deque(maxlen=_OPEN)

    def known(self, module: nn.Module) -> Known:
        """What is known of a module."""
        key = id(module)
        found = self._known.get(key)
        if found is None or found.module() is not module:
            has = next(iter(module.parameters()), None) is not None
            found = self._known[key] = Known(weakref.ref(module), has)
        if found.calls % _RESCAN == 0:
            found.layers = [weakref.ref(layer) for layer in noise_of(module)]
        found.calls += 1
        return found

    def add(self, call: Call, step: int, drops: bool) -> Pass | None:
        """Take in the call of a whole module. None where it is not a model's."""
        known = self.known(call.module)
        if not known.has_parameters and not known.layers:
            return None
        noisy = drops or any(layer.training for layer in known.noise)
        aside = noisy and not call.grad and _is_aside()
        key = identity(call.inputs)
        one = Pass(
            *(known, call.site, step, call.grad, call.module.training, noisy, aside, key),
            after_training=known.trained,
        )
        if known.calls < _LINKED:
            self._link(call, known)
        if call.grad:
            self._mark(call.output, one)
        return one

    def _mark(self, output: Any, one: Pass) -> None:
        def used(_: Any) -> None:
            one.used = True

        nodes: list[Any] = [
            found.grad_fn for found in tensors_of(output) if found.grad_fn is not None
        ]
        for node in nodes:
            node.register_prehook(used)
            node.metadata[_OWNER] = one.known
        if nodes:
            self.open.append(one)

    def _link(self, call: Call, known: Known) -> None:
        """Who gave this module what it got."""
        for given in tensors_of(call.inputs):
            for giver in _givers(given):
                if giver is not known:
                    giver.feeds.add(id(call.module))

    def supervise(self, call: LossCall) -> None:
        """A loss compared an output with targets: whose output was it?"""
        if call.input.shape != call.target.shape and call.target.is_floating_point():
            return
        for giver in _givers(call.input):
            giver.supervised = True

    def by_id(self, key: int) -> Known | None:
        """What is known of the module with this id."""
        return self._known.get(key)

    def is_supervised(self, known: Known) -> bool:
        """Whether it is, or what it feeds is, or what that feeds."""
        waiting, seen = [known], {known}
        while waiting:
            one = waiting.pop()
            if one.supervised:
                return True
            fed = {self._known[key] for key in one.feeds if key in self._known}
            waiting += fed - seen
            seen |= fed
        return False

    def settle(self) -> list[Pass]:
        """The calls that backward passes have used since; they are open no more."""
        done = [one for one in self.open if one.used]
        if done:
            rest = [one for one in self.open if not one.used]
            self.open.clear()
            self.open.extend(rest)
        for one in done:
            one.known.trained = True
            one.known.lines.add(one.site)
        return done


def _givers(given: Tensor) -> list[Known]:
    """Whose outputs a tensor is, perhaps put together, in another shape or squashed."""
    found: list[Known] = []
    waiting: list[Any] = [given.grad_fn]
    for _ in range(_NODES):
        node = waiting.pop() if waiting else None
        if node is None:
            break
        owner = node.metadata.get(_OWNER)
        if owner is not None:
            found.append(owner)
        elif any(word in node.name() for word in _SHAPES):
            waiting += [item for item, _ in node.next_functions if item is not None]
    return found


def _is_aside() -> bool:
    """Whether torch itself calls the module, for a purpose of its own."""
    frame = sys._getframe(2)
    for _ in range(_DEEPEST):
        if frame.f_code.co_filename.endswith(_ASIDE):
            return True
        if frame.f_back is None:
            return False
        frame = frame.f_back
    return False
