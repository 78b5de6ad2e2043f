"""Reports of watched scripts, in rows."""

import json
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.watching import WatchReport, read_findings
from researchdesk.storage import rows


def insert(db: Database, report: WatchReport) -> int:
    """Keep a report with its findings; gives its number."""
    row = {
        "argv": json.dumps(report.argv),
        "folder": report.folder,
        "python": report.python,
        "torch": report.torch,
        "exit_code": report.exit_code,
        "ended": report.ended,
        "began_at": stamp(report.began_at),
        "seconds": report.seconds,
        "on": report.on,
        "seen": json.dumps(dict(report.seen)),
        "readings": json.dumps(dict(report.readings)),
        "limits": json.dumps(report.limits),
        "problems": json.dumps(report.problems),
        "findings": json.dumps([asdict(item) for item in report.findings]),
    }
    return rows.insert(db, "watch_reports", row)


def last(db: Database, limit: int) -> list[WatchReport]:
    """The last reports, the last one first."""
    found = db.table("watch_reports").rows_where(order_by="began_at DESC, id DESC", limit=limit)
    return [_report(row) for row in found]


def get(db: Database, number: int) -> WatchReport | None:
    """The report of this number, or None."""
    found = db.table("watch_reports").rows_where("id = ?", [number])
    return next((_report(row) for row in found), None)


def _report(row: dict[str, Any]) -> WatchReport:
    return WatchReport(
        argv=tuple(json.loads(row["argv"])),
        folder=row["folder"],
        python=row["python"],
        exit_code=row["exit_code"],
        ended=row["ended"],
        began_at=parse_stamp(row["began_at"]),
        seconds=row["seconds"],
        torch=row["torch"],
        findings=read_findings(json.loads(row["findings"])),
        seen=json.loads(row["seen"]),
        readings=json.loads(row["readings"]),
        limits=tuple(json.loads(row["limits"])),
        problems=tuple(json.loads(row["problems"])),
        on=row["on"],
        id=row["id"],
    )
