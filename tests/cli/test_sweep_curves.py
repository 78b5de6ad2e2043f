"""``sweep curve`` on sweeps that were written by hand."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.made_sweeps import drawn, sweep_of, write_sweep
from support.pseudo_terminal import pseudo_terminal

from researchdesk.domain.sweeps import Search

ONE, TWO, GRID = "20260314-150926-1", "20260314-150926-2", "20260314-150926-grid"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    grid = sweep_of([0.5, 0.4, None, 0.7, 0.6], id=GRID, name="ladder", search=Search.GRID)
    for made in (drawn(40, 1), drawn(25, 2, slower=3.0), grid):
        write_sweep(folder / "sweeps" / made.id, made)
    return folder


def test_a_table_with_bands_what_it_takes_and_how_far_it_holds(run, desk: Path) -> None:
    done = run("--desk", str(desk), "sweep", "curve", ONE, "--reach", "0.9")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert (
        lines[0]
        == "search 1: expected best valid_accuracy (higher is better), drawn with replacement"
    )
    assert lines[1].split() == ["TRIALS", "BEST", "95", "%", "BAND", "±", "SD"]
    assert [line.split()[0] for line in lines[2:8]] == ["1", "2", "5", "10", "20", "40"]
    assert "0.9 is reached in expectation with" in done.stdout
    assert "40 trials count." in done.stdout
    assert "held the truth 85 to 94 times in 100" in done.stdout
    assert "─" not in done.stdout  # no picture in a pipe
    told = run("--desk", str(desk), "sweep", "curve", GRID)
    assert "ladder: best valid_accuracy so far, in order" in told.stdout
    assert "its trials are no independent draws" in told.stdout


def test_two_sweeps_as_json_and_every_point_as_csv(run, desk: Path) -> None:
    both = ("--desk", str(desk), "sweep", "curve", ONE, TWO, "--without")
    found = json.loads(run(*both, "--json").stdout)
    assert [one["source"]["sweep"] for one in found["curves"]] == [ONE, TWO]
    first = found["curves"][0]
    assert (first["against"], first["replacement"], first["expected"]) == ("trials", False, True)
    assert set(first["points"][-1]) == {"budget", "best", "low", "high", "sd", "by_average"}
    (compared,) = found["comparisons"]
    assert (compared["first"], compared["second"]) == (ONE, TWO)
    assert compared["stretches"][-1]["last"] == compared["difference"][-1]["budget"]
    rows = list(csv.DictReader(io.StringIO(run(*both, "--csv").stdout)))
    assert len(rows) == sum(len(one["points"]) for one in found["curves"])
    assert float(rows[-1]["budget"]) == pytest.approx(found["curves"][1]["points"][-1]["budget"])


def test_a_picture_says_where_it_is_from(run, desk: Path, tmp_path: Path) -> None:
    to = tmp_path / "new" / "curve.svg"
    given = ("--desk", str(desk), "sweep", "curve", ONE, TWO, "--to", str(to))
    done = run(*given)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{to}\n"
    assert f"From sweep {ONE}: search 1" in done.stderr
    assert f"The folder {to.parent} was not there, and was made." in done.stderr
    svg = to.read_text("utf-8")
    assert "Expected best valid_accuracy against the number of trials." in svg
    assert f"From sweep {TWO}" in svg
    again = run(*given)
    assert (again.returncode, "was made" in again.stderr) == (0, False)
    assert to.read_text("utf-8") == svg
    to.write_text("mine", "utf-8")
    assert run(*given).returncode == 5
    assert to.read_text("utf-8") == "mine"
    pdf = run(*given[:-1], "curve.pdf", "--latex")
    assert r"\includegraphics{curve.pdf}" in pdf.stdout
    assert (tmp_path / "curve.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (("nope",), 3, "There is no sweep nope"),
        ((ONE, "--against", "gpu-hours"), 2, "held a GPU"),
        ((ONE, "--csv", "--json"), 2, "both CSV and JSON"),
        ((ONE, "--latex"), 2, "no file to include"),
        ((ONE, "--to", "x.gif"), 2, "x.gif"),
        ((), 2, "SWEEP"),
    ],
)
def test_what_cannot_be_is_told(run, desk: Path, given, code: int, words: str) -> None:
    done = run("--desk", str(desk), "sweep", "curve", *given)
    assert done.returncode == code
    assert words in done.stderr


def test_gpu_hours_of_a_sweep_that_does_not_know_its_gpus(run, desk: Path) -> None:
    given = ("--against", "gpu-hours", "--gpus", "0.5", "--json")
    done = run("--desk", str(desk), "sweep", "curve", ONE, *given)
    points = json.loads(done.stdout)["curves"][0]["points"]
    hours = sum(trial.seconds for trial in drawn(40, 1).trials) / 3600
    assert points[-1]["budget"] == pytest.approx(hours / 2, rel=1e-3)
    assert points[-1]["best"] == pytest.approx(points[-1]["by_average"], abs=0.01)


def test_a_terminal_gets_a_picture(desk: Path) -> None:
    command = [sys.executable, "-m", "researchdesk", "--desk", str(desk)]
    with pseudo_terminal() as (end, told):
        done = subprocess.run(
            [*command, "sweep", "curve", ONE, GRID],
            stdin=end, stdout=end, stderr=subprocess.PIPE,
            env={**os.environ, "COLUMNS": "80", "LC_ALL": "C.UTF-8"},
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        picture = told()
    assert "⠤" in picture
    assert "ladder" in picture


@pytest.mark.parametrize(
    "given",
    [
        ("curve", ONE, "--reach", "nan"),
        ("curve", ONE, "--against", "gpu-hours", "--gpus", "inf"),
        ("extend", ONE, "--hours", "nan"),
    ],
)
def test_what_is_no_finite_number_is_refused(run, desk: Path, given: tuple[str, ...]) -> None:
    done = run("--desk", str(desk), "sweep", *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not a finite number" in done.stderr
