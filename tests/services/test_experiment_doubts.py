"""What must not pass as one change, as held, or as stated before the result."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.authors import authors_origin, write_authors_recipe
from support.faketime import FakeTime
from support.funny_runs import ended_run
from support.recipe_maker import write_recipe
from support.tinkered import RECIPE, write_tinkered

from researchdesk.domain.investigations import OutcomeKind
from researchdesk.domain.runs import Task
from researchdesk.errors import BusyError, UsageProblemError
from researchdesk.harness.history import RunConfig
from researchdesk.harness.store import RunStore
from researchdesk.services import experiments, investigations, recipes, runs
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_runs import (
    awaiting_yes,
    derived_of,
    run_experiments,
    say_yes,
    tables_of,
)
from researchdesk.services.reproduction import ReproduceOptions, reproduce

TRUSTED = ReproduceOptions(trust=True, jobs=1)
NEED = '\n[[data_needs]]\nname = "points"\nsource = "made"\nsubstitute = "scikit-learn:digits"\n'
ARM = """
[[arms]]
name = "{name}"
{more}
[arms.settings]
width = {width}
betas = [0.9, 0.99]
[arms.settings.opt]
lr = 0.1
momentum = 0.9
"""
NEEDS = "".join(
    f'\n[[data_needs]]\nname = "{name}"\nsource = "made"\n' for name in ("mnist", "cifar")
)
PLAIN = ARM.format(name="plain", more='needs = ["mnist"]', width=8)
OTHER = ARM.format(name="other", more='needs = ["cifar"]\ndeterministic = true', width=16)
SAME = ARM.format(name="same", more='needs = ["cifar"]', width=8)


def begun(desk: Desk, *, seeds: int = 4, change: str = "gain=2", expect: str = "") -> Path:
    """Investigation 1 of the arm plain, and experiment 1.2; gives the recipe's folder."""
    folder = write_tinkered(desk.settings.recipes, seeds=seeds)
    number = investigations.begin(desk, "Why?", recipe=RECIPE, arm="plain").id
    experiments.add_experiment(desk, number, change=[change], expect=expect)
    return folder


def changed(folder: Path) -> None:
    """The recipe's code is another from now on: every score is higher by 5."""
    file = folder / "experiment.py"
    file.write_text(file.read_text("utf-8").replace("/ 10 +", "/ 10 + 5 +"), "utf-8")


def made_run(desk: Desk, scores: Mapping[str, list[float | None]]) -> str:
    """A run that was stopped before the seeds without a score."""
    found = recipes.recipe_for(desk, RECIPE)
    tasks = tuple(Task(arm, seed) for arm, all_of in scores.items() for seed in range(len(all_of)))
    config = RunConfig(found.name, found.digest, found.arxiv_id, found.bundled, False, tasks)
    run, _ = RunStore(desk.settings.runs, desk.clock).start(found, config, lambda event: None)
    run.record("run_started", data={"run": run.id})
    for task in tasks:
        score = scores[task.arm][task.seed]
        if score is not None:
            run.record("seed_finished", task, {"metrics": {"score": score}, "seconds": 1.0})
    run.record("run_interrupted")
    run.close()
    return run.id


def late(desk: Desk, name: str) -> bool:
    return experiments.get_experiment(desk, name).is_late


def test_a_yes_is_to_what_was_shown_and_to_no_more(desk: Desk) -> None:
    folder = begun(desk)
    shown = awaiting_yes(desk, 1)
    changed(folder)
    with pytest.raises(BusyError, match="changed while it was looked at"):
        say_yes(desk, 1, shown)
    assert not recipes.is_trusted(desk, recipes.recipe_for(desk, RECIPE))
    say_yes(desk, 1, awaiting_yes(desk, 1))
    assert not awaiting_yes(desk, 1).anything
    assert not (desk.root / "investigations").exists()


def test_a_yes_to_authors_is_to_the_command_that_was_shown(desk: Desk, tmp_path: Path) -> None:
    folder = write_authors_recipe(desk.settings.recipes, authors_origin(tmp_path / "far/theirs"))
    investigations.begin(desk, "Theirs", recipe=RECIPE, arm="authors")
    say_yes(desk, 1, awaiting_yes(desk, 1))
    shown = awaiting_yes(desk, 1)
    assert shown.authors
    assert not (desk.root / "investigations").exists()
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8").replace("--total_steps", "--evil"), "utf-8")
    with pytest.raises(BusyError):
        say_yes(desk, 1, shown)
    recipes.trust(desk, recipes.recipe_for(desk, RECIPE), ["none"])
    (waiting,) = awaiting_yes(desk, 1).authors
    assert "--evil" in waiting.run


