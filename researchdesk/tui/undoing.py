"""What was done on a screen, taken back."""

from collections.abc import Callable

from researchdesk.errors import NotOnDeskError, UsageProblemError

Back = tuple[str, Callable[[], object]]
"""What to say of it, and how it is taken back."""


def take_back(done: list[Back]) -> str:
    """Take back what was done last, and give its words.

    Raises DeskError; where the desk could not be written, it can be taken back the next time.
    """
    words, back = done.pop()
    try:
        back()
    except (NotOnDeskError, UsageProblemError):
        raise
    except BaseException:
        done.append((words, back))
        raise
    return words
