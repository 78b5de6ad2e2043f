"""Passes and notes on the command line."""

import json
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from support.made_paper import write_paper

from researchdesk.cli.context import Session
from researchdesk.cli.main import cli
from researchdesk.cli.words import rescued, words
from researchdesk.config import Settings
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import stories

ID = "1904.09237"


def test_a_pass_ends_with_a_decision_and_says_what_was_left_out(run) -> None:
    assert run("pass", "start", ID, "--pass", "1").returncode == 0
    done = run("pass", "finish", ID, "--pass", "1", "--decision", "go-on", "--why", "fine")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "Not reached: " in done.stderr
    assert "Without a note: Title." in done.stderr
    assert "Decided: go on." in done.stderr
    told = json.loads(run("pass", "list", ID, "--json").stdout)["passes"]
    assert [(p["number"], p["decision"], p["why"], p["seconds"]) for p in told] == [
        (1, "go on", "fine", 0.0)
    ]
    assert "go on" in run("pass", "list", ID).stdout


def test_a_day_means_later_and_comes_back(run) -> None:
    run("pass", "start", ID, "--pass", "1")
    for args in (("--decision", "later"), ("--decision", "stop", "--again", "2999-01-01")):
        assert run("pass", "finish", ID, "--pass", "1", *args).returncode == 2
    done = run("pass", "finish", ID, "--pass", "1", "--again", "2999-01-01", "--why", "w", "--json")
    assert json.loads(done.stdout)["decision"] == "later"
    assert json.loads(run("list", "--due", "--json").stdout) == {
        "papers": [],
        "problems": [],
        "total": 0,
    }
    assert run("list", "--due").stdout == ""
    (listed,) = json.loads(run("list", "--due", "--on", "2999-01-01", "--json").stdout)["papers"]
    assert listed["id"] == ID
    assert listed["due"] == {"pass": 1, "again_on": "2999-01-01", "why": "w"}
    assert "2999-01-01" in run("list", "--due", "--on", "2999-01-01").stdout
    assert run("list", "--on", "2999-01-01").returncode == 2


def test_in_a_terminal_the_decision_is_asked_for(run, tmp_path: Path) -> None:
    run("pass", "start", ID, "--pass", "1")
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "researchdesk", "pass", "finish", ID, "--pass", "1"]
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    os.write(leader, b"later\n2999-01-01\nno time\n")
    assert process.wait(60) == 0
    os.close(leader)
    (told,) = json.loads(run("pass", "list", ID, "--json").stdout)["passes"]
    assert (told["decision"], told["again_on"], told["why"]) == ("later", "2999-01-01", "no time")


def test_questions_from_the_mark_to_the_answer(run) -> None:
    run("pass", "start", ID, "--pass", "2")
    marked = json.loads(run("note", "mark", ID, "--quote", "the proof", "--json").stdout)
    assert (marked["kind"], marked["pass_number"], marked["text"]) == ("question", 2, "")
    number = str(marked["id"])
    assert run("note", "mark", ID).returncode == 2
    assert "the proof" in run("note", "list", "--open").stdout
    answer = json.loads(run("note", "resolve", number, "by (3)", "--json").stdout)["answer"]
    assert answer["answers"] == marked["id"]
    assert json.loads(run("note", "list", ID, "--open", "--json").stdout) == {"notes": []}
    shown = json.loads(run("note", "show", number, "--json").stdout)
    assert shown["answered_by"] == [answer["id"]]
    assert run("note", "reopen", number).returncode == 0
    assert "the proof" in run("note", "list", "--open").stdout
    assert run("note", "resolve", str(answer["id"])).returncode == 3


@pytest.mark.slow
def test_a_note_its_links_its_states_and_undo(run) -> None:
    number = run("note", "add", ID, "see [[1512.03385]] and `[[1706.03762]]`").stdout.strip()
    back = run("note", "add", ID, f"[[note:{number}]]").stdout.strip()
    shown = json.loads(run("note", "show", number, "--json").stdout)
    assert [(i["kind"], i["target"]) for i in shown["links"]] == [("paper", "1512.03385")]
    assert "Residual" in shown["links"][0]["title"]
    assert shown["backlinks"] == [int(back)]
    assert re.search(rf"linked from note {back}", run("note", "show", number).stdout)
    linking = json.loads(run("note", "backlinks", "1512.03385", "--json").stdout)["notes"]
    assert [item["id"] for item in linking] == [int(number)]
    assert run("note", "backlinks", "no such form").returncode == 2
    run("note", "edit", number, "other", "--page", "3")
    run("note", "edit", number, "--no-page")
    assert run("note", "edit", number, "--page", "1", "--no-page").returncode == 2
    assert "unchanged" in run("note", "edit", number, "other").stderr
    states = json.loads(run("note", "revisions", number, "--json").stdout)["revisions"]
    assert [(s["text"][:5], s["page"]) for s in states] == [
        ("see [", None),
        ("other", 3),
        ("other", None),
    ]
    assert "says what it said before" in run("note", "undo", ID).stderr
    assert json.loads(run("note", "show", number, "--json").stdout)["page"] == 3
    assert run("note", "redo", ID).returncode == 0
    assert "nothing to redo" in run("note", "redo", ID).stderr
    assert json.loads(run("note", "redo", ID, "--json").stdout) == {"done": None}


