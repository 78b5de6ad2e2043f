"""Lists of very many runs, without reading every run's folder each time.

The folders are the truth. What was read of one is kept in an ``IndexFile``; it is believed of a run
that is shown only where the run's events have the size and the time they had then, and never of one
that a process may be at work on. Which runs are wanted is decided without a look at those that came
to their end: nothing is written to them any more, and another folder has another inode.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from researchdesk.domain.run_rows import EVERY, RunChoice, RunRow, RunsListed
from researchdesk.domain.runs import RunState, RunSummary, Task
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.harness.index_file import IndexFile, Seen
from researchdesk.harness.locks import is_held
from researchdesk.harness.run_folders import LOCK, folders_in
from researchdesk.harness.run_times import stamp_of, written

Tell = Callable[[int, int], None]
"""Hears how many runs were read, and how many there are to read, where that takes long."""

_SETTLED = (RunState.FINISHED, RunState.FAILED)
_AT_ONCE = 500
_LONG_S, _AGAIN_S = 1.0, 0.2


class _Synced(NamedTuple):
    """``there`` are the folders' inodes by their names, ``fresh`` what was read just now."""

    there: Mapping[str, int]
    fresh: Mapping[str, RunRow]


class RunIndex:
    """The runs of a folder, as lists of them are asked for.

    ``read`` gives the truth of one run; it raises BadInputError or NotOnDeskError.
    """

    def __init__(self, folder: Path, read: Callable[[str], RunSummary]) -> None:
        self._folder, self._read = folder, read
        self._file = IndexFile(folder)

    def newest(
        self, choice: RunChoice = EVERY, limit: int | None = None, tell: Tell | None = None
    ) -> RunsListed:
        """The newest runs of the choice, all or ``limit`` of them; those that cannot be read are
        left out. ``tell`` is called where that takes more than a second."""
        if choice == EVERY:
            there: Mapping[str, int] = dict(folders_in(self._folder))
            fresh: Mapping[str, RunRow] = {}
            ids = sorted(there, reverse=True)
        else:
            there, fresh = self._sync(tell, choice)
            ids = sorted(self._chosen(choice, there, fresh), reverse=True)
        rows: list[RunRow] = []
        passed = 0
        for row in self._true(ids, there, fresh, tell, limit):
            if limit is not None and len(rows) == limit:
                break
            passed += 1
            if row is not None and choice.takes(row):
                rows.append(row)
        return RunsListed(rows, len(ids) - passed)

    def of_each_recipe(self, most: int, tell: Tell | None = None) -> dict[str, RunsListed]:
        """The newest runs of each recipe, ``most`` of each; the recipe of the newest run first."""
        there, fresh = self._sync(tell)
        names = {name: recipe for name, recipe, _ in self._file.labels() if name in there}
        names |= {name: row.recipe for name, row in fresh.items()}
        groups: dict[str, list[str]] = {}
        for name in sorted(names, reverse=True):
            groups.setdefault(names[name], []).append(name)
        wanted = [name for group in groups.values() for name in group[:most]]
        rows = {row.id: row for row in self._true(wanted, there, fresh) if row is not None}
        return {
            recipe: RunsListed(
                [rows[name] for name in group[:most] if name in rows], max(0, len(group) - most)
            )
            for recipe, group in groups.items()
        }

    def papers(self) -> set[str]:
        """The base ids of the papers that there are runs of."""
        there, fresh = self._sync(None)
        kept = {arxiv_id for name, _, arxiv_id in self._file.labels() if name in there}
        return kept | {row.arxiv_id for row in fresh.values()}

    def catch_up(self, tell: Tell | None = None, beyond: int = -1) -> None:
        """Take in what came, changed or went since, so that the next question is answered quickly;
        where ``beyond`` is given, only if more runs than that are not known."""
        if beyond < 0 or len(dict(folders_in(self._folder))) - self._file.count() > beyond:
            self._sync(tell)

    def written(self, arxiv_id: str = "") -> list[tuple[int, int, str]]:
        """When each run was written to (in ns), the size of its events, and its id, the last first;
        all or those of one paper."""
        if not arxiv_id:
            return sorted(written(self._folder), reverse=True)
        choice = RunChoice(arxiv_id)
        there, fresh = self._sync(None, choice)
        names = {name: there[name] for name in self._chosen(choice, there, fresh)}
        return sorted(written(self._folder, names), reverse=True)

    def _chosen(
        self, choice: RunChoice, there: Mapping[str, int], fresh: Mapping[str, RunRow]
    ) -> list[str]:
        """The ids of the runs of the choice, in no order, after ``_sync`` for it."""
        kept = [name for name in self._file.ids(choice) if name in there and name not in fresh]
        return kept + [name for name, row in fresh.items() if choice.takes(row)]

    def _sync(self, tell: Tell | None, choice: RunChoice = EVERY) -> _Synced:
        """Take in what came, changed or went since: all that may be of the choice.

        What recipe and paper a run is of never changes.
        """
        there = dict(folders_in(self._folder))
        settled, open_ = self._file.settled(), self._file.unsettled()
        self._file.keep((), [name for name in (*settled, *open_) if name not in there])
        doubted = [name for name, inode in there.items() if settled.get(name) != inode]
        if choice.arxiv_id is not None or choice.recipe is not None:
            of_it = set(self._file.ids(replace(choice, state=None)))
            other = set(open_) - of_it
            doubted = [name for name in doubted if name not in other]
        fresh = {row.id: row for row in self._true(doubted, there, {}, tell) if row is not None}
        return _Synced(there, fresh)

    def _true(
        self,
        ids: Sequence[str],
        there: Mapping[str, int],
        fresh: Mapping[str, RunRow],
        tell: Tell | None = None,
        limit: int | None = None,
    ) -> Iterator[RunRow | None]:
        """Each of these runs as it is now, None for one that cannot be read."""
        at_once = _AT_ONCE if limit is None else min(_AT_ONCE, limit + 1)
        told = _Told(tell, len(ids))
        for at in range(0, len(ids), at_once):
            some = ids[at : at + at_once]
            kept = self._file.rows([name for name in some if name not in fresh])
            read: list[tuple[Seen, RunRow]] = []
            try:
                for name in some:
                    if name not in fresh:
                        told.look()
                    yield fresh.get(name) or self._one(name, there[name], kept.get(name), read)
            finally:
                self._file.keep(read)

    def _one(
        self,
        name: str,
        inode: int,
        kept: tuple[Seen, RunRow] | None,
        read: list[tuple[Seen, RunRow]],
    ) -> RunRow | None:
        """The run as it is; what was read anew is put to ``read``."""
        told = stamp_of(self._folder, name)
        if kept is not None and self._holds(kept, told):
            if kept[0].inode != inode:
                read.append((kept[0]._replace(inode=inode), kept[1]))
            return kept[1]
        try:
            row = row_of(self._read(name))
        except (BadInputError, NotOnDeskError):
            return None
        read.append((Seen(inode, *told, row.state in _SETTLED), row))
        return row

    def _holds(self, kept: tuple[Seen, RunRow], told: tuple[int, int]) -> bool:
        """Whether what is kept of a run is so still."""
        seen, row = kept
        if (seen.written, seen.size) != told:
            return False
        if row.state.can_go_on:
            return not is_held(self._folder / row.id / LOCK)
        return seen.settled


