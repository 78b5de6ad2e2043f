"""The terminal app from its start to what is seen first, beside an empty Textual app."""

from collections.abc import Iterator

from library_start import measure_start

from parts import places
from parts.rows import Place, Row
from researchdesk.config import Settings
from researchdesk.services.desk import open_desk
from researchdesk.services.library_search import page, parse_query

LIMIT = 1.5
"""Of the least of each."""


def first_paint(place: Place) -> Iterator[Row]:
    """On a desk that has only what it begins with, and on one of 10,000 papers."""
    desks = {"empty desk": places.begun(place), "10,000 papers": places.papers(place, 10_000)}
    for words, root in desks.items():
        desk = open_desk(Settings(desk=root, state=root / "state", offline=True))
        first = page(desk, parse_query(""), 0, 1).rows[0].name
        desk.close()
        taken = measure_start(root, first, place.rounds)
        yield Row(
            f"first rows, {words}", 1000 * taken.rows, "ms", "an empty Textual app",
            1000 * taken.empty, LIMIT,
        )  # fmt: skip
