"""Experiments, every version of their hypotheses, and the runs that are linked to them, in rows."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.investigations import (
    Expectation,
    Experiment,
    Hypothesis,
    LinkedRun,
    Relation,
)
from researchdesk.storage import rows


def insert(db: Database, item: Experiment) -> None:
    row = {
        "investigation_id": item.investigation,
        "number": item.number,
        "parent": item.parent,
        "title": item.title,
        "arm": item.arm,
        "changed": item.changed,
        "settings": json.dumps(dict(item.settings)),
        "created_at": stamp(item.created_at),
    }
    rows.insert(db, "experiments", row)


def next_number(db: Database, investigation: int) -> int:
    """The number after the highest there ever was: that of a dropped one is not given again."""
    query = "SELECT max(number) AS last FROM experiments WHERE investigation_id = ?"
    found = next(iter(db.query(query, [investigation])))
    return int(found["last"] or 0) + 1


def of(db: Database, investigation: int) -> list[Experiment]:
    """The experiments of an investigation by their numbers, without those that were dropped."""
    where = "investigation_id = ? AND removed_at IS NULL"
    found = list(db.table("experiments").rows_where(where, [investigation], order_by="number"))
    return _experiments(db, found)


def newest(db: Database, most: int) -> list[Experiment]:
    """The experiments of all investigations that were added last, the newest first."""
    where = "removed_at IS NULL"
    found = db.table("experiments").rows_where(where, order_by="id DESC", limit=most)
    return _experiments(db, list(found))


def remove(db: Database, item: Experiment, moment: datetime) -> None:
    """Take it off the lists; the row stays."""
    db.table("experiments").update(_id(db, item), {"removed_at": stamp(moment)})


def state(
    db: Database,
    item: Experiment,
    expectation: Expectation,
    text: str,
    moment: datetime,
    result_at: datetime | None = None,
) -> None:
    """Keep a version of its hypothesis; ``result_at``: when the first result was there, if one."""
    row = {
        "experiment_id": _id(db, item),
        "text": text,
        "metric": expectation.metric,
        "relation": expectation.relation.value,
        "value": expectation.value,
        "within": expectation.within,
        "stated_at": stamp(moment),
        "result_at": stamp(result_at) if result_at else None,
    }
    rows.insert(db, "hypotheses", row)


def link(db: Database, item: Experiment, run_id: str, arm: str, moment: datetime) -> None:
    """Link a run's arm; nothing happens where it is linked already."""
    row = {
        "experiment_id": _id(db, item),
        "run_id": run_id,
        "arm": arm,
        "linked_at": stamp(moment),
    }
    db.table("experiment_runs").insert(row, ignore=True)


def keep_first(db: Database, run_id: str, arm: str, moment: datetime) -> None:
    """Keep when the first result of a linked run's arm was there; what was kept before stays."""
    db.execute(
        "UPDATE experiment_runs SET first_at = ? WHERE run_id = ? AND arm = ? AND first_at IS NULL",
        [stamp(moment), run_id, arm],
    )


def of_recipe(db: Database, recipe: str) -> list[Experiment]:
    """Every experiment that begins from this recipe, also of those that were dropped."""
    where = "investigation_id IN (SELECT id FROM investigations WHERE recipe = ?)"
    return _experiments(db, list(db.table("experiments").rows_where(where, [recipe])))


def linked_to(db: Database, run_id: str) -> list[tuple[int, int, str]]:
    """Investigation and number of each experiment that a run is linked to, and the run's arm."""
    query = """
        SELECT e.investigation_id, e.number, r.arm FROM experiment_runs r
        JOIN experiments e ON e.id = r.experiment_id
        WHERE r.run_id = ? AND e.removed_at IS NULL ORDER BY e.investigation_id, e.number
        """
    return [
        (row["investigation_id"], row["number"], row["arm"]) for row in db.query(query, [run_id])
    ]


def _id(db: Database, item: Experiment) -> int:
    query = "SELECT id FROM experiments WHERE investigation_id = ? AND number = ?"
    return int(next(iter(db.query(query, [item.investigation, item.number])))["id"])


def _experiments(db: Database, found: list[dict[str, Any]]) -> list[Experiment]:
    keys = [row["id"] for row in found]
    hypotheses = _grouped(db, "hypotheses", "id", keys)
    runs = _grouped(db, "experiment_runs", "linked_at, run_id", keys)
    return [
        Experiment(
            investigation=row["investigation_id"],
            number=row["number"],
            parent=row["parent"],
            title=row["title"],
            arm=row["arm"],
            changed=row["changed"],
            settings=json.loads(row["settings"]),
            created_at=parse_stamp(row["created_at"]),
            versions=tuple(map(_hypothesis, hypotheses.get(row["id"], ()))),
            runs=tuple(map(_run, runs.get(row["id"], ()))),
        )
        for row in found
    ]


def _grouped(
    db: Database, table: str, order: str, keys: Iterable[int]
) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    where = "experiment_id IN (SELECT value FROM json_each(?))"
    for row in db.table(table).rows_where(where, [json.dumps(list(keys))], order_by=order):
        found.setdefault(row["experiment_id"], []).append(row)
    return found


def _hypothesis(row: Mapping[str, Any]) -> Hypothesis:
    return Hypothesis(
        text=row["text"],
        metric=row["metric"],
        relation=Relation(row["relation"]),
        value=row["value"],
        within=row["within"],
        stated_at=parse_stamp(row["stated_at"]),
        result_at=_moment(row["result_at"]),
    )


def _run(row: Mapping[str, Any]) -> LinkedRun:
    return LinkedRun(
        row["run_id"], row["arm"], parse_stamp(row["linked_at"]), first_at=_moment(row["first_at"])
    )


def _moment(text: str | None) -> datetime | None:
    return parse_stamp(text) if text else None
