"""Storylines under kill -9 and several processes: what was typed is there, and no state is lost."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from researchdesk.config import Settings
from researchdesk.domain.stories import settled
from researchdesk.services import stories
from researchdesk.services.desk import Desk, open_desk

_WRITER = """
import random, sys
from pathlib import Path
from researchdesk.config import Settings
from researchdesk.errors import BusyError
from researchdesk.services import stories
from researchdesk.services.desk import open_desk
desk = open_desk(Settings(desk=Path(sys.argv[1]), state=Path(sys.argv[1])))
who, keys, dice = sys.argv[2], int(sys.argv[3]), random.Random(sys.argv[2])
number = stories.new_draft(desk, "why", who).number if sys.argv[4] == "apart" else 1
text = over = stories.get_draft(desk, "why", number).text
print("ready", number, flush=True)
sys.stdin.readline()
for n in range(keys):
    text += ("x" * 3000 if n == 0 else dice.choice(["", "", " ", "\\n\\n"])) + dice.choice("abc")
    while True:
        try:
            over = stories.autosave(desk, "why", number, text, over)
            break
        except BusyError:
            pass
    print("typed", len(text), flush=True)
    if dice.random() < 0.1:
        stories.save_draft(desk, "why", text, number)
        kept = stories.states(desk, "why", number)[-1]
        over = kept.text
        print("kept", kept.number, flush=True)
print("last", text.encode().hex())
"""


def _desk(folder: Path) -> Desk:
    desk = open_desk(Settings(desk=folder, state=folder))
    if not stories.list_stories(desk):
        stories.new_story(desk, "why")
        stories.autosave(desk, "why", 1, "")
    return desk


def _start(desk: Path, who: str, keys: int, where: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(desk), who, str(keys), where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _go(writer: "subprocess.Popen[str]", *, wait: bool = False) -> str:
    """Wait until it has begun a draft, and give the number; or let it type."""
    assert writer.stdout is not None
    assert writer.stdin is not None
    if wait:
        ready, _, number = writer.stdout.readline().strip().partition(" ")
        assert ready == "ready"
        return number
    writer.stdin.write("go\n")
    writer.stdin.flush()
    return ""


def _sound(desk: Desk) -> None:
    db = desk.database.connection
    assert [tuple(row) for row in db.execute("PRAGMA integrity_check").fetchall()] == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_several_processes_type_at_once_into_one_draft(tmp_path: Path) -> None:
    """What one wrote last is a state where the other wrote over it, or stands there still."""
    desk = _desk(tmp_path)
    writers = [_start(tmp_path, who, 60, "together") for who in "ab"]
    for writer in writers:
        _go(writer, wait=True)
    for writer in writers:
        _go(writer)
    said = [writer.communicate(timeout=90)[0].splitlines() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    _sound(desk)
    (draft,) = stories.drafts(desk, "why")
    kept = {state.text for state in stories.states(desk, "why", 1)} | {settled(draft.text)}
    for lines in said:
        assert settled(bytes.fromhex(lines[-1].removeprefix("last ")).decode()) in kept
    desk.close()


@pytest.mark.slow
def test_the_last_key_before_the_kill_is_there(tmp_path: Path) -> None:
    _desk(tmp_path).close()
    for number in range(5):
        _killed(tmp_path, f"w{number}", 1 + 7 * number)


def _killed(folder: Path, who: str, after: int) -> None:
    """Kill it when it said that it wrote this many times: all that it said is there."""
    writer = _start(folder, who, 100_000, "apart")
    assert writer.stdout is not None
    place = _go(writer, wait=True)
    _go(writer)
    out = "".join(writer.stdout.readline() for _ in range(after))
    writer.send_signal(signal.SIGKILL)
    out += writer.stdout.read()
    assert writer.wait(60) == -signal.SIGKILL
    said = [line.split() for line in out.split("\n")[:-1]]
    desk = _desk(folder)
    _sound(desk)
    draft = stories.get_draft(desk, "why", int(place))
    typed = max(int(count) for word, count in said if word == "typed")
    assert len(draft.text) > 3000
    assert typed <= len(draft.text.rstrip()) <= typed + 3
    assert draft.states >= max([int(count) for word, count in said if word == "kept"], default=0)
    desk.close()
