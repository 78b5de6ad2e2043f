"""The ablation table that builds itself from the runs of an investigation's experiments."""

from collections.abc import Sequence
from dataclasses import replace

from researchdesk.domain.ablation import AblationTable, Cell, MadeFrom, Words
from researchdesk.domain.investigations import Experiment
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.harness.ablation import ablation_tables
from researchdesk.harness.arm_values import metrics_of, most_shared
from researchdesk.harness.results_table import Part, results_table
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_likeness import unlike
from researchdesk.services.experiment_records import experiments_of
from researchdesk.services.experiment_results import Gathered, gather
from researchdesk.services.investigation_records import get_investigation
from researchdesk.services.made_from import made_from
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.run_summaries import summary
from researchdesk.services.tables import chosen_metrics, text_of

KINDS = ("ablation", "results")


def tables_of(desk: Desk, number: int, metric: str = "") -> tuple[AblationTable, ...]:
    """The experiments as arms, each against its parent: what differs, what was measured of the
    newest full run of each, what the change did. Of quick runs only where there is no full one.

    ``metric``: else the one that most experiments have, of several the first that a hypothesis is
    about. Raises NotOnDeskError where nothing was measured, UsageProblemError for a metric that was
    not.
    """
    experiments, found = _gathered(desk, number)
    known = metrics_of(found.recipe, found.results)
    if metric and metric not in known:
        raise UsageProblemError(
            f"The runs of investigation {number} did not measure {metric!r}.",
            f"They have: {', '.join(known)}.",
        )
    tables = ablation_tables(
        found.recipe,
        found.results,
        metric or most_shared(found.recipe, found.results)[0],
        found.missing,
        quick=found.quick,
        data=found.data,
    )
    title, more = _title(desk, number), _notes(found, experiments)
    sources = _sources(desk, found)
    return tuple(
        replace(
            table,
            title=title,
            heads=("experiment", *table.heads[1:]),
            notes=(*table.notes, *more),
            made_from=sources,
            runs=tuple(_run_of(found, row) for row in table.rows),
        )
        for table in tables
    )


def results_of(desk: Desk, number: int, metrics: Sequence[str] = ()) -> tuple[AblationTable, ...]:
    """The experiments by metrics, else by those of the hypotheses. Raises as ``tables_of``."""
    experiments, found = _gathered(desk, number)
    of = {name: linked.run_id for name, linked in found.linked.items()}
    first = next(iter(of.values()), "")
    part = Part("", first, found.recipe, found.results, found.quick, found.data, run_of=of)
    chosen, others = chosen_metrics([part], metrics)
    table = results_table([part], chosen, _title(desk, number))
    notes = (*table.notes, *_notes(found, experiments))
    heads = ("experiment", *table.heads[1:])
    sources = _sources(desk, found)
    return (replace(table, heads=heads, notes=notes, others=others, made_from=sources),)


def metrics_of_experiments(desk: Desk, number: int) -> list[str]:
    """The metrics of its experiments, those that most of them have first. Raises NotOnDeskError
    where nothing was measured."""
    _, found = _gathered(desk, number)
    return most_shared(found.recipe, found.results)


def table_text(desk: Desk, number: int, form: str = "text") -> str:
    """The tables as ``text``, ``markdown``, ``latex`` or ``csv``. Raises as ``tables_of``."""
    return text_of(tables_of(desk, number), form)


def _gathered(desk: Desk, number: int) -> tuple[Sequence[Experiment], Gathered]:
    """What was measured in the investigation. Raises NotOnDeskError where nothing was."""
    experiments = experiments_of(desk, number, judge=False)
    found = gather(desk, experiments) or gather(desk, experiments, quick=True)
    if found is None or not metrics_of(found.recipe, found.results):
        raise NotOnDeskError(
            f"Nothing was measured in investigation {number} yet: there is no table.",
            f"Run its experiments: researchdesk investigate run {number}",
        )
    return experiments, found


def _title(desk: Desk, number: int) -> str:
    return f"Investigation {number}: {get_investigation(desk, number).title}"


def _sources(desk: Desk, found: Gathered) -> tuple[MadeFrom, ...]:
    ids = dict.fromkeys(linked.run_id for linked in found.linked.values())
    return tuple(made_from(summary(desk, name), recipe_in(desk, name)) for name in ids)


def _run_of(found: Gathered, row: Sequence[Cell]) -> str:
    """The run of a row's experiment; of a baseline that came free, the first."""
    names = [cell.text for cell in row if isinstance(cell, Words) and cell.text in found.linked]
    linked = found.linked.get(names[0]) if names else next(iter(found.linked.values()), None)
    return linked.run_id if linked else ""


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
