"""Runs that vary a source of randomness, are checked, or lack what an arm needs."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.recipe_maker import ARM, CLAIM, write_recipe
from support.small_experiment import write_fit

from researchdesk.domain.runs import Event, RunState, Task
from researchdesk.domain.verdicts import Shortfall, Verdict
from researchdesk.errors import UsageProblemError
from researchdesk.services import arms, reproduction
from researchdesk.services.checkouts import NotHere
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce

ID = "2001.00001"
TRUSTED = ReproduceOptions(trust=True, jobs=1)
UNRULY = """
    def augment(self, batch, run):
        return batch[0] + int.from_bytes(os.urandom(2), "big") / 1e6, batch[1]
"""
AUTHORS = """
[[arms]]
name = "theirs"
kind = "authors"
[arms.settings]
steps = 1
[arms.command]
repository = "https://example.org/a/b"
commit = "0123456789012345678901234567890123456789"
run = ["{python}", "train.py", "{seed}"]
patterns = {score = "score (.*)"}
"""
THEIR_CLAIM = CLAIM.replace('"score"', '"theirs"', 1).replace('"ours"', '"theirs"')


def test_each_source_is_varied_alone_and_its_share_told(desk: Desk) -> None:
    write_recipe(
        desk.settings.recipes,
        """
        def measure(run):
            draw = lambda source: run.stream(source) % 1000 / 1000
            return {"score": 0.5 + draw("init") + 0.01 * draw("order")}
        """,
        toml=ARM + CLAIM.replace("claimed = 0.5", "claimed = 1.0"),
        seeds=4,
    )
    folder = next(desk.settings.recipes.iterdir())
    text = (folder / "recipe.toml").read_text("utf-8")
    (folder / "recipe.toml").write_text(f'varies = ["init", "order"]\n{text}', "utf-8")
    report = reproduce(desk, ID, replace(TRUSTED, vary="all"))
    assert len(report.run.results) == 12
    rows = {row.source: row for row in report.variance}
    assert list(rows) == ["all", "init", "order"]
    assert all(row.n == 4 for row in rows.values())
    assert rows["order"].share is not None
    assert rows["order"].share < 0.01
    assert rows["init"].sd > rows["all"].sd  # as four seeds happen to fall
    assert (rows["init"].share, rows["init"].note) == (None, "more than the joint: too few seeds")
    assert report.claims[0].n == 4  # the seeds that vary all alone are the claim's evidence
    assert reproduction.report_of(desk, report.run.id).variance == report.variance
    with pytest.raises(UsageProblemError, match="does not seed split apart"):
        reproduce(desk, ID, replace(TRUSTED, vary="split"))
    assert len(reproduction.runs(desk)) == 1


@pytest.mark.slow
def test_a_check_that_fails_is_a_note_and_a_cause_of_a_difference(desk: Desk) -> None:
    write_fit(desk.settings.recipes, seeds=3, more=UNRULY)
    folder = next(desk.settings.recipes.iterdir())
    text = (folder / "recipe.toml").read_text("utf-8").replace("claimed = 10.0", "claimed = -100.0")
    (folder / "recipe.toml").write_text(text, "utf-8")
    report = reproduce(desk, ID, TRUSTED)
    (check,) = report.run.checks
    assert (check["name"], check["ok"]) == ("same seed, same result", False)
    assert any("same seed, same result” failed" in note for note in report.notes)
    (claim,) = report.claims
    assert claim.verdict is Verdict.DIFFERENT
    assert any("same seed, same result" in cause for cause in claim.causes)
    assert report.run.claims == report.claims


@pytest.mark.slow
def test_a_check_that_could_not_be_made_is_a_note_and_no_cause(desk: Desk) -> None:
    dies_at_first = """
    def augment(self, batch, run):
        if not os.path.exists(__file__ + ".mark"):
            open(__file__ + ".mark", "w").close()
            raise OSError("no such thing")
        return batch
