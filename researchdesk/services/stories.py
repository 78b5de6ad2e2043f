"""Storylines: written from scratch again and again, every draft and each of its states kept."""

from itertools import count

from sqlite_utils import Database

from researchdesk.domain.stories import Draft, DraftState, Story, settled
from researchdesk.domain.story_diff import text_diff
from researchdesk.domain.text import as_written, clean, one_line, slug
from researchdesk.domain.word_diff import Piece
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import story_evidence
from researchdesk.services.desk import Desk
from researchdesk.storage import stories


def new_story(desk: Desk, title: str) -> Story:
    """Begin a story; its name is made of the title. Raises UsageProblemError for an empty title."""
    title = one_line(title)
    if not title:
        raise UsageProblemError(
            "A story wants a title.", "Give one: researchdesk story new --title TITLE"
        )
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


def drafts(desk: Desk, name: str) -> list[Draft]:
    """Every draft, oldest first."""
    return stories.drafts(desk.database.connection, get_story(desk, name).id)


def get_draft(desk: Desk, name: str, number: int | None = None) -> Draft:
    """One draft, the newest where no number is named. Raises NotOnDeskError."""
    story = get_story(desk, name)
    wanted = story.drafts if number is None else number
    draft = stories.draft(desk.database.connection, story.id, wanted)
    if draft is None:
        has = {0: "no draft yet", 1: "one draft"}.get(story.drafts, f"{story.drafts} drafts")
        what = "nothing is written" if number is None else f"there is no draft {number}"
        raise NotOnDeskError(
            f"In {story.slug} {what}.", f"It has {has}. Write: researchdesk story edit {story.slug}"
        )
    return draft


def written_draft(desk: Desk, name: str, number: int | None = None) -> Draft:
    """As ``get_draft``, for what is made of it. Raises BadInputError too where it is empty, naming
    the last one that is not."""
    draft = get_draft(desk, name, number)
    if draft.text.strip():
        return draft
    slug = get_story(desk, name).slug
    before = [other.number for other in drafts(desk, name) if other.text.strip()]
    hint = f"Write it: `researchdesk story edit {slug}`."
    if before:
        hint += f" Or take the last one with words; in a terminal: `--draft {before[-1]}`."
    raise BadInputError(f"{draft.name} of {slug} is empty. Nothing was written.", hint)


def new_draft(desk: Desk, name: str, title: str = "") -> Draft:
    """Begin an empty draft behind the last one, which stays as it is.

    Where nothing was ever written into the last one, it is that one again, with this title where
    one is given.
    """
    title = one_line(title)
    with desk.database.writing() as db:
        story = get_story(desk, name)
        last = stories.draft(db, story.id, story.drafts)
        if last is None or last.text.strip() or last.states:
            if last is not None:
                _keep_unsaved(db, story.id, last)
            return stories.add_draft(db, story.id, title, "", desk.clock())
        if title:
            stories.set_title(db, story.id, last.number, title)
    return get_draft(desk, name, last.number)


def title_draft(desk: Desk, name: str, number: int, title: str) -> Draft:
    """Call a draft something else; ``""`` takes its title away. Raises NotOnDeskError."""
    with desk.database.writing() as db:
        draft = get_draft(desk, name, number)
        stories.set_title(db, get_story(desk, name).id, draft.number, one_line(title))
    return get_draft(desk, name, number)


def autosave(desk: Desk, name: str, number: int, text: str, over: str | None = None) -> str:
    """Write what draft ``number`` says now, at once: no kill of the program loses it.

    It keeps no state and waits for no disk: cheap enough for each key. ``over`` is what the last
    call gave back, or the text that was read: where something else stands there by now, another
    program wrote it, and it is kept as a state first. The first draft of a story is begun by it.

    Returns the text as it is kept. Raises BusyError where another program is writing: nothing is
    changed then, call again soon. Raises NotOnDeskError.
    """
    text = as_written(text)
    with desk.database.writing_at_once() as db:
        if over is not None and stories.write_over(db, name, number, (over, text), desk.clock()):
            return text
        story = get_story(desk, name)
        if number == 1 and not story.drafts:
            stories.add_draft(db, story.id, "", text, desk.clock())
            return text
        draft = get_draft(desk, name, number)
        if over is not None and draft.text != text:
            _keep_unsaved(db, story.id, draft)
        stories.set_text(db, story.id, number, text, desk.clock())
    return text


def save_draft(desk: Desk, name: str, text: str, number: int | None = None) -> Story:
    """Keep what a draft (the newest) says as a state of it; where nothing changed, none is made.

    What is linked for the first time is remembered with what it says today. The first draft of a
    story is begun by it. Raises NotOnDeskError.
    """
    text = settled(as_written(text))
    with desk.database.writing() as db:
        story = get_story(desk, name)
        if story.drafts or text or number not in (None, 1):
            if story.drafts or number not in (None, 1):
                draft = get_draft(desk, name, number)
            else:
                draft = stories.add_draft(db, story.id, "", "", desk.clock())
            _keep_state(desk, db, story.id, draft, text)
    story_evidence.remember(desk, story.id, text)
    return get_story(desk, name)


def states(desk: Desk, name: str, number: int) -> list[DraftState]:
    """What a draft said at its pauses, oldest first. Raises NotOnDeskError."""
    draft = get_draft(desk, name, number)
    return stories.states(desk.database.connection, get_story(desk, name).id, draft.number)


def get_state(desk: Desk, name: str, draft: int | None, number: int) -> DraftState:
    """What a draft (the newest where none is named) said at one pause. Raises NotOnDeskError."""
    wanted = get_draft(desk, name, draft)
    found = {item.number: item for item in states(desk, name, wanted.number)}
    if number not in found:
        slug = get_story(desk, name).slug
        has = {0: "none yet", 1: "one"}.get(len(found), f"{len(found)}")
        raise NotOnDeskError(
            f"{wanted.name} of {slug} has no state {number}.",
            f"It has {has}. See: researchdesk story drafts {slug} --states {wanted.number}",
        )
    return found[number]


def diff_of(desk: Desk, name: str, one: int, other: int) -> tuple[Piece, ...]:
    """The way from one draft to another, word by word, with paragraphs. Raises NotOnDeskError."""
    return text_diff(get_draft(desk, name, one).text, get_draft(desk, name, other).text)


def _keep_state(desk: Desk, db: Database, story_id: int, draft: Draft, text: str) -> None:
    if settled(draft.text) != text:
        _keep_unsaved(db, story_id, draft)
    if text != (stories.last_state(db, story_id, draft.number) or ""):
        stories.add_state(db, story_id, draft.number, text, desk.clock())
    if draft.text != text:
        stories.set_text(db, story_id, draft.number, text, desk.clock())


def _keep_unsaved(db: Database, story_id: int, draft: Draft) -> None:
    """What stands in the draft and is no state of it yet becomes one."""
    text = settled(draft.text)
    if text != (stories.last_state(db, story_id, draft.number) or ""):
        stories.add_state(db, story_id, draft.number, text, draft.saved_at)
