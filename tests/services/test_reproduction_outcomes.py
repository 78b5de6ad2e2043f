"""What a run that is not whole ends with, and what it says of itself."""

import errno
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from support.counted import write_counted
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.runs import Event
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import DeskError
from researchdesk.services import recipes as recipe_service
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce

ID = "2001.00001"
TRUSTED = ReproduceOptions(trust=True)
OTHER_ARM = ARM.replace("ours", "other")
OTHER_CLAIM = CLAIM.replace('"score"', '"second"', 1).replace("ours", "other")
TWO = ARM + OTHER_ARM + CLAIM + OTHER_CLAIM


def experiment(line: str) -> str:
    return f"def measure(run):\n    {line}\n    return {{'score': 0.5 + 0.01 * run.seed}}\n"


@pytest.mark.slow
def test_claims_of_arms_left_out_are_counted_and_the_others_decide(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, toml=TWO)
    report = reproduce(desk, ID, ReproduceOptions(arms=("ours",), trust=True))
    assert [claim.verdict for claim in report.claims] == [Verdict.REPRODUCED, Verdict.UNTESTED]
    assert report.claims[1].why == "arm other was left out"
    assert report.exit_code == 0
    assert report.notes == ("1 of 2 claims is untested: left out (1).",)
    assert reproduction.report_of(desk, report.run.id).notes == report.notes
    assert report.run.claims == report.claims
    whole = reproduce(desk, ID, TRUSTED)
    assert (whole.exit_code, whole.notes) == (0, ())


@pytest.mark.parametrize(
    ("line", "verdicts", "note"),
    [
        (
            "if run.arm == 'other': raise ValueError('no')",
            (Verdict.REPRODUCED, Verdict.UNTESTED),
            ("1 of 2 claims is untested: every seed failed (1).",),
        ),
        (
            "if run.arm == 'other' and run.seed == 2: raise ValueError('no')",
            (Verdict.REPRODUCED, Verdict.IMPRECISE),
            (),
        ),
        (
            "if run.arm == 'other' and run.seed == 2: return {'score': float('inf')}",
            (Verdict.REPRODUCED, Verdict.NOT_COMPARABLE),
            ("1 of 2 claims is not comparable: no finite number (1).",),
        ),
        (
            "if run.arm == 'other': return {'scroe': 1}",
            (Verdict.REPRODUCED, Verdict.UNTESTED),
            ("1 of 2 claims is untested: metric not measured (1).",),
        ),
    ],
)
def test_a_run_that_went_wrong_in_part_is_no_success(
    desk: Desk, line: str, verdicts: tuple[Verdict, ...], note: tuple[str, ...]
) -> None:
    write_recipe(desk.settings.recipes, experiment(line), toml=TWO)
    report = reproduce(desk, ID, TRUSTED)
    assert tuple(claim.verdict for claim in report.claims) == verdicts
    assert (report.exit_code, report.notes) == (6, note)


def test_a_failed_seed_of_an_arm_without_claims_is_no_success(desk: Desk) -> None:
    line = "if run.arm == 'other' and run.seed == 2: raise ValueError('no')"
    write_recipe(desk.settings.recipes, experiment(line), toml=ARM + OTHER_ARM + CLAIM)
    report = reproduce(desk, ID, TRUSTED)
    assert [claim.verdict for claim in report.claims] == [Verdict.REPRODUCED]
    assert report.exit_code == 6


def test_a_difference_needs_no_such_note(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, toml=TWO.replace("claimed = 0.5", "claimed = 9", 1))
    report = reproduce(desk, ID, ReproduceOptions(arms=("ours",), trust=True))
    assert (report.exit_code, report.notes) == (1, ())


@pytest.mark.parametrize(
    ("name", "call"), [("environment.json", "replace"), ("config.toml", "write_text")]
)
def test_a_disk_that_takes_no_more_is_not_a_claim_that_differs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, call: str
) -> None:
    write_recipe(desk.settings.recipes)
    done = getattr(Path, call)

    def full(path: Path, *given: Any, **named: Any) -> Any:
        if path.name.endswith((name, f"{name}.part")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return done(path, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, full)
        with pytest.raises(DeskError, match="No space left") as caught:
            reproduce(desk, ID, TRUSTED)
    assert caught.value.exit_code == 6
    assert not list(desk.settings.runs.glob(".new-*"))
    assert reproduce(desk, ID, TRUSTED).exit_code == 0


@pytest.mark.slow
def test_other_jobs_are_no_other_environment_and_other_packages_are(
    desk: Desk, tmp_path: Path
) -> None:
    write_counted(desk.settings.recipes, tmp_path / "diary", pause=0.1, seeds=4)

    def stretch(jobs: int, *, stop: bool) -> reproduction.Report:
        cancel = threading.Event()

        def seen(event: Event) -> None:
            if stop and event.kind == "seed_finished":
                cancel.set()

        return reproduce(desk, ID, ReproduceOptions(jobs=jobs, trust=True), seen, cancel)

    first, second = stretch(1, stop=True), stretch(2, stop=True)
    assert first.run.id == second.run.id
    assert (first.environment["jobs"], second.environment["jobs"]) == (1, 2)
    assert second.notes == ()
    file = desk.settings.runs / first.run.id / "environment.json"
    known = json.loads(file.read_text())
    file.write_text(json.dumps({**known, "threads": 7, "packages": {"torch": "0.1"}}))
    third = stretch(1, stop=False)
    assert third.run.id == first.run.id
    assert "Resumed in another environment: packages, threads." in third.notes


def test_one_file_that_no_reader_takes_hides_no_other_recipe(desk: Desk) -> None:
    good = write_recipe(desk.settings.recipes, name="good")
    for name, bad in (("deep", "a = " + "[" * 3000), ("large", f"seeds = 1{'0' * 5000}")):
        folder = write_recipe(desk.settings.recipes, name=name)
        (folder / "recipe.toml").write_text(bad)
    folder = write_recipe(desk.settings.recipes, "x = " + "-" * 20_000 + "1\n", name="minus")
    mine = [recipe.name for recipe in reproduction.recipes(desk) if not recipe.bundled]
    assert mine == [good.name]
    assert len(recipe_service.recipe_problems(desk)) == 3


def test_a_recipe_that_is_changed_or_gone_is_seen_so_the_next_time(desk: Desk) -> None:
    folder = write_recipe(desk.settings.recipes, name="mine")

    def mine() -> list[tuple[str, int]]:
        every = recipe_service.recipes(desk)
        return [(recipe.digest, recipe.seeds) for recipe in every if not recipe.bundled]

    first = mine()
    assert first == mine()
    write_recipe(desk.settings.recipes, name="mine", seeds=7)
    (changed,) = mine()
    assert (changed[1], changed[0] != first[0][0]) == (7, True)
    (folder / "recipe.toml").write_text("no TOML", "utf-8")
    assert mine() == []
    assert len(recipe_service.recipe_problems(desk)) == 1
