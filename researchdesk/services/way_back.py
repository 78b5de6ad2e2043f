"""What is done so that it can be taken back, and nothing that was changed since with it."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk

Parts = Mapping[Any, Hashable]
"""What can be changed of a thing, by the names of its parts."""
Result = TypeVar("Result")


class ChangedSinceError(UsageProblemError):
    """What would be taken back is no longer what was left; it cannot be taken back any more."""


def with_way_back(
    desk: Desk,
    thing: str,
    look: Callable[[], Parts],
    do: Callable[[], Result],
    put_back: Callable[[dict[Any, Any]], object],
) -> tuple[Result, Callable[[], object] | None]:
    """What ``do`` gives, and how that is taken back; None where it changed nothing.

    ``look`` reads the parts of what ``do`` changes. ``put_back`` gets those that it changed, as
    they were; None for one that was not there. Taken back raises ChangedSinceError, and changes
    nothing, where one of these is no longer what ``do`` left: ``thing``, which begins the sentence,
    was changed since. Raises what ``do`` raises; then nothing is changed.
    """
    with desk.database.writing():
        before = look()
        result = do()
        left = look()
    changed = [name for name in {**before, **left} if before.get(name) != left.get(name)]

    def back() -> object:
        with desk.database.writing():
            now = look()
            if any(now.get(name) != left.get(name) for name in changed):
                raise changed_since(thing)
            return put_back({name: before.get(name) for name in changed})

    return result, back if changed else None


def changed_since(thing: str) -> ChangedSinceError:
    """What to raise where something would be taken back that is no longer what was left."""
    return ChangedSinceError(
        f"{thing} was changed since, here or by another program. Nothing was taken back.",
        "What is there now stays; change it where you want it otherwise.",
    )
