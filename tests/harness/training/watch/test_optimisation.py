"""Bugs of optimisation are named, their sound twins are not."""

import pytest
from support.programs import optimisation, optimisation_rates
from support.programs.optimisation_sound import SOUND
from support.watching import Pair, Zygote

PAIRS = [*optimisation.PAIRS, *optimisation_rates.PAIRS]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    bug = zygote.watch_pair(pair)
    found = bug.named(pair.finding)
    assert found["file"].endswith("train.py")
    assert found["line"] > 0


@pytest.mark.parametrize("name", SOUND)
def test_what_only_looks_like_a_bug_stays_quiet(zygote: Zygote, name: str) -> None:
    watched = zygote.watch(SOUND[name])
    assert (watched.exit_code, watched.loud) == (0, []), (watched.printed, watched.report)
