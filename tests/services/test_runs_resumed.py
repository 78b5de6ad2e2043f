"""Runs that crashed or were stopped go on; runs are compared."""

import threading
from pathlib import Path

import pytest
from support.counted import seeds_that, write_counted
from support.recipe_maker import SCORE, write_recipe
from support.small_experiment import write_fit

from researchdesk.domain.runs import Event, RunState, Task
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import forget, recipe_for
from researchdesk.services.reproduction import ReproduceOptions, reproduce, resume_run
from researchdesk.services.run_curves import arm_curves, steps_of

ID = "2001.00001"
TRUSTED = ReproduceOptions(trust=True, jobs=1)


def stopped(desk: Desk, after: str, seed: int | None = None) -> reproduction.Report:
    """A run that is cancelled at the first event of a kind."""
    cancel = threading.Event()

    def seen(event: Event) -> None:
        if event.kind == after and seed in (None, event.seed):
            cancel.set()

    return reproduce(desk, ID, TRUSTED, seen, cancel)


def test_a_run_is_resumed_by_its_id_and_its_own_copy(desk: Desk, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    folder = write_counted(desk.settings.recipes, diary, pause=0.2)
    first = stopped(desk, "seed_finished")
    (folder / "experiment.py").write_text(SCORE.replace("0.5", "0.9"))
    report = resume_run(desk, first.run.id, jobs=1)
    assert (report.run.id, report.run.state) == (first.run.id, RunState.FINISHED)
    assert report.claims[0].verdict is Verdict.REPRODUCED
    assert sorted(seeds_that("end", diary)) == [0, 1, 2]
    with pytest.raises(UsageProblemError, match="came to its end"):
        resume_run(desk, first.run.id)
    with pytest.raises(NotOnDeskError):
        resume_run(desk, "20260101-000000-none")


def test_a_run_that_ended_without_a_word_has_crashed_and_goes_on(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    report = stopped(desk, "seed_finished")
    events = desk.settings.runs / report.run.id / "events.jsonl"
    lines = events.read_text("utf-8").splitlines(keepends=True)
    assert '"run_interrupted"' in lines[-1]
    events.write_text("".join(lines[:-1]), "utf-8")
    assert reproduction.get_run(desk, report.run.id).state is RunState.CRASHED
    whole = reproduce(desk, ID, TRUSTED)
    assert (whole.run.id, whole.run.state) == (report.run.id, RunState.FINISHED)


def test_a_copy_that_was_touched_is_not_resumed(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    report = stopped(desk, "run_started")
    (report.recipe.folder / "experiment.py").write_text("print('other')")
    with pytest.raises((BadInputError, UsageProblemError)):
        resume_run(desk, report.run.id)


@pytest.mark.slow
def test_a_seed_goes_on_from_its_checkpoint_to_the_same_numbers(desk: Desk, tmp_path: Path) -> None:
    many = 12_000  # the stop is asked for at the first timing, and comes when the machine lets it
    write_fit(desk.settings.recipes, seeds=1, steps=many, settings="checkpoint_every = 20")
    part = stopped(desk, "timing")
    assert part.run.results == ()
    task = Task("ours", 0)
    before = len(steps_of(desk, part.run.id, task))
    assert 0 < before < many
    seen: list[Event] = []
    whole = resume_run(desk, part.run.id, seen.append)
    (started,) = (event for event in seen if event.kind == "seed_started")
    assert 0 < started.data["step"] <= before
    again = reproduce(desk, ID, TRUSTED)
    assert again.run.id != whole.run.id
    assert again.run.results[0].metrics == whole.run.results[0].metrics
    assert steps_of(desk, again.run.id, task) == steps_of(desk, whole.run.id, task)
    assert len(steps_of(desk, whole.run.id, task)) == many


def test_two_runs_side_by_side(desk: Desk) -> None:
    folder = write_recipe(desk.settings.recipes)
    a = reproduce(desk, ID, TRUSTED)
    text = (folder / "recipe.toml").read_text("utf-8")
    (folder / "recipe.toml").write_text(text.replace("steps = 4", "steps = 3"), "utf-8")
    b = reproduce(desk, ID, ReproduceOptions(trust=True, jobs=1, seeds=2))
    found = reproduction.compare(desk, a.run.id, b.run.id)
    config = {row.name: (row.a, row.b) for row in found.config}
    assert config["ours: steps"] == (4, 3)
    assert config["ours: seeds"] == (3, 2)
    assert "quick" not in config
    assert found.environment == ()
    (claim,) = found.claims
    assert (claim.name, claim.a.n, claim.b.n) == ("score", 3, 2)
    metrics = {row.name: row for row in found.metrics}
    assert metrics["ours/score"].a.mean == pytest.approx(0.51)
    assert metrics["ours/score"].a.sd == pytest.approx(0.01)
    assert metrics["ours/loss"].b.mean == pytest.approx(1 / 3)
    with pytest.raises(NotOnDeskError):
        reproduction.compare(desk, a.run.id, "20260101-000000-none")
    _curves(desk, a)


def _curves(desk: Desk, report: reproduction.Report) -> None:
    (curve,) = arm_curves(desk, report.run)
    assert (curve.arm, curve.metric, curve.seeds) == ("ours", "loss", 3)
    assert (curve.first, curve.last) == ((1, 1.0), (4, 0.25))
    assert (curve.low, curve.high) == (0.25, 1.0)
    assert (curve.shape[0], curve.shape[-1]) == (1.0, 0.25)
    assert steps_of(desk, report.run.id, Task("ours", 0))[1][0] == 2
    with pytest.raises(NotOnDeskError, match="no ours seed 9"):
        steps_of(desk, report.run.id, Task("ours", 9))


def test_a_run_is_not_ours_because_its_folder_says_so(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    first = stopped(desk, "seed_finished")
    forget(desk, recipe_for(desk, ID))
    config = desk.settings.runs / first.run.id / "config.toml"
    config.write_text(config.read_text().replace("bundled = false", "bundled = true"))
    with pytest.raises(UsageProblemError, match="Nothing was run"):
        resume_run(desk, first.run.id)
    report = resume_run(desk, first.run.id, jobs=1, trusted=True)
    assert report.run.state is RunState.FINISHED
