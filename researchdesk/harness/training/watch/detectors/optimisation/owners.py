"""Parameters and the optimizers that should have them."""

import weakref
from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import few, parameters
from researchdesk.harness.training.watch.detectors.optimisation.roster import Roster
from researchdesk.harness.training.watch.events import Backward, Call, Loaded
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_STEPS = 5
_SURE = 10
_STAYS = "optimizer-holds-replaced-parameters"
_Names = dict[int, tuple[nn.Module, str]]


class Owners(Detector):
    """Looks now and then, ever more seldom; each look takes back what the one before said."""

    names = (
        "parameters-not-optimised",
        _STAYS,
        "parameters-without-gradient",
        "parameters-given-twice",
        "freezing-without-effect",
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._roster = Roster()
        self._passes = 0
        self._next = _STEPS
        self._depth = 0
        self._alive = (0, 0)
        self._sites: dict[int, Site] = {}
        self._outdated: weakref.WeakSet[Optimizer] = weakref.WeakSet()
        self._at = Site()

    def created(self, owner: Any, site: Site) -> None:
        if isinstance(owner, Optimizer):
            self._sites[id(owner)] = site
            self._roster.give(owner)
            if self._passes:
                self._roster.anew(self._passes)
                self._next = self.session.step + _STEPS

    @property
    def _attends(self) -> bool:
        return self.session.sampled or self._roster.is_attentive

    def called(self, call: Call) -> None:
        if self._attends or (call.root and call.module not in self._roster.roots):
            self._roster.called(call)

    called_inside = called

    def loaded(self, loaded: Loaded) -> None:
        self._roster.loaded.update(loaded.module.modules())

    def before_backward(self, backward: Backward) -> None:
        self._passes += 1
        self._at = backward.site
        if self.session.sampled and self._roster.thawed():
            self._roster.anew(self._passes)
        if self._attends:
            self._roster.walk(backward, self._passes)

    def before_step(self, optimizer: Optimizer) -> None:
        self._depth += 1

    def after_step(self, optimizer: Optimizer) -> None:
        self._depth = max(0, self._depth - 1)
        if not self._attends:
            return
        self._roster.stepped(optimizer)
        if not self._depth:
            self._share(optimizer)
        if self.session.step >= self._next:
            self._next = self.session.step + 2 + self.session.step // 2
            self._look()

    def finish(self) -> None:
        # where some of the script's objects are gone by now, the last look stands
        if self.session.step > _STEPS and self._alive == self._living():
            self._look()

    def _living(self) -> tuple[int, int]:
        return len(self._roster.roots), len(self._roster.given)

    def _share(self, optimizer: Optimizer) -> None:
        """Count steps of two optimizers with one and the same gradient of a parameter."""
        mine = self._roster.give(optimizer)
        ids = {id(p) for p in parameters(optimizer) if p.grad is not None}
        for other, given in tuple(self._roster.given.items()):
            if other is optimizer or given.passes != self._passes or not given.observed:
                continue
            if any(a is b for a in other.param_groups for b in optimizer.param_groups):
                continue
            if any(id(p) in ids and p.grad is not None for p in parameters(other)):
                mine.twice += 1
        mine.passes = self._passes

    def _look(self) -> None:
        self._alive = self._living()
        for name in self.names:
            if name != _STAYS:
                self.session.withdraw(name)
        names = self._roster.names()
        self._twice(names)
        self._frozen()
        unheld = self._roster.unheld()
        if any(given.observed >= _STEPS for given in self._roster.given.values()):
            replaced = self._replaced(unheld, names)
            self._missed([p for p in unheld if id(p) not in replaced], names)
        self._without(names, bool(unheld))

    def _twice(self, names: _Names) -> None:
        for optimizer, given in self._roster.given.items():
            ids = [id(p) for p in parameters(optimizer)]
            double = (
                {key for key in ids if ids.count(key) > 1} if len(set(ids)) < len(ids) else set()
            )
            if double:
                words = few(sorted(names[key][1] for key in double if key in names))
                self._say(
                    "parameters-given-twice",
                    CERTAIN,
                    f"{len(double)} parameters are given twice to one optimizer ({words}): each "
                    "step "
                    "moves them twice.",
                    optimizer,
                    parameters=len(double),
                )
            elif given.twice >= _STEPS:
                self._say(
                    "parameters-given-twice",
                    LIKELY,
                    f"Two optimizers stepped {given.twice} times, one after the other, with the "
                    "same "
                    "gradients of the same parameters.",
                    optimizer,
                    steps=given.twice,
                )

    def _frozen(self) -> None:
        for root in self._roster.roots:
            marked = [
                name or type(module).__name__
                for name, module in root.named_modules()
                if vars(module).get("requires_grad") is False
                and any(p.requires_grad and p.grad is not None for p in module.parameters())
            ]
            if marked:
                self.session.report(
                    "freezing-without-effect",
                    CERTAIN,
                    f"requires_grad = False was set on the modules {few(marked)}, where it means "
                    "nothing: their parameters still get gradients.",
                    self._at,
                    modules=len(marked),
                )

    def _replaced(self, unheld: Sequence[Tensor], names: _Names) -> set[int]:
        """Optimizers whose parameters are no longer those of the model; which are instead."""
        now = {id(p) for root in self._roster.recent() for p in root.parameters()}
        fresh = [p for p in unheld if id(p) in now]
        for optimizer in self._roster.given:
            stale = [p for p in self._roster.without(optimizer, _STEPS) if id(p) not in now]
            shapes = {p.shape for p in stale}
            if not stale or not fresh:
                continue
            words = few([names[id(p)][1] for p in fresh if id(p) in names])
            same = any(p.shape[1:] in {shape[1:] for shape in shapes} for p in fresh)
            self._outdated.add(optimizer)
            self._say(
                _STAYS,
                CERTAIN if same else LIKELY,
                f"{len(stale)} parameters of the optimizer are not in the model that is trained "
                "and "
                f"get no gradients, while {len(fresh)} of the model's get gradients and are in no "
                f"optimizer ({words}): they were replaced after the optimizer was made.",
                optimizer,
                stale=len(stale),
                missed=len(fresh),
            )
            return {id(p) for p in fresh}
        return set()

    def _missed(self, unheld: Sequence[Tensor], names: _Names) -> None:
        by_root: dict[nn.Module, list[Tensor]] = {}
        for p in unheld:
            if id(p) in names:
                by_root.setdefault(names[id(p)][0], []).append(p)
        alone = [p for p in unheld if id(p) not in names and isinstance(p, nn.Parameter)]
        for root, missed in by_root.items():
            words = few([names[id(p)][1] for p in missed])
            self._miss(self._how_sure(root, missed), f"{type(root).__name__}: {words}", missed)
        if alone:
            shapes = few([str(tuple(p.shape)) for p in alone])
            self._miss(LIKELY, f"parameters outside of modules, of shape {shapes}", alone)

    def _how_sure(self, root: nn.Module, missed: Sequence[Tensor]) -> str:
        ids = {id(p) for p in missed}
        order = [id(p) in ids for p in root.parameters()]
        trained = [self._roster.is_held(p) for p in root.parameters()]
        loaded = any(module in self._roster.loaded for module in root.modules())
        if loaded or not root.training:
            return LOOK
        # the first layers left out looks like a backbone that is frozen by leaving it out
        head_only = True in trained and not any(order[trained.index(True) :])
        return LOOK if head_only else LIKELY

    def _miss(self, certainty: str, words: str, missed: Sequence[Tensor]) -> None:
        self.session.report(
            "parameters-not-optimised",
            certainty,
            f"{len(missed)} trainable parameters get gradients and are in no "
            "optimizer "
            f"({words}): they stay as they were made.",
            self._at,
            parameters=len(missed),
        )

    def _without(self, names: _Names, others: bool) -> None:
        for optimizer, given in self._roster.given.items():
            trainable = [p for p in parameters(optimizer) if p.requires_grad]
            idle = self._roster.without(optimizer, _STEPS)
            # where backward reaches them, something took the gradients away before the step
            idle = [p for p in idle if not self._roster.is_reached(p)]
            if not idle or not self._passes or given.passes < 0:
                continue
            if len(idle) == len(trainable):
                if not others and optimizer not in self._outdated:
                    self._idle_optimizer(optimizer, given.observed)
                continue
            never = [p for p in idle if given.since.get(id(p)) == 0 and id(p) in names]
            if never:
                self._idle(optimizer, never, names, given.observed)

    def _idle_optimizer(self, optimizer: Optimizer, steps: int) -> None:
        if self._passes >= steps:
            self._say(
                "parameters-without-gradient",
                CERTAIN if steps >= _SURE and self._passes >= steps else LIKELY,
                f"This optimizer stepped {steps} times and none of its parameters ever had a "
                "gradient, "
                f"in {self._passes} backward passes.",
                optimizer,
                steps=steps,
                backward_passes=self._passes,
            )

    def _idle(
        self, optimizer: Optimizer, never: Sequence[Tensor], names: _Names, steps: int
    ) -> None:
        worked = [p for p in never if self._is_used(*names[id(p)])]
        self._say(
            "parameters-without-gradient",
            LIKELY if worked else LOOK,
            f"{len(never)} trainable parameters of the optimizer had no gradient in any of {steps} "
            f"observed steps ({few([names[id(p)][1] for p in worked or never])}): "
            + ("their modules are called, so the graph is cut after them." if worked else
               "their modules are never called with gradients recorded."),
            optimizer,
            parameters=len(never),
            steps=steps,
        )  # fmt: skip

    def _is_used(self, root: nn.Module, name: str) -> bool:
        owner = root.get_submodule(name.rpartition(".")[0])
        return bool(owner.training and self._roster.calls.get(owner, False))

    def _say(
        self, name: str, certainty: str, message: str, optimizer: Optimizer, **numbers: Any
    ) -> None:
        site = self._sites.get(id(optimizer), self._at)
        self.session.report(name, certainty, message, site, **numbers)
