"""Bugs in the data are named; their sound twins are not."""

import pytest
from support.programs.data import ORDER, OVERLAP, SCALE
from support.programs.data_items import ITEMS, LABELS, STORED, WORKERS
from support.watching import Pair, Zygote

PAIRS = [*OVERLAP, *ORDER, *SCALE, *LABELS, *ITEMS, *WORKERS, *STORED]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    bug = zygote.watch_pair(pair)
    found = bug.named(pair.finding)
    assert found["file"].endswith("train.py")
