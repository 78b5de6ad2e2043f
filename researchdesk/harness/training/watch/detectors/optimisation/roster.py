"""Which parameters there are, whose they are, which optimizers have them, what reaches them."""

import weakref
from dataclasses import dataclass, field

from torch import Tensor, nn
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detectors.optimisation.keeping import (
    ByTensor,
    leaves,
    parameters,
    total,
)
from researchdesk.harness.training.watch.events import Backward, Call

_WALKS = 16
_RECENT = 6
_EXTENSIONS = 40


@dataclass
class Leaf:
    """A tensor that backward reached: in how many passes, of which the last; what it was like."""

    hits: int
    last: int
    start: float


@dataclass
class Given:
    """An optimizer: ``since`` holds for each parameter the observed step of its last gradient."""

    observed: int = 0
    since: dict[int, int] = field(default_factory=dict)
    start: dict[int, float] = field(default_factory=dict)
    passes: int = -1
    twice: int = 0


class Roster:
    """Kept up by the detector that owns it, in sampled steps."""

    def __init__(self) -> None:
        self.roots: weakref.WeakKeyDictionary[nn.Module, int] = weakref.WeakKeyDictionary()
        self.calls: weakref.WeakKeyDictionary[nn.Module, bool] = weakref.WeakKeyDictionary()
        self.given: weakref.WeakKeyDictionary[Optimizer, Given] = weakref.WeakKeyDictionary()
        self.loaded: weakref.WeakSet[nn.Module] = weakref.WeakSet()
        self._held: ByTensor[weakref.ref[Optimizer]] = ByTensor()
        self.leaves: ByTensor[Leaf] = ByTensor()
        self.walks = self._learning = 0
        self._passes, self._until, self._observed, self._extended = 0, _WALKS, 0, 0

    @property
    def is_attentive(self) -> bool:
        """Whether a module is new, so that steps are looked at that are not sampled."""
        return self._passes < self._until

    def thawed(self) -> bool:
        """Whether more parameters learn than the time before: those of a layer that was frozen."""
        before = self._learning
        self._learning = sum(p.requires_grad for root in self.roots for p in root.parameters())
        return 0 < before < self._learning

    def anew(self, passes: int) -> None:
        """After so many backward passes an optimizer was made, or a layer is frozen no more.

        Its first steps are looked at, too.
        """
        self._passes = passes
        for tensor, leaf in self.leaves.items():
            if not self.is_held(tensor):
                leaf.hits, leaf.start = 0, total(tensor)
        self._extend()

    def _extend(self) -> None:
        if self._extended < _EXTENSIONS:
            self._until = self._passes + _WALKS
            self._extended += 1

    def called(self, call: Call) -> None:
        """A module was called, in a step that is looked at."""
        if call.root and call.grad:
            if call.module not in self.roots:
                if next(call.module.parameters(), None) is None:
                    return
                self._extend()
            self.roots[call.module] = self._observed
        self.calls[call.module] = call.grad or self.calls.get(call.module, False)

    def walk(self, backward: Backward, passes: int) -> None:
        """Note what a backward pass reaches: the first ones of each module, and later few."""
        self._passes = passes
        if passes > self._until and passes & (passes - 1):
            return
        self.walks += 1
        for tensor in leaves(backward):
            leaf = self.leaves.get(tensor)
            if leaf is None:
                start = 0.0 if self.is_held(tensor) else total(tensor)
                self.leaves.put(tensor, leaf := Leaf(0, 0, start))
            leaf.hits += 1
            leaf.last = self.walks

    def give(self, optimizer: Optimizer) -> Given:
        """What is known of an optimizer; its parameters are noted at its first use."""
        found = self.given.get(optimizer)
        if found is None:
            found = self.given[optimizer] = Given()
            for p in parameters(optimizer):
                self._held.put(p, weakref.ref(optimizer))
        return found

    def stepped(self, optimizer: Optimizer) -> None:
        """An optimizer stepped: which parameters had gradients?"""
        found = self.give(optimizer)
        self._observed += 1
        found.observed += 1
        for p in parameters(optimizer):
            if id(p) not in found.since:
                found.since[id(p)] = 0
                self._held.put(p, weakref.ref(optimizer))
                if p.grad is None and p.requires_grad:
                    found.start[id(p)] = total(p)
            if p.grad is not None:
                found.since[id(p)] = found.observed

    def recent(self) -> list[nn.Module]:
        """The modules that were called in the last observed steps."""
        return [root for root, last in self.roots.items() if last >= self._observed - _RECENT]

    def names(self) -> dict[int, tuple[nn.Module, str]]:
        """For each parameter of the modules called: a module, the largest, and its name there."""
        found: dict[int, tuple[nn.Module, str]] = {}
        sized = sorted(self.roots, key=lambda module: -sum(1 for _ in module.modules()))
        for root in sized:
            for name, p in root.named_parameters():
                found.setdefault(id(p), (root, name))
        return found

    def without(self, optimizer: Optimizer, steps: int) -> list[Tensor]:
        """Trainable parameters that had no gradient in as many observed steps, nor changed."""
        given = self.give(optimizer)
        if given.observed < steps:
            return []
        late = [
            p for p in parameters(optimizer) if given.observed - given.since.get(id(p), 0) >= steps
        ]
        return [p for p in late if p.requires_grad and p.grad is None and self._rests(given, p)]

    def _rests(self, given: Given, p: Tensor) -> bool:
        start = given.start.get(id(p))
        return start is None or start == total(p)

    def is_held(self, tensor: Tensor) -> bool:
        """Whether an optimizer has it that is still there."""
        found = self._held.get(tensor)
        return found is not None and found() is not None

    def is_reached(self, tensor: Tensor) -> bool:
        """Whether some backward passes were seen to go to the tensor."""
        leaf = self.leaves.get(tensor)
        return leaf is not None and leaf.hits >= 3

    def unheld(self) -> list[Tensor]:
        """Trainable tensors that gradients reach again and again, and no optimizer ever had."""
        return [
            tensor
            for tensor, leaf in self.leaves.items()
            if leaf.hits >= 4
            and leaf.last > self.walks - 3
            and tensor.requires_grad
            and not self.is_held(tensor)
            and leaf.start == total(tensor)
        ]