class _Told:
    """Tells how far the reading is, where it takes long."""

    def __init__(self, tell: Tell | None, total: int) -> None:
        self._tell, self._total = tell, total
        self._done = 0
        self._next = time.monotonic() + _LONG_S

    def look(self) -> None:
        if self._tell is not None and time.monotonic() >= self._next:
            self._next = time.monotonic() + _AGAIN_S
            self._tell(self._done, self._total)
        self._done += 1


def row_of(run: RunSummary) -> RunRow:
    """What a list tells of the run."""
    return RunRow(
        run.id,
        run.recipe,
        run.recipe_digest,
        run.arxiv_id,
        run.state,
        run.started_at,
        run.ended_at,
        run.quick,
        run.verdict,
        len(run.results),
        len(run.failures),
        len(run.tasks),
        run.device,
        run.engine,
        plan_key(run.recipe_digest, run.quick, run.tasks, run.device, run.data, run.engine),
    )


def plan_key(
    digest: str,
    quick: bool,
    tasks: Iterable[Task],
    device: str,
    data: Mapping[str, str],
    engine: str,
) -> str:
    """The same for two runs of which one can go on where the other was left."""
    seeds = sorted({(task.arm, task.seed, task.vary) for task in tasks})
    text = json.dumps([digest, quick, seeds, device, sorted(data.items()), engine])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
