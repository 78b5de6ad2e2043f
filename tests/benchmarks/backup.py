"""A backup of a large desk while notes are written: is it whole, and who waits how long?

    python tests/benchmarks/backup.py [--size MB] [--keep DIR]

A desk of about that size is made (1000 MB). Another process writes a note about every 10 ms, first
alone and then while the backup is made. The table shows what its writes waited, and whether the
copy has as many rows as the desk had. Ends with 1 where a write waited longer than 200 ms during
the backup, or the copy is not whole.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.services import keeping, reading
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library import file_metadata

LIMIT_MS = 200.0
_ALONE_S = 5.0
_WRITER = """
import sys, time
from dataclasses import replace
from pathlib import Path
from researchdesk.config import Settings
from researchdesk.services import notes
from researchdesk.services.desk import open_desk
from researchdesk.services.library import get_paper

desk = open_desk(replace(Settings(), desk=Path(sys.argv[1]), offline=True))
paper = get_paper(desk, "2001.00001")
stop, number = Path(sys.argv[2]), 0
print("ready", flush=True)
while not stop.exists():
    began = time.perf_counter()
    notes.add_note(desk, paper, 1, f"note {number} of the writer")
    print(f"{time.time()} {(time.perf_counter() - began) * 1000}", flush=True)
    number += 1
    time.sleep(0.01)
"""


def filled(folder: Path, megabytes: int) -> Desk:
    """A desk of about this size: records of 20 kB, a note in between."""
    desk = open_desk(replace(Settings(), desk=folder, offline=True))
    words = Metadata("A paper", ("A. Author",), "An abstract.", ("cs.LG",), arxiv_id="2001.00001")
    paper = file_metadata(desk, words)
    reading.start_pass(desk, paper, 1)
    size = desk.database.path.stat().st_size
    while size < megabytes * 1e6:
        with desk.database.writing() as db:
            row = {"paper_id": paper.id, "source": "made", "added_at": ""}
            db.table("records").insert_all(
                {**row, "key": str(n), "fields": os.urandom(10_000).hex()} for n in range(1000)
            )
        size = desk.database.path.stat().st_size
        print(f"\rmaking a desk: {size / 1e6:,.0f} MB", end="", file=sys.stderr)
    print(file=sys.stderr)
    return desk


def measured(desk: Desk, folder: Path) -> tuple[list[float], list[float], float, keeping.Backup]:
    """What each write took, in ms, alone and during the backup; the seconds of that, and it."""
    stop = folder / "stop"
    stop.unlink(missing_ok=True)
    argv = [sys.executable, "-c", _WRITER, str(desk.root), str(stop)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(_ALONE_S)
        began = time.time()
        made = keeping.backup(desk.settings, desk.clock, lambda *_: None, folder=folder / "copies")
        ended = time.time()
        stop.touch()
        lines = [tuple(map(float, line.split())) for line in writer.stdout]
    alone = [took for at, took in lines if at < began]
    during = [took for at, took in lines if began <= at - took / 1000 <= ended]
    return alone, during, ended - began, made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        folder = asked.keep or Path(aside)
        desk = filled(folder / "desk", asked.size)
        alone, during, seconds, made = measured(desk, folder)
        made.path.unlink()
        desk.close()
    print(f"backup of {made.size / 1e6:,.0f} MB: {seconds:.1f} s, verified with its rows counted")
    print("| a note written | writes | median ms | 99 % ms | longest ms |")
    print("| --- | --- | --- | --- | --- |")
    for name, times in (("alone", alone), ("during the backup", during)):
        ordered = sorted(times)
        high = ordered[int(len(ordered) * 0.99)]
        print(f"| {name} | {len(times)} | {median(times):.1f} | {high:.1f} | {ordered[-1]:.1f} |")
    return int(max(during) > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
