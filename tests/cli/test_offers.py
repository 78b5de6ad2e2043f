"""What is funny of a run or a script, on the command line: hinted at, listed, taken, logged."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.faketime import FakeTime
from support.funny_runs import RUNG, ended_run, watched
from support.recipe_maker import write_recipe

from researchdesk.cli import watch as watch_command
from researchdesk.cli.main import cli
from researchdesk.config import load_settings
from researchdesk.domain.watching import Certainty, WatchFinding
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.reports import report_of
from researchdesk.services.surprises import list_surprises

FUNNY = 'def measure(run):\n    return {"score": 0.8 + 0.01 * run.seed}\n'


@pytest.fixture
def desk(fake_time: FakeTime) -> Iterator[Desk]:
    """The desk that the command line takes, with a recipe on it."""
    opened = open_desk(load_settings(), fake_time.clock)
    write_recipe(opened.settings.recipes)
    yield opened
    opened.close()


@pytest.fixture
def made(desk: Desk, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """``reproduce`` makes its run without workers, with a failed rung; here are their ids."""
    ids: list[str] = []

    def stand(given: Desk, *_: object) -> reproduction.Report:
        fake_time.sleep(60)
        ids.append(ended_run(desk, checks=[RUNG]))
        return report_of(given, ids[-1])

    monkeypatch.setattr(reproduction, "reproduce", stand)
    return ids


def call(*args: str) -> Result:
    return CliRunner().invoke(cli, args, standalone_mode=False)


def data(*args: str) -> dict:
    done = call(*args, "--json")
    assert done.exception is None, done.output
    return json.loads(done.stdout)


def test_reproduce_says_what_is_funny_and_keeps_nothing(desk: Desk, made: list[str]) -> None:
    done = call("reproduce", "2001.00001")
    run = f"run:{made[0]}"
    assert done.return_value == 1
    assert (
        f"That's funny: 2 things are not as expected. See them: researchdesk funny offers {run}; "
        f"keep them: researchdesk funny take {run}"
    ) in done.stderr
    assert "funny" not in done.stdout
    assert list_surprises(desk) == []


def test_its_json_tells_them_with_the_entry_that_tells_of_each(desk: Desk, made: list[str]) -> None:
    claim, rung = data("reproduce", "2001.00001")["surprises"]
    assert claim["source"] == f"run:{made[0]}#claim:score"
    assert (claim["expected"], claim["observed"]) == ("0.5 (table 1)", "0.82 ± 0.01 (n=3)")
    assert claim["delta"]["by"] == pytest.approx(0.32)
    assert claim["delta"]["in_spreads"] == pytest.approx(32)
    assert claim["delta"]["words"].startswith("+0.32, 32.0 standard deviations")
    assert (claim["surprise"], rung["surprise"], rung["delta"]) == (None, None, None)
    call("funny", "take", claim["source"])
    shown = data("runs", "show", made[0])["surprises"]
    assert [one["surprise"] for one in shown] == [1, None]


def test_log_keeps_them_and_a_second_time_nothing(desk: Desk, made: list[str]) -> None:
    done = call("reproduce", "2001.00001", "--log")
    assert "Surprise 1 kept: Different here: The score is 0.5" in done.stderr
    assert "Surprise 2 kept: A rung failed" in done.stderr
    assert "That's funny" not in done.stderr
    kept = list_surprises(desk)
    assert {one.source for one in kept} == {
        f"run:{made[0]}#claim:score",
        f"run:{made[0]}#check:ours:one-batch",
    }
    again = call("reproduce", "2001.00001", "--log", "--json")
    assert again.return_value == 1
    assert "Surprise 1 tells of it already" in again.stderr
    assert [one["surprise"] for one in json.loads(again.stdout)["surprises"]] == [1, 2]
    assert list_surprises(desk) == kept


@pytest.mark.slow
def test_reproduce_log_twice_writes_once(run) -> None:
    new = json.loads(run("recipe", "new", "2001.00009", "--json").stdout)
    write_recipe(Path(new["folder"]).parent, FUNNY)
    done = run("reproduce", "2001.00001", "--trust", "--log", "--no-check", "--jobs", "1")
    assert (done.returncode, "Surprise 1 kept" in done.stderr) == (1, True), done.stderr
    done = run("reproduce", "2001.00001", "--log", "--no-check", "--jobs", "1")
    assert (done.returncode, "Surprise 1 tells of it already" in done.stderr) == (1, True)
    (kept,) = json.loads(run("funny", "list", "--json").stdout)["surprises"]
    assert kept["delta"]["spread_of"] == "3 seeds of ours/score"


def test_what_is_told_already_is_pointed_to(desk: Desk) -> None:
    run = ended_run(desk)
    assert call("funny", "take", run).stdout == "1\n"
    done = call("runs", "show", run)
    assert "Surprise 1 tells of it: researchdesk funny show 1" in done.stderr
    assert "That's funny" not in done.stderr


def test_the_command_that_is_told_keeps_just_that(desk: Desk) -> None:
    run = ended_run(desk, (0.5, 0.51, 0.52), [{**RUNG, "rung": "", "name": "same seed, same"}])
    done = call("runs", "show", run)
    command = done.stderr.split("Keep it: researchdesk ")[1].strip()
    done = call(*shlex.split(command))
    assert (done.exit_code, done.stdout) == (0, "1\n")
    assert "Next: researchdesk funny show 1" in done.stderr
    assert list_surprises(desk)[0].source == f"run:{run}#check:ours:same seed, same"
    begun = call("funny", "take", f"{run[:15]}#check:ours:same seed, same")
    assert begun.stdout == "1\n", "the beginning of the id names the same offer"


def test_offers_are_listed_with_their_delta(desk: Desk) -> None:
    assert "Nothing funny waits to be kept." in call("funny", "offers").stderr
    run, report = ended_run(desk), watched(desk)
    done = call("funny", "offers")
    assert done.stdout.splitlines()[:5] == [
        "1  Different here: The score is 0.5",
        "   expected: 0.5 (table 1)",
        "   observed: 0.82 ± 0.01 (n=3)",
        "   delta:    +0.32, 32.0 standard deviations of 3 seeds of ours/score",
        f"   source:   run:{run}#claim:score",
    ]
    assert "2  Softmax is applied twice, in train.py" in done.stdout
    assert f"Keep one: researchdesk funny take 'run:{run}#claim:score'" in done.stderr
    named = call("funny", "offers", f"watch:{report.id}").stdout
    assert named.splitlines()[0] == "Softmax is applied twice, in train.py"
    record = data("funny", "offers")["offers"]
    assert [one["on"] for one in record] == [f"run:{run}#score", f"watch:{report.id}"]
    assert data("funny", "offers", run)["offers"] == record[:1]


def test_offers_are_taken_by_number_by_name_and_all(desk: Desk) -> None:
    run = ended_run(desk, checks=[RUNG])
    watched(desk)
    done = call("funny", "take", "2", f"run:{run}#claim:score", "2", "--json")
    kept = json.loads(done.stdout)["surprises"]
    assert [one["source"] for one in kept] == [
        f"run:{run}#check:ours:one-batch",
        f"run:{run}#claim:score",
    ]
    assert call("funny", "take", f"run:{run}#claim:score").stdout == "2\n"
    done = call("funny", "take", "--all")
    assert done.stdout == "3\n"
    done = call("funny", "take", "--all")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "Nothing funny waits" in done.stderr
    assert len(list_surprises(desk)) == 3


@pytest.mark.parametrize("wrong", ["0", "9", "watch:9", "20200101-000000-gone", "x#y"])
def test_where_one_of_several_is_nothing_none_is_kept(desk: Desk, wrong: str) -> None:
    run = ended_run(desk)
    done = CliRunner().invoke(cli, ["funny", "take", f"run:{run}#claim:score", wrong])
    assert getattr(done.exception, "exit_code", None) == 3
    assert list_surprises(desk) == []


@pytest.mark.parametrize("args", [(), ("--all", "1")])
def test_take_wants_names_or_all(desk: Desk, args: tuple[str, ...]) -> None:
    done = call("funny", "take", *args)
    assert getattr(done.exception, "exit_code", None) == 2


@pytest.mark.parametrize(
    ("sure", "hinted"),
    [(Certainty.LIKELY, True), (Certainty.CERTAIN, True), (Certainty.LOOK, False), (None, False)],
)
def test_watch_ends_with_a_hint_where_something_is_likely(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, sure: Certainty | None, hinted: bool
) -> None:
    found = (
        (WatchFinding("softmax-before-cross-entropy", sure, "Twice.", "t.py", 7),) if sure else ()
    )
    report = replace(watched(desk), id=0, findings=found)
    monkeypatch.setattr(watch_command, "watch_script", lambda *_: (report, 0))
    done = call("watch", "t.py")
    assert done.exit_code == 0
    assert (
        "Keep it: researchdesk funny take 'watch:2#softmax-before-cross-entropy'" in done.stderr
    ) is hinted
    assert ("That's funny" in done.stderr) is hinted
    assert list_surprises(desk) == []


def test_a_report_that_could_not_be_kept_is_not_hinted_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = replace(watched(desk), id=0)
    monkeypatch.setattr(watch_command, "watch_script", lambda *_: (report, 0))
    monkeypatch.setattr(watch_command, "_kept", lambda session, report: report)
    assert "That's funny" not in call("watch", "t.py").stderr