def test_a_quote_is_held_against_the_paper(run, tmp_path: Path) -> None:
    write_paper(tmp_path / "p.pdf", stamp="")
    name = json.loads(run("add", "p.pdf", "--json").stdout)["papers"][0]["id"]
    done = run("note", "add", name, "x", "--quote", "The order of the schedules", "--json")
    assert json.loads(done.stdout)["page"] == 2
    assert done.stderr == ""
    done = run("note", "add", name, "x", "--quote", "not in the paper")
    assert done.returncode == 0
    assert "was not found" in done.stderr
    done = run("note", "add", name, "x", "--quote", "The order of the schedules", "--page", "1")
    assert "stands on page 2" in done.stderr
    done = run("note", "add", name, "x", "--page", "9")
    assert done.returncode == 2
    assert "3 pages" in done.stderr


def test_words_from_stdin_or_an_editor_are_not_lost_when_they_cannot_be_kept(run) -> None:
    done = run("note", "add", ID, "-", "--pass", "9", stdin="a long thought\n")
    assert done.returncode == 2
    place = Path(done.stderr.rsplit("Your words are in ", 1)[1].strip())
    assert place.read_text("utf-8") == "a long thought\n"
    again = run("note", "add", ID, "-", "--pass", "9", stdin="another\n")
    assert Path(again.stderr.rsplit("Your words are in ", 1)[1].strip()) != place
    assert "Your words" not in run("note", "add", ID, "short", "--pass", "9").stderr


def test_words_are_set_aside_where_something_breaks_that_nobody_foresaw(
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt), rescued(Session(settings), "a long thought", "-"):
        raise KeyboardInterrupt
    place = Path(capsys.readouterr().err.rsplit("Your words are in ", 1)[1].strip())
    assert place.read_text("utf-8") == "a long thought"
    settings.state.rename(settings.state.with_name("away"))
    settings.state.write_text("in the way")
    with pytest.raises(NotOnDeskError) as caught, rescued(Session(settings), "more", "-"):
        raise NotOnDeskError("No.", "Look.")
    assert Path(caught.value.hint.rsplit(" in ", 1)[1]).read_text("utf-8") == "more"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "researchdesk", "note", "add", ID, "-"],
        input=b"\xff\xfe",
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (5, b"")
    assert b"UTF-8" in done.stderr


def test_what_an_editor_wrote_in_no_utf_8_is_set_aside(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'caf\\351' > $1\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal, click.Context(cli, obj=Session(settings)).scope():
        monkeypatch.setattr(sys, "stdin", terminal)
        with pytest.raises(BadInputError, match="no UTF-8 text") as caught:
            words(None, "old")
    os.close(master)
    place = Path(caught.value.hint.rsplit("Your words are in ", 1)[1])
    assert (place.parent, place.read_bytes()) == (settings.state, b"caf\xe9")
    assert "`iconv -f LATIN1 -t UTF-8 FILE`. Your words are in " in caught.value.hint


@pytest.mark.parametrize(("editor", "there"), [("false", True), ("/nonexist/ed", False)])
def test_an_editor_that_failed_is_told_from_one_that_is_not_there(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, editor: str, there: bool
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal, click.Context(cli, obj=Session(settings)).scope():
        monkeypatch.setattr(sys, "stdin", terminal)
        with pytest.raises(UsageProblemError) as caught:
            words(None, "old")
    os.close(master)
    assert ("an editor that is there" in caught.value.hint) is not there


def test_a_draft_that_cannot_be_kept_is_set_aside(run, monkeypatch: pytest.MonkeyPatch) -> None:
    slug = run("story", "new", "--title", "Why").stdout.strip()

    def full(*_: object) -> None:
        raise BadInputError("The disk is full.", "Make room.")

    monkeypatch.setattr(stories, "save_draft", full)
    done = CliRunner().invoke(cli, ["story", "edit", slug, "-"], input="a long draft")
    assert isinstance(done.exception, BadInputError)
    place = Path(done.exception.hint.rsplit("Your words are in ", 1)[1])
    assert place.read_text("utf-8") == "a long draft"
