"""A script is run as it would run without us; what was seen is read and kept."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from researchdesk.domain.watching import Certainty
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.harness import watched_process
from researchdesk.services import watching
from researchdesk.services.desk import Desk
from researchdesk.services.watching import (
    WatchOptions,
    keep_report,
    watch_report,
    watch_reports,
    watch_script,
)

FOUND = {
    "ended": "end",
    "torch": "2.0",
    "seen": {"optimizer steps": 7},
    "readings": {"ms per step": 1.5},
    "limits": ["no\x1b[1m"],
    "problems": [],
    "findings": [
        {"name": "one", "certainty": "likely", "message": "m", "file": "sub/train.py", "line": 2,
         "times": 3, "evidence": {"steps": 4}},
        {"name": "two", "certainty": "certain", "message": "n", "file": "", "line": 0},
    ],
}  # fmt: skip


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A script in a folder of its own, from whose parent it is started."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sub" / "train.py"
    path.parent.mkdir()
    path.write_text("import os\n    loss.backward()  \n")
    return "sub/train.py"


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch):
    """Stands in for the process: it writes a report and ends with a code."""

    def stand(code: int, text: str | None = json.dumps(FOUND)):
        def run(python, argv, report, every):
            if text is not None:
                report.write_text(text)
            return code

        monkeypatch.setattr(watching, "run_watched", run)

    return stand


def test_a_report_is_read_and_kept_as_it_was(desk: Desk, script, ended):
    ended(0)
    report, signal = watch_script([script, "--lr", "1"], WatchOptions(on=" run-1 "), desk.clock)
    assert signal == 0
    sure, likely = report.findings
    assert (sure.certainty, sure.source) == (Certainty.CERTAIN, "")
    assert (likely.file, likely.source, likely.times) == ("sub/train.py", "loss.backward()", 3)
    assert (report.limits, report.readings, report.on) == (("no",), {"ms per step": 1.5}, "run-1")
    kept = keep_report(desk, report)
    assert kept == replace(report, id=1)
    assert watch_report(desk, 1) == kept
    later = keep_report(desk, report)
    assert watch_reports(desk) == [later, kept]
    assert watch_reports(desk, 1) == [later]
    with pytest.raises(NotOnDeskError):
        watch_report(desk, 3)


def test_findings_that_are_ignored_are_left_out(script, ended):
    ended(0)
    report, _ = watch_script([script], WatchOptions(ignore=("two",)))
    assert [item.name for item in report.findings] == ["one"]


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", '{"findings": 3, "seen": [], "limits": "x"}']
)
def test_a_report_that_is_none_is_told_and_the_end_is_the_scripts(script, ended, text):
    ended(3, text)
    report, _ = watch_script([script])
    assert (report.exit_code, report.findings, dict(report.seen)) == (3, (), {})
    assert bool(report.limits) == (text is None or not text.endswith("}"))


@pytest.mark.parametrize(
    ("code", "told", "words"), [(-2, 130, "interrupted"), (-9, 137, "killed by signal 9")]
)
def test_a_signal_that_ended_the_script_is_told(script, ended, code, told, words):
    ended(code)
    report, signal = watch_script([script])
    assert (report.exit_code, report.ended, signal) == (told, words, -code)


def test_what_cannot_be_run_is_told_before(script):
    with pytest.raises(UsageProblemError, match="no script"):
        watch_script(["nothing.py"])
    with pytest.raises(UsageProblemError, match="cannot be started"):
        watch_script([script], WatchOptions(python="/nowhere/python"))


def test_the_activated_environment_is_used_where_it_has_torch(tmp_path, monkeypatch):
    place = tmp_path / "env"
    (place / "bin").mkdir(parents=True)
    python = place / "bin" / "python"
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setenv("VIRTUAL_ENV", str(place))
    assert watched_process.usual_python() == sys.executable
    for code, expected in ((1, sys.executable), (0, str(python))):
        python.write_text(f"#!/bin/sh\nexit {code}\n")
        python.chmod(0o755)
        assert watched_process.usual_python() == expected
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert watched_process.usual_python() == sys.executable
