"""Runs as services tell them where there are very many."""

import shutil
from pathlib import Path

import pytest
from support.many_runs import FIRST, add_runs, paper_of
from support.recipe_maker import write_recipe

from researchdesk.config import Settings
from researchdesk.domain.runs import Task
from researchdesk.errors import NotOnDeskError
from researchdesk.harness.history import RunConfig
from researchdesk.harness.recipes import load_recipe
from researchdesk.services import runs
from researchdesk.services.asking import may_ask
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.run_summaries import newest_written


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return open_desk(settings)


def test_that_very_many_are_read_is_said_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_runs(desk.settings.runs, 205, steps=0)
    monkeypatch.setattr("researchdesk.harness.run_index._LONG_S", 0.0)
    monkeypatch.setattr("researchdesk.harness.run_index._AGAIN_S", 0.0)
    recipe = load_recipe(write_recipe(tmp_path / "recipes"), bundled=False)
    config = RunConfig(
        recipe.name, recipe.digest, recipe.arxiv_id, False, False, (Task("ours", 0),)
    )
    said: list[str] = []
    for _ in range(2):
        tell = runs.told_once(said.append)
        run, _ = runs.store_of(desk).start(recipe, config, lambda event: None, tell)
        run.close()
    assert len(said) == 1
    assert "205 runs" in said[0]


def test_the_last_written_are_told_of_all_and_of_one_paper(desk: Desk) -> None:
    names = add_runs(desk.settings.runs, 70, steps=0)
    assert [run.id for run in newest_written(desk, 3)] == names[:-4:-1]
    of_paper = [run.id for run in newest_written(desk, 9, paper_of(3))]
    assert of_paper == [names[63], names[33], names[3]]
    assert [run.id for run in runs.runs(desk, paper_of(3))] == of_paper
    assert runs.papers_run(desk) == {paper_of(number) for number in range(70)}
    interrupted = desk.settings.runs / names[0] / "events.jsonl"
    interrupted.write_text(interrupted.read_text("utf-8") + "\n", "utf-8")
    shutil.rmtree(desk.settings.runs / names[69])
    assert [run.id for run in newest_written(desk, 2)] == [names[0], names[68]]


def test_a_beginning_that_many_have_names_some(desk: Desk) -> None:
    names = add_runs(desk.settings.runs, 12, steps=0)
    assert runs.full_id(desk, names[2][:15]) == names[2]
    with pytest.raises(NotOnDeskError, match="12 runs begin") as caught:
        runs.full_id(desk, "20240101")
    assert "and 7 more" in caught.value.hint
    assert may_ask(desk, None, desk.clock() - FIRST)
