"""Sources of random numbers: which were seeded, and when."""

import random
import sys
from collections.abc import Callable
from typing import Any

import torch

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Batch, Call
from researchdesk.harness.training.watch.findings import LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here, is_users

_UNSEEDED = 1 << 31


class Seeds(Detector):
    """Random numbers drawn without a seed, or before it was set."""

    names = ("seed-not-set", "seed-set-late")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._start = {"torch": _state("torch"), "random": _state("random")}
        self._seeded: set[str] = set()
        self._late: Site | None = None
        self._look_for_numpy()

    def _look_for_numpy(self) -> None:
        if "numpy" not in self._start and "numpy.random" in sys.modules:
            self._start["numpy"] = _state("numpy")
            # how a state begins that was made from the machine's noise, not from a number
            if int(sys.modules["numpy"].random.get_state()[1][0]) != _UNSEEDED:
                self._seeded.add("numpy")

    def called(self, call: Call) -> None:
        if call.root and "numpy" not in self._start:
            self._look_for_numpy()

    def batch(self, batch: Batch) -> None:
        self._look_for_numpy()

    def seeding(self, source: str) -> None:
        if source in self._seeded or source not in self._start:
            return
        if source == "torch" and _state(source) != self._start[source]:
            self._late = here(1)

    def seeded(self, source: str) -> None:
        self._seeded.add(source)

    def finish(self) -> None:
        if not self.session.step:
            return
        if self._late is not None:
            self._tell_late(self._late)
        drawn = [name for name, start in self._start.items() if _state(name) != start]
        missing = [name for name in drawn if name not in self._seeded]
        # a library may draw while it is imported, for names of files and the like
        if "random" in missing and not _is_random_used():
            missing.remove("random")
        if missing:
            self._tell_missing(missing)

    def _tell_missing(self, missing: list[str]) -> None:
        names = " and ".join(missing)
        self.session.report(
            "seed-not-set",
            LOOK,
            f"Random numbers of {names} were drawn, and no seed was set: another run gives other "
            "numbers, and this one cannot be repeated.",
            Site(),
            sources=missing,
        )

    def _tell_late(self, at: Site) -> None:
        self.session.report(
            "seed-set-late",
            LOOK,
            "Random numbers of torch were drawn before the first seed was set: what they made, "
            "such as first weights or a split of the data, differs from run to run.",
            at,
        )


def _is_random_used() -> bool:
    """Whether a module of the user's holds ``random``, or a function of it."""
    drawing = {id(random), *(id(one) for one in vars(random).values() if callable(one))}
    for module in list(sys.modules.values()):
        held = getattr(module, "__dict__", {})
        mine = is_users(str(held.get("__file__") or "<"))
        if mine and any(id(one) in drawing for one in list(held.values())):
            return True
    return False


def _state(name: str) -> Any:
    """What tells whether numbers were drawn: read, never changed."""
    return _STATES[name]()


def _numpy_state() -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    kind, key, position, *_ = numpy.random.get_state()
    return (kind, key.tobytes(), int(position))


_STATES: dict[str, Callable[[], Any]] = {
    "torch": lambda: hash(tuple(torch.get_rng_state().tolist())),
    "random": lambda: hash(random.getstate()),
    "numpy": _numpy_state,
}
