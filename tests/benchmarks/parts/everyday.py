"""What is done every day on a large desk: words looked for, notes written out, runs begun."""

import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import library_rivals
from library_desk import typed
from many_runs import desk_of_runs, look_for_a_run

from parts import places
from parts.rows import Place, Row, by_turns
from researchdesk.config import Settings
from researchdesk.services.desk import open_desk
from researchdesk.services.exporting import export_notes
from researchdesk.services.library_search import page, parse_query

QUERIES = (
    "attention is all",
    "neural network",
    "learning rate warmup",
    "graph neural networks",
    '"large language',
    "reinforcement learning from human feedback",
    "author:vaswani transformer",
    "cat:cs.LG diffusion",
    "year:2016 robust",
    "tag:topic-3 learning",
    "contrastive -survey",
    "optimization has:note",
    "batch normalization",
    "status:unread training",
    "quantum",
    "1501.0",
)
KEY_MS = 30.0
"""Of the 95th percentile, from the third letter on."""
_FROM = 3
_RUNS = 2_000
_PLAIN = "neural network training"


def searching(place: Place) -> Iterator[Row]:
    """Letter by letter as it is typed; beside bare SQLite for the letters of a few words."""
    count = 10_000 if place.quick else 100_000
    root = places.papers(place, count)
    desk = open_desk(Settings(desk=root, state=root, offline=True))
    taken = [
        _once(lambda text=text: page(desk, parse_query(text), 0, 50))
        for query in QUERIES
        for text in typed(query)
        if len(text) >= _FROM
    ]
    high = sorted(taken)[int(0.95 * (len(taken) - 1))]
    with closing(sqlite3.connect(library_rivals.bare(root))) as bare:
        least = [
            by_turns(
                {
                    "ours": lambda text=text: page(desk, parse_query(text), 0, 50),
                    "bare": lambda text=text: _bare(bare, text),
                },
                3,
            )
            for text in typed(_PLAIN)
            if len(text) >= _FROM and not text.endswith(" ")
        ]
    desk.close()
    mine, base = (1000 * statistics.median(one[name] for one in least) for name in ("ours", "bare"))
    note = f"p50 {1000 * statistics.median(taken):.1f}, p95 {1000 * high:.1f} ms of all searches"
    yield Row(
        f"a letter of a search, {count:,} papers", mine, "ms", "bare SQLite FTS5", base,
        KEY_MS, 1000 * high, note,
    )  # fmt: skip


def _bare(database: sqlite3.Connection, text: str) -> None:
    words = " ".join(f"{word}*" for word in text.split())
    sql = "SELECT rowid, title FROM f WHERE f MATCH ? ORDER BY rank LIMIT 50"
    database.execute(sql, [words]).fetchall()


def notes_out(place: Place) -> Iterator[Row]:
    """All notes of a full desk into an empty folder, beside writing the same files plainly."""
    desk = places.full(place)
    with tempfile.TemporaryDirectory() as name:
        folder, again = Path(name) / "vault", Path(name) / "plain"
        taken = _once(lambda: export_notes(desk, None, folder))
        found = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        again.mkdir()

        def write() -> None:
            for name, content in found.items():
                (again / name).write_bytes(content)

        plain = min(_once(write) for _ in range(3))
    desk.close()
    note = f"{taken:.1f} s in all"
    each = 1000 * taken / len(found), 1000 * plain / len(found)
    yield Row("a page of notes exported", each[0], "ms", "its bytes written", each[1], note=note)


def runs_begun(place: Place) -> Iterator[Row]:
    """A run begun, with the look for one to go on with, beside the same where there are none."""
    found = {}
    for count in (0, _RUNS):
        folder = place.folder / f"runs-{count}"
        desk = desk_of_runs(folder, count)
        found[count] = 1000 * min(_once(lambda desk=desk: look_for_a_run(desk)) for _ in range(7))
        desk.close()
        shutil.rmtree(folder)
    yield Row(f"a run begun, {_RUNS:,} runs there", found[_RUNS], "ms", "none there", found[0])


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
