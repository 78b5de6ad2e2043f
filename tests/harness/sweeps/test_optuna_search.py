"""Optuna's trials: of the arm's types, better than chance, the same when they are told again."""

import importlib
import math
import sys
import time
from dataclasses import replace
from typing import Any

import pytest

from researchdesk.domain.sampling import Sampler
from researchdesk.domain.sweeps import Dimension, Distribution, Search, SweepSpec, TrialState
from researchdesk.errors import DeskError
from researchdesk.harness.sweeps.optuna_search import OptunaSearch

SPEC = SweepSpec(
    name="s",
    recipe="r",
    arm="ours",
    metric="valid",
    better="lower",
    space=(
        Dimension("lr", Distribution.LOG_UNIFORM, 1e-6, 1.0),
        Dimension("drop", Distribution.UNIFORM, 0.0, 0.95, step=0.1),
        Dimension("size", Distribution.INTEGER, 3, 20, step=5),
        Dimension("layers", Distribution.LOG_INTEGER, 1, 64),
        Dimension("act", Distribution.CHOICE, values=("relu", 1, 1.0, True, [1, 2], "relu")),
        Dimension("one", Distribution.CHOICE, values=("only",)),
    ),
    search=Search.OPTUNA,
    width=4,
)
USUAL = {"lr": 0.1, "drop": 0.5, "size": 3, "layers": 2.0, "act": "relu", "one": "only"}


def loss(settings: Any) -> float:
    return abs(math.log10(settings["lr"]) + 3) + abs(settings["drop"] - 0.3)


def told(search: OptunaSearch, number: int, settings: Any) -> None:
    """As trials come to all sorts of ends."""
    value, step = loss(settings), None
    state = TrialState.STOPPED if number % 5 == 1 else TrialState.FINISHED
    if state is TrialState.STOPPED:
        step = 10
    if number % 7 == 2:
        value = math.nan
    if number % 11 == 3:
        state = TrialState.FAILED
    search.told(number, state, None if number % 13 == 5 else value, step)


def trials(count: int, known: dict[int, Any] | None = None, spec: SweepSpec = SPEC) -> list[Any]:
    search = OptunaSearch(spec, USUAL, known or {})
    found = []
    for number in range(count):
        if number >= spec.width:
            told(search, number - spec.width, found[number - spec.width])
        found.append(dict(search.settings(number)))
    return found


def test_trials_keep_to_the_space_and_to_the_types_of_the_arm() -> None:
    found = trials(40)
    assert all(1e-6 <= one["lr"] <= 1 for one in found)
    assert {round(one["drop"], 9) for one in found} <= {k / 10 for k in range(10)}
    assert {one["size"] for one in found} == {3, 8, 13, 18}
    assert all(isinstance(one["layers"], float) and one["layers"] % 1 == 0 for one in found)
    acts = {repr(one["act"]) for one in found}
    assert acts == {"'relu'", "1", "1.0", "True", "[1, 2]"}
    assert {one["one"] for one in found} == {"only"}
    assert found != trials(40, spec=replace(SPEC, seed=1))


def test_trials_that_are_known_are_told_again_and_not_chosen_again(
    capfd: pytest.CaptureFixture[str],
) -> None:
    first = trials(40)
    known = {number: settings for number, settings in enumerate(first) if number < 30}
    assert trials(40, known) == first
    assert trials(40, {**known, 7: {"lr": 99.0}, 8: {}})[:9] == first[:9], "no trial of this space"
    noise = capfd.readouterr()
    assert noise.out + noise.err == ""


def test_a_value_without_end_is_no_better_than_one_that_is_no_number() -> None:
    def chosen(value: float) -> list[Any]:
        search = OptunaSearch(replace(SPEC, better="higher", width=1), USUAL, {})
        found = []
        for number in range(16):
            found.append(dict(search.settings(number)))
            given = -loss(found[-1]) if number % 3 else value
            search.told(number, TrialState.FINISHED, given, None)
        return found

    assert chosen(math.inf) == chosen(math.nan)


def test_it_finds_better_trials_than_chance() -> None:
    space = (SPEC.space[0], Dimension("drop", Distribution.UNIFORM, 0.0, 1.0))
    spec = replace(SPEC, space=space)
    chosen = sorted(map(loss, trials(60, spec=spec)[30:]))
    sampler = Sampler(replace(spec, search=Search.RANDOM), USUAL)
    chance = sorted(loss(sampler.settings(number)) for number in range(30, 60))
    assert chosen[15] < 0.5 * chance[15]


def test_without_optuna_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(DeskError, match="not installed") as caught:
        OptunaSearch(SPEC, USUAL, {})
    assert "pip install 'researchdesk[optuna]'" in caught.value.hint
    assert "othing was run" in caught.value.message


@pytest.mark.slow
def test_going_on_with_thousands_of_trials_is_linear() -> None:
    importlib.import_module("optuna")
    sampler = Sampler(replace(SPEC, search=Search.RANDOM), USUAL)
    known = {number: sampler.settings(number) for number in range(8_000)}

    def took(count: int) -> float:
        begun = time.process_time()
        assert trials(count, known)[:10] == [known[number] for number in range(10)]
        return time.process_time() - begun

    # another process takes of the processor's cache what it will
    assert any(took(8_000) < 4 * 1.5 * took(2_000) for _ in range(3)), "in no round"
