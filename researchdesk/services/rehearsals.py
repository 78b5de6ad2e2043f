"""Rehearsals: begun, kept while they go on, ended, compared with those before."""

from collections.abc import Sequence

from researchdesk.domain.rehearsing import Rehearsal as Rehearsal
from researchdesk.domain.rehearsing import SlideTime as SlideTime
from researchdesk.domain.text import one_line
from researchdesk.errors import NotOnDeskError
from researchdesk.services.desk import Desk
from researchdesk.services.talk_files import Talk, talk_of
from researchdesk.storage import rehearsals, stories


def begin(desk: Desk, talk: Talk) -> Rehearsal:
    """Begin a rehearsal of these slides, with the times that they plan."""
    planned = talk.deck.planned()
    slides = tuple(
        SlideTime(slide.number, one_line(slide.title) or f"Slide {slide.number}", seconds)
        for slide, seconds in zip(talk.deck.slides, planned, strict=True)
    )
    with desk.database.writing() as db:
        file = str(talk.path.absolute())
        number = rehearsals.insert(db, talk.name, file, slides, desk.clock())
    return get_rehearsal(desk, number)


def keep(desk: Desk, number: int, used: Sequence[float]) -> None:
    """What each slide took so far: cheap enough for each second, and no kill loses more.

    Raises BusyError where another program is writing: call again.
    """
    with desk.database.writing_at_once() as db:
        rehearsals.set_used(db, number, used)


def end(desk: Desk, number: int, used: Sequence[float]) -> Rehearsal:
    """It is over, on whichever slide."""
    with desk.database.writing() as db:
        rehearsals.set_used(db, number, used)
        rehearsals.end(db, number, desk.clock())
    return get_rehearsal(desk, number)


def get_rehearsal(desk: Desk, number: int) -> Rehearsal:
    """Raises NotOnDeskError."""
    found = rehearsals.get(desk.database.connection, number)
    if found is None:
        raise NotOnDeskError(
            f"There is no rehearsal {number}.", "See them: researchdesk talk rehearsals"
        )
    return found


def rehearsals_of(desk: Desk, text: str = "") -> list[Rehearsal]:
    """Of the talk that ``text`` names (a story or a file), or of all; the newest first.

    Raises NotOnDeskError where there is neither a story nor a file of that name.
    """
    if not text:
        return rehearsals.all_of(desk.database.connection)
    if stories.find(desk.database.connection, text) is not None:
        return rehearsals.all_of(desk.database.connection, text)
    return rehearsals.all_of(desk.database.connection, talk_of(desk, text).name)


def before(desk: Desk, rehearsal: Rehearsal) -> list[Rehearsal]:
    """The earlier rehearsals of the same talk, the newest first."""
    every = rehearsals.all_of(desk.database.connection, rehearsal.talk)
    return [one for one in every if one.id < rehearsal.id]