@pytest.mark.slow
def test_other_code_between_two_runs_leaves_a_hypothesis_undecided(
    desk: Desk, fake_time: FakeTime
) -> None:
    folder = begun(desk, change="mode=odd", expect="score higher by 1")
    run_experiments(desk, 1, ["1.1"], TRUSTED)
    fake_time.advance(minutes=1)
    changed(folder)
    (found,) = run_experiments(desk, 1, (), TRUSTED).experiments
    assert found.outcome.kind is OutcomeKind.UNDECIDED
    assert "code changed between the runs" in found.outcome.why
    assert "investigate run 1 --all" in found.outcome.why
    fake_time.advance(minutes=1)
    again = run_experiments(desk, 1, (), TRUSTED, again=True).experiments[1]
    assert again.outcome.kind is OutcomeKind.REFUTED


def test_other_data_between_two_runs_leaves_a_hypothesis_undecided(
    desk: Desk, fake_time: FakeTime
) -> None:
    folder = begun(desk, expect="score higher")
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8") + NEED, "utf-8")
    substitute = {"points": "substitute:scikit-learn:digits"}
    for name, arm, data in (("1.1", "plain", substitute), ("1.2", "twice", {"points": "points"})):
        scores = [0.40, 0.41, 0.42] if arm == "plain" else [0.80, 0.81, 0.82]
        run = ended_run(desk, scores, recipe=RECIPE, arms=(arm,), data=data)
        found = experiments.link_run(desk, name, run)
        fake_time.advance(minutes=1)
    assert found.outcome.kind is OutcomeKind.UNDECIDED
    assert "1.1 on scikit-learn:digits in place of made" in found.outcome.why
    assert found.outcome.measured is not None
    assert found.outcome.measured.mean == pytest.approx(0.81)
    notes = " ".join(tables_of(desk, 1)[0].notes)
    assert "1.2 on made (points)" in notes
    assert "Other data" not in notes
    scores = [0.40, 0.41, 0.42, 0.80, 0.81, 0.82]
    both = ended_run(desk, scores, recipe=RECIPE, arms=("plain", "twice"), data=substitute)
    experiments.link_run(desk, "1.1", both)
    assert experiments.link_run(desk, "1.2", both).outcome.kind is OutcomeKind.HELD


def test_settings_within_a_table_are_counted_each(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, toml=NEEDS + PLAIN + OTHER + SAME, seeds=3)
    investigations.begin(desk, "Why?", recipe=RECIPE, arm="plain")
    with pytest.raises(UsageProblemError, match="2 changes at once") as caught:
        experiments.add_experiment(desk, 1, change=["opt={lr=0.2, momentum=0.5}"])
    assert "opt.lr = 0.2 (was 0.1) and opt.momentum = 0.5 (was 0.9)" in caught.value.message
    one = experiments.add_experiment(desk, 1, change=["opt={lr=1, momentum=0.9}"])
    assert one.changed == "opt.lr = 1.0 (was 0.1)"
    for change in ("opt={lr=nan, momentum=0.9}", "betas=[0.9, inf]"):
        with pytest.raises(UsageProblemError, match="no number to run with"):
            experiments.add_experiment(desk, 1, change=[change])


def test_data_and_exactness_are_the_parents_and_count_as_differences(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, toml=NEEDS + PLAIN + OTHER + SAME, seeds=3)
    investigations.begin(desk, "Why?", recipe=RECIPE, arm="plain")
    wide = experiments.add_experiment(desk, 1, change=["width=16"])
    recipes.trust(desk, recipes.recipe_for(desk, RECIPE))
    arm = derived_of(desk, 1).arm(wide.name)
    assert arm is not None
    assert (arm.needs, arm.deterministic) == (("mnist",), False)
    with pytest.raises(UsageProblemError) as caught:
        experiments.add_experiment(desk, 1, arm="other")
    assert "3 changes at once against 1.1" in caught.value.message
    assert "needs = [cifar] (was [mnist]) and deterministic = true" in caught.value.message
    with pytest.raises(UsageProblemError, match=r"No setting differs from 1\.1, but needs"):
        experiments.add_experiment(desk, 1, arm="same")
    run = ended_run(desk, (0.1, 0.2, 0.3, 0.4), recipe=RECIPE, arms=("plain", "same"))
    with pytest.raises(UsageProblemError, match=r"needs is \[cifar\] there, and \[mnist\] in 1\.1"):
        experiments.link_run(desk, "1.1", run, "same")
    assert experiments.link_run(desk, "1.1", run, "plain").runs


