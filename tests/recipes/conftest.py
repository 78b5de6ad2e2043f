"""One thread, as workers have: more are slower on a busy machine, and their last digits differ."""

import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)
