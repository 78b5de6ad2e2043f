"""What is told about, found by its ref."""

from dataclasses import replace

import pytest
from support.story_runs import story_runs

from researchdesk.domain.runs import RunState
from researchdesk.domain.subjects import newest_full
from researchdesk.errors import NotOnDeskError
from researchdesk.services import stories
from researchdesk.services.desk import Desk
from researchdesk.services.run_summaries import summary
from researchdesk.services.subjects import SubjectKind, subject_of


@pytest.mark.slow
def test_each_kind_is_found_with_what_was_run_of_it(desk: Desk) -> None:
    ids = story_runs(desk)
    paper = subject_of(desk, "https://arxiv.org/abs/2001.00001v1")
    assert (paper.ref, paper.kind, paper.title) == ("2001.00001", SubjectKind.PAPER, "A tiny thing")
    assert [run.id for run in paper.runs] == [ids["both"]]
    assert [recipe.name for recipe in paper.recipes] == [recipe.name for recipe in paper.wanted]
    run = subject_of(desk, ids["both"])
    assert (run.ref, run.name) == (f"run:{ids['both']}", ids["both"])
    assert run.words is not None
    assert run.words.title == "A tiny thing"
    assert subject_of(desk, f"run:{ids['both']}#score") == run
    looked = subject_of(desk, "[[investigation:1]]")
    assert (looked.name, [item.id for item in looked.runs]) == ("investigation-1", [ids["both"]])


@pytest.mark.slow
def test_a_story_leads_to_what_its_newest_draft_links(desk: Desk) -> None:
    ids = story_runs(desk)
    slug = stories.new_story(desk, "Why it is tiny").slug
    stories.save_draft(
        desk,
        slug,
        f"It is [[claim:{ids['claim']}]] as [[1412.6980]] says [[run:{ids['adam']}]] [[run:no]].\n",
    )
    story = subject_of(desk, slug)
    assert story == subject_of(desk, f"story:{slug}")
    assert {run.id for run in story.runs} == {ids["both"], ids["adam"]}
    assert [words.arxiv_id for words in story.cited] == ["1412.6980"]
    assert "run:no" in story.refs
    for nothing in ("nobody", "story:nobody", "investigation:9", "funny:1", "2009.99999", ""):
        with pytest.raises(NotOnDeskError) as told:
            subject_of(desk, nothing)
        assert told.value.hint


@pytest.mark.slow
def test_a_full_run_is_told_before_a_newer_one_that_is_less(desk: Desk) -> None:
    run = summary(desk, story_runs(desk)["both"])
    later = replace(run, id="later", quick=True)
    stopped = replace(run, id="z", state=RunState.INTERRUPTED)
    empty = replace(run, id="zz", results=())
    assert newest_full([empty, stopped, later, run]) == [run]
    assert newest_full([later, empty]) == [later]
