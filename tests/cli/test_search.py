"""One search over all that is on the desk."""

import json

import pytest

from researchdesk.config import load_settings
from researchdesk.domain.ideas import IdeaState
from researchdesk.domain.papers import Metadata
from researchdesk.services.desk import open_desk
from researchdesk.services.explaining import explain
from researchdesk.services.ideas import add_idea, settle_idea
from researchdesk.services.investigations import answer, begin
from researchdesk.services.library import file_metadata
from researchdesk.services.stories import new_draft, new_story, save_draft
from researchdesk.services.surprises import add_surprise


@pytest.fixture
def _full() -> None:
    """A desk on which "zebra" stands once in each sort of thing."""
    desk = open_desk(load_settings())
    file_metadata(desk, Metadata("Zebras are not horses", arxiv_id="2001.00001"))
    add_surprise(desk, "stripes rise", "none", "zebra stripes")
    hidden = add_surprise(desk, "odd", "down", "up")
    explain(desk, hidden.id, "the zebra ate it", "less grass", "no zebra")
    settle_idea(desk, add_idea(desk, "paint a zebra").id, IdeaState.DONE)
    item = begin(desk, "Where do stripes come from?")
    answer(desk, item.id, "benchmark", "zebras counted at noon")
    story = new_story(desk, "Stripes")
    save_draft(desk, story.slug, "# Stripes\n\nAll begins with a zebra.\n")
    old = new_story(desk, "Old")
    save_draft(desk, old.slug, "a zebra once")
    new_draft(desk, old.slug)
    save_draft(desk, old.slug, "a horse now")
    desk.close()


@pytest.mark.usefixtures("_full")
def test_all_sorts_are_found_with_their_refs(run) -> None:
    found = json.loads(run("search", "zebra", "--json").stdout)
    assert [paper["id"] for paper in found["papers"]] == ["2001.00001"]
    assert [item["ref"] for item in found["surprises"]] == ["funny:1", "funny:2"]
    assert [item["ref"] for item in found["ideas"]] == ["idea:1"]
    assert [item["ref"] for item in found["investigations"]] == ["investigation:1"]
    (story,) = found["stories"]
    assert (story["slug"], story["number"]) == ("stripes", 1)
    assert story["line"] == "All begins with a zebra."
    printed = run("search", "zebra").stdout
    assert "begins with a zebra" in printed
    for words in ("Zebras are not horses", "funny:1", "funny:2", "idea:1  done", "investigation:1"):
        assert words in printed


@pytest.mark.usefixtures("_full")
def test_every_word_must_begin_a_word(run) -> None:
    found = json.loads(run("search", "zeb noo", "--json").stdout)
    assert {key for key, items in found.items() if items} == {"investigations"}
    found = json.loads(run("search", "ebra", "--json").stdout)
    assert not any(found.values())
    assert "Nothing on the desk fits" in run("search", "ebra").stderr
