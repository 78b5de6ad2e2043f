"""Messages at a terminal end their lines between words."""

import os
import subprocess
import sys

import pytest
from support.pseudo_terminal import pseudo_terminal

from researchdesk.cli import diagnostics
from researchdesk.cli.wrapping import wrapped
from researchdesk.errors import DeskError

LONG = "By which metric are trials to be chosen, and by whom of you? Nothing was changed at all."


def test_lines_end_between_words_and_keep_their_indent() -> None:
    lines = wrapped(f"error: {LONG}", 40).split("\n")
    assert max(map(len, lines)) <= 40
    assert " ".join(lines) == f"error: {LONG}"
    assert wrapped("short  and   wide\n  kept", 20) == "short  and   wide\n  kept"
    assert wrapped(f"  {LONG}", 40).startswith("  By which")
    assert "\n  " in wrapped(f"  {LONG}", 40)


def test_what_is_copied_stays_whole() -> None:
    command = "researchdesk sweep new example --to FILE.toml"
    for said in (f"`{command}`", command):
        text = (
            f"hint: There is a file to begin with, in a terminal: {said}; and then it is started."
        )
        assert any(said in line for line in wrapped(text, 50).split("\n")), said
    path = f"/home/{'very/' * 20}long.md"
    assert wrapped(f"Your words are in {path} now", 40).split("\n")[1] == path


@pytest.mark.parametrize("columns", [80, 50])
def test_a_terminal_is_given_lines_and_a_pipe_is_not(
    columns: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with pseudo_terminal(columns) as (end, told):
        with os.fdopen(end, "w", closefd=False) as terminal, monkeypatch.context() as at_terminal:
            at_terminal.setattr(sys, "stderr", terminal)
            at_terminal.setenv("NO_COLOR", "1")
            diagnostics.tell(DeskError(LONG, LONG))
            diagnostics.warn(LONG)
            diagnostics.say(LONG)
        lines = told().splitlines()
    assert max(map(len, lines)) <= columns
    heads = ("error: ", "hint: ", "warning: ", "")
    assert " ".join(lines) == " ".join(head + LONG for head in heads)
    diagnostics.tell(DeskError(LONG))
    assert capfd.readouterr().err == f"error: {LONG}\n"


def test_what_is_wrong_with_a_command_line_is_told_as_any_failure_is() -> None:
    command = [sys.executable, "-m", "researchdesk", "runs", "list", "--all", "--limit", "3"]
    with pseudo_terminal(60) as (end, told):
        environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        done = subprocess.run(
            command, stdin=end, stdout=end, stderr=end, env=environ | {"TERM": "dumb"}, check=False
        )
        lines = told().splitlines()
    assert done.returncode == 2
    assert max(map(len, lines)) <= 60
    assert " ".join(lines) == (
        "Usage: researchdesk runs list [OPTIONS] [ID] "
        "error: --all and --limit ask for two things; give one of them. "
        "hint: What it takes: `researchdesk runs list --help`."
    )
