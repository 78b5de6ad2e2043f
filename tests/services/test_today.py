import os
from datetime import timedelta
from pathlib import Path

from support.faketime import FakeTime

from researchdesk.domain.ideas import IdeaState
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.runs import RunState
from researchdesk.services import ideas, library, reading, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.investigations import begin
from researchdesk.services.today import today

_CONFIG = """recipe = "adam"
digest = "d"
arxiv_id = "1904.00001"
bundled = true
quick = false

[[tasks]]
arm = "a"
seed = 0
"""


def _run(desk: Desk, began: str, *events: str, written: int) -> str:
    """A run's folder as the harness leaves it, last written to at ``written``."""
    folder: Path = desk.settings.runs / f"{began}-adam"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(_CONFIG)
    log = folder / "events.jsonl"
    log.write_text("".join(f"{line}\n" for line in events))
    os.utime(log, (written, written))
    return folder.name


def _event(kind: str, at: str, more: str = "") -> str:
    return f'{{"kind": "{kind}", "at": "{at}"{more}}}'


def test_an_empty_desk_has_nothing_for_today(desk: Desk, paper: Paper) -> None:
    assert today(desk).is_empty


def test_today_is_what_is_due_half_done_and_funny(
    desk: Desk, paper: Paper, fake_time: FakeTime
) -> None:
    other = library.file_metadata(desk, Metadata("Other", arxiv_id="2001.00001"))
    reading.start_pass(desk, paper, 1)
    reading.start_pass(desk, paper, 2)
    reading.finish_pass(desk, paper, 1, "", fake_time.clock().date())
    reading.start_pass(desk, other, 1)
    funny = surprises.add_surprise(desk, "odd", "down", "up")
    told = today(desk)
    assert [item.paper.id for item in told.due] == [paper.id]
    assert [item.paper.id for item in told.half_done] == [other.id]
    assert told.surprises == (funny,)
    assert not told.is_empty


def test_what_was_parked_comes_back_once_and_reviews_are_asked_for(
    desk: Desk, fake_time: FakeTime
) -> None:
    idea = ideas.add_idea(desk, "later")
    day = fake_time.clock().date() + timedelta(days=20)
    ideas.settle_idea(desk, idea.id, IdeaState.PARKED, "no GPU", day)
    funny = surprises.add_surprise(desk, "odd", "down", "up")
    surprises.resolve(desk, funny.id, funny.state, again_on=day)
    begin(desk, "Why?")
    assert today(desk).surprises == ()
    assert not today(desk).back
    fake_time.advance(days=20)
    found = today(desk)
    assert [item.ref for item in found.back] == ["funny:1", "idea:1"]
    assert found.surprises == ()
    assert [item.ref for item in found.reviews] == ["investigation:1"]
    assert not found.is_empty


def test_runs_that_ended_in_the_last_days_are_told_the_last_first(
    desk: Desk, fake_time: FakeTime
) -> None:
    old = (fake_time.clock() - timedelta(days=8)).isoformat()
    new = (fake_time.clock() - timedelta(days=6)).isoformat()
    newest = fake_time.clock().isoformat()
    _run(
        desk, "20260401-000000", _event("run_started", old), _event("run_finished", old), written=3
    )
    done = _run(desk, "20260402-000000", _event("run_finished", newest), written=2)
    left = _run(desk, "20260403-000000", _event("run_started", new), written=1)
    (desk.settings.runs / "20260404-000000-broken").mkdir()
    assert [(run.id, run.state) for run in today(desk).ended_runs] == [
        (done, RunState.FAILED),
        (left, RunState.CRASHED),
    ]


def test_only_the_runs_written_to_last_are_read_and_once(
    desk: Desk, fake_time: FakeTime, monkeypatch
) -> None:
    now = fake_time.clock().isoformat()
    for number in range(40):
        _run(desk, f"20260401-0000{number:02}", _event("run_finished", now), written=100 + number)
    read: list[Path] = []
    plain = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read.append(self) or plain(self))
    first = today(desk).ended_runs
    assert {run.id for run in first} == {f"20260401-0000{n}-adam" for n in range(28, 40)}
    assert len(read) == 12
    assert today(desk).ended_runs == first
    assert len(read) == 12
    log = desk.settings.runs / first[0].id / "events.jsonl"
    log.write_text(log.read_text() + _event("run_started", now) + "\n")
    changed = next(run for run in today(desk).ended_runs if run.id == first[0].id)
    assert changed.state is RunState.CRASHED
