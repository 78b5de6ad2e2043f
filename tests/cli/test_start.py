"""Where the process begins: without a word the terminal app, without a terminal advice."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from support.many_papers import add_papers

from researchdesk.config import Settings
from researchdesk.services import library_search
from researchdesk.services.desk import open_desk


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


def test_a_desk_that_lost_its_database_is_not_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "backup-20260101T000000000000.db").write_text("a copy")
    (tmp_path / "desk.db").touch()
    process = _begin("list", desk=tmp_path)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 5
    assert "is empty, but backups of it are" in err
    assert (tmp_path / "desk.db").stat().st_size == 0


def test_damage_is_told_wherever_it_shows(tmp_path: Path) -> None:
    desk = open_desk(Settings(desk=tmp_path, state=tmp_path))
    add_papers(desk, 300)
    library_search.count(desk, library_search.parse_query(""))
    (root,) = desk.database.raw.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'papers_shelf'"
    ).fetchone()
    desk.database.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.close()
    with (tmp_path / "desk.db").open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    for args in (("list",), ("tag", "add", "x", "--query", "year:2019")):
        process = _begin(*args, desk=tmp_path)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 5, err
        assert "The desk's database is damaged" in err
        assert "Traceback" not in err


def test_without_a_terminal_it_says_that_it_needs_one(tmp_path: Path) -> None:
    process = _begin(desk=tmp_path)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert "needs a terminal" in err
