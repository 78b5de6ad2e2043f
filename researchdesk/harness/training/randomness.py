"""The generators that a whole process shares: Python's, numpy's and torch's."""

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

_NUMPY = "MT19937"


def seed_everything(seed: int) -> None:
    """Seed Python's, numpy's and torch's generators alike, on every device."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def shared_state() -> dict[str, Any]:
    """Where the shared generators are, as numbers and tensors, for ``restore_shared``."""
    version, words, gauss = random.getstate()
    numpy = np.random.get_state(legacy=False)
    keys = torch.from_numpy(numpy["state"]["key"].astype(np.int64))
    return {
        "python": [version, torch.tensor(words, dtype=torch.int64), gauss],
        "numpy": [keys, numpy["state"]["pos"], numpy["has_gauss"], numpy["gauss"]],
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def restore_shared(state: Mapping[str, Any]) -> None:
    """Set the shared generators as they were."""
    version, words, gauss = state["python"]
    random.setstate((version, tuple(words.tolist()), gauss))
    keys, position, has_gauss, cached = state["numpy"]
    np.random.set_state((_NUMPY, keys.numpy().astype(np.uint32), position, has_gauss, cached))
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])