"""
    folder = write_fit(desk.settings.recipes, seeds=3, more=dies_at_first)
    text = (folder / "recipe.toml").read_text("utf-8").replace("claimed = 10.0", "claimed = -100.0")
    (folder / "recipe.toml").write_text(text, "utf-8")
    report = reproduce(desk, ID, TRUSTED)
    (check,) = report.run.checks
    assert check["ok"] is None
    assert any("could not be made: OSError: no such thing" in note for note in report.notes)
    (claim,) = report.claims
    assert (claim.verdict, claim.causes) == (Verdict.DIFFERENT, ())


def test_a_check_that_holds_is_kept_and_nothing_is_said(desk: Desk) -> None:
    write_fit(desk.settings.recipes, seeds=2)
    seen: list[Event] = []
    report = reproduce(desk, ID, TRUSTED, seen.append)
    assert [check["ok"] for check in report.run.checks] == [True]
    assert report.notes == ()
    assert [event.kind for event in seen].index("check") == 1
    assert seen[0].data["run"] == report.run.id
    assert seen[0].data["left"] == {"ours": 2}
    assert report.environment["device"] in ("cpu", "cuda")


def test_an_arm_that_cannot_run_here_is_told_and_its_claims_are_untested(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_here(*given: Any, **named: Any) -> NotHere:
        return NotHere("needs the authors' code: the desk is offline")

    monkeypatch.setattr(arms, "checkout_for", not_here)
    write_recipe(desk.settings.recipes, toml=ARM + AUTHORS + CLAIM + THEIR_CLAIM)
    seen: list[Event] = []
    report = reproduce(desk, ID, TRUSTED, seen.append)
    ours, theirs = report.claims
    assert ours.verdict is Verdict.REPRODUCED
    assert (theirs.verdict, theirs.shortfall) == (Verdict.UNTESTED, Shortfall.MISSING)
    assert "the desk is offline" in theirs.why
    assert dict(report.run.missing) == {"theirs": "needs the authors' code: the desk is offline"}
    assert seen[0].data["missing"] == report.run.missing
    assert report.exit_code == 0
    only = reproduce(desk, ID, replace(TRUSTED, arms=("theirs",)))
    assert (only.run.tasks, only.exit_code) == ((), 6)


def test_what_is_not_run_yet_is_told_as_such(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, seeds=2)
    words: list[str] = []

    def look(event: Event) -> None:
        if event.kind == "run_started":
            (run,) = reproduction.runs(desk)
            assert run.state is RunState.RUNNING
            words.append(reproduction.report_of(desk, run.id).claims[0].why)

    reproduce(desk, ID, TRUSTED, look)
    assert words == ["not run yet: ours"]


def test_another_device_is_another_plan_and_a_gpu_that_is_not_there_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    write_recipe(desk.settings.recipes, seeds=2)
    with pytest.raises(UsageProblemError, match="no GPU here"):
        reproduce(desk, ID, replace(TRUSTED, device="cuda"))
    assert reproduction.runs(desk) == []
    report = reproduce(desk, ID, replace(TRUSTED, device="cpu"))
    assert report.environment["device"] == "cpu"
    with pytest.raises(UsageProblemError, match="no device 'tpu'"):
        reproduce(desk, ID, replace(TRUSTED, device="tpu"))


def test_drawn_settings_are_kept_with_their_seed(desk: Desk, tmp_path: Path) -> None:
    write_recipe(
        desk.settings.recipes,
        "def measure(run):\n    return {'score': float(run.settings['lr'])}",
        toml=ARM.replace("steps = 4", "steps = 4\nlr = 0.5")
        + CLAIM
        + "\n[ranges.lr]\nlow = 0.001\nhigh = 1.0\nlog = true\n",
        seeds=3,
    )
    seen: list[Event] = []
    report = reproduce(desk, ID, replace(TRUSTED, vary="hyper"), seen.append)
    drawn = [e for e in seen if e.kind == "seed_started" and e.vary == "hyper"]
    assert len(drawn) == 3
    for event in drawn:
        (result,) = (
            r for r in report.run.results if r.task == Task("ours", event.seed or 0, "hyper")
        )
        assert result.metrics["score"] == event.data["settings"]["lr"]
    assert {row.source for row in report.variance} == {"all", "hyper"}


def test_an_arm_that_a_stopped_run_did_not_come_to_is_told_as_such(desk: Desk) -> None:
    other = THEIR_CLAIM.replace('"theirs"', '"other"')
    toml = ARM + ARM.replace('"ours"', '"other"') + CLAIM + other
    write_recipe(desk.settings.recipes, seeds=2, toml=toml)
    stop = threading.Event()

    def end_after_the_first(event: Event) -> None:
        if event.kind == "seed_finished":
            stop.set()

    report = reproduce(desk, ID, TRUSTED, end_after_the_first, stop)
    assert report.run.state is RunState.INTERRUPTED
    assert report.claims[1].why == "not run yet: other; the run was stopped before its end"
