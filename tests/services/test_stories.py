import pytest

from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import stories, surprises
from researchdesk.services.desk import Desk


def test_every_draft_is_kept_and_nothing_is_kept_twice(desk: Desk) -> None:
    story = stories.new_story(desk, "Why Adam settles")
    assert stories.new_story(desk, "Why Adam settles").slug == "why-adam-settles-2"
    stories.save_draft(desk, story.slug, "one")
    stories.save_draft(desk, story.slug, "one\n")
    kept = stories.save_draft(desk, story.slug, "two")
    assert (kept.drafts, kept.text) == (2, "two\n")
    assert [d.text for d in stories.drafts(desk, story.slug)] == ["one\n", "two\n"]
    with pytest.raises(NotOnDeskError):
        stories.get_story(desk, "nothing")
    with pytest.raises(UsageProblemError):
        stories.new_story(desk, " ")


def test_a_surprise_is_a_delta(desk: Desk) -> None:
    kept = surprises.add_surprise(desk, "that's funny", "falls", "rises", "1904.09237")
    assert surprises.list_surprises(desk) == [kept]
    with pytest.raises(UsageProblemError):
        surprises.add_surprise(desk, "x", "", "y")
