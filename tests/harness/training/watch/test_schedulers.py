"""Schedulers, freezing, ignored labels; scripts whose objects end before the report is made."""

import pytest
from support.programs.schedulers import PAIRS, SOUND, SPECTRAL
from support.watching import Pair, Zygote


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    bug = zygote.watch_pair(pair)
    assert bug.named(pair.finding)["file"].endswith("train.py")


@pytest.mark.parametrize("name", SOUND)
def test_what_only_looks_like_a_bug_stays_quiet(zygote: Zygote, name: str) -> None:
    watched = zygote.watch(SOUND[name])
    assert (watched.exit_code, watched.loud) == (0, []), (watched.printed, watched.report)
    assert "training-not-shuffled" not in watched.names


def test_to_look_at_a_parametrized_weight_computes_nothing(zygote: Zygote) -> None:
    watched = zygote.watch(SPECTRAL)
    assert watched.printed == zygote.run_alone(SPECTRAL)
