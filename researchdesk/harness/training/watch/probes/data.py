"""Batches of DataLoaders, and sources of randomness that are seeded."""

import random
import sys
import time
import weakref
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils.data import DataLoader

from researchdesk.harness.training.watch.events import Batch
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here


def install(session: Session) -> None:
    """Hear of every batch of a DataLoader, of its epochs, and of seeds that are set."""
    epochs: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()

    def iterate(original: Any, loader: Any) -> Any:
        epochs[loader] = epochs.get(loader, -1) + 1
        return _Heard(session, loader, epochs[loader], original(loader))

    wrap(DataLoader, "__iter__", iterate)
    _hear_seeds(session)


class _Heard(Iterator[Any]):
    """The loader's own iterator, with everything it has; its batches are told."""

    def __init__(self, session: Session, loader: Any, epoch: int, inner: Any) -> None:
        self._session, self._loader, self._epoch = session, loader, epoch
        self._inner, self._index = inner, 0

    def __next__(self) -> Any:
        begun = time.perf_counter()
        try:
            found = next(self._inner)
        except StopIteration:
            self._session.tell("epoch_over", self._loader, self._index)
            raise
        self._session.waited += time.perf_counter() - begun
        at = here(2)
        self._session.tell("batch", Batch(self._loader, found, self._index, self._epoch, at))
        self._index += 1
        return found

    def __iter__(self) -> "_Heard":
        return self

    def __len__(self) -> int:
        return len(self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _hear_seeds(session: Session) -> None:
    def hear(source: str) -> Any:
        def seed(original: Any, *args: Any, **options: Any) -> Any:
            session.tell("seeding", source)
            result = original(*args, **options)
            session.tell("seeded", source)
            return result

        return seed

    def restore(original: Any, *args: Any, **options: Any) -> Any:
        result = original(*args, **options)
        session.tell("restored")
        return result

    wrap(torch, "set_rng_state", restore)
    wrap(torch.random, "set_rng_state", restore)
    wrap(torch, "manual_seed", hear("torch"))
    wrap(torch.random, "manual_seed", hear("torch"))
    wrap(random, "seed", hear("random"))
    if (numpy := sys.modules.get("numpy")) is not None:
        wrap(numpy.random, "seed", hear("numpy"))
