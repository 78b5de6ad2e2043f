"""The clock goes back, to 1970 and ahead to 2100: what came last stays last."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.faketime import FakeTime
from support.recipe_maker import write_recipe
from support.undoing import undo_last

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.domain.runs import Task
from researchdesk.harness.history import RunConfig
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.store import RunStore
from researchdesk.services import keeping, labels, library, notes, stories
from researchdesk.services.desk import Desk, open_desk
from researchdesk.sources.pacing import Pacer

_WORDS = Metadata("A paper", ("A. B",), "Words.", (), arxiv_id="2001.00001")
MOMENTS = [
    datetime(2026, 4, 12, 12, tzinfo=UTC),
    datetime(2026, 4, 12, 7, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2100, 1, 1, tzinfo=UTC),
    datetime(2026, 4, 12, 12, tzinfo=UTC),
]


@pytest.fixture
def desk(settings: Settings, fake_time: FakeTime) -> Desk:
    return open_desk(settings, fake_time.clock)


def test_what_was_written_last_stays_last(desk: Desk, fake_time: FakeTime) -> None:
    paper = library.file_metadata(desk, _WORDS)
    note = notes.add_note(desk, paper, 1, "0")
    story = stories.new_story(desk, "S").slug
    for number, fake_time.now in enumerate(MOMENTS, 1):
        notes.add_note(desk, paper, 1, f"note {number}")
        notes.edit_note(desk, note.id, text=f"state {number}")
        stories.save_draft(desk, story, f"draft {number}")
        labels.tag(desk, [paper.id], [f"tag {number}"])
    order = [one.text for one in notes.notes_of(desk, paper)]
    assert order == ["state 5", *(f"note {number}" for number in range(1, 6))]
    assert [one.text for one in notes.revisions(desk, note.id)][1:] == [
        f"state {number}" for number in range(1, 6)
    ]
    assert stories.get_story(desk, story).text.strip() == "draft 5"
    assert [state.text.strip()[-1] for state in stories.states(desk, story, 1)] == [*"12345"]
    for number in (5, 4, 3, 2, 1):
        change = undo_last(desk)
        assert change is not None
        assert f"tag {number}" in change.what


def test_the_backup_made_last_is_the_newest_and_stays(
    desk: Desk, settings: Settings, fake_time: FakeTime
) -> None:
    paper = library.file_metadata(desk, _WORDS)
    for fake_time.now in MOMENTS * 3:
        notes.add_note(desk, paper, 1, "one more")
        made = keeping.backup(settings, fake_time.clock, lambda *rest: None, newest=2)
        latest = keeping.latest(settings)
        assert latest is not None
        assert latest.path == made.path
        assert made.counts["notes"] == len(notes.notes_of(desk))


def test_runs_are_in_the_order_in_which_they_began(tmp_path: Path, fake_time: FakeTime) -> None:
    recipe = load_recipe(write_recipe(tmp_path / "recipes"), bundled=False)
    store = RunStore(tmp_path / "runs", fake_time.clock)
    tasks = (Task("ours", 0),)
    config = RunConfig(recipe.name, recipe.digest, recipe.arxiv_id, False, False, tasks)
    begun = []
    for fake_time.now in MOMENTS:
        run, _ = store.start(recipe, config, lambda event: None)
        run.record("run_finished")
        run.close()
        begun.append(run.id)
    assert begun == sorted(set(begun))


def test_a_request_waits_for_no_clock(tmp_path: Path, fake_time: FakeTime) -> None:
    for fake_time.now in (datetime(2100, 1, 1, tzinfo=UTC), *MOMENTS):
        before = sum(fake_time.slept)
        with Pacer(tmp_path, fake_time.clock, fake_time.sleep).turn("h", 3.0, lambda *_: None):
            pass
        assert sum(fake_time.slept) - before <= 3.0
