"""Investigations: begun, answered, settled; what they are of follows."""

from datetime import date
from pathlib import Path

import pytest
from support.faketime import FakeTime
from support.tinkered import RECIPE, write_tinkered

from researchdesk.domain.ideas import IdeaState
from researchdesk.domain.investigations import InvestigationState
from researchdesk.domain.surprises import SurpriseState
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import experiments, ideas, investigations, surprises, workflows
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce

MINE = """
kind = "investigation"
name = "quick-look"
title = "A quick look"
[[steps]]
key = "what"
title = "What"
question = "What is it?"
"""


def test_a_surprise_on_a_claim_of_a_run_brings_its_recipe_and_arm(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes, seeds=2)
    run = reproduce(desk, RECIPE, ReproduceOptions(trust=True, arms=("plain", "twice"))).run
    on = surprises.add_surprise(desk, "odd", "0.4", "0.9", on=f"run:{run.id}#score")
    begun = investigations.begin(desk, "Why so high?", f"funny:{on.id}")
    assert (begun.of, begun.recipe, begun.state) == ("funny:1", RECIPE, InvestigationState.OPEN)
    (base,) = experiments.experiments_of(desk, begun.id)
    assert (base.name, base.arm, base.parent) == ("1.1", "plain", None)
    assert base.settings == {"gain": 1.0, "steps": 4, "pause": 0.0, "mode": "usual"}
    changed = surprises.get_surprise(desk, on.id)
    assert changed.state is SurpriseState.INVESTIGATED
    assert changed.why == "[[investigation:1]]"
    assert [item.id for item in investigations.investigations_of(desk, "funny:1")] == [1]
    assert investigations.investigations_of(desk, "") == []


def test_an_idea_from_a_surprise_on_a_paper_brings_the_papers_recipe(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes)
    surprises.add_surprise(desk, "odd", "0.4", "0.9", on="2001.00001")
    idea = ideas.add_idea(desk, "scale the gain", of="funny:1")
    begun = investigations.begin(desk, "Does it scale?", idea.ref)
    assert begun.recipe == RECIPE
    assert ideas.get_idea(desk, idea.id).state is IdeaState.INVESTIGATED


def test_where_nothing_is_known_it_begins_without_a_baseline(desk: Desk) -> None:
    surprises.add_surprise(desk, "odd", "this", "that", on="run:20200101-000000-gone")
    begun = investigations.begin(desk, "Why?", "funny:1")
    assert (begun.recipe, experiments.experiments_of(desk, begun.id)) == ("", [])


def test_what_cannot_be_begun_changes_nothing(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes)
    surprises.add_surprise(desk, "odd", "this", "that")
    for error, call in (
        (UsageProblemError, {"title": "  "}),
        (UsageProblemError, {"title": "x", "of": "no such thing"}),
        (NotOnDeskError, {"title": "x", "of": "funny:9"}),
        (NotOnDeskError, {"title": "x", "of": "funny:1", "recipe": "nothing"}),
        (UsageProblemError, {"title": "x", "of": "funny:1", "recipe": RECIPE, "arm": "none"}),
        (NotOnDeskError, {"title": "x", "of": "funny:1", "workflow": "none"}),
    ):
        with pytest.raises(error):
            investigations.begin(desk, **call)
    assert investigations.list_investigations(desk, every=True) == []
    assert surprises.get_surprise(desk, 1).state is SurpriseState.NOTICED


def test_answers_are_kept_and_the_newest_counts(desk: Desk, fake_time: FakeTime) -> None:
    number = investigations.begin(desk, "Why?").id
    investigations.answer(desk, number, "benchmark", "loss")
    fake_time.advance(minutes=1)
    found = investigations.answer(desk, number, "benchmark", "test loss\x1b[2J on digits")
    assert found.answers == {"benchmark": "test loss on digits"}
    investigations.answer(desk, number, "benchmark", "test loss on digits")
    kept = investigations.answers_of(desk, number, "benchmark")
    assert [text for _, text in kept] == ["loss", "test loss on digits"]
    assert kept[0][0] < kept[1][0] == found.touched_at
    with pytest.raises(UsageProblemError) as caught:
        investigations.answer(desk, number, "bench", "x")
    assert "benchmark" in caught.value.hint
    with pytest.raises(UsageProblemError):
        investigations.answer(desk, number, "proof", " \n")
    with pytest.raises(NotOnDeskError):
        investigations.answer(desk, 9, "proof", "x")


