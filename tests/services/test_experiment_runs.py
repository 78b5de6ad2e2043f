"""Experiments are run for real: derived recipe, links, outcomes, the table, going on."""

import threading
from pathlib import Path

import pytest
from support.authors import authors_origin, write_authors_recipe
from support.digits_recipe import DIGITS, write_digits
from support.faketime import FakeTime
from support.small_experiment import write_fit
from support.tinkered import RECIPE, write_tinkered

from researchdesk.domain.investigations import Experiment, OutcomeKind
from researchdesk.domain.recipes import ArmKind, ClaimKind
from researchdesk.domain.runs import Event, RunState
from researchdesk.errors import BusyError, NotOnDeskError, UsageProblemError
from researchdesk.export.ablation import plain_cell
from researchdesk.harness.recipes import load_recipe
from researchdesk.services import checkouts, experiments, investigations, recipes, reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_runs import (
    ExperimentsRun,
    awaiting_yes,
    derived_of,
    results_of,
    run_experiments,
    say_yes,
    table_text,
    tables_of,
)
from researchdesk.services.reproduction import ReproduceOptions, reproduce

NEEDS = """
[[data_needs]]
name = "points"
source = "made"

[ranges.lr]
low = 0.01
high = 0.1

[limits]
minutes = 2.0
"""
TRUSTED = ReproduceOptions(trust=True, jobs=1)


def begun(desk: Desk, *changes: tuple[str, str]) -> int:
    """An investigation with an experiment for each change and what is expected of it."""
    number = investigations.begin(desk, "Does gain matter?", recipe=RECIPE, arm="plain").id
    for change, expect in changes:
        experiments.add_experiment(desk, number, change=[change], expect=expect)
    return number


def said(found: ExperimentsRun) -> dict[str, OutcomeKind]:
    return {item.name: item.outcome.kind for item in found.experiments}


def runs_of(item: Experiment) -> list[str]:
    return [run.run_id for run in item.runs]


def test_experiments_are_run_and_the_table_builds_itself(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes, seeds=4)
    number = begun(
        desk,
        ("gain=2", "score higher by 0.3"),
        ("steps=2", "score higher"),
        ("mode=odd", "score = 0.41 +- 0.05"),
    )
    with pytest.raises(NotOnDeskError):
        tables_of(desk, number)
    found = run_experiments(desk, number, (), TRUSTED)
    assert found.exit_code == 0
    assert said(found) == {
        "1.1": OutcomeKind.NOT_TESTED,
        "1.2": OutcomeKind.HELD,
        "1.3": OutcomeKind.REFUTED,
        "1.4": OutcomeKind.HELD,
    }
    (report,) = found.reports
    assert report.recipe.arxiv_id == ""
    assert {run for item in found.experiments for run in runs_of(item)} == {report.run.id}
    (table,) = tables_of(desk, number)
    assert table.heads == ("experiment", "gain", "steps", "mode", "score", "Δ to parent")
    assert table.title == "Investigation 1: Does gain matter?"
    text = table_text(desk, number, "markdown")
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| 1.")]
    assert rows == ["1.1", "1.2", "1.3", "1.4"]
    assert "+0.400" in text
    assert "-0.200" in text
    assert r"\toprule" in table_text(desk, number, "latex")
    assert tables_of(desk, number, "cost")[0].metric == "cost"
    (results,) = results_of(desk, number, ("score", "cost"))
    assert results.heads == ("experiment", "score", "cost")
    assert [source.run for source in results.made_from] == [report.run.id]
    assert set(results.runs) == set(table.runs) == {report.run.id}
    with pytest.raises(UsageProblemError, match="did not measure 'speed'"):
        tables_of(desk, number, "speed")


