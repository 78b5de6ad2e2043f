"""``sweep`` on the command line."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.sweep_maker import EXPERIMENT, ID, Made, chosen_by, swept_recipe, write_sweep

from researchdesk.config import load_settings
from researchdesk.domain.runs import Event
from researchdesk.harness.events import EventLog
from researchdesk.harness.locks import FileLock
from researchdesk.harness.sweeps.history import LOOKED
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.sweep_store import store_of

TRIALS = [
    Made(value=0.25, lr=0.0198765),
    Made(value=0.75, lr=0.03, metrics={"test_score": 0.123456, "test_count": 19210}),
    Made(value=0.5, end="stopped", retries=["The worker was killed by SIGKILL."]),
    Made(end="failed"),
    Made(value=0.1, metrics={"test_score": 0.123456, "val_[b]": 3.0}),
]


@pytest.fixture
def desk(_apart: None):
    opened: Desk = open_desk(load_settings(), lambda: datetime(2026, 4, 12, 12, tzinfo=UTC))
    yield opened
    opened.close()


def test_a_sweep_is_listed_and_shown_without_the_test(run, desk: Desk) -> None:
    assert "No sweep yet" in run("sweep", "list").stderr
    sweep_id = write_sweep(desk, TRIALS)
    shown = run("sweep", "show", "20260412")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0] == f"{sweep_id}  finished  on local"
    assert "Taken: 5 of 3 trials, 0 s by the clock." in lines
    assert "Best: trial 1 with valid_score 0.75." in lines
    assert [line.split()[0] for line in lines if "lr 0." in line][1:] == ["1", "0", "4", "2"]
    assert "stopped at step 1  2      lr 0.05" in shown.stdout
    assert "1 of 5 trials failed:\n  1 × ValueError: it broke" in shown.stderr
    assert "Trial 2 was tried 2 times: The worker was killed by SIGKILL." in shown.stderr
    assert "3  " in run("sweep", "show", sweep_id, "--all").stdout.splitlines()[-1]
    record = json.loads(run("sweep", "show", sweep_id, "--json").stdout)
    assert {"sweep", "recipe", "arm", "search", "seed", "state", "engine", "budget", "spent",
            "best", "trials", "looks", "environment"} <= record.keys()  # fmt: skip
    assert (record["best"]["trial"], record["best"]["value"]) == (1, 0.75)
    assert record["trials"][2]["retries"] == ["The worker was killed by SIGKILL."]
    assert record["looks"]["count"] == 0
    listed = run("sweep", "list")
    assert listed.stdout.splitlines()[1].split() == [
        sweep_id, "finished", "5/3,", "1", "✗", "0.75", "sweep:", ID, "ours,", "valid_score",
    ]  # fmt: skip
    assert listed.stdout.splitlines()[1].index("sweep:") < 70, "its name is seen in 80 columns"
    told = (
        shown,
        listed,
        run("sweep", "trials", sweep_id),
        run("sweep", "show", sweep_id, "--json"),
    )
    assert not any("0.1235" in one.stdout + one.stderr for one in told)
    assert not any("0.123456" in one.stdout + one.stderr for one in told)


def test_trials_are_a_table_csv_or_json(run, desk: Desk) -> None:
    sweep_id = write_sweep(desk, TRIALS)
    done = run("sweep", "trials", sweep_id, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["trial"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert {row["gpus"] for row in rows} == {""}, "as of an earlier version, that wrote none"
    assert (rows[0]["setting:lr"], rows[0]["value"]) == ("0.0198765", "0.25")
    assert (rows[2]["tries"], rows[3]["state"], rows[4]["val_[b]"]) == ("2", "failed", "3.0")
    assert "test_score" not in done.stdout
    record = json.loads(run("sweep", "trials", sweep_id, "--json").stdout)
    assert [trial["trial"] for trial in record["trials"]] == [0, 1, 2, 3, 4]
    assert run("sweep", "trials", sweep_id).stdout.splitlines()[4].split()[:2] == ["3", "–"]
    assert run("sweep", "trials", sweep_id, "--csv", "--json").returncode == 2


def test_what_is_under_way_or_failed_is_told_and_a_grid_by_its_points(run, desk: Desk) -> None:
    going = write_sweep(desk, [Made(value=0.5), Made(end="")], end="")
    lock = FileLock(desk.settings.sweeps / going / "lock")
    assert lock.acquire()
    shown = run("sweep", "show", going).stdout
    lock.release()
    assert "0.0 s  running" in shown
    assert "--all" not in shown
    broken = write_sweep(desk, [Made(end="")] * 2, end="run_interrupted")
    assert "2 trials: 2 not ended; shown" in run("sweep", "show", broken).stdout
    failed = write_sweep(desk, [Made(end="failed"), Made(end="failed")])
    assert "2 trials: 2 failed; shown with --all." in run("sweep", "show", failed).stdout
    grid = write_sweep(desk, [Made(), Made()], more='search = "grid"\n', points=2)
    assert "Taken: 2 of 2 points, 0 s by the clock." in run("sweep", "show", grid).stdout
    done = run("sweep", "extend", grid, "--trials", "9")
    assert (done.returncode, "has 2 points, and all are done" in done.stderr) == (2, True)
    assert "has 2 points, and all are done" in run("sweep", "resume", grid).stderr


def test_hours_that_nobody_followed_are_said_to_be_uncounted(run, desk: Desk) -> None:
    words = "nobody followed is not counted"
    left = write_sweep(desk, [Made()], end="run_detached")
    assert words not in run("sweep", "show", left).stderr, "it has no budget of hours"
    record = EventLog(desk.settings.sweeps / left / "events.jsonl")
    at = datetime(2026, 4, 12, 13, tzinfo=UTC)
    record.append(Event("sweep_extended", at, data={"budget": {"trials": 3, "hours": 2.0}}))
    record.close()
    assert words in run("sweep", "show", left).stderr
    assert "nobody follows is not counted" in " ".join(
        run("sweep", "start", "--help").stdout.split()
    )


def test_no_spreadsheet_takes_a_reason_for_a_formula(run, desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made(retries=["=cmd()", "@x"]), Made(value=-0.5)])
    done = run("sweep", "trials", sweep_id, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert (rows[0]["retries"], rows[1]["value"]) == ("'=cmd(); @x", "-0.5")


def test_looks_at_the_test_are_counted_wherever_the_sweep_is_shown(run, desk: Desk) -> None:
    sweep_id = write_sweep(desk, TRIALS)
    done = run("sweep", "test", sweep_id)
    assert done.returncode == 0, done.stderr
    assert f"Trial 1 of {sweep_id}, chosen on validation:" in done.stdout
    assert "test_score  0.1235" in done.stdout
    assert "test_count  19210" in done.stdout
    assert "looked at once" in done.stderr
    store_of(desk).note(sweep_id, LOOKED, {"trial": 0})  # as after a sweep that went on
    record = json.loads(run("sweep", "test", sweep_id, "--json").stdout)
    assert (record["trial"], record["test"]["test_score"]) == (1, 0.123456)
    assert "too good" in record["looks"]["words"]
    assert "3 times, at 2 different trials" in run("sweep", "show", sweep_id).stderr
    looks = json.loads(run("sweep", "show", sweep_id, "--json").stdout)["looks"]
    assert (looks["count"], looks["trials"]) == (3, [1, 0])
    listed = run("sweep", "list").stdout.splitlines()
    assert ("test looked at" in listed[0], "3 times, 2 trials" in listed[1]) == (True, True)
    assert run("sweep", "test", sweep_id, "--trial", "0").returncode == 2, "of the chosen one only"
    assert run("sweep", "test", "20260413").returncode == 3


def test_of_a_sweep_that_cannot_go_on_it_is_not_said_that_it_does(run, desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made(), Made(end="")], end="run_interrupted")
    assert (
        f"It goes on: researchdesk sweep resume {sweep_id}" in run("sweep", "show", "2026").stderr
    )
    chosen_by(desk, sweep_id, "nope")
    shown = run("sweep", "show", sweep_id).stderr
    assert "sweep resume" not in shown
    assert f"`researchdesk sweep rm {sweep_id}`" in shown
    assert run("sweep", "resume", sweep_id, "--trust").returncode == 6


def test_a_trial_that_the_test_chose_is_never_said_to_be_of_validation(run, desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made(metrics={"test_score": 0.5, "test_loss": 0.25})])
    chosen_by(desk, sweep_id, "test_score")
    done = run("sweep", "test", sweep_id)
    assert f"Trial 0 of {sweep_id}, chosen by test_score, which may be of the test:" in done.stdout
    assert "(validation)" not in done.stdout
    assert "once. Beside that, trials were chosen by test_score, which may be of" in done.stderr


def test_wrong_words_are_told_with_what_to_do(run, desk: Desk, tmp_path: Path) -> None:
    swept_recipe(desk)
    for arguments, code, words in (
        (("start", ID), 2, "--metric valid_score"),
        (("start", "2001.00078", "--metric", "valid_loss"), 3, "no recipe"),
        (("start", "no.toml"), 5, "sweep new ID --to no.toml"),
        (("start", ID, "--metric", "valid_loss"), 2, "--trust"),
        (("start", ID, "--metric", "valid_loss", "--on", "lokal", "--trust"), 3, "local"),
        (("start", ID, "--metric", "valid_loss", "--detach", "--trust"), 2, "--on"),
        (("start", ID, "--metric", "valid_loss", "--hours", "0"), 2, "--hours"),
        (("resume", "20260412"), 3, "sweep list"),
        (("cancel", "20260412"), 3, "sweep list"),
    ):
        done = run("sweep", *arguments)
        assert (done.returncode, done.stdout) == (code, ""), (arguments, done.stderr)
        assert words in done.stderr, done.stderr
    assert run("sweep", "new", ID, "--to", "s.toml").stdout == "s.toml\n"
    assert run("sweep", "new", ID, "--to", "s.toml").returncode == 2
    text = (tmp_path / "s.toml").read_text("utf-8")
    assert run("sweep", "new", ID).stdout == text
    (tmp_path / "s.toml").write_text(text.replace("log-uniform", "log-uniforn"), "utf-8")
    done = run("sweep", "start", "s.toml")
    assert (done.returncode, "log-uniforn" in done.stderr) == (5, True)
    assert run("sweep", "list").stdout == ""


def test_a_sweep_is_removed_when_that_is_confirmed(run, desk: Desk) -> None:
    sweep_id = write_sweep(desk, TRIALS)
    unheard = run("sweep", "rm", sweep_id)
    assert (unheard.returncode, f"sweep rm {sweep_id} --yes" in unheard.stderr) == (2, True)
    assert run("sweep", "rm", sweep_id, stdin="n\n").returncode == 130
    begun = run("sweep", "rm", sweep_id[:8], "--yes")
    assert (begun.returncode, f"sweep rm {sweep_id} --yes" in begun.stderr) == (3, True)
    assert (desk.settings.sweeps / sweep_id).exists()
    done = run("sweep", "rm", f"sweep:{sweep_id}", "--yes")
    assert (done.returncode, "is removed" in done.stderr) == (0, True)
    assert not (desk.settings.sweeps / sweep_id).exists()


@pytest.mark.slow
def test_that_a_fresh_seed_did_not_measure_the_test_is_said(run, desk: Desk) -> None:
    test = '"test_score": lr + 1, '
    assert test in EXPERIMENT
    told = f"lr, **({{{test}}} if run.seed > 1 else {{}}), "
    swept_recipe(desk, EXPERIMENT.replace(f"lr, {test}", told))
    done = run("sweep", "confirm", write_sweep(desk, TRIALS), "--seeds", "2", "--trust")
    assert done.returncode == 6, done.stderr
    assert "Where n is less than 2, the other seeds did not measure it" in done.stderr


@pytest.mark.slow
def test_a_sweep_runs_on_the_command_line_and_tells_how_it_goes(run, desk: Desk) -> None:
    swept_recipe(desk)
    first = ("sweep", "start", ID, "--metric", "valid_score", "--trials", "2", "--trust",
             "--jobs", "1", "--device", "cpu")  # fmt: skip
    done = run(*first)
    assert done.returncode == 0, done.stderr
    assert "started: 2 trials" in done.stderr
    assert "trial 0: valid_score 0.0" in done.stderr
    assert "best so far; lr 0.0" in done.stderr
    assert "test_score" not in done.stdout + done.stderr
    sweep_id = done.stdout.split()[0]
    record = json.loads(run("sweep", "extend", sweep_id, "--trials", "3", "--json").stdout)
    assert (record["state"], record["spent"]["trials"]) == ("finished", 3)
    assert "finished already" in run(*first).stderr
