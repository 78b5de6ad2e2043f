"""What a list of runs tells of each: less than its summary, for there may be very many."""

from dataclasses import dataclass
from datetime import datetime

from researchdesk.domain.runs import RunState
from researchdesk.domain.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in a list. ``done``, ``failed`` and ``planned`` count its seeds.

    ``engine`` is who ran it. ``plan`` is the same where recipe, seeds, arms, data and device are.
    """

    id: str
    recipe: str
    recipe_digest: str
    arxiv_id: str
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    quick: bool
    verdict: Verdict | None
    done: int
    failed: int
    planned: int
    device: str = "cpu"
    engine: str = "local"
    plan: str = ""


@dataclass(frozen=True, slots=True)
class RunChoice:
    """Which runs are wanted: those for which all that is given here is so."""

    arxiv_id: str | None = None
    recipe: str | None = None
    state: RunState | None = None

    def takes(self, row: RunRow) -> bool:
        """Whether the run is one of them."""
        return (
            self.arxiv_id in (None, row.arxiv_id)
            and self.recipe in (None, row.recipe)
            and self.state in (None, row.state)
        )


EVERY = RunChoice()


@dataclass(frozen=True, slots=True)
class RunsListed:
    """The newest of the runs that were wanted, newest first, and how many more there are."""

    rows: list[RunRow]
    more: int = 0
