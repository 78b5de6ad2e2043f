"""A paper on its way to the desk, as the screens are told of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from researchdesk.domain.sizes import megabytes
from researchdesk.errors import DeskError

if TYPE_CHECKING:
    from researchdesk.services.acquire import Added


@dataclass(frozen=True, slots=True)
class Fetching:
    """``text`` is what was asked for; ``what`` is being done now; ``done`` of ``total`` bytes.

    One with ``added`` or ``error`` is the last of its fetch.
    """

    text: str
    what: str = ""
    done: int = 0
    total: int | None = None
    added: "Added | None" = None
    error: DeskError | None = None

    @property
    def words(self) -> str:
        """How far it is."""
        if self.added is not None:
            return outcome(self.added)
        if not self.done:
            return f"{self.what or self.text} …"
        size = megabytes(self.done)
        if self.total:
            size = f"{self.done / 1e6:,.1f} of {megabytes(self.total)}"
        return f"{self.what or self.text}: {size}"


def outcome(added: "Added") -> str:
    """What an addition came to, in words."""
    name = f"{added.paper.name}v{added.version}" if added.paper.arxiv else added.paper.name
    if added.warning:
        return f"{name}: {added.warning}"
    if added.already:
        return f"{name} was on the desk already, with its PDF."
    return f"{name} is on the desk{', with its PDF' if added.fetched else ''}: {added.paper.title}"
