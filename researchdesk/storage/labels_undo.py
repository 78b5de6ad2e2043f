"""Changes of the library, kept with what takes them back: they outlive the program.

What takes a change back is a list of steps, done in their order. Papers stand in it as runs of row
numbers (``[[1, 500], 502]``), so that a change of a whole library stays small.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.labels import Change
from researchdesk.storage import import_undo, labels, merging, rows

Step = Mapping[str, Any]
_KEPT = 500


class StaleError(Exception):
    """Things are no longer as the change left them; the text says which."""


def packed(ids: Iterable[int]) -> list[int | list[int]]:
    """Row numbers as runs: a number, or the first and the last of several."""
    runs: list[list[int]] = []
    for one in sorted(ids):
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    return [first if first == last else [first, last] for first, last in runs]


def unpacked(runs: Iterable[int | Sequence[int]]) -> list[int]:
    """The row numbers of ``packed``."""
    found: list[int] = []
    for run in runs:
        found += [run] if isinstance(run, int) else range(run[0], run[1] + 1)
    return found


def record(db: Database, what: str, count: int, steps: Sequence[Step], moment: datetime) -> Change:
    """Keep a change that was just made; the oldest of many are forgotten."""
    undo = json.dumps({"count": count, "steps": steps}, ensure_ascii=False, separators=(",", ":"))
    row = {"what": what, "undo": undo, "at": stamp(moment)}
    number = rows.insert(db, "library_actions", row)
    db.conn.execute("DELETE FROM library_actions WHERE id <= ?", (number - _KEPT,))
    return Change(number, what, count, moment)


def changes(db: Database, limit: int) -> list[Change]:
    """The last changes, the newest first, those that were taken back too."""
    sql = """
        SELECT id, what, json_extract(undo, '$.count'), at, undone_at FROM library_actions
        ORDER BY id DESC LIMIT ?
    """
    return [
        Change(number, what, count or 0, parse_stamp(at), parse_stamp(undone) if undone else None)
        for number, what, count, at, undone in labels.fetch(db, sql, limit)
    ]


def last(db: Database) -> int | None:
    """The number of the last change that was not taken back."""
    sql = "SELECT MAX(id) FROM library_actions WHERE undone_at IS NULL"
    found = labels.fetch(db, sql)[0][0]
    return None if found is None else int(found)


def get(db: Database, number: int) -> Change | None:
    sql = """
        SELECT what, json_extract(undo, '$.count'), at, undone_at FROM library_actions WHERE id = ?
    """
    for what, count, at, undone in labels.fetch(db, sql, number):
        end = parse_stamp(undone) if undone else None
        return Change(number, what, count or 0, parse_stamp(at), end)
    return None


def take_back(db: Database, number: int, moment: datetime) -> None:
    """Do the steps that take a change back. Raises StaleError; then the caller rolls back."""
    sql = "SELECT undo FROM library_actions WHERE id = ?"
    steps = json.loads(labels.fetch(db, sql, number)[0][0]).get("steps")
    if steps is None or any(step.get("do") not in _DOING for step in steps):
        raise StaleError("it is of a kind that is taken back by the command that made it")
    for step in steps:
        _DOING[step["do"]](db, step, moment)
    db.conn.execute(
        "UPDATE library_actions SET undone_at = ? WHERE id = ?", (stamp(moment), number)
    )


def _untag(db: Database, step: Step, moment: datetime) -> None:
    wanted = unpacked(step["ids"])
    gone = len(wanted) - len(labels.take_tag(db, step["tag"], wanted))
    _sound(gone, f"lost the tag {step['tag']} since")


def _tag(db: Database, step: Step, moment: datetime) -> None:
    labels.add_tag(db, step["tag"], labels.known(db, unpacked(step["ids"])))


def _mark(db: Database, step: Step, moment: datetime) -> None:
    ids, mark = unpacked(step["ids"]), step["mark"]
    now = labels.marks(db, mark, ids)
    _sound(len(ids) - len(now.get(step["now"], [])), f"got other {_SPOKEN[mark]} since")
    labels.set_mark(db, mark, ids, step["was"])


def _out(db: Database, step: Step, moment: datetime) -> None:
    ids, name = unpacked(step["ids"]), step["name"]
    there = {one for one, _, _ in labels.members(db, name)}
    _sound(len([one for one in ids if one not in there]), f"left the collection {name} since")
    labels.take_out(db, name, ids)


def _in(db: Database, step: Step, moment: datetime) -> None:
    name = step["name"]
    if not labels.collections(db, name):
        raise StaleError(f"the collection {name} is no longer there")
    there = {one for one, _, _ in labels.members(db, name)}
    known = set(labels.known(db, [row[0] for row in step["rows"]])) - there
    labels.put_in(db, name, [(o, place, why) for o, place, why in step["rows"] if o in known])


def _drop(db: Database, step: Step, moment: datetime) -> None:
    """Drop a collection that the change made, unless other papers came into it since."""
    if not labels.members(db, step["name"]):
        labels.drop(db, step["name"])


def _end(db: Database, step: Step, moment: datetime) -> None:
    if labels.members(db, step["name"]):
        raise StaleError(f"the collection {step['name']} is no longer empty")
    labels.drop(db, step["name"])


def _create(db: Database, step: Step, moment: datetime) -> None:
    _free(db, step["name"])
    labels.create(db, step["name"], step["about"], parse_stamp(step["at"]))


def _rename(db: Database, step: Step, moment: datetime) -> None:
    if not labels.collections(db, step["now"]):
        raise StaleError(f"the collection {step['now']} is no longer there")
    if step["now"].casefold() != step["was"].casefold():
        _free(db, step["was"])
    labels.rename(db, step["now"], step["was"])


def _order(db: Database, step: Step, moment: datetime) -> None:
    if not labels.collections(db, step["name"]):
        raise StaleError(f"the collection {step['name']} is no longer there")
    labels.place(db, step["name"], [(one, place) for one, place in step["rows"]])


def _restore(db: Database, step: Step, moment: datetime) -> None:
    ids = unpacked(step["ids"])
    _sound(len(labels.merged(db, ids)), "became part of another paper since")
    _sound(len(labels.on_desk(db, ids)), "came back to the desk since")
    labels.set_removed(db, ids, None)


def _remove(db: Database, step: Step, moment: datetime) -> None:
    labels.set_removed(db, labels.on_desk(db, unpacked(step["ids"])), moment)


def _unmerge(db: Database, step: Step, moment: datetime) -> None:
    try:
        merging.take_back(db, step)
    except merging.NotAsItWasError as error:
        raise StaleError(str(error)) from error


def _import(db: Database, step: Step, moment: datetime) -> None:
    try:
        import_undo.undo(db, step, moment)
    except merging.NotAsItWasError as error:
        raise StaleError(str(error)) from error


def _free(db: Database, name: str) -> None:
    if labels.collections(db, name):
        raise StaleError(f"there is another collection {name} by now")


def _sound(count: int, what: str) -> None:
    if count:
        raise StaleError(f"{'1 paper' if count == 1 else f'{count:,} papers'} {what}")


_SPOKEN = {"stars": "stars", "priority": "priorities"}
_DOING: Mapping[str, Callable[[Database, Step, datetime], None]] = {
    "untag": _untag,
    "tag": _tag,
    "mark": _mark,
    "out": _out,
    "in": _in,
    "drop": _drop,
    "end": _end,
    "create": _create,
    "rename": _rename,
    "order": _order,
    "restore": _restore,
    "remove": _remove,
    "import": _import,
    "unmerge": _unmerge,
}