def test_the_derived_recipe_has_the_same_code_and_no_paper(desk: Desk) -> None:
    folder = write_tinkered(desk.settings.recipes)
    (folder / "helper.py").write_text("X = 1\n", "utf-8")
    number = begun(desk, ("steps=8", "score higher"), ("gain=2", "score = 0.8 +- 0.1"))
    base = recipes.recipe_for(desk, RECIPE)
    with pytest.raises(UsageProblemError, match="did not come with this program"):
        derived_of(desk, number)
    recipes.trust(desk, base)
    derived = derived_of(desk, number)
    assert derived.name == f"{RECIPE}-inv1"
    assert (derived.arxiv_id, derived.bundled, derived.seeds) == ("", False, 3)
    assert recipes.is_trusted(desk, derived)
    for name in ("experiment.py", "helper.py"):
        assert (derived.folder / name).read_bytes() == (folder / name).read_bytes()
    first, more, gain = derived.arms
    assert (first.kind, first.settings, dict(first.quick)) == (
        ArmKind.OURS, base.arms[0].settings, {"steps": 2},
    )  # fmt: skip
    assert (more.kind, more.parent, more.change) == (ArmKind.ABLATION, "1.1", "steps = 8 (was 4)")
    assert (more.quick["steps"], gain.quick["steps"]) == (8, 2)
    ordering, value = derived.claims
    assert (ordering.kind, ordering.versus, ordering.arm) == (ClaimKind.ORDERING, "1.1", "1.2")
    assert (value.kind, value.tolerance) == (ClaimKind.VALUE, 0.1)
    assert ordering.where == "hypothesis of experiment 1.2, stated 2026-04-12"
    assert load_recipe(derived.folder, bundled=False) == derived
    with pytest.raises(NotOnDeskError):
        recipes.recipe_for(desk, derived.name)
    recipes.forget(desk, base)
    assert not recipes.is_trusted(desk, derived)


@pytest.mark.slow
def test_only_what_is_not_run_yet_is_run(desk: Desk, fake_time: FakeTime) -> None:
    write_tinkered(desk.settings.recipes, seeds=2)
    number = begun(desk, ("gain=2", ""))
    first = run_experiments(desk, number, (), TRUSTED)
    assert run_experiments(desk, number, (), TRUSTED).reports == ()
    fake_time.advance(minutes=1)
    experiments.add_experiment(
        desk, number, change=["steps=8"], parent="1.2", expect="score higher by 0.7"
    )
    second = run_experiments(desk, number, (), TRUSTED)
    assert [task.arm for task in second.reports[0].run.tasks] == ["1.3", "1.3"]
    assert said(second) == {"1.3": OutcomeKind.HELD}
    outcome = second.experiments[0].outcome
    assert outcome.result is not None
    assert outcome.result.mean == pytest.approx(0.8)
    fake_time.advance(minutes=1)
    again = run_experiments(desk, number, ["1.2"], TRUSTED)
    assert runs_of(again.experiments[0]) == [first.reports[0].run.id, again.reports[0].run.id]
    every = run_experiments(desk, number, (), TRUSTED, again=True)
    assert {task.arm for task in every.reports[0].run.tasks} == {"1.1", "1.2", "1.3"}
    with pytest.raises(NotOnDeskError, match=r"no experiment 1\.9"):
        run_experiments(desk, number, ["9"], TRUSTED)


@pytest.mark.slow
def test_a_quick_run_is_no_full_one(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes)
    number = begun(desk, ("gain=2", "score higher"))
    quick = run_experiments(desk, number, (), ReproduceOptions(quick=True, trust=True))
    assert (quick.exit_code, said(quick)["1.2"]) == (0, OutcomeKind.UNDECIDED)
    assert "quick run" in quick.experiments[1].outcome.why
    assert any("shortened" in note for note in tables_of(desk, number)[0].notes)
    full = run_experiments(desk, number, (), TRUSTED)
    assert said(full)["1.2"] is OutcomeKind.HELD
    assert not any("shortened" in note for note in tables_of(desk, number)[0].notes)