def test_a_parked_one_leaves_the_list_until_its_day(desk: Desk, fake_time: FakeTime) -> None:
    first, second = (investigations.begin(desk, title).id for title in ("one", "two"))
    for state in (InvestigationState.PARKED, InvestigationState.STOPPED):
        with pytest.raises(UsageProblemError):
            investigations.settle(desk, first, state)
    with pytest.raises(UsageProblemError):
        investigations.settle(desk, first, InvestigationState.PARKED, "later", date(2026, 4, 12))
    parked = investigations.settle(
        desk, first, InvestigationState.PARKED, "no machine", date(2026, 5, 1)
    )
    assert (parked.why, parked.again_on) == ("no machine", date(2026, 5, 1))
    investigations.settle(desk, second, InvestigationState.DONE, "it was the seed")
    assert investigations.list_investigations(desk) == []
    every = investigations.list_investigations(desk, every=True)
    assert [item.id for item in every] == [first, second]
    fake_time.advance(days=30)
    assert [item.id for item in investigations.list_investigations(desk)] == [first]
    opened = investigations.settle(desk, first, InvestigationState.OPEN)
    assert (opened.again_on, opened.why) == (None, "")
    said = [(item.said, item.why) for item in investigations.history_of(desk, first)]
    assert said == [("open", ""), ("parked", "no machine"), ("open", "")]


def test_a_workflow_of_ones_own_is_a_file(desk: Desk) -> None:
    own = workflows.own_folder(desk)
    own.mkdir(parents=True)
    (own / "mine.toml").write_text(MINE, "utf-8")
    begun = investigations.begin(desk, "Why?", workflow="quick-look")
    assert [step.key for step in investigations.steps_of(desk, begun)] == ["what"]
    assert investigations.answer(desk, begun.id, "what", "a leak").answers == {"what": "a leak"}
    assert "quick-look" not in workflows.workflows(desk)
    assert workflows.workflow_problems(desk) == []
    assert [item.name for item in workflows.investigation_files(desk)] == [
        "investigation", "quick-look",
    ]  # fmt: skip
    (own / "mine.toml").unlink()
    assert len(investigations.steps_of(desk, begun)) == 7


def test_a_broken_workflow_is_told_where_it_is_asked_for(desk: Desk) -> None:
    own = workflows.own_folder(desk)
    own.mkdir(parents=True)
    path = own / "mine.toml"
    path.write_text(MINE.replace('question = "What is it?"', "question = 7"), "utf-8")
    with pytest.raises(BadInputError) as caught:
        investigations.begin(desk, "Why?", workflow="mine")
    assert "steps[1].question" in caught.value.message
    assert workflows.workflow_problems(desk) == []
    assert workflows.check_workflow(path).problems


def test_the_shipped_steps_are_no_reading_workflow(desk: Desk) -> None:
    assert "investigation" not in workflows.workflows(desk)
    names = {Path(item.path).name for item in workflows.workflow_files(desk)}
    assert "investigation.toml" not in names
    assert "three-pass.toml" in names


def test_a_surprise_on_an_experiment_begins_where_that_began(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes)
    first = investigations.begin(desk, "Gain", recipe=RECIPE, arm="both").id
    experiments.add_experiment(desk, first, change=["gain=3"])
    surprises.add_surprise(desk, "odd", "this", "that", on="experiment:1.2")
    second = investigations.begin(desk, "Why so odd?", "funny:1").id
    (base,) = experiments.experiments_of(desk, second)
    assert (base.name, base.arm) == ("2.1", "both")
