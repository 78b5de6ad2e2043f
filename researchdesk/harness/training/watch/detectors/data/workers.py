"""Random numbers that come again: in each worker, in each epoch."""

from __future__ import annotations

import dis
import random
import sys
import types
import weakref
from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch
from torch.optim import Optimizer
from torch.utils.data import DataLoader, IterableDataset

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.data.items import (
    is_plain,
    row_keys,
    tensors_in,
)
from researchdesk.harness.training.watch.events import Batch
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here, is_users, users_frame

_ROWS = 4_096
_LEAST = 16
_TIMES = 3


class Workers(Detector):
    """``random-numbers-repeat``, ``items-repeated-by-workers``."""

    names = ("random-numbers-repeat", "items-repeated-by-workers")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._known: weakref.WeakSet[Any] = weakref.WeakSet()
        self._rows: weakref.WeakKeyDictionary[Any, Counter[int]] = weakref.WeakKeyDictionary()

    def batch(self, batch: Batch) -> None:
        loader = batch.loader
        if not isinstance(loader, DataLoader) or loader.num_workers < 1:
            return
        if loader not in self._known:
            self._known.add(loader)
            self._look(loader, batch.site)
        if isinstance(loader.dataset, IterableDataset) and batch.epoch == 0:
            self._count(loader, batch)

    def _count(self, loader: Any, batch: Batch) -> None:
        rows = self._rows.setdefault(loader, Counter())
        held = [one for one in tensors_in(batch.batch) if is_plain(one)]
        if rows.total() < _ROWS and held and loader.num_workers > 1:
            size = held[0].shape[0]
            keys = [row_keys(one) for one in held if one.shape[0] == size]
            rows.update(hash(row) for row in zip(*keys, strict=False))

    def epoch_over(self, loader: Any, batches: int) -> None:
        rows = self._rows.pop(loader, Counter())
        if rows.total() >= _LEAST and rows.total() >= 0.95 * loader.num_workers * len(rows):
            self.session.report(
                "items-repeated-by-workers",
                LIKELY,
                f"A pass of {loader.num_workers} workers brought {rows.total()} items, of which "
                f"{len(rows)} are different: each worker goes through the whole stream.",
                here(),
                items=rows.total(),
                different=len(rows),
                workers=loader.num_workers,
            )

    def _look(self, loader: Any, site: Site) -> None:
        start = loader.worker_init_fn
        if isinstance(start, types.FunctionType):
            self._look_at_start(loader, start)
        elif start is None and (name := next(_generators(loader.dataset), "")):
            self.session.report(
                "random-numbers-repeat",
                LIKELY,
                f"The dataset draws from {name}, which each of {loader.num_workers} workers gets a "
                "copy of: all draw the same numbers, and the same again in the next epoch.",
                site,
                generator=name,
                workers=loader.num_workers,
            )

    def _look_at_start(self, loader: Any, start: types.FunctionType) -> None:
        names = _names(start.__code__)
        if not any("seed" in name for name in names):
            return
        if names & {"initial_seed", "get_worker_info", "default_rng"}:
            return
        takes = bool(start.__code__.co_argcount) and start.__code__.co_varnames[0] in {
            one.argval for one in dis.get_instructions(start) if one.opname.startswith("LOAD_")
        }
        if takes and loader.persistent_workers:
            return
        if takes and not _draws_elsewhere(loader.dataset):
            return
        self.session.report(
            "random-numbers-repeat",
            LOOK if takes else LIKELY,
            "worker_init_fn seeds each worker "
            + (
                "by its number alone: each epoch draws the same random numbers again."
                if takes
                else "alike: all draw the same random numbers."
            ),
            Site(start.__code__.co_filename, start.__code__.co_firstlineno),
            workers=loader.num_workers,
        )


class Seeds(Detector):
    """``seeded-in-loop``: the same seed is set again while the same training goes on."""

    names = ("seeded-in-loop",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._last: dict[tuple[Site, str], tuple[int, weakref.WeakSet[Optimizer], int]] = {}
        self._stepped: weakref.WeakSet[Optimizer] = weakref.WeakSet()

    def after_step(self, optimizer: Optimizer) -> None:
        self._stepped.add(optimizer)

    def seeded(self, source: str) -> None:
        site = here()
        if not site.file or _inside("fork_rng"):
            return
        state = _state(source)
        known, stepped, times = self._last.get((site, source), (None, weakref.WeakSet(), 0))
        goes_on = any(one in stepped for one in self._stepped)
        times = times + 1 if known == state and goes_on else times if not self._stepped else 0
        self._last[site, source] = (state, self._stepped, times)
        self._stepped = weakref.WeakSet()
        if times >= _TIMES:
            self.session.report(
                "seeded-in-loop",
                LIKELY,
                f"The seed of {source} is set to the same number again and again while training "
                "goes on: the same random numbers come in each round.",
                site,
                times=times,
            )


def _inside(name: str) -> bool:
    """Whether a line of the user's, near the one that runs, uses this."""
    frame = users_frame()
    names = set(frame.f_code.co_names) if frame is not None else set()
    return bool(names & {name, "set_rng_state", "setstate", "set_state"})


def _state(source: str) -> int:
    if source == "torch":
        return torch.initial_seed()
    if source == "random":
        return hash(random.getstate())
    numpy = sys.modules.get("numpy")
    return hash(tuple(numpy.random.get_state()[1][:8].tolist())) if numpy is not None else 0


def _names(code: types.CodeType) -> set[str]:
    found = set(code.co_names)
    for held in code.co_consts:
        if isinstance(held, types.CodeType):
            found |= _names(held)
    return found


def _methods(owner: Any) -> Iterator[types.FunctionType]:
    """The user's own code in an object: its methods but those that make it."""
    for kind in type(owner).__mro__:
        for name, item in vars(kind).items():
            written = isinstance(item, types.FunctionType) and name not in ("__init__", "__new__")
            if written and is_users(item.__code__.co_filename):
                yield item


def _is_generator(found: Any) -> bool:
    kind = type(found)
    named = kind.__module__.startswith("numpy.random") and kind.__name__ in (
        "Generator",
        "RandomState",
    )
    return named or isinstance(found, torch.Generator | random.Random)


def _generators(owner: Any, depth: int = 3) -> Iterator[str]:
    """Sources of random numbers that items are made with, by name."""
    held = getattr(owner, "__dict__", {})
    for method in _methods(owner):
        for name in _names(method.__code__):
            if _is_generator(held.get(name)):
                yield f"self.{name}"
            elif name not in held and _is_generator(method.__globals__.get(name)):
                yield name
    if depth:
        for item in held.values():
            if isinstance(item, list | tuple):
                for one in item[:10]:
                    yield from _from(one, depth)
            else:
                yield from _from(item, depth)


def _from(item: Any, depth: int) -> Iterator[str]:
    if isinstance(item, types.FunctionType):
        for name in _names(item.__code__):
            if _is_generator(item.__globals__.get(name)):
                yield name
    elif hasattr(item, "__dict__") and not isinstance(item, torch.Tensor | type | types.ModuleType):
        yield from _generators(item, depth - 1)


def _draws_elsewhere(owner: Any) -> bool:
    """Whether a dataset's own code uses numpy's or Python's random numbers."""
    names = {name for method in _methods(owner) for name in _names(method.__code__)}
    return "random" in names or bool(names & {"randint", "uniform", "shuffle", "choice"})
