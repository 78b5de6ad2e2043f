"""Reproducing: recipe to verdict, kept, resumed, interrupted, trusted."""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.counted import seeds_that, write_counted
from support.recipe_maker import ARM, CLAIM, SCORE, write_recipe

from researchdesk.domain.runs import Event, RunState, Task
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import (
    BadInputError,
    BusyError,
    DeskError,
    NotOnDeskError,
    UsageProblemError,
)
from researchdesk.services import recipe_writing, reproduction
from researchdesk.services import recipes as recipe_service
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce

ID = "2001.00001"
TRUSTED = ReproduceOptions(trust=True)


def test_a_recipe_becomes_a_report(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    seen: list[Event] = []
    report = reproduce(desk, f"arXiv:{ID}v1", TRUSTED, seen.append)
    (claim,) = report.claims
    assert (claim.verdict, claim.n, report.exit_code) == (Verdict.REPRODUCED, 3, 0)
    assert claim.mean == pytest.approx(0.51)
    assert report.run.state is RunState.FINISHED
    assert report.run.claims == report.claims
    assert reproduction.events_of(desk, report.run.id) == seen
    assert reproduction.events_of(desk, report.run.id, after=2) == seen[2:]
    kinds = [event.kind for event in seen]
    assert (kinds[0], kinds[-1], kinds.count("seed_finished")) == ("run_started", "run_finished", 3)
    environment = report.environment
    assert environment["compute"].startswith("torch ")
    assert environment["threads"] == 1
    assert environment["packages"]["torch"]
    assert {"python", "platform", "cpu", "cpus", "git"} <= environment.keys()
    assert reproduction.runs(desk, ID) == [reproduction.get_run(desk, report.run.id)]
    assert reproduction.runs(desk, "2001.00002") == []


def test_options_choose_arms_seeds_and_a_quick_run(desk: Desk) -> None:
    arms = ARM + ARM.replace("ours", "other").replace("[arms.s", "deterministic = true\n[arms.s")
    write_recipe(desk.settings.recipes, toml=arms + CLAIM, seeds=5)
    recipe = reproduction.recipe_for(desk, ID)

    def plan(**given: object) -> list[tuple[str, int]]:
        options = ReproduceOptions(**given)  # type: ignore[arg-type]
        return [(task.arm, task.seed) for task in reproduction.planned(recipe, options)]

    assert plan() == [*(("ours", seed) for seed in range(5)), ("other", 0)]
    assert plan(seeds=1, arms=("ours",)) == [("ours", 0)]
    assert plan(quick=True, arms=("ours",)) == [("ours", 0), ("ours", 1), ("ours", 2)]
    assert len(plan(seeds=10_000, arms=("ours",))) == 10_000
    many = [{"seeds": 10_001}, {"seeds": 20_000_000}]
    for wrong in (*many, {"seeds": 0}, {"jobs": 0}, {"arms": ("none",)}):
        with pytest.raises(UsageProblemError):
            plan(**wrong)


def test_a_quick_run_is_shortened_and_never_reproduces(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    seen: list[Event] = []
    report = reproduce(desk, ID, ReproduceOptions(quick=True, trust=True), seen.append)
    assert [claim.verdict for claim in report.claims] == [Verdict.IMPRECISE]
    assert report.exit_code == 6
    steps = {event.data["step"] for event in seen if event.kind == "metric"}
    assert steps == {1, 2}


def test_failing_and_diverging_seeds_are_told_with_the_verdict(desk: Desk) -> None:
    write_recipe(
        desk.settings.recipes,
        """
        def measure(run):
            if run.seed == 1:
                raise ValueError("unlucky")
            return {"score": float("nan") if run.seed == 2 else 0.5}
        """,
        seeds=4,
    )
    report = reproduce(desk, ID, TRUSTED)
    (claim,) = report.claims
    assert claim.verdict is Verdict.NOT_COMPARABLE
    assert "seed 2 of arm ours gave no finite score" in claim.why
    assert list(report.run.failures) == [Task("ours", 1)]
    assert report.run.state is RunState.FINISHED
    assert report.exit_code == 6


def test_after_a_finished_run_a_new_one_starts(desk: Desk, tmp_path: Path) -> None:
    write_counted(desk.settings.recipes, tmp_path / "diary", seeds=2)
    first, second = (reproduce(desk, ID, TRUSTED) for _ in range(2))
    assert first.run.id != second.run.id
    assert sorted(seeds_that("end", tmp_path / "diary")) == [0, 0, 1, 1]


def test_an_interrupted_run_keeps_what_finished_and_goes_on(desk: Desk, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    write_counted(desk.settings.recipes, diary, pause=0.2, seeds=4)
    cancel = threading.Event()

    def stop_after_two(event: Event) -> None:
        if event.kind == "seed_finished" and event.seed == 1:
            cancel.set()

    options = ReproduceOptions(trust=True, jobs=1)
    broken_off = reproduce(desk, ID, options, stop_after_two, cancel)
    assert (broken_off.exit_code, broken_off.run.state) == (130, RunState.INTERRUPTED)
    assert {result.task.seed for result in broken_off.run.results} >= {0, 1}
    assert broken_off.claims[0].n == len(broken_off.run.results)
    finished = seeds_that("end", diary)
    whole = reproduce(desk, ID, options)
    assert (whole.run.id, whole.exit_code) == (broken_off.run.id, 0)
    assert whole.claims[0].n == 4
    assert sorted(seeds_that("end", diary)) == [0, 1, 2, 3]
    assert set(finished).isdisjoint(seeds_that("begin", diary)[len(finished) + 1 :])


def test_an_interrupt_from_the_keyboard_is_an_interrupted_run(desk: Desk, tmp_path: Path) -> None:
    write_counted(desk.settings.recipes, tmp_path / "diary", pause=0.2)

    def press(event: Event) -> None:
        if event.kind == "seed_finished":
            raise KeyboardInterrupt

    report = reproduce(desk, ID, ReproduceOptions(trust=True, jobs=1), press)
    assert (report.exit_code, report.run.state) == (130, RunState.INTERRUPTED)
    assert len(report.run.results) == 1


def test_another_process_can_cancel_and_meets_a_busy_run(desk: Desk, tmp_path: Path) -> None:
    write_counted(desk.settings.recipes, tmp_path / "diary", pause=30)
    refused: list[BusyError] = []

    def meddle(event: Event) -> None:
        if event.kind == "seed_started" and not refused:
            with pytest.raises(BusyError) as caught:
                reproduce(desk, ID, TRUSTED)
            refused.append(caught.value)
            (running,) = reproduction.runs(desk)
            assert running.state is RunState.RUNNING
            assert running.id in caught.value.message
            reproduction.cancel_run(desk, running.id)

    report = reproduce(desk, ID, TRUSTED, meddle)
    assert report.exit_code == 130
    assert refused
    reproduction.remove_run(desk, report.run.id)
    assert reproduction.runs(desk) == []


def test_a_changed_recipe_starts_a_new_run_and_says_so(desk: Desk, tmp_path: Path) -> None:
    folder = write_counted(desk.settings.recipes, tmp_path / "diary", pause=0.1)
    cancel = threading.Event()
    cancel.set()
    first = reproduce(desk, ID, TRUSTED, cancel=cancel)
    (folder / "experiment.py").write_text(SCORE.replace('run.settings["steps"]', "2"))
    second = reproduce(desk, ID, TRUSTED)
    assert second.run.id != first.run.id
    assert first.run.id in second.notes[0]
    assert (
        "return"
        in (reproduction.report_of(desk, first.run.id).recipe.folder)
        .joinpath("experiment.py")
        .read_text()
    )


def test_a_full_disk_stops_the_run_and_loses_no_finished_seed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = tmp_path / "diary"
    write_counted(desk.settings.recipes, diary)
    write = os.write

    def full_after_one(descriptor: int, content: bytes) -> int:
        if content.startswith(b'{"kind": "seed_started"') and b'"seed": 1' in content:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, content)

    options = ReproduceOptions(trust=True, jobs=1)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full_after_one)
        with pytest.raises(DeskError, match="could not be written down") as caught:
            reproduce(desk, ID, options)
    assert caught.value.exit_code == 6
    (run,) = reproduction.runs(desk)
    assert (run.state, len(run.results)) == (RunState.INTERRUPTED, 1)
    assert reproduce(desk, ID, options).run.id == run.id


def test_a_paper_without_recipe_says_how_to_make_one(desk: Desk) -> None:
    with pytest.raises(NotOnDeskError, match=r"no recipe for 2001\.09999") as caught:
        reproduce(desk, "2001.09999")
    assert "recipe new 2001.09999" in caught.value.hint
    with pytest.raises(NotOnDeskError):
        reproduce(desk, "../../etc")


def test_code_from_the_desk_runs_only_once_it_is_trusted(desk: Desk) -> None:
    folder = write_recipe(desk.settings.recipes)
    words = "is code that did not come with this program"
    with pytest.raises(UsageProblemError, match=words) as caught:
        reproduce(desk, ID)
    assert caught.value.exit_code == 2
    assert str(folder) in caught.value.message
    assert "experiment.py" in caught.value.message
    assert "--trust" in caught.value.hint
    assert reproduction.runs(desk) == []
    recipe = reproduction.recipe_for(desk, ID)
    recipe_service.trust(desk, recipe)
    assert recipe_service.is_trusted(desk, recipe)
    (folder / "experiment.py").write_text(SCORE + "# changed\n")
    with pytest.raises(BusyError, match="changed while it was looked at"):
        recipe_service.trust(desk, recipe)
    assert not recipe_service.is_trusted(desk, reproduction.recipe_for(desk, ID))


def test_a_broken_list_of_trusted_recipes_trusts_none(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    desk.settings.state.mkdir(exist_ok=True)
    (desk.settings.state / "trusted-recipes.json").write_text("{")
    with pytest.raises(BadInputError, match=r"trusted-recipes\.json"):
        reproduce(desk, ID)


def test_bundled_recipes_need_no_yes(desk: Desk) -> None:
    for recipe in reproduction.recipes(desk):
        assert recipe.bundled
        assert recipe_service.is_trusted(desk, recipe)


def _own(folder: Path) -> Path:
    """The scaffold as somebody who has written the claims leaves it."""
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8").replace("template = true", ""), "utf-8")
    return folder


def test_a_new_recipe_is_a_whole_one_and_overwrites_nothing(desk: Desk) -> None:
    title = 'Deep "Networks"'
    folder = recipe_writing.new_recipe(desk, "https://arxiv.org/abs/2001.00007v3", title)
    with pytest.raises(BadInputError, match="still the template"):
        recipe_service.check_recipe(desk, str(folder))
    _own(folder)
    recipe = recipe_service.check_recipe(desk, str(folder))
    assert (recipe.arxiv_id, recipe.version, recipe.title) == ("2001.00007", 3, title)
    assert folder.parent == desk.settings.recipes
    with pytest.raises(DeskError, match="already"):
        recipe_writing.new_recipe(desk, "2001.00007", title)
    old = _own(recipe_writing.new_recipe(desk, "hep-th/9901001"))
    assert recipe_service.recipe_for(desk, "hep-th/9901001").folder == old


def test_the_scaffold_runs(desk: Desk) -> None:
    _own(recipe_writing.new_recipe(desk, "2001.00007", "Scaffold"))
    report = reproduce(desk, "2001.00007", ReproduceOptions(quick=True, trust=True, seeds=2))
    assert not report.run.failures
    assert len(report.run.results) == 4


def test_a_broken_recipe_is_told_and_hides_no_other(desk: Desk) -> None:
    folder = write_recipe(desk.settings.recipes)
    (folder / "recipe.toml").write_text("title = 3\n")
    assert all(recipe.bundled for recipe in reproduction.recipes(desk))
    (problem,) = recipe_service.recipe_problems(desk)
    assert str(folder) in problem.message
    with pytest.raises(BadInputError):
        reproduce(desk, ID)


def test_asking_for_runs_and_recipes_imports_no_torch() -> None:
    code = (
        "import sys\n"
        "import researchdesk.services.reproduction, researchdesk.services.recipes\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules} & {'torch', 'sklearn'}))\n"
        "print('scipy.stats' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
