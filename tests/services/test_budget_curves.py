"""What a budget buys, from sweeps made by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from support.made_sweeps import drawn, sweep_of

from researchdesk.domain.budget_curves import Against, budget_words
from researchdesk.domain.sweeps import Search, TrialState
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.harness.statistics.expected import expected_maxima
from researchdesk.services.budget_comparing import compare
from researchdesk.services.budget_curves import curve_of, told_apart
from researchdesk.services.budget_draws import Asked
from researchdesk.services.budget_figures import picture
from researchdesk.services.budget_sweeps import SweepCurves
from researchdesk.services.budget_words import comparison_words, legend, shared_notes

VALUES = [0.5, 0.9, 0.7, 0.8, 0.6, 0.75]
F, S = TrialState.FINISHED, TrialState.STOPPED


def test_a_random_search_has_its_expected_best_at_each_number_of_trials() -> None:
    found = curve_of(sweep_of(VALUES))
    assert [point.budget for point in found.points] == [1, 2, 3, 4, 5, 6]
    assert found.told == (1, 2, 5, 6)
    ours = expected_maxima(VALUES, range(1, 7))
    assert [point.best for point in found.points] == pytest.approx(ours.mean.tolist())
    assert [point.sd for point in found.points] == pytest.approx(ours.sd.tolist())
    assert all(point.low < point.best < point.high for point in found.points[:4])
    assert found.expected
    without = curve_of(sweep_of(VALUES), Asked(replacement=False))
    assert without.points[-1].best == pytest.approx(0.9)
    assert found.points[-1].best < 0.9
    assert "biased to the worse" in " ".join(found.notes)
    assert "unbiased" in " ".join(without.notes)


def test_where_lower_is_better_all_is_turned_round() -> None:
    higher = curve_of(sweep_of(VALUES), Asked(reach=0.8))
    lower = curve_of(sweep_of([-one for one in VALUES], better="lower"), Asked(reach=-0.8))
    for up, down in zip(higher.points, lower.points, strict=True):
        assert (down.best, down.low, down.high) == pytest.approx((-up.best, -up.high, -up.low))
        assert down.sd == pytest.approx(up.sd)
    assert lower.reach.budget == higher.reach.budget
    assert (lower.reach.low, lower.reach.high) == (higher.reach.low, higher.reach.high)


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_a_stopped_trial_is_no_better_than_what_can_be_chosen(better: str) -> None:
    sign = 1 if better == "higher" else -1
    values, states = [sign * 0.5, sign * 0.9, sign * 0.4, sign * 0.7], [F, S, S, F]
    found = curve_of(sweep_of(values, states=states, better=better))
    ours = expected_maxima([0.5, 0.7, 0.4, 0.7], range(1, 5)).mean
    assert [point.best for point in found.points] == pytest.approx((sign * ours).tolist())
    assert "no better one than the best of those that came to their end" in " ".join(found.notes)
    grid = sweep_of(values, states=states, better=better, search=Search.GRID)
    assert [point.best for point in curve_of(grid).points][-1] == sign * 0.7
    none = curve_of(sweep_of(values[:2], states=[S, S], better=better), Asked(replacement=False))
    assert none.points[-1].best == sign * 0.9


def test_a_failed_trial_is_a_draw_of_the_worst_and_a_stopped_one_of_what_it_had() -> None:
    values = [0.5, None, 0.7, math.nan, 0.6, 0.9, 0.1, None]
    states = [F, TrialState.FAILED, F, F, S, F, TrialState.RUNNING, TrialState.CANCELLED]
    found = curve_of(sweep_of(values, states=states))
    worst = expected_maxima([0.5, 0.5, 0.7, 0.5, 0.6, 0.9], [1, 3]).mean.tolist()
    assert [found.points[0].best, found.points[2].best] == pytest.approx(worst)
    assert (found.trials, found.stopped, found.failed, found.left_out) == (6, 1, 2, 2)
    told = " ".join(found.notes)
    assert "6 trials count." in told
    assert "1 trial stopped early and counts with the value of then" in told
    assert "2 trials gave no value, and are draws of the worst" in told
    assert "2 trials that have not ended are left out." in told
    losses = curve_of(sweep_of([0.5, math.inf, 0.7], better="lower"))
    assert losses.points[0].best == pytest.approx((0.5 + 0.7 + 0.7) / 3)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (S, "stopped early draw it to the worse"),
        (TrialState.FAILED, "draw it to the better at small budgets"),
        (TrialState.CANCELLED, "it makes trials look shorter than they are"),
    ],
)
def test_what_biases_the_curve_is_named_with_its_side(state: TrialState, words: str) -> None:
    """Only of trials that all came to their end is it called unbiased."""
    value = 0.8 if state is S else None
    made = sweep_of([*VALUES, value], states=[*[F] * len(VALUES), state])
    for against in (Against.TRIALS, Against.TIME):
        told = " ".join(curve_of(made, Asked(against, replacement=False)).notes)
        assert "unbiased" not in told
        assert (words in told) is (against is Against.TIME or state is not TrialState.CANCELLED)
    told = " ".join(curve_of(made, Asked(replacement=False)).notes)
    assert "it has no bias, of these it has" in told
    timed = curve_of(sweep_of(VALUES), Asked(Against.TIME, replacement=False))
    assert "nearly without bias" in " ".join(timed.notes)


def test_one_trial_has_no_band_and_none_no_curve() -> None:
    alone = curve_of(sweep_of([0.5]))
    assert [(one.best, one.low, one.sd) for one in alone.points] == [(0.5, None, None)]
    for values in ([], [None, None]):
        with pytest.raises(NotOnDeskError, match="valid_accuracy"):
            curve_of(sweep_of(values))


@pytest.mark.parametrize("search", [Search.GRID, Search.OPTUNA])
def test_what_is_no_random_search_is_shown_as_it_came(search: Search) -> None:
    values = [None, 0.5, 0.4, 0.7, 0.6]
    found = curve_of(sweep_of(values, search=search), Asked(reach=0.65))
    assert not found.expected
    assert [(one.budget, one.best) for one in found.points] == [(2, 0.5), (4, 0.7), (5, 0.7)]
    assert all(one.low is None and one.sd is None for one in found.points)
    assert (found.reach.budget, found.reach.share, found.reach.sure) == (4, None, None)
    assert "no expectation" in found.notes[0]
    timed = curve_of(sweep_of(values, search=search), Asked(Against.TIME))
    assert [one.budget for one in timed.points] == pytest.approx([2 / 60, 4 / 60, 5 / 60])
    with pytest.raises(UsageProblemError, match="no random search"):
        compare(sweep_of(VALUES), sweep_of(values, search=search))


def test_over_time_each_trial_takes_its_own_and_the_average_stands_beside() -> None:
    made = sweep_of(VALUES, seconds=[600.0] * 6)
    found = curve_of(made, Asked(Against.TIME))
    trials = curve_of(made)
    assert found.points[0].budget == pytest.approx(1 / 6)
    assert found.points[-1].budget == pytest.approx(1.0)
    assert found.points[-1].best == pytest.approx(trials.points[-1].best, abs=0.004)
    assert found.points[-1].by_average == pytest.approx(trials.points[-1].best)
    assert [budget_words(one, found.against) for one in found.told] == [
        "10 min", "20 min", "30 min", "1 h",
    ]  # fmt: skip
    twice = curve_of(made, Asked(Against.GPU_HOURS), gpus=2.0)
    assert twice.points[-1].budget == pytest.approx(2.0)
    assert twice.points[-1].best == pytest.approx(found.points[-1].best, abs=0.004)
    with pytest.raises(UsageProblemError, match="held a GPU"):
        curve_of(made, Asked(Against.GPU_HOURS))
    with pytest.raises(UsageProblemError, match="how long"):
        curve_of(sweep_of(VALUES, seconds=[0.0] * 6), Asked(Against.TIME))


def test_a_failed_trial_that_took_no_time_costs_none() -> None:
    found = curve_of(sweep_of([0.5, None, 0.7], seconds=[60, 0, 60]), Asked(Against.TIME))
    assert found.points[-1].budget == pytest.approx(2 / 60, rel=1e-4)


def test_how_much_it_takes_to_reach_a_value() -> None:
    made = drawn(60, 1)
    found = curve_of(made, Asked(reach=0.93)).reach
    curve = curve_of(made)
    there = {int(point.budget): point.best for point in curve.points}
    assert there[int(found.budget) - 1] < 0.93 <= there[int(found.budget)]
    assert found.low <= found.budget <= (found.high or math.inf)
    assert 0.5 < found.share <= 1
    good = sum((trial.value or 0) >= 0.93 for trial in made.trials) / 60
    assert (1 - good) ** found.sure <= 0.05 < (1 - good) ** (found.sure - 1)
    never = curve_of(made, Asked(reach=1.5)).reach
    assert (never.budget, never.low, never.high, never.share, never.sure) == (
        None, None, None, 0.0, None,
    )  # fmt: skip
    assert curve_of(made, Asked(reach=-9.0)).reach.sure == 1


def test_the_better_of_two_depends_on_the_budget() -> None:
    """One is never bad; the other is now and then, and has the better best."""
    random = np.random.default_rng(3)
    steady = sweep_of((0.8 + 0.02 * random.random(200)).tolist(), id="a", name="steady")
    wild = sweep_of(np.where(random.random(200) < 0.3, 0.9, 0.2).tolist(), id="b", name="wild")
    found = compare(steady, wild)
    assert (found.stretches[0].first, found.stretches[0].better) == (1, "a")
    assert found.better == "b"
    assert 3 < found.from_on < 12
    ends = [(one.first, one.last) for one in found.stretches]
    assert ends[0][0] == 1
    assert ends[-1][1] == found.up_to == 50
    assert all(point.low <= point.best <= point.high for point in found.points)
    words = comparison_words(found, [curve_of(steady), curve_of(wild)])
    assert "steady is better from 1 to" in words
    assert f"wild is better from {found.from_on:.0f} to 50" in words
    assert "Budgets are judged up to 50 only" in words
    back = compare(wild, steady)
    assert back.better == "b"
    losses = [
        replace(
            one,
            spec=replace(one.spec, better="lower"),
            trials=tuple(replace(trial, value=1 - trial.value) for trial in one.trials),
        )
        for one in (steady, wild)
    ]
    turned = compare(*losses)
    assert turned.stretches == found.stretches
    assert turned.points[0].best == pytest.approx(-found.points[0].best)


def test_a_sweep_is_no_better_than_itself() -> None:
    made = drawn(40, 5)
    again = replace(made, id="again")
    for against in (Against.TRIALS, Against.TIME):
        found = compare(made, again, Asked(against))
        assert found.better == ""
        assert found.from_on is None
    curves = told_apart([curve_of(made), curve_of(again)])
    assert [one.label for one in curves] == ["A", "B"]
    assert legend(curves)[1].startswith("B is sweep again: search 5, arm")
    assert legend([*curves[:1], curve_of(drawn(9, 2))]) == legend(curves)[:1]
    assert comparison_words(found, curves).startswith("At no budget up to")
    assert len(shared_notes(curves)) == len(curves[0].notes)


def test_sweeps_of_different_seeds_are_measured_on_parts_of_their_own_and_none_is_better() -> None:
    one, two = (sweep_of([value] * 40, id=f"sweep {value}") for value in (0.5, 0.4))
    alike = comparison_words(compare(one, two), told_apart([curve_of(one), curve_of(two)]))
    assert alike.startswith("Of A and B, A is better from 1 to 10 trials;")
    two = replace(two, spec=replace(two.spec, seed=5))
    found = compare(one, two)
    assert (found.better, found.from_on, found.one_part) == ("", None, False)
    words = comparison_words(found, told_apart([curve_of(one), curve_of(two)]))
    assert words.startswith("Of A and B, A found better values from 1 to 10 trials;")
    assert "Their seeds differ (0 and 5)" in words
    assert "a validation part of its own" in words
    assert "is better" not in words
    same = comparison_words(
        compare(one, replace(two, trials=one.trials)), [curve_of(one), curve_of(two)]
    )
    assert "Their seeds differ" in same


@pytest.mark.parametrize("against", list(Against)[:2])
@pytest.mark.parametrize(("n", "judged"), [(2, False), (9, False), (12, True)])
def test_of_few_trials_nothing_is_claimed(n: int, judged: bool, against: Against) -> None:
    one, two = (sweep_of([value] * n, id=f"sweep {value}") for value in (0.5, 0.4))
    found = compare(one, two, Asked(against))
    assert (found.better, found.up_to is not None) == ("sweep 0.5" if judged else "", judged)
    words = comparison_words(found, told_apart([curve_of(one), curve_of(two)]))
    assert ("neither is called the better one: that takes 10 trials" in words) is not judged


def test_a_failure_counts_alike_in_both_sweeps() -> None:
    """Else the one whose worst is bad would be the worse for its failures only."""
    values = np.random.default_rng(2).random(30).tolist()
    plain, worse = sweep_of([None, *values, 0.0], id="a"), sweep_of([*values, 0.0, None], id="b")
    assert {point.best for point in compare(plain, worse).points} == {0.0}


def test_sweeps_of_other_metrics_are_not_compared() -> None:
    with pytest.raises(UsageProblemError, match="cannot be compared"):
        compare(sweep_of(VALUES), sweep_of(VALUES, metric="valid_loss"))


@pytest.mark.parametrize(
    ("budget", "against", "words"),
    [
        (12_000, Against.TRIALS, "12,000"), (1.5, Against.TIME, "1.5 h"),
        (1.0, Against.TIME, "1 h"), (1 / 60, Against.TIME, "1 min"), (0.002, Against.TIME, "7.2 s"),
        (1e-7, Against.TIME, "0.36 ms"), (0.25, Against.GPU_HOURS, "0.25 GPU-hours"),
    ],
)  # fmt: skip
def test_budgets_in_words(budget: float, against: Against, words: str) -> None:
    assert budget_words(budget, against) == words


def test_a_picture_has_one_metric_and_tells_all_in_its_caption() -> None:
    curves = [curve_of(drawn(30, 1)), curve_of(drawn(20, 2), Asked(replacement=False))]
    found = SweepCurves(tuple(curves), (compare(drawn(30, 1), drawn(20, 2)),))
    made = picture(found, "page")
    assert "search 1: 30 trials count." in made.caption
    assert "search 2: Drawn without replacement" in made.caption
    assert made.caption.count("percentile bootstrap") == 1
    assert made.about.endswith("20 trials.")
    other = curve_of(sweep_of(VALUES, metric="valid_loss"))
    with pytest.raises(UsageProblemError, match="one metric"):
        picture(SweepCurves((curves[0], other), ()))
