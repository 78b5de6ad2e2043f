"""The "that's funny" log."""

from researchdesk.domain.surprises import Surprise
from researchdesk.domain.text import clean
from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.storage import surprises


def add_surprise(desk: Desk, text: str, expected: str, observed: str, on: str = "") -> Surprise:
    """Keep a surprise. Raises UsageProblemError unless all three sentences say something."""
    words = [clean(item).strip() for item in (text, expected, observed)]
    if not all(words):
        raise UsageProblemError(
            "A surprise is a delta: say what is funny, what was expected and what was observed.",
            'Say: funny add "loss rises" --expected "it falls" --observed "rises after step 900"',
        )
    with desk.database.writing() as db:
        return surprises.insert(db, words[0], words[1], words[2], clean(on).strip(), desk.clock())


def list_surprises(desk: Desk) -> list[Surprise]:
    """The last noticed first."""
    return surprises.all_surprises(desk.database.connection)
