"""``backup``, ``restore`` and ``doctor``, as one types them."""

import json
import os
from pathlib import Path

import pytest

from researchdesk.errors import BusyError
from researchdesk.storage.database import DeskDatabase


def test_a_backup_is_made_listed_and_put_back(run):
    run("note", "--help")
    run("--offline", "add", "1706.02515", "--no-pdf")
    made = json.loads(run("backup", "--json").stdout)["backup"]
    assert Path(made["path"]).is_file()
    assert made["counts"]["papers"] >= 1
    run("remove", "1706.02515")
    assert made["path"] in run("backup", "--list").stdout
    assert made["path"] in run("restore").stdout
    done = run("restore", made["path"])
    assert done.returncode == 0, done.stderr
    assert "What was there before" in done.stderr
    shown = run("show", "1706.02515")
    assert shown.returncode == 0


def test_restore_latest_takes_the_newest_and_refuses_what_is_no_desk(run, tmp_path):
    assert run("restore", "latest").returncode == 2
    run("--offline", "add", "1706.02515", "--no-pdf")
    run("backup")
    assert run("restore", "latest").returncode == 0
    (tmp_path / "x.db").write_text("hello")
    refused = run("restore", str(tmp_path / "x.db"))
    assert refused.returncode == 5
    assert "cannot be read as a database" in refused.stderr
    assert run("restore", str(tmp_path / "not-there.db")).returncode == 2
    desk = DeskDatabase(Path(os.environ["RESEARCHDESK_DESK"]))
    refused = run("restore", "latest")
    assert (refused.returncode, "--force" in refused.stderr) == (BusyError("").exit_code, True)
    assert run("restore", "latest", "--force").returncode == 0
    desk.close()


def test_without_a_desk_there_is_nothing_to_copy(run):
    assert run("backup").returncode == 3
    assert "no backup yet" in run("backup", "--list").stderr


def test_doctor_reports_and_mends_only_when_told(run):
    run("--offline", "add", "1706.02515", "--no-pdf")
    said = run("--offline", "doctor")
    assert said.returncode == 0
    assert "database" in said.stdout
    assert "Make one: researchdesk backup" in said.stdout
    record = json.loads(run("--offline", "doctor", "--json").stdout)
    assert record["health"] == "note"
    assert record["repaired"] == []
    assert {"folder", "database", "search", "files", "backups", "versions", "network"} <= {
        check["name"] for check in record["checks"]
    }
    assert run("--offline", "doctor", "--repair").returncode == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = [", ["cannot be read"]),
        ("no_such = 1", ["no_such"]),
        ('theme = "nope"\n[keys]\n"app.nope" = "f5"', ["nope", "no such command"]),
    ],
)
def test_doctor_tells_of_the_settings_that_cannot_be_used(run, text, words):
    Path(os.environ["RESEARCHDESK_CONFIG"]).write_text(text)
    checks = json.loads(run("--offline", "doctor", "--json").stdout)["checks"]
    said = [check["message"] for check in checks if check["name"] == "settings"]
    assert all(any(word in one for one in said) for word in words), said
    assert {check["health"] for check in checks if check["name"] == "settings"} == {"problem"}
    assert run("completion", "bash").returncode == 0
    broken = len(words) == 1
    assert run("list").returncode == (5 if broken else 0)
