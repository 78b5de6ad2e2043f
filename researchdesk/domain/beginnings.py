"""Ids that are named by their beginning."""

from collections.abc import Iterable

from researchdesk.errors import NotOnDeskError

_NAMED = 5


def one_that_begins(kinds: str, begun: str, known: Iterable[str]) -> str:
    """The id of ``known`` that is ``begun``, else the one that begins so; ``""`` where none does.

    ``kinds`` is what they are of, as ``runs``. Raises NotOnDeskError, which names them, where
    several begin so.
    """
    found = sorted(name for name in known if name.startswith(begun))
    if begun in found:
        return begun
    if len(found) > 1:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        named = ", ".join(found[:_NAMED]) + more
        raise NotOnDeskError(f"{len(found)} {kinds} begin with {begun}.", f"Name one: {named}")
    return "".join(found)
