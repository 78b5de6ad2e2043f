"""Rows of Home for papers of one's own that are finished: to celebrate, then to go on from."""

from datetime import datetime

from textual.content import Content

from researchdesk.domain.stories import Story
from researchdesk.domain.text import one_line
from researchdesk.services.desk import Desk
from researchdesk.tui.home_row import FINISHED, OpenIdeas, OpenStory, Row, facts_line
from researchdesk.tui.late import late
from researchdesk.tui.widgets.bench_words import ago


def finished(desk: Desk, story: Story, now: datetime) -> Row:
    """A finished paper: its line says to celebrate, then leads to parked ideas."""
    after = late("services.stories_finishing")
    when = f"finished {ago(story.finished_at or now, now)}"
    target: OpenStory | OpenIdeas = OpenStory(story.slug)
    facts, to_celebrate = "celebrate, take a break", story.slug
    if story.celebrated_at is not None:
        parked = after.parked(desk)
        facts = {0: "no idea is parked", 1: "1 parked idea"}.get(
            len(parked), f"{len(parked)} parked ideas"
        )
        target, to_celebrate = OpenIdeas(parked[0].id if parked else 0), ""
    return Row(
        f"story:{story.slug}",
        FINISHED,
        one_line(story.title),
        facts_line(facts, when, story.venue),
        target,
        Content(after.words(desk, story.slug, on_home=True)),
        story=to_celebrate,
    )