def test_a_run_of_other_code_is_not_linked(desk: Desk, fake_time: FakeTime) -> None:
    folder = begun(desk)
    old = ended_run(desk, (0.4, 0.41, 0.8, 0.81), recipe=RECIPE, arms=("plain", "twice"))
    fake_time.advance(minutes=1)
    changed(folder)
    with pytest.raises(UsageProblemError, match="not that of the recipe"):
        experiments.link_run(desk, "1.1", old)
    new = ended_run(desk, (5.4, 5.41, 5.8, 5.81), recipe=RECIPE, arms=("plain", "twice"))
    experiments.link_run(desk, "1.1", new)
    with pytest.raises(UsageProblemError, match="not that of the investigation's other runs"):
        experiments.link_run(desk, "1.2", old)
    assert experiments.get_experiment(desk, "1.2").runs == ()


def test_a_hypothesis_stays_late_when_its_run_is_removed(desk: Desk, fake_time: FakeTime) -> None:
    begun(desk, seeds=2)
    run_id = run_experiments(desk, 1, (), TRUSTED).reports[0].run.id
    fake_time.advance(minutes=1)
    runs.remove_run(desk, run_id)
    assert experiments.state_hypothesis(desk, "1.2", "score higher").is_late
    run_experiments(desk, 1, (), TRUSTED)
    assert late(desk, "1.2")


def test_what_was_late_by_a_run_of_another_stays_so_when_that_goes(
    desk: Desk, fake_time: FakeTime
) -> None:
    write_tinkered(desk.settings.recipes, seeds=2)
    run = reproduce(desk, RECIPE, TRUSTED).run
    fake_time.advance(days=1)
    investigations.begin(desk, "Why?", recipe=RECIPE, arm="plain")
    assert experiments.add_experiment(desk, 1, arm="twice", expect="score higher").is_late
    assert not experiments.add_experiment(desk, 1, change=["gain=3"], expect="score > 1").is_late
    assert experiments.state_hypothesis(desk, "1.1", "score >= 0.3").is_late
    runs.remove_run(desk, run.id)
    assert [late(desk, name) for name in ("1.1", "1.2", "1.3")] == [True, True, False]


def test_dropping_an_experiment_does_not_make_its_result_unseen(
    desk: Desk, fake_time: FakeTime
) -> None:
    begun(desk, seeds=2, expect="score lower")
    run_id = run_experiments(desk, 1, (), TRUSTED).reports[0].run.id
    fake_time.advance(minutes=1)
    experiments.drop_experiment(desk, "1.2")
    runs.remove_run(desk, run_id)
    again = experiments.add_experiment(desk, 1, change=["gain=2"], expect="score higher")
    assert (again.name, again.is_late) == ("1.3", True)


def test_a_run_that_was_stopped_decides_nothing(desk: Desk) -> None:
    begun(desk, seeds=5, expect="score higher")
    run = made_run(desk, {"plain": [0.4, 0.41, None, None, None], "twice": [0.8, 0.81, 0.82]})
    experiments.link_run(desk, "1.1", run)
    found = experiments.link_run(desk, "1.2", run)
    assert found.outcome.kind is OutcomeKind.UNDECIDED
    assert found.outcome.why.startswith("1.1: 2 of 5 seeds: not run to the end")
    assert "1.1: 2 of 5 seeds" in tables_of(desk, 1)[0].notes[-1]


def test_a_quick_run_does_not_undo_the_one_change(desk: Desk) -> None:
    folder = begun(desk, change="steps=100")
    long = ARM_LONG.format(steps=50)
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8") + long, "utf-8")
    experiments.add_experiment(desk, 1, arm="long")
    experiments.add_experiment(desk, 1, change=["mode=odd"], parent="1.3")
    recipes.trust(desk, recipes.recipe_for(desk, RECIPE))
    arms = derived_of(desk, 1).arms
    assert [arm.quick for arm in arms] == [{"steps": steps} for steps in (2, 100, 50, 50)]
    kept = tomllib.loads((derived_of(desk, 1).folder / "recipe.toml").read_text("utf-8"))
    assert len(kept["arms"]) == 4


ARM_LONG = """
[[arms]]
name = "long"
[arms.settings]
gain = 1.0
steps = {steps}
pause = 0.0
mode = "usual"
"""


def test_seeds_that_all_fail_end_with_6_whatever_was_measured_before(
    desk: Desk, fake_time: FakeTime
) -> None:
    folder = begun(desk, seeds=2)
    assert run_experiments(desk, 1, (), TRUSTED).exit_code == 0
    fake_time.advance(minutes=1)
    (folder / "experiment.py").write_text("def measure(run):\n    raise ValueError('x')\n", "utf-8")
    assert run_experiments(desk, 1, (), TRUSTED, again=True).exit_code == 6
    assert run_experiments(desk, 1, (), TRUSTED).exit_code == 0


def test_an_arm_without_a_recipe_is_refused(desk: Desk) -> None:
    with pytest.raises(UsageProblemError, match="is of no recipe"):
        investigations.begin(desk, "Why?", arm="plain")
    assert investigations.list_investigations(desk, every=True) == []
