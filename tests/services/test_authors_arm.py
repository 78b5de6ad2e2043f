"""The authors' own code beside ours: run once the user said yes, and measured like any arm."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.authors import RUN, authors_origin, write_authors_recipe
from support.origin import Origin
from support.processes import has_ended

from researchdesk.domain.verdicts import Shortfall, Verdict
from researchdesk.services import checkouts
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import Report, ReproduceOptions, reproduce

ID = "2001.00001"
YES = ReproduceOptions(trust=True, jobs=1)
OURS_ONLY = replace(YES, arms=("ours",))


@pytest.fixture(autouse=True)
def _files_may_be_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkouts, "PROTOCOLS", ("https", "file"))


@pytest.fixture
def theirs(tmp_path: Path) -> Origin:
    return authors_origin(tmp_path / "far" / "theirs")


def measured(report: Report, arm: str) -> list[tuple[int, dict[str, float]]]:
    found = [item for item in report.run.results if item.task.arm == arm]
    return [(item.task.seed, dict(item.metrics)) for item in found]


def test_ours_and_theirs_are_measured_side_by_side(desk: Desk, theirs: Origin) -> None:
    write_authors_recipe(desk.settings.recipes, theirs)
    report = reproduce(desk, ID, YES)
    assert [claim.verdict for claim in report.claims] == [Verdict.REPRODUCED] * 2, report
    assert [claim.n for claim in report.claims] == [3, 3]
    assert report.exit_code == 0
    scores = [(seed, metrics["score"]) for seed, metrics in measured(report, "authors")]
    assert scores == [(seed, pytest.approx(0.625 + 0.01 * seed)) for seed in range(3)]
    prints = (desk.settings.runs / report.run.id / "stdout.log").read_text()
    assert prints.count("Training HNN model:") == 3


def test_without_the_yes_theirs_is_untested_and_ours_is_tested(desk: Desk, theirs: Origin) -> None:
    write_authors_recipe(desk.settings.recipes, theirs)
    reproduce(desk, ID, OURS_ONLY)
    report = reproduce(desk, ID, ReproduceOptions(jobs=1))
    ours, authors = report.claims
    assert ours.verdict is Verdict.REPRODUCED
    assert (authors.verdict, authors.shortfall) == (Verdict.UNTESTED, Shortfall.MISSING)
    assert "needs your yes" in authors.why
    assert theirs.url in authors.why
    assert report.exit_code == 0
    assert any("authors-score" in note or "untested" in note for note in report.notes)
    again = reproduce(desk, ID, YES)
    assert again.run.id != report.run.id
    assert [claim.verdict for claim in again.claims] == [Verdict.REPRODUCED] * 2


def test_without_network_theirs_is_untested(desk: Desk, theirs: Origin) -> None:
    write_authors_recipe(desk.settings.recipes, theirs)
    offline = replace(desk, settings=replace(desk.settings, offline=True))
    ours, authors = reproduce(offline, ID, YES).claims
    assert ours.verdict is Verdict.REPRODUCED
    assert authors.verdict is Verdict.UNTESTED
    assert "the desk is offline" in authors.why


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (["{python}", "spring/test.py"], "can't open file"),
        (["{python}", "-c", "print('nothing to see')"], "matches the pattern of score"),
    ],
)
def test_a_command_that_fails_fails_its_seeds(
    desk: Desk, theirs: Origin, run: Sequence[str], words: str
) -> None:
    write_authors_recipe(desk.settings.recipes, theirs, run=run, seeds=1)
    report = reproduce(desk, ID, YES)
    (error,) = report.run.failures.values()
    assert words in error
    assert report.claims[1].verdict is Verdict.UNTESTED
    assert measured(report, "ours")


def test_settings_and_the_seed_reach_the_command(desk: Desk, theirs: Origin) -> None:
    echo = ["{python}", "-c", "import sys; print('Final train loss', sys.argv[1])", "{seed}.5"]
    write_authors_recipe(desk.settings.recipes, theirs, run=echo)
    found = measured(reproduce(desk, ID, YES), "authors")
    assert [metrics["score"] for _, metrics in found] == [0.5, 1.5, 2.5]
    assert RUN[-1] == "{setting:steps}"


@pytest.mark.slow
def test_the_whole_group_is_ended_by_the_time_limit(desk: Desk, theirs: Origin) -> None:
    sleeper = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    folder = write_authors_recipe(
        desk.settings.recipes, theirs, run=["{python}", "-c", sleeper], seeds=1
    )
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8") + "[limits]\nminutes = 0.05\n", "utf-8")
    report = reproduce(desk, ID, replace(YES, arms=("authors",)))
    (error,) = report.run.failures.values()
    assert "0.05 minute" in error
    pid = int((desk.settings.runs / report.run.id / "stdout.log").read_text().split()[0])
    assert has_ended(pid)
