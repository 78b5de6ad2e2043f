"""What is said beside notes and claims whose version was withdrawn or replaced since."""

from collections.abc import Iterable

from researchdesk.domain.version_marks import mark
from researchdesk.services.desk import Desk
from researchdesk.storage import synced


def mark_of(desk: Desk, paper_id: int, version: int) -> str | None:
    """``"withdrawn in v3: …"`` or ``"v3 is out; this was read in v2"``; None where neither is."""
    return marks_of(desk, [(paper_id, version)]).get((paper_id, version))


def marks_of(desk: Desk, pinned: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The marks of many at once, by row of the paper and version; those without one are absent."""
    wanted = set(pinned)
    ids = sorted({paper_id for paper_id, _ in wanted})
    now = synced.standings(desk.database.connection, ids)
    told = {one: mark(one[1], now[one[0]]) for one in wanted if one[0] in now}
    return {one: words for one, words in told.items() if words}
