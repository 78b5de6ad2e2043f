"""``researchdesk watch`` as a person and a shell meet it."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from researchdesk.cli import watch
from researchdesk.cli.main import cli
from researchdesk.config import load_settings
from researchdesk.domain.watching import Certainty, WatchFinding, WatchReport
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import open_desk
from researchdesk.services.watching import watch_reports

BUGGY = """
import sys
import torch
torch.manual_seed(0)
torch.set_num_threads(1)
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
x = torch.randn(8, 2)
for step in range(8):
    loss = (model(x) - x.sum(1, keepdim=True)).square().mean()
    loss.backward()
    optimizer.step()
print(sys.argv[1:], __name__, input())
sys.exit(4 if "--fail" in sys.argv else 0)
"""
PLAIN = "import sys\nprint(sys.argv[1:])\nsys.exit(len(sys.argv) - 1)\n"


@pytest.fixture(autouse=True)
def _scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "buggy.py").write_text(BUGGY)
    (tmp_path / "plain.py").write_text(PLAIN)
    monkeypatch.chdir(tmp_path)


def reports():
    desk = open_desk(load_settings())
    found = watch_reports(desk)
    desk.close()
    return found


def test_a_script_gets_what_is_its_own_and_its_findings_are_told_and_kept(run, tmp_path):
    args = ("--json", "r.json", "buggy.py", "--fail", "--json", "own", "--", "-h")
    done = run("watch", "--on", "1904.09237", *args, stdin="typed\n", timeout=160)
    assert done.stdout == "['--fail', '--json', 'own', '--', '-h'] __main__ typed\n"
    assert done.returncode == 4
    assert "! certain  gradients-not-zeroed" in done.stderr
    assert "buggy.py:11  loss.backward()" in done.stderr
    assert "Mend: Call `optimizer.zero_grad()`" in done.stderr
    assert "# researchdesk: ok gradients-not-zeroed" in done.stderr
    assert "\x1b" not in done.stderr
    record = json.loads((tmp_path / "r.json").read_text())
    assert (record["script"], record["exit_code"]) == ("buggy.py", 4)
    assert record["arguments"] == list(args[3:])
    found = next(item for item in record["findings"] if item["name"] == "gradients-not-zeroed")
    assert (found["certainty"], found["file"], found["line"]) == ("certain", "buggy.py", 11)
    assert found["evidence"]
    (kept,) = reports()
    assert (kept.id, kept.on, kept.exit_code) == (record["report"], "1904.09237", 4)
    assert kept.seen["optimizer steps"] == 8


@pytest.mark.parametrize(
    ("level", "sure", "own", "code"),
    [
        ("certain", Certainty.CERTAIN, 0, 1),
        ("certain", Certainty.LIKELY, 0, 0),
        ("likely", Certainty.LIKELY, 0, 1),
        ("look", Certainty.LOOK, 0, 1),
        ("look", Certainty.CERTAIN, 4, 4),
    ],
)
def test_a_finding_fails_the_command_where_that_is_asked_for(monkeypatch, level, sure, own, code):
    places = [WatchFinding("a", sure, f"m{at}", "t.py", at) for at in range(5)]
    moment = datetime(2026, 3, 14, tzinfo=UTC)
    report = WatchReport(("t.py",), "/", "python", own, "exit", moment, 1.0, "2.9", tuple(places))
    monkeypatch.setattr(watch, "watch_script", lambda *_: (report, 0))
    done = invoke("watch", "--fail-on", level, "t.py")
    assert (done.exit_code, done.stdout) == (code, "")
    assert "m2" in done.stderr
    assert "m3" not in done.stderr
    assert "And at: t.py:3, t.py:4" in done.stderr


def test_a_module_is_run_and_what_follows_is_its_own(run):
    done = run("watch", "--every", "3", "-m", "plain", "--every", "x")
    assert (done.stdout, done.returncode) == ("['--every', 'x']\n", 2)
    assert "Nothing could be watched" in done.stderr
    assert reports()[0].argv == ("-m", "plain", "--every", "x")


def test_json_on_stdout_comes_after_what_the_script_printed(run):
    done = run("watch", "--json", "-", "plain.py")
    first, rest = done.stdout.split("\n", 1)
    assert first == "[]"
    assert json.loads(rest)["findings"] == []


def test_a_desk_that_cannot_be_used_does_not_stop_the_script(run, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no desk")
    monkeypatch.setenv("RESEARCHDESK_DESK", str(tmp_path / "file"))
    done = run("watch", "plain.py", "a")
    assert (done.stdout, done.returncode) == ("['a']\n", 1)
    assert "were not kept" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_script_which_decides(tmp_path, number):
    (tmp_path / "wait.py").write_text(
        "import signal, sys, time\n"
        "def end(number, frame):\n"
        "    print('told', flush=True)\n"
        "    sys.exit(9)\n"
        f"signal.signal({int(number)}, end)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-m", "researchdesk", "watch", "wait.py"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    child.send_signal(number)
    assert child.stdout.read() == "told\n"
    assert child.wait(30) == 9
    assert reports()[0].exit_code == 9


def test_an_interrupted_script_ends_us_as_it_ends_itself(tmp_path):
    (tmp_path / "wait.py").write_text("import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    command = [sys.executable, "-m", "researchdesk", "watch", "wait.py"]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.2)
    os.killpg(child.pid, signal.SIGINT)
    assert child.wait(30) == -signal.SIGINT
    assert reports()[0].ended == "interrupted"


def invoke(*words: str):
    return CliRunner().invoke(cli, words)


def test_pages_are_listed_and_explained():
    listed = invoke("watch", "--list").stdout
    assert "gradients-not-zeroed" in listed
    page = invoke("watch", "--explain", "gradients-not-zeroed").stdout
    assert page.startswith("gradients-not-zeroed: Gradients are not zeroed")
    assert "--ignore gradients-not-zeroed" in page
    record = json.loads(invoke("watch", "--list", "--json", "-").stdout)
    assert {"name", "title", "certainties", "why", "mend"} <= set(record["findings"][0])


@pytest.mark.parametrize(
    ("args", "error", "words"),
    [
        (("--explain", "gradients"), NotOnDeskError, "no finding"),
        (("--ignore", "gradients", "plain.py"), NotOnDeskError, "no finding"),
        (("nothing.py",), UsageProblemError, "no script"),
        (("--json", "nowhere/r.json", "plain.py"), UsageProblemError, "no folder"),
        (("--on", "2001.99999", "plain.py"), NotOnDeskError, "neither a paper nor a run"),
        (("--on", "../elsewhere", "plain.py"), NotOnDeskError, "neither a paper nor a run"),
        (("--report", "99"), NotOnDeskError, "no watch report 99"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_run(args, error, words):
    came = invoke("watch", *args)
    assert isinstance(came.exception, error)
    assert words in came.exception.message
    assert came.stdout == ""


@pytest.mark.parametrize("args", [(), ("-m",), ("--nothing", "plain.py"), ("--every", "0", "x.py")])
def test_a_command_that_makes_no_sense_is_refused(args):
    assert invoke("watch", *args).exit_code == 2


def test_reports_are_listed_and_printed_again(tmp_path):
    assert "No script was watched yet" in invoke("watch", "--reports").stderr
    Path("plain.py").write_text("print(1)  # researchdesk: ok gradient-not-zeroed\n")
    first = invoke("watch", "plain.py", "--flag")
    assert "Line 1 silences gradient-not-zeroed, no finding." in first.stderr
    assert "Did you mean gradients-not-zeroed?" in first.stderr
    listed = invoke("watch", "--reports").stdout
    assert "plain.py --flag" in listed
    number = json.loads(invoke("watch", "--reports", "--json", "-").stdout)["reports"][0]["report"]
    again = invoke("watch", "--report", str(number))
    assert "researchdesk watched plain.py --flag" in again.stdout
    assert "Nothing could be watched." in again.stdout


def test_a_report_is_kept_with_a_paper_by_the_name_the_desk_has_for_it(tmp_path):
    Path("plain.py").write_text("print(1)\n")
    invoke("watch", "--on", "https://arxiv.org/abs/1904.09237v1", "plain.py")
    assert reports()[0].on == "1904.09237"
