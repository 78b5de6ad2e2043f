"""Bugs in the loss are named; their sound twins are not."""

import pytest
from support.programs import losses, losses_shapes, losses_sound, losses_targets
from support.watching import Pair, Zygote


@pytest.mark.parametrize(
    "pair", [*losses.PAIRS, *losses_shapes.PAIRS, *losses_targets.PAIRS], ids=lambda pair: pair.name
)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    bug = zygote.watch_pair(pair)
    found = bug.named(pair.finding)
    assert found["file"].endswith("train.py")


@pytest.mark.parametrize("name", losses_sound.PROGRAMS)
def test_what_only_looks_like_a_bug_is_not_named(zygote: Zygote, name: str) -> None:
    watched = zygote.watch(losses_sound.PROGRAMS[name])
    assert (watched.exit_code, watched.loud) == (0, []), watched.report
