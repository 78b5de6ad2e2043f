"""What comes after a storyline became a paper."""

from dataclasses import replace
from datetime import timedelta

import pytest

from researchdesk.domain.ideas import IdeaState
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import ideas, stories, stories_finishing, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.today import today


@pytest.fixture
def slug(desk: Desk) -> str:
    surprises.add_surprise(desk, "odd", "down", "up")
    slug = stories.new_story(desk, "Why it falls").slug
    stories.save_draft(desk, slug, "It fell [[1904.09237]], [[funny:1]], [[funny:1]].")
    stories.new_draft(desk, slug)
    stories.save_draft(desk, slug, "It falls [[1904.09237]].")
    return slug


def test_a_finished_paper_waits_on_home_until_two_weeks_after_its_day(
    desk: Desk, slug: str
) -> None:
    assert today(desk).is_empty is False
    assert today(desk).finished == ()
    done = stories_finishing.finish(desk, slug, "A [b]venue[/b]")
    assert (done.venue, done.finished_at) == ("A [b]venue[/b]", desk.clock())
    assert [story.slug for story in today(desk).finished] == [slug]
    years = replace(desk, clock=lambda: desk.clock() + timedelta(days=900))
    assert [story.slug for story in today(years).finished] == [slug]
    stories_finishing.celebrate(desk, slug)
    for days, there in ((14, [slug]), (15, [])):
        later = replace(desk, clock=lambda days=days: desk.clock() + timedelta(days=days))
        assert [story.slug for story in today(later).finished] == there
    stories_finishing.celebrate(desk, slug, back=True)
    assert [story.slug for story in today(years).finished] == [slug]
    open_again = stories_finishing.reopen(desk, slug)
    assert (open_again.finished_at, open_again.venue) == (None, "")
    assert today(desk).finished == ()


def test_what_went_in_is_counted_over_all_drafts(desk: Desk, slug: str) -> None:
    later = replace(desk, clock=lambda: desk.clock() + timedelta(days=9))
    stories_finishing.finish(later, slug, on=desk.today() + timedelta(days=7))
    went = stories_finishing.went_in(desk, slug)
    assert (went.drafts, went.runs, went.surprises, went.papers, went.days) == (2, 0, 1, 1, 7)
    words = stories_finishing.words(desk, slug)
    assert "2 drafts, 1 surprise, 1 paper cited; it was begun 7 days before." in words
    assert "take a break" in words


def test_its_line_leads_to_parked_ideas_once_it_was_celebrated(desk: Desk, slug: str) -> None:
    for text in ("later", "soon"):
        ideas.add_idea(desk, text)
    day = desk.today() + timedelta(days=40)
    ideas.settle_idea(desk, 1, IdeaState.PARKED, why="w", again_on=day)
    ideas.settle_idea(desk, 2, IdeaState.PARKED, why="w")
    stories_finishing.finish(desk, slug)
    assert "idea:2" not in stories_finishing.words(desk, slug)
    stories_finishing.celebrate(desk, slug)
    words = stories_finishing.words(desk, slug)
    assert "2 ideas are parked; the first to come back: idea:2, soon" in words
    assert f"checklist release {slug}" in words


def test_what_cannot_be_finished_stays_as_it_is(desk: Desk, slug: str) -> None:
    empty = stories.new_story(desk, "Empty").slug
    with pytest.raises(UsageProblemError, match="Nothing of empty is written"):
        stories_finishing.finish(desk, empty)
    with pytest.raises(BadInputError, match="still to come"):
        stories_finishing.finish(desk, slug, on=desk.today() + timedelta(days=1))
    for how in (stories_finishing.reopen, stories_finishing.celebrate, stories_finishing.words):
        with pytest.raises(UsageProblemError, match="is not finished"):
            how(desk, slug)
    with pytest.raises(NotOnDeskError):
        stories_finishing.finish(desk, "none")
    assert stories.get_story(desk, slug).finished_at is None


def test_words_of_ones_own_take_the_place_of_ours_and_ours_that_of_broken_ones(
    desk: Desk, slug: str
) -> None:
    stories_finishing.finish(desk, slug)
    own = desk.root / "templates" / "after" / "finished.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("Hurray for {{ title }}!", "utf-8")
    assert stories_finishing.words(desk, slug) == "Hurray for Why it falls!"
    own.write_text("{{ nothing }}", "utf-8")
    words = stories_finishing.words(desk, slug)
    assert "take a break" in words
    assert f"Mend {own}" in words