@pytest.mark.slow
def test_an_interrupted_run_is_linked_and_goes_on(desk: Desk, fake_time: FakeTime) -> None:
    write_tinkered(desk.settings.recipes, pause=0.05, seeds=3)
    number = begun(desk, ("gain=2", "score higher"))
    cancel = threading.Event()

    def stop(event: Event) -> None:
        if event.kind == "seed_finished" and event.arm == "1.1" and event.seed == 1:
            cancel.set()

    stopped = run_experiments(desk, number, (), TRUSTED, stop, cancel)
    assert stopped.exit_code == 130
    assert {run.state for item in stopped.experiments for run in item.runs} == {
        RunState.INTERRUPTED
    }
    assert not any(item.is_run() for item in stopped.experiments)
    fake_time.advance(minutes=1)
    experiments.add_experiment(desk, number, change=["steps=8"])
    started: list[str] = []

    def hear(event: Event) -> None:
        if event.kind == "seed_started":
            started.append(f"{event.arm}/{event.seed}")

    whole = run_experiments(desk, number, (), TRUSTED, hear)
    assert whole.exit_code == 0
    first, second = (report.run.id for report in whole.reports)
    assert first == stopped.reports[0].run.id != second
    assert "1.1/0" not in started
    assert started.count("1.3/0") == 1
    assert said(whole) == {
        "1.1": OutcomeKind.NOT_TESTED,
        "1.2": OutcomeKind.HELD,
        "1.3": OutcomeKind.NOT_TESTED,
    }
    assert len(reproduction.runs(desk)) == 2


def test_what_is_under_way_elsewhere_is_left_alone(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes, pause=20)
    number = begun(desk)
    met: list[str] = []

    def meddle(event: Event) -> None:
        if event.kind == "seed_started" and not met:
            with pytest.raises(BusyError) as caught:
                run_experiments(desk, number, (), TRUSTED)
            met.append(caught.value.message)
            reproduction.cancel_run(desk, reproduction.runs(desk)[0].id)

    assert run_experiments(desk, number, (), TRUSTED, meddle).exit_code == 130
    assert "1.1 is under way" in met[0]


def test_an_experiment_of_which_nothing_is_measured_ends_with_6(desk: Desk) -> None:
    folder = write_tinkered(desk.settings.recipes, seeds=2)
    code = (folder / "experiment.py").read_text("utf-8")
    broken = code.replace("noise =", 'assert run.settings["mode"] == "usual"\n    noise =')
    (folder / "experiment.py").write_text(broken, "utf-8")
    number = begun(desk, ("mode=odd", "score higher"))
    found = run_experiments(desk, number, (), TRUSTED)
    assert found.exit_code == 6
    assert said(found)["1.2"] is OutcomeKind.NOT_TESTED
    assert "1.2: no seed finished" in tables_of(desk, number)[0].notes[-1]


@pytest.mark.slow
def test_code_that_changed_between_runs_is_told_below_the_table(
    desk: Desk, fake_time: FakeTime
) -> None:
    folder = write_tinkered(desk.settings.recipes, seeds=2)
    number = begun(desk)
    run_experiments(desk, number, (), TRUSTED)
    fake_time.advance(minutes=1)
    code = (folder / "experiment.py").read_text("utf-8")
    (folder / "experiment.py").write_text(f"{code}# mended\n", "utf-8")
    experiments.add_experiment(desk, number, change=["gain=2"])
    with pytest.raises(UsageProblemError, match="did not come with this program"):
        run_experiments(desk, number)
    run_experiments(desk, number, (), TRUSTED)
    notes = " ".join(tables_of(desk, number)[0].notes)
    assert "code changed between the runs" in notes
    assert "1.1 | 1.2" in notes


def test_a_recipe_that_lost_the_arm_is_not_run(desk: Desk) -> None:
    folder = write_tinkered(desk.settings.recipes)
    number = begun(desk)
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8").replace('"plain"', '"simple"'), "utf-8")
    with pytest.raises(Exception, match="no arm 'plain' any more"):
        run_experiments(desk, number, (), TRUSTED)
    bare = investigations.begin(desk, "bare").id
    with pytest.raises(UsageProblemError, match="has no baseline yet"):
        run_experiments(desk, bare, (), TRUSTED)


