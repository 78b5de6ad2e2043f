"""The ablation table that builds itself from the runs of an investigation's experiments."""

from collections.abc import Sequence
from dataclasses import replace

from researchdesk.domain.ablation import AblationTable
from researchdesk.domain.investigations import Experiment
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.export.ablation import FORMATS as FORMATS
from researchdesk.export.ablation import write_tables
from researchdesk.harness.ablation import ablation_tables
from researchdesk.harness.arm_values import metrics_of
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_likeness import unlike
from researchdesk.services.experiment_records import experiments_of
from researchdesk.services.experiment_results import Gathered, gather
from researchdesk.services.investigation_records import get_investigation


def tables_of(desk: Desk, number: int, metric: str = "") -> tuple[AblationTable, ...]:
    """The experiments as arms, each against its parent: what differs, what was measured of the
    newest full run of each, what the change did. Of quick runs only where there is no full one.

    ``metric``: else the first that a hypothesis is about. Raises NotOnDeskError where nothing was
    measured, UsageProblemError for a metric that was not.
    """
    investigation = get_investigation(desk, number)
    experiments = experiments_of(desk, number, judge=False)
    found = gather(desk, experiments) or gather(desk, experiments, quick=True)
    known = metrics_of(found.recipe, found.results) if found else []
    if found is None or not known:
        raise NotOnDeskError(
            f"Nothing was measured in investigation {number} yet: there is no table.",
            f"Run its experiments: researchdesk investigate run {number}",
        )
    if metric and metric not in known:
        raise UsageProblemError(
            f"The runs of investigation {number} did not measure {metric!r}.",
            f"They have: {', '.join(known)}.",
        )
    tables = ablation_tables(
        found.recipe,
        found.results,
        metric or known[0],
        found.missing,
        quick=found.quick,
        data=found.data,
    )
    title = f"Investigation {number}: {investigation.title}"
    more = _notes(found, experiments)
    return tuple(
        replace(
            table,
            title=title,
            heads=("experiment", *table.heads[1:]),
            notes=(*table.notes, *more),
        )
        for table in tables
    )


def table_text(desk: Desk, number: int, form: str = "text", metric: str = "") -> str:
    """The tables as ``text``, ``markdown`` or ``latex``. Raises as ``tables_of``."""
    if form not in FORMATS:
        raise UsageProblemError(f"There is no format {form!r}.", f"There are {', '.join(FORMATS)}.")
    return write_tables(tables_of(desk, number, metric), form)


def _notes(found: Gathered, experiments: Sequence[Experiment]) -> tuple[str, ...]:
    """What besides the one change differs between the runs, which a reader must know."""
    notes = [f"{words[0].upper()}{words[1:]}." for words in unlike(found.made)]
    if notes:
        notes.append(
            "More than one thing differs, then, between these runs; `investigate run --all` runs "
            "them all together."
        )
    if found.cut_short:
        stopped = "; ".join(found.cut_short)
        notes.append(f"Not all runs came to their end: {stopped}.")
    late = [item.name for item in experiments if item.is_late]
    if late:
        notes.append(f"Hypotheses written after the result: {', '.join(late)}.")
    return tuple(notes)
