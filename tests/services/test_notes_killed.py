"""Notes under kill -9 and several processes: whole or not at all, and nothing typed is lost."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.services import library, notes
from researchdesk.services.desk import Desk, open_desk

_WRITER = """
import random, sys
from contextlib import suppress
from pathlib import Path
from researchdesk.errors import UsageProblemError
from researchdesk.config import Settings
from researchdesk.services import library, notes
from researchdesk.services.desk import open_desk
desk = open_desk(Settings(desk=Path(sys.argv[1]), state=Path(sys.argv[1])))
paper = library.get_paper(desk, "1904.00001")
who, rounds, dice = sys.argv[2], int(sys.argv[3]), random.Random(sys.argv[2])
print("ready", flush=True)
for n in range(rounds):
    text = f"{who} {n} [[note:1]] [[claim:{who}-{n}]] " + "x" * dice.randrange(5000)
    verb = dice.choice(["add", "mark", "edit", "edit", "resolve", "delete", "undo", "redo"])
    mine = notes.notes_of(desk, paper)
    marks = notes.questions_of(desk, paper)
    said = ""
    if verb == "edit" and mine:
        said = notes.edit_note(desk, dice.choice(mine).id, text=text).text
    elif verb == "resolve" and marks:
        said = notes.resolve(desk, dice.choice(marks).id, text).text
    elif verb == "delete" and mine:
        notes.delete_note(desk, dice.choice(mine).id)
    elif verb in ("undo", "redo"):
        with suppress(UsageProblemError):  # another did something to that note in between
            getattr(notes, verb)(desk, paper)
    elif verb == "mark":
        said = notes.mark(desk, paper, 2, "quote", text=text).text
    else:
        said = notes.add_note(desk, paper, 1, text).text
    if said:
        print(said, flush=True)
"""


def _start(desk: Path, who: str, rounds: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(desk), who, str(rounds)],
        stdout=subprocess.PIPE,
        text=True,
    )


def _check(desk: Desk, paper: Paper, said: set[str]) -> None:
    """Every note is what its last revision says, every text said is kept, undo goes all the way."""
    db = desk.database.connection
    assert [tuple(row) for row in db.execute("PRAGMA integrity_check").fetchall()] == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    last = {
        row["note_id"]: row
        for row in db.query("SELECT * FROM note_revisions ORDER BY id")
    }  # fmt: skip
    rows = {row["id"]: row for row in db.query("SELECT * FROM notes")}
    assert set(rows) == set(last)
    for number, row in rows.items():
        for column in ("text", "quote", "page", "kind"):
            assert row[column] == last[number][column]
    for action in db.query("SELECT * FROM note_actions"):
        before, after = json.loads(action["before"]), json.loads(action["after"])
        assert set(before) | {"answer"} == set(after)
        assert {action["note_id"], after["answer"] or action["note_id"]} <= set(rows)
    kept = {row["text"] for row in db.query("SELECT text FROM note_revisions")}
    assert said <= kept
    while notes.undo(desk, paper):
        pass
    assert notes.notes_of(desk, paper) == []


def _desk(folder: Path) -> tuple[Desk, Paper]:
    desk = open_desk(Settings(desk=folder, state=folder))
    return desk, library.file_metadata(desk, Metadata("P", arxiv_id="1904.00001"))


def test_several_processes_do_and_undo_at_once(tmp_path: Path) -> None:
    desk, paper = _desk(tmp_path)
    writers = [_start(tmp_path, who, 40) for who in "abc"]
    said = [writer.communicate(timeout=90)[0].splitlines() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    _check(desk, paper, {line for lines in said for line in lines if line != "ready"})
    desk.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_in_the_middle_of_saving_again_and_again(tmp_path: Path) -> None:
    desk, paper = _desk(tmp_path)
    desk.close()
    said: set[str] = set()
    for number in range(25):
        writer = _start(tmp_path, f"w{number}", 100_000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        out = "".join(writer.stdout.readline() for _ in range(1 + number // 3))
        time.sleep(0.0013 * number)
        writer.send_signal(signal.SIGKILL)
        out += writer.stdout.read()
        assert writer.wait(60) == -signal.SIGKILL
        said |= {line for line in out.split("\n")[:-1] if line}
    desk, paper = _desk(tmp_path)
    assert len(said) > 25
    _check(desk, paper, said)
    desk.close()
