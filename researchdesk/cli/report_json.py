"""A report as JSON has it: of each run what ``reproduce --json`` tells, and more."""

from typing import Any

from researchdesk.cli.output import as_json
from researchdesk.cli.reproduce import report_record
from researchdesk.export.report_page import ClaimEntry, ReportPage, RunReport
from researchdesk.services.desk import Desk
from researchdesk.services.reports import report_of


def report_json(desk: Desk, page: ReportPage) -> str:
    """The document. Its keys:

    ``generator``, ``title``, ``sentence``, ``counts`` (verdict to number of claims),
    ``hypotheses`` (the same of investigations), ``paper`` (title, authors, name, url, facts),
    ``runs``, ``others`` (runs not told in full). A run has the keys of ``reproduce --json`` and
    ``title``, ``expected`` (what an investigation's run belongs to, or null), ``summary``,
    ``sentence``, ``cautions``, ``curves`` (metric, bands by arm with steps, mean, low, high, n),
    ``tables``, ``noticed`` (surprises about it), ``untested``, ``missing_arms``, ``failed_seeds``,
    ``commands``, ``again``, ``data_taken``, ``arms``; its claims have ``rule``, ``interval_name``,
    ``picture`` and ``elsewhere`` too.
    """
    record = {
        "generator": f"researchdesk {page.version}",
        "title": page.title,
        "sentence": page.sentence,
        "counts": {item.word: item.count for item in page.counts},
        "hypotheses": {item.word: item.count for item in page.hypotheses},
        "paper": page.paper,
        "runs": [_run(desk, run) for run in page.runs],
        "others": page.others,
    }
    return as_json(record) + "\n"


def _run(desk: Desk, told: RunReport) -> dict[str, Any]:
    record = report_record(desk, report_of(desk, told.id))
    entries = {entry.id: entry for entry in told.claims}
    claims = [{**claim, **_claim(entries[claim["id"]])} for claim in record["claims"]]
    return {
        **record,
        "claims": claims,
        "title": told.title,
        "expected": told.expected or None,
        "summary": told.summary,
        "sentence": told.sentence,
        "cautions": told.warnings,
        "curves": told.curves,
        "tables": told.tables,
        "noticed": told.surprises,
        "untested": [_untested(entry) for entry in told.untested],
        "missing_arms": dict(told.missing),
        "failed_seeds": dict(told.failed),
        "commands": told.commands,
        "again": told.again,
        "data_taken": [
            {"name": name, "source": source, "taken": taken} for name, source, taken in told.data
        ],
        "arms": dict(told.arms),
    }


def _claim(entry: ClaimEntry) -> dict[str, Any]:
    return {
        "rule": entry.rule,
        "interval_name": entry.interval_name or None,
        "picture": entry.picture,
        "elsewhere": entry.elsewhere or None,
    }


def _untested(entry: ClaimEntry) -> dict[str, str]:
    return {"claim": entry.id, "why": entry.why, "shortfall": entry.shortfall}
