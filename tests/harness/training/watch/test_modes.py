"""A model in the wrong mode is named; sampling, teachers, generators and frozen parts are not."""

import pytest
from support.programs.mode import PAIRS
from support.programs.mode_sound import SOUND
from support.watching import Pair, Zygote

MINE = {
    "evaluation-in-training-mode",
    "training-in-evaluation-mode",
    "evaluation-with-gradients",
    "dropout-always-on",
}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    bug = zygote.watch_pair(pair)
    found = bug.named(pair.finding)
    assert bug.exit_code == 0, bug.printed
    assert found["file"].endswith("train.py")
    assert found["line"] > 0


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_use_of_the_other_mode_is_quiet(zygote: Zygote, name: str) -> None:
    sound = zygote.watch(SOUND[name])
    assert sound.exit_code == 0, sound.printed
    loud = [f for f in sound.report["findings"] if f["certainty"] != "worth a look"]
    assert not [f for f in loud if f["name"] in MINE], loud
