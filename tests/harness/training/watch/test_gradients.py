"""Backward passes of one's own, steps lost in rounding, signs, clamps, copies that never move."""

import pytest
from support.programs.gradients import PAIRS, SOUND
from support.watching import Pair, Zygote

NAMES = {pair.finding for pair in PAIRS}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    found = zygote.watch_pair(pair).named(pair.finding)
    assert found["file"].endswith("train.py")
    assert found["line"]


def test_the_line_of_a_wrong_backward_is_in_it(zygote: Zygote) -> None:
    pair = next(pair for pair in PAIRS if pair.name == "swish")
    text = pair.text(pair.bug)
    line = zygote.watch(text).named("custom-backward-wrong")["line"]
    assert text.splitlines()[line - 1].strip() == "(x,) = ctx.saved_tensors"


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_program_that_looks_like_it_stays_quiet(zygote: Zygote, name: str) -> None:
    zygote.watch_sound(SOUND[name], NAMES)


@pytest.mark.parametrize(
    "name", ["a function that draws", "a function that is compiled, and mapped"]
)
def test_a_backward_pass_is_tried_with_copies_and_leaves_the_numbers_alone(
    zygote: Zygote, name: str
) -> None:
    program = SOUND[name] + "\nprint(torch.rand(1).item().hex())\n"
    program += "print(x.sum().item().hex())\n"
    assert zygote.watch(program).printed == zygote.run_alone(program)


def test_a_function_that_tells_of_itself_is_not_tried(zygote: Zygote) -> None:
    program = next(pair for pair in PAIRS if pair.name == "swish")
    text = program.text(program.bug).replace(
        "        ctx.save_for_backward(x)",
        "        print('called')\n        ctx.save_for_backward(x)",
    )
    watched = zygote.watch(text)
    assert watched.printed == zygote.run_alone(text)
    assert "custom-backward-wrong" not in watched.names
