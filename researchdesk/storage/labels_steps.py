"""The steps that take a change of the library back, and those that do it again.

Each step gives the steps that would undo it in its turn; None where it cannot be done again.
Papers stand in steps as runs of row numbers (``[[1, 500], 502]``), so that a change of a whole
library stays small.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.storage import import_undo, labels, merging, smart_lists

Step = Mapping[str, Any]
Inverse = list[Step] | None
BIG = ("import", "unmerge", "remove")
"""Steps that bring papers on the desk, off it, or apart."""


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


def do(db: Database, steps: Sequence[Step], moment: datetime) -> Inverse:
    """Do the steps in their order; gives those that undo them, None where one cannot be.

    Raises StaleError; then the caller rolls back.
    """
    if any(step.get("do") not in _DOING for step in steps):
        raise StaleError("it is of a kind that is taken back by the command that made it")
    inverse: list[Step] = []
    whole = True
    for step in steps:
        back = _DOING[step["do"]](db, step, moment)
        whole = whole and back is not None
        inverse = [*(back or ()), *inverse]
    return inverse if whole else None


def _untag(db: Database, step: Step, moment: datetime) -> Inverse:
    wanted = unpacked(step["ids"])
    taken = labels.take_tag(db, step["tag"], wanted)
    _sound(len(wanted) - len(taken), f"lost the tag {step['tag']} since")
    return [{"do": "tag", "tag": step["tag"], "ids": packed(taken)}]


def _tag(db: Database, step: Step, moment: datetime) -> Inverse:
    added = labels.add_tag(db, step["tag"], labels.known(db, unpacked(step["ids"])))
    return [{"do": "untag", "tag": step["tag"], "ids": packed(added)}] if added else []


def _mark(db: Database, step: Step, moment: datetime) -> Inverse:
    ids, mark = unpacked(step["ids"]), step["mark"]
    now = labels.marks(db, mark, ids)
    _sound(len(ids) - len(now.get(step["now"], [])), f"got other {_SPOKEN[mark]} since")
    labels.set_mark(db, mark, ids, step["was"])
    return [{**step, "was": step["now"], "now": step["was"]}]


def _out(db: Database, step: Step, moment: datetime) -> Inverse:
    ids, name = unpacked(step["ids"]), step["name"]
    there = {row[0]: row for row in labels.members(db, name)}
    _sound(len([one for one in ids if one not in there]), f"left the collection {name} since")
    labels.take_out(db, name, ids)
    return [{"do": "in", "name": name, "rows": [there[one] for one in ids]}]


def _in(db: Database, step: Step, moment: datetime) -> Inverse:
    name = step["name"]
    _there(db, name)
    there = {one for one, _, _ in labels.members(db, name)}
    known = set(labels.known(db, [row[0] for row in step["rows"]])) - there
    labels.put_in(db, name, [(o, place, why) for o, place, why in step["rows"] if o in known])
    return [{"do": "out", "name": name, "ids": packed(known)}] if known else []


def _drop(db: Database, step: Step, moment: datetime) -> Inverse:
    """Drop a collection that the change made, unless other papers came into it since."""
    return [] if labels.members(db, step["name"]) else _dropped(db, step["name"])


def _end(db: Database, step: Step, moment: datetime) -> Inverse:
    if labels.members(db, step["name"]):
        raise StaleError(f"the collection {step['name']} is no longer empty")
    return _dropped(db, step["name"])


def _dropped(db: Database, name: str) -> Inverse:
    found = labels.collections(db, name)
    labels.drop(db, name)
    return [
        {"do": "create", "name": c.name, "about": c.about, "at": stamp(c.created_at)} for c in found
    ]


def _create(db: Database, step: Step, moment: datetime) -> Inverse:
    _free(db, step["name"])
    labels.create(db, step["name"], step["about"], parse_stamp(step["at"]))
    return [{"do": "end", "name": step["name"]}]


def _rename(db: Database, step: Step, moment: datetime) -> Inverse:
    _there(db, step["now"])
    if step["now"].casefold() != step["was"].casefold():
        _free(db, step["was"])
    labels.rename(db, step["now"], step["was"])
    return [{**step, "was": step["now"], "now": step["was"]}]


def _order(db: Database, step: Step, moment: datetime) -> Inverse:
    _there(db, step["name"])
    before = [(one, place) for one, place, _ in labels.members(db, step["name"])]
    labels.place(db, step["name"], [(one, place) for one, place in step["rows"]])
    return [{**step, "rows": before}]


def _restore(db: Database, step: Step, moment: datetime) -> Inverse:
    ids = unpacked(step["ids"])
    _sound(len(labels.merged(db, ids)), "became part of another paper since")
    _sound(len(labels.on_desk(db, ids)), "came back to the desk since")
    labels.set_removed(db, ids, None)
    return [{"do": "remove", "ids": step["ids"]}]


def _remove(db: Database, step: Step, moment: datetime) -> Inverse:
    there = labels.on_desk(db, unpacked(step["ids"]))
    labels.set_removed(db, there, moment)
    return [{"do": "restore", "ids": packed(there)}] if there else []


def _unmerge(db: Database, step: Step, moment: datetime) -> Inverse:
    try:
        merging.take_back(db, step)
    except merging.NotAsItWasError as error:
        raise StaleError(str(error)) from error
    return None


def _import(db: Database, step: Step, moment: datetime) -> Inverse:
    try:
        import_undo.undo(db, step, moment)
    except merging.NotAsItWasError as error:
        raise StaleError(str(error)) from error
    return None


def _list(db: Database, step: Step, moment: datetime) -> Inverse:
    """Put a smart list back to what it was; either side is None where there is none."""
    try:
        smart_lists.change(db.conn, step["now"], step["was"])
    except smart_lists.NotAsItWasError as error:
        raise StaleError(str(error)) from error
    return [{**step, "was": step["now"], "now": step["was"]}]


def _there(db: Database, name: str) -> None:
    if not labels.collections(db, name):
        raise StaleError(f"the collection {name} is no longer there")


def _free(db: Database, name: str) -> None:
    if labels.collections(db, name):
        raise StaleError(f"there is another collection {name} by now")


def _sound(count: int, what: str) -> None:
    if count:
        raise StaleError(f"{'1 paper' if count == 1 else f'{count:,} papers'} {what}")


_SPOKEN = {"stars": "stars", "priority": "priorities"}
_DOING: Mapping[str, Callable[[Database, Step, datetime], Inverse]] = {
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
    "list": _list,
}
