"""What a surprise leads to: an idea, investigations."""

from researchdesk.domain.ideas import Idea
from researchdesk.domain.surprises import Surprise, SurpriseState
from researchdesk.domain.text import clean
from researchdesk.services.desk import Desk
from researchdesk.services.ideas import add_idea
from researchdesk.services.surprises import get_surprise, resolve
from researchdesk.storage import ideas, investigations


def become_idea(desk: Desk, number: int, text: str = "", why: str = "") -> tuple[Surprise, Idea]:
    """Keep an idea that came from a surprise, in the surprise's words where none are given; the
    surprise is closed. One that it became already is given as it is. Raises NotOnDeskError."""
    with desk.database.writing() as db:
        surprise = get_surprise(desk, number)
        words = clean(text).strip()
        had = ideas.of(db, surprise.ref)
        same = next((one for one in had if one.text == (words or surprise.text)), None)
        if same is None and not words and surprise.state is SurpriseState.IDEA:
            same = had[-1] if had else None
        idea = same or add_idea(desk, words or surprise.text, of=surprise.ref)
        said = ". ".join(part for part in (f"idea {idea.id}", clean(why).strip()) if part)
        return resolve(desk, number, SurpriseState.IDEA, said), idea


def followed_up(desk: Desk, surprise: Surprise) -> list[str]:
    """The refs of the investigations of a surprise, the last touched first, then of its ideas."""
    db = desk.database.connection
    found = [item.ref for item in investigations.all_of(db, surprise.ref)]
    return [*found, *(item.ref for item in ideas.of(db, surprise.ref))]
