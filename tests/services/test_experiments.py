"""Experiments: one change at a time, hypotheses before the result, runs that are really theirs."""

import pytest
from support.faketime import FakeTime
from support.tinkered import RECIPE, write_tinkered

from researchdesk.domain.investigations import OutcomeKind, Relation
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import experiments, investigations
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce


@pytest.fixture
def number(desk: Desk) -> int:
    """An investigation whose baseline is the arm ``plain``."""
    write_tinkered(desk.settings.recipes, seeds=2)
    return investigations.begin(desk, "Does gain matter?", recipe=RECIPE).id


def refused(desk: Desk, number: int, **given: object) -> str:
    with pytest.raises(UsageProblemError) as caught:
        experiments.add_experiment(desk, number, **given)  # type: ignore[arg-type]
    assert len(experiments.experiments_of(desk, number)) == 1
    return caught.value.message


def test_an_experiment_differs_from_its_parent_in_one_setting(desk: Desk, number: int) -> None:
    more = experiments.add_experiment(
        desk, number, change=["steps=8"], title="more steps", expect="score higher"
    )
    assert (more.name, more.parent, more.changed) == ("1.2", 1, "steps = 8 (was 4)")
    assert more.settings == {"gain": 1.0, "steps": 8, "pause": 0.0, "mode": "usual"}
    assert more.hypothesis is not None
    assert (more.hypothesis.relation, more.is_late) == (Relation.HIGHER, False)
    child = experiments.add_experiment(desk, number, change=["mode=odd"], parent="1.2")
    assert (child.parent_name, child.settings["steps"], child.label) == (
        "1.2", 8, "mode = odd (was usual)",
    )  # fmt: skip
    whole = experiments.add_experiment(desk, number, arm="twice")
    assert (whole.arm, whole.changed) == ("twice", "gain = 2.0 (was 1.0)")
    assert [item.name for item in experiments.experiments_of(desk, number)] == [
        "1.1", "1.2", "1.3", "1.4",
    ]  # fmt: skip


def test_two_changes_at_once_are_refused_with_both_named(desk: Desk, number: int) -> None:
    said = refused(desk, number, change=["gain=2", "steps=8"])
    assert "2 changes at once against 1.1" in said
    assert "gain = 2.0 (was 1.0) and steps = 8 (was 4)" in said
    assert "gain = 2.0 (was 1.0) and steps = 8 (was 4)" in refused(desk, number, arm="both")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"change": ["rate=1"]}, "no setting 'rate'"),
        ({"change": ["steps=4"]}, "Nothing differs from 1.1"),
        ({"change": ["steps=7.5"]}, "a whole number"),
        ({"change": ["steps=7", "steps=8"]}, "set twice"),
        ({"arm": "plain"}, "Nothing differs from 1.1"),
        ({"arm": "none"}, "no arm 'none'"),
        ({}, "Say what is changed"),
        ({"change": ["steps=7"], "arm": "twice"}, "Say what is changed"),
        ({"change": ["steps=7"], "expect": "better"}, "No run could refute"),
    ],
)
def test_what_is_not_one_change_is_refused(
    desk: Desk, number: int, given: dict[str, object], said: str
) -> None:
    assert said in refused(desk, number, **given)


def test_the_same_experiment_is_not_made_twice(desk: Desk, number: int) -> None:
    experiments.add_experiment(desk, number, change=["steps=8"])
    with pytest.raises(UsageProblemError, match=r"That is experiment 1\.2 already"):
        experiments.add_experiment(desk, number, change=["steps=8"])
    with pytest.raises(UsageProblemError, match=r"That is experiment 1\.1 already"):
        experiments.add_experiment(desk, number, change=["steps=4"], parent="1.2")


def test_there_is_one_baseline_and_nothing_begins_before_it(desk: Desk, number: int) -> None:
    with pytest.raises(UsageProblemError, match="has its baseline already"):
        experiments.add_baseline(desk, number, RECIPE, "both")
    bare = investigations.begin(desk, "Another").id
    with pytest.raises(UsageProblemError, match="has no baseline yet"):
        experiments.add_experiment(desk, bare, change=["steps=8"])
    with pytest.raises(UsageProblemError, match="investigation 1, not 2"):
        experiments.add_experiment(desk, bare, change=["steps=8"], parent="1.1")
    based = experiments.add_baseline(desk, bare, "2001.00001", "both")
    assert (based.name, based.settings["steps"]) == ("2.1", 8)
    assert investigations.get_investigation(desk, bare).recipe == RECIPE
    with pytest.raises(UsageProblemError, match="has no parent"):
        experiments.state_hypothesis(desk, "2.1", "score higher")


