"""What comes after a storyline became a paper: it is told, celebrated, and leads on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from researchdesk.domain.clock import local_day
from researchdesk.domain.ideas import Idea, IdeaState
from researchdesk.domain.links import Link, LinkKind, links_in
from researchdesk.domain.stories import Story
from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.ideas import list_ideas
from researchdesk.services.stories import drafts, get_story
from researchdesk.storage import stories

_WORDS = "after/finished.txt.j2"


@dataclass(frozen=True, slots=True)
class WentIn:
    """What stands behind a finished paper, over all of its drafts.

    ``runs`` counts those that are linked, and those of the claims, experiments and investigations
    that are; ``days`` are those from the day it was begun to the day it was finished.
    """

    drafts: int
    runs: int
    surprises: int
    papers: int
    days: int


def finish(desk: Desk, name: str, venue: str = "", on: date | None = None) -> Story:
    """Say that a story became a paper, today or ``on`` a day, and where it appears.

    Said again, day and venue are what is said now; what was celebrated stays so. Raises
    NotOnDeskError, UsageProblemError where nothing of it is written, BadInputError for a day that
    is still to come.
    """
    story = get_story(desk, name)
    if not story.drafts:
        raise UsageProblemError(
            f"Nothing of {story.slug} is written yet; it stays as it is.",
            f"Write it first: researchdesk story edit {story.slug}",
        )
    if on is not None and on > desk.today():
        raise BadInputError(
            f"{on} is still to come; {story.slug} stays as it is.",
            "Leave --on out for today, or give the day that it was finished.",
        )
    moment = desk.clock() if on is None else datetime.combine(on, time(12)).astimezone(UTC)
    with desk.database.writing() as db:
        stories.set_finished(db, story.id, moment, one_line(venue) or story.venue)
    return get_story(desk, name)


def reopen(desk: Desk, name: str) -> Story:
    """Take back that a story is finished, and that it was celebrated. Raises NotOnDeskError,
    UsageProblemError where it is not finished."""
    story = _finished(desk, name)
    with desk.database.writing() as db:
        stories.set_finished(db, story.id, None, "")
        stories.set_celebrated(db, story.id, None)
    return get_story(desk, name)


def celebrate(desk: Desk, name: str, *, back: bool = False) -> Story:
    """Say that a finished paper was celebrated; with ``back`` that it was not, after all.

    Raises NotOnDeskError, UsageProblemError where it is not finished.
    """
    story = _finished(desk, name)
    with desk.database.writing() as db:
        stories.set_celebrated(db, story.id, None if back else desk.clock())
    return get_story(desk, name)


def parked(desk: Desk) -> list[Idea]:
    """The ideas that are parked, the first to come back first."""
    found = [idea for idea in list_ideas(desk, every=True) if idea.state is IdeaState.PARKED]
    return sorted(found, key=lambda idea: (idea.again_on or date.max, idea.id))


def went_in(desk: Desk, name: str) -> WentIn:
    """What went into a story, finished or not. Raises NotOnDeskError."""
    # What leads from links to runs takes scipy, which no list of stories should wait for.
    from researchdesk.services.story_facts import FactsOf  # noqa: PLC0415

    story = get_story(desk, name)
    written = drafts(desk, name)
    links = {link.ref: link for draft in written for link in links_in(draft.text)}
    runs = {run.id for run in FactsOf(desk)(links).runs}
    last = story.finished_at or desk.clock()
    begun = min([story.created_at, *(draft.begun_at for draft in written)])
    return WentIn(
        drafts=len(written),
        runs=len(runs),
        surprises=_count(links.values(), LinkKind.FUNNY),
        papers=_count(links.values(), LinkKind.PAPER),
        days=max(0, (local_day(last) - local_day(begun)).days),
    )


def words(desk: Desk, name: str, *, on_home: bool = False) -> str:
    """What is said of a finished paper: congratulations, and once it was celebrated what is next.

    ``on_home``: with the keys of Home in the place of commands.

    Raises NotOnDeskError, UsageProblemError where it is not finished.
    """
    # Jinja is wanted only where there is something to celebrate.
    from researchdesk.export.templates import fill  # noqa: PLC0415

    story, counted, waits = _finished(desk, name), went_in(desk, name), parked(desk)
    values = {
        "title": story.title,
        "story": story.slug,
        "on_home": on_home,
        "venue": story.venue,
        "day": _day(story.finished_at),
        "celebrated": _day(story.celebrated_at),
        "drafts": counted.drafts,
        "runs": counted.runs,
        "surprises": counted.surprises,
        "papers": counted.papers,
        "days": counted.days,
        "parked": len(waits),
        "first_parked": f"{waits[0].ref}, {one_line(waits[0].text)}" if waits else "",
        "first_day": waits[0].again_on if waits else None,
        "waiting": len([idea for idea in list_ideas(desk) if idea.state is not IdeaState.PARKED]),
    }
    try:
        return fill(_WORDS, values, desk.root / "templates").strip()
    except BadInputError as error:
        shipped = fill(_WORDS, values).strip()
        return f"{shipped}\n\nYour own words for this cannot be used. {error.hint}"


def _finished(desk: Desk, name: str) -> Story:
    story = get_story(desk, name)
    if story.finished_at is None:
        raise UsageProblemError(
            f"{story.slug} is not finished; it stays as it is.",
            f"Once it is: researchdesk story finish {story.slug}",
        )
    return story


def _count(links: Iterable[Link], kind: LinkKind) -> int:
    return sum(link.kind is kind for link in links)


def _day(moment: datetime | None) -> str:
    return local_day(moment).isoformat() if moment else ""
