"""Batches of DataLoaders, and sources of randomness that are seeded."""

import contextlib
import random
import sys
import time
import weakref
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.data import DataLoader
from torch.utils.data.dataloader import _BaseDataLoaderIter

from researchdesk.harness.training.watch.events import Batch
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here


def install(session: Session) -> None:
    """Hear of every batch of a DataLoader, of its epochs, and of seeds that are set."""
    epochs: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()

    def iterate(original: Any, loader: Any) -> Any:
        found = original(loader)
        if isinstance(found, _BaseDataLoaderIter) and not session.is_apart:
            epoch = 0
            # a loader of one's own need not be hashable
            with contextlib.suppress(TypeError):
                epoch = epochs[loader] = epochs.get(loader, -1) + 1
            found.__dict__[_KEPT] = _Pass(loader, epoch)
        return found

    def give(original: Any, iterator: Any) -> Any:
        under_way = iterator.__dict__.get(_KEPT)
        if under_way is None or session.is_apart:
            return original(iterator)
        begun = time.perf_counter()
        try:
            found = original(iterator)
        except StopIteration:
            session.tell("epoch_over", under_way.loader, under_way.index)
            raise
        session.waited += time.perf_counter() - begun
        loader, index, epoch = under_way.loader, under_way.index, under_way.epoch
        session.tell("batch", Batch(loader, found, index, epoch, here(2)))
        under_way.index += 1
        return found

    wrap(DataLoader, "__iter__", iterate)
    wrap(_BaseDataLoaderIter, "__next__", give)
    _hear_seeds(session)


_KEPT = "_pass_that_is_watched"


@dataclass(slots=True)
class _Pass:
    """One pass over a loader, kept with its iterator."""

    loader: Any
    epoch: int
    index: int = 0


def _hear_seeds(session: Session) -> None:
    def hear(source: str) -> Any:
        def seed(original: Any, *args: Any, **options: Any) -> Any:
            session.tell("seeding", source)
            result = original(*args, **options)
            session.tell("seeded", source)
            return result

        return seed

    wrap(torch, "manual_seed", hear("torch"))
    wrap(torch.random, "manual_seed", hear("torch"))
    wrap(random, "seed", hear("random"))
    if (numpy := sys.modules.get("numpy")) is not None:
        wrap(numpy.random, "seed", hear("numpy"))
