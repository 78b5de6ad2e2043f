"""A run's arms as a table: what each change did."""

from dataclasses import replace

from researchdesk.domain.ablation import AblationTable
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.export.ablation import FORMATS as FORMATS
from researchdesk.export.ablation import write_tables
from researchdesk.harness.ablation import ablation_tables
from researchdesk.harness.arm_values import metrics_of
from researchdesk.services.desk import Desk
from researchdesk.services.made_from import made_from
from researchdesk.services.reports import Report, report_of


def table_of(report: Report, metric: str = "") -> tuple[AblationTable, ...]:
    """The table of arms, and that of the ladder where there is one.

    ``metric``: else the first of the claims' that was measured. Raises NotOnDeskError where nothing
    was measured, UsageProblemError for a metric that was not.
    """
    known = metrics_of(report.recipe, report.run.results)
    if not known:
        raise NotOnDeskError(
            f"The run {report.run.id} has no finished seed: there is nothing to put in a table.",
            "Resume it, or run it again.",
        )
    if metric and metric not in known:
        raise UsageProblemError(
            f"The run {report.run.id} did not measure {metric!r}.", f"It has: {', '.join(known)}."
        )
    run = report.run
    made = (made_from(run, report.recipe),)
    tables = ablation_tables(
        report.recipe,
        run.results,
        metric or known[0],
        run.missing,
        quick=run.quick,
        data=run.data,
    )
    return tuple(
        replace(table, made_from=made, runs=(run.id,) * len(table.rows)) for table in tables
    )


def table_text(desk: Desk, run_id: str, form: str = "text", metric: str = "") -> str:
    """The tables of a run as ``text``, ``markdown`` or ``latex``. Raises as ``table_of``."""
    if form not in FORMATS:
        raise UsageProblemError(f"There is no format {form!r}.", f"There are {', '.join(FORMATS)}.")
    return write_tables(table_of(report_of(desk, run_id), metric), form)