def test_every_version_of_a_hypothesis_is_kept(
    desk: Desk, number: int, fake_time: FakeTime
) -> None:
    experiments.add_experiment(desk, number, change=["steps=8"], expect="score higher")
    fake_time.advance(hours=1)
    experiments.state_hypothesis(desk, "1.2", "score >= 0.7", "twice the steps")
    experiments.state_hypothesis(desk, "1.2", "score >= 0.7", "twice the steps")
    item = experiments.get_experiment(desk, "[[experiment:1.2]]".strip("[]").partition(":")[2])
    assert [one.words for one in item.versions] == ["score higher", "score >= 0.7"]
    assert item.versions[0].stated_at < item.versions[1].stated_at
    assert item.hypothesis == item.versions[1]
    assert item.outcome.words == "not tested: 1.2: not run yet"


def test_a_dropped_experiment_leaves_the_list_and_its_number(desk: Desk, number: int) -> None:
    experiments.add_experiment(desk, number, change=["steps=8"])
    experiments.add_experiment(desk, number, change=["steps=16"], parent="1.2")
    with pytest.raises(UsageProblemError, match=r"1\.3 begin from 1\.2"):
        experiments.drop_experiment(desk, "1.2")
    experiments.drop_experiment(desk, "1.3")
    with pytest.raises(NotOnDeskError):
        experiments.get_experiment(desk, "1.3")
    again = experiments.add_experiment(desk, number, change=["steps=16"], parent="1.2")
    assert again.name == "1.4"
    for name in ("1.9", "9.1", "x", ""):
        with pytest.raises(NotOnDeskError):
            experiments.get_experiment(desk, name)


def test_a_run_is_linked_only_where_its_settings_are_the_experiments(
    desk: Desk, number: int, fake_time: FakeTime
) -> None:
    experiments.add_experiment(desk, number, arm="twice", expect="score higher by 0.3")
    fake_time.advance(hours=1)
    run = reproduce(desk, RECIPE, ReproduceOptions(trust=True)).run
    with pytest.raises(UsageProblemError) as caught:
        experiments.link_run(desk, "1.2", run.id, "both")
    assert "steps is 8 there, and 4 in 1.2" in caught.value.message
    with pytest.raises(UsageProblemError, match="no arm 'none'"):
        experiments.link_run(desk, "1.2", run.id, "none")
    with pytest.raises(NotOnDeskError):
        experiments.link_run(desk, "1.2", "20200101-000000-gone")
    experiments.link_run(desk, "1.1", run.id)
    linked = experiments.link_run(desk, "1.2", run.id)
    (mine,) = linked.runs
    assert (mine.run_id, mine.arm, mine.done, mine.planned) == (run.id, "twice", 2, 2)
    assert linked.outcome.kind is OutcomeKind.HELD, linked.outcome
    assert linked.outcome.result is not None
    assert linked.outcome.result.mean == pytest.approx(0.4)
    assert not linked.is_late
    assert [(item.name, arm) for item, arm in experiments.experiments_of_run(desk, run.id)] == [
        ("1.1", "plain"), ("1.2", "twice"),
    ]  # fmt: skip


def test_a_hypothesis_that_is_stated_after_the_result_is_marked_so(
    desk: Desk, number: int, fake_time: FakeTime
) -> None:
    experiments.add_experiment(desk, number, arm="twice", expect="score lower")
    fake_time.advance(hours=1)
    run = reproduce(desk, RECIPE, ReproduceOptions(trust=True, arms=("plain", "twice"))).run
    for name in ("1.1", "1.2"):
        experiments.link_run(desk, name, run.id)
    before = experiments.get_experiment(desk, "1.2")
    assert (before.outcome.kind, before.is_late) == (OutcomeKind.REFUTED, False)
    fake_time.advance(hours=1)
    after = experiments.state_hypothesis(desk, "1.2", "score higher")
    assert (after.outcome.kind, after.is_late) == (OutcomeKind.HELD, True)
    assert [one.late for one in after.versions] == [False, True]


def test_a_run_of_another_recipe_is_not_linked(desk: Desk, number: int) -> None:
    write_tinkered(desk.settings.recipes).rename(desk.settings.recipes / "2001.00001-other")
    run = reproduce(desk, "2001.00001-other", ReproduceOptions(trust=True, arms=("plain",))).run
    with pytest.raises(UsageProblemError, match=r"is of 2001\.00001-other"):
        experiments.link_run(desk, "1.1", run.id)


def test_metrics_are_known_from_the_claims_and_then_from_the_runs(desk: Desk, number: int) -> None:
    assert experiments.known_metrics(desk, number) == ["score"]
    run = reproduce(desk, RECIPE, ReproduceOptions(trust=True, arms=("plain",))).run
    experiments.link_run(desk, "1.1", run.id)
    assert experiments.known_metrics(desk, number) == ["score", "cost", "loss"]
