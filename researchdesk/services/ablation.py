"""A run's arms as a table: what each change did."""

from dataclasses import replace

from researchdesk.domain.ablation import AblationTable
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.harness.ablation import ablation_tables
from researchdesk.harness.arm_values import metrics_of, most_shared
from researchdesk.services.made_from import failed_notes, made_from
from researchdesk.services.reports import Report


def table_of(report: Report, metric: str = "") -> tuple[AblationTable, ...]:
    """The table of arms, and that of the ladder where there is one.

    ``metric``: else the one that most of the arms have, of several the first of the claims'. Raises
    NotOnDeskError where nothing was measured, UsageProblemError for a metric that was not.
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
        metric or most_shared(report.recipe, run.results)[0],
        _why_missing(report),
        quick=run.quick,
        data=run.data,
    )
    failed = failed_notes(run)
    return tuple(
        replace(
            table,
            notes=(*table.notes, *failed),
            made_from=made,
            runs=(run.id,) * len(table.rows),
        )
        for table in tables
    )


def _why_missing(report: Report) -> dict[str, str]:
    """Why arms were not run: they could not be, or nobody asked for them."""
    asked = {task.arm for task in report.run.tasks}
    others = [arm.name for arm in report.recipe.arms if arm.name not in asked]
    return dict.fromkeys(others, "left out: it was not asked for") | dict(report.run.missing)