@pytest.mark.slow
def test_limits_ranges_and_needs_are_those_of_the_base(desk: Desk) -> None:
    write_fit(
        desk.settings.recipes, seeds=2, steps=5, toml=NEEDS, top='varies = ["init", "order"]\n'
    )
    number = investigations.begin(desk, "Does lr matter?", recipe=RECIPE).id
    experiments.add_experiment(desk, number, change=["lr=0.01"], expect="test_mse higher")
    found = run_experiments(desk, number, (), TRUSTED)
    assert found.exit_code == 0
    recipe = found.reports[0].recipe
    base = recipes.recipe_for(desk, RECIPE)
    assert (recipe.limits, recipe.ranges, recipe.data, recipe.varies) == (
        base.limits, base.ranges, base.data, base.varies,
    )  # fmt: skip
    assert tables_of(desk, number)[0].metric == "test_mse"


def test_hypotheses_do_not_count_as_claims_of_the_paper(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes, seeds=2)
    number = begun(desk, ("gain=2", "score >= 5"))
    run = run_experiments(desk, number, (), TRUSTED).reports[0].run
    assert reproduction.runs(desk, "2001.00001") == []
    assert [claim.claim_id for claim in run.claims] == ["hypothesis-1.2"]
    assert reproduce(desk, RECIPE, ReproduceOptions(arms=("plain",))).exit_code == 0


def test_a_command_of_authors_with_other_settings_wants_its_own_yes(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkouts, "PROTOCOLS", ("https", "file"))
    write_authors_recipe(desk.settings.recipes, authors_origin(tmp_path / "far" / "theirs"))
    base = recipes.recipe_for(desk, RECIPE)
    number = investigations.begin(desk, "Theirs", recipe=RECIPE, arm="authors").id
    experiments.add_experiment(desk, number, change=["steps=2"], expect="score higher by 0.1")
    code = awaiting_yes(desk, number)
    assert (code.code is not None, code.authors) == (True, ())
    say_yes(desk, number, code)
    assert recipes.is_trusted(desk, base)
    theirs = awaiting_yes(desk, number)
    assert theirs.code is None
    assert [item.arms for item in theirs.authors] == [("1.1",), ("1.2",)]
    assert "--total_steps 2" in theirs.authors[1].run
    refused = run_experiments(desk, number, ["1.2"], ReproduceOptions(jobs=1))
    assert refused.exit_code == 6
    assert "needs your yes" in refused.reports[0].run.missing["1.2"]
    say_yes(desk, number, theirs)
    assert not awaiting_yes(desk, number).anything
    done = run_experiments(desk, number, (), ReproduceOptions(jobs=1))
    assert (done.exit_code, said(done)["1.2"]) == (0, OutcomeKind.HELD)


@pytest.mark.slow
def test_the_recipes_free_baselines_say_what_the_number_is_worth(desk: Desk) -> None:
    write_digits(desk.settings.recipes)
    number = investigations.begin(desk, "Scaled?", recipe=DIGITS).id
    experiments.add_experiment(desk, number, change=["scaled=false"], expect="test_accuracy lower")
    done = run_experiments(desk, number, (), TRUSTED)
    assert "baseline:majority" in {task.arm for task in done.reports[0].run.tasks}
    (table,) = tables_of(desk, number)
    assert table.metric == "test_accuracy"
    rows = [plain_cell(row[0]) for row in table.rows]
    assert rows == ["baseline:majority", "1.1", "1.2"]
    later = run_experiments(desk, number, ["1.2"], TRUSTED)
    assert {task.arm for task in later.reports[0].run.tasks} == {"1.2"}


def test_after_the_baseline_was_dropped_another_can_be_named(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes, seeds=2)
    number = begun(desk)
    experiments.drop_experiment(desk, "1.1")
    for call in (run_experiments, awaiting_yes, derived_of):
        with pytest.raises(UsageProblemError, match="has no baseline yet"):
            call(desk, number)
    assert experiments.add_baseline(desk, number, RECIPE, "both").name == "1.2"
    assert run_experiments(desk, number, (), TRUSTED).exit_code == 0
