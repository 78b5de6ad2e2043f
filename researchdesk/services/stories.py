"""Storylines: markdown documents written again and again, every draft kept."""

from itertools import count

from researchdesk.domain.stories import Draft, Story
from researchdesk.domain.text import clean, slug
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.storage import stories


def new_story(desk: Desk, title: str) -> Story:
    """Begin a story; its name is made of the title. Raises UsageProblemError for an empty title."""
    title = clean(title).strip()
    if not title:
        raise UsageProblemError("A story wants a title.")
    with desk.database.writing() as db:
        base = slug(title)
        names = (base if number == 1 else f"{base}-{number}" for number in count(1))
        name = next(name for name in names if stories.find(db, name) is None)
        return stories.insert(db, name, title, desk.clock())


def get_story(desk: Desk, name: str) -> Story:
    """The story of this name. Raises NotOnDeskError with the names there are."""
    story = stories.find(desk.database.connection, clean(name))
    if story is None:
        known = ", ".join(item.slug for item in list_stories(desk)) or "none yet"
        raise NotOnDeskError(
            f"There is no story {name!r}.",
            f'Stories: {known}. Begin one with: researchdesk story new --title "…"',
        )
    return story


def list_stories(desk: Desk) -> list[Story]:
    """The newest first."""
    return stories.all_stories(desk.database.connection)


def save_draft(desk: Desk, name: str, text: str) -> Story:
    """Keep a new draft; where nothing changed, no draft is made."""
    with desk.database.writing() as db:
        story = get_story(desk, name)
        text = clean(text).rstrip() + "\n" if text.strip() else ""
        if text != story.text:
            stories.add_draft(db, story.id, text, desk.clock())
    return get_story(desk, name)


def drafts(desk: Desk, name: str) -> list[Draft]:
    """Every draft, oldest first."""
    return stories.drafts(desk.database.connection, get_story(desk, name).id)
