"""The size of inputs, where some of them are not finite."""

import math

import pytest
import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.detectors.data.items import Items
from researchdesk.harness.training.watch.detectors.data.scale import Sums
from researchdesk.harness.training.watch.findings import Site


def added(sums: Sums, data: Tensor) -> None:
    sums.add(Items(nn.Identity(), data, (), Site(), None))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_row_that_is_not_finite_is_left_out_and_no_other(bad: float) -> None:
    made = torch.Generator().manual_seed(0)
    rows = 5 + torch.randn(40, 3, generator=made)
    spoiled = rows.clone()
    spoiled[7, 1] = bad
    sums = Sums()
    for batch in (*spoiled.split(10), spoiled[:10], torch.full((4, 3), bad)):
        added(sums, batch)
    rest = torch.cat((rows[:7], rows[8:])).double()
    assert len(sums.rows) == 39
    assert sums.mean().tolist() == pytest.approx(rest.mean(0).tolist())
    assert sums.spread().tolist() == pytest.approx(rest.std(0, correction=0).tolist())
