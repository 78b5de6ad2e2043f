"""Bugs in losses, layers, samplers and checkpoints that people write themselves."""

import pytest
from support.programs.handmade import PAIRS, SOUND
from support.watching import Pair, Zygote

NAMES = {pair.finding for pair in PAIRS}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    found = zygote.watch_pair(pair).named(pair.finding)
    assert found["file"].endswith("train.py")
    assert found["line"]


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_program_that_looks_like_it_stays_quiet(zygote: Zygote, name: str) -> None:
    zygote.watch_sound(SOUND[name], NAMES)
