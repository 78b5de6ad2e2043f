"""Where the process begins: without a word the terminal app, without a terminal advice."""

import os
import pty
import subprocess
import sys
from pathlib import Path


def _begin(*args: str, desk: Path, streams: int | None = None) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "researchdesk", *args]
    environ = {**os.environ, "RESEARCHDESK_DESK": str(desk), "TERM": "xterm-256color"}
    return subprocess.Popen(
        command,
        stdin=streams or subprocess.DEVNULL,
        stdout=streams or subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
    )


def test_a_desk_that_cannot_be_opened_is_told_as_by_any_command(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("this is no database, and long enough to be read as one" * 9)
    ours, theirs = pty.openpty()
    told = []
    for args in ((), ("list",)):
        process = _begin(*args, desk=tmp_path, streams=theirs if not args else None)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 5, err
        told.append(err)
    os.close(ours)
    os.close(theirs)
    assert told[0] == told[1] != ""


def test_without_a_terminal_it_says_that_it_needs_one(tmp_path: Path) -> None:
    process = _begin(desk=tmp_path)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert "needs a terminal" in err
