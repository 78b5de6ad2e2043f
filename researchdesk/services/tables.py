"""Tables of one or several runs for a paper: ablation, results, claims; printed or written."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from researchdesk.domain.ablation import AblationTable, MadeFrom, made_from
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.export.ablation import FORMATS as FORMATS
from researchdesk.export.ablation import write_tables
from researchdesk.harness.arm_values import metrics_of, most_shared
from researchdesk.harness.results_table import Part, claims_table, results_table
from researchdesk.services import made_from as sources
from researchdesk.services.ablation import table_of
from researchdesk.services.comparing import compare
from researchdesk.services.desk import Desk
from researchdesk.services.own_files import write_marked
from researchdesk.services.reports import Report, report_of

KINDS = ("ablation", "results", "claims")
ENDINGS = {".tex": "latex", ".md": "markdown", ".csv": "csv", ".txt": "text"}
_MOST, _TOLD = 6, 6


def tables_of_runs(
    desk: Desk,
    run_ids: Sequence[str],
    kind: str = "ablation",
    metrics: Sequence[str] = (),
    arms: Sequence[str] = (),
) -> tuple[AblationTable, ...]:
    """The tables of these runs, side by side and never pooled: the same seeds run twice are the
    same numbers, not more of them.

    ``ablation``: a table of each run for each metric. ``results``: one table, a row for each arm of
    each run, a column for each metric (else those of the claims). ``claims``: one table of what was
    claimed and measured, of claims about these metrics only, where they are given. ``arms``: only
    these rows, or the claims about them; the table says how many were left out.

    Raises NotOnDeskError where there is no such run, or nothing was measured; UsageProblemError for
    a metric or an arm that is not there, or another kind.
    """
    if kind not in KINDS:
        raise UsageProblemError(f"There is no table {kind!r}.", f"There are {', '.join(KINDS)}.")
    whole = [report_of(desk, run_id) for run_id in dict.fromkeys(run_ids)]
    reports = [_with(report, arms) for report in whole] if arms else whole
    if kind == "ablation":
        tables = [
            _named(table, report, reports)
            for report in reports
            for metric in metrics or ("",)
            for table in table_of(report, metric)
        ]
    else:
        parts = [_part(report, _name(report, reports)) for report in reports]
        make = _results if kind == "results" else _claims
        tables = [make(parts, reports, metrics)]
    notes = [*_left_out(whole, arms), *_differences(desk, reports)]
    tables[-1] = replace(tables[-1], notes=(*tables[-1].notes, *notes))
    return tuple(tables)


def metrics_of_run(desk: Desk, run_id: str) -> list[str]:
    """The metrics of a run, those that most of its arms have first. Raises NotOnDeskError."""
    report = report_of(desk, run_id)
    return most_shared(report.recipe, report.run.results)


def _with(report: Report, arms: Sequence[str]) -> Report:
    """The report as if its run had these arms only."""
    recipe, run = report.recipe, report.run
    kept = tuple(arm for arm in recipe.arms if arm.name in arms)
    if not kept:
        known = ", ".join(arm.name for arm in recipe.arms)
        raise UsageProblemError(
            f"The run {run.id} has no arm {', '.join(map(repr, arms))}.", f"It has: {known}."
        )
    results = tuple(result for result in run.results if result.task.arm in arms)
    about = {claim.id for claim in recipe.claims if claim.arm in arms}
    return replace(
        report,
        run=replace(run, results=results),
        recipe=replace(recipe, arms=kept),
        claims=tuple(claim for claim in report.claims if claim.claim_id in about),
    )


def _left_out(reports: Sequence[Report], arms: Sequence[str]) -> list[str]:
    """Which arms are not in the table; the corrected tests are over those that are."""
    names = [arm.name for report in reports for arm in report.recipe.arms if arm.name not in arms]
    return [f"Not shown: {', '.join(dict.fromkeys(names))}."] if arms and names else []


def text_of(tables: Sequence[AblationTable], form: str) -> str:
    """The tables as ``text``, ``markdown``, ``latex`` or ``csv``. Raises UsageProblemError."""
    if form not in FORMATS:
        raise UsageProblemError(f"There is no format {form!r}.", f"There are {', '.join(FORMATS)}.")
    return write_tables(tables, form)


def format_for(to: Path | None, form: str = "") -> str:
    """The format that was asked for, else that of the file's ending, else text.

    Raises UsageProblemError where the ending says none.
    """
    if form or to is None:
        return form or "text"
    found = ENDINGS.get(to.suffix.lower())
    if found is None:
        raise UsageProblemError(
            f"What is to be written to {to} is not told by its name. Nothing was written.",
            f"End it with {', '.join(ENDINGS)}, or say --format.",
        )
    return found


def write(
    tables: Sequence[AblationTable], to: Path, form: str = "", *, kind: str, force: bool = False
) -> bool:
    """Write the tables to a file; False where it says that already.

    Raises UsageProblemError where the format is not told; BadInputError, and nothing is written,
    where a file of that name is not as we wrote it and ``force`` is not given.
    """
    text = text_of(tables, format_for(to, form)) + "\n"
    of = "+".join(source.run for source in made_from(tables)) or "runs"
    return write_marked(to, f"table-{kind}", of, text, force=force)


def _named(table: AblationTable, report: Report, reports: Sequence[Report]) -> AblationTable:
    name = _name(report, reports)
    return replace(table, title=f"{table.title}, {name}") if name else table


def _name(report: Report, reports: Sequence[Report]) -> str:
    """A short name for a run among several; empty for one alone."""
    return f"run {reports.index(report) + 1}" if len(reports) > 1 else ""


def _part(report: Report, name: str) -> Part:
    run = report.run
    return Part(name, run.id, report.recipe, run.results, run.quick, run.data, report.claims)


def _results(
    parts: Sequence[Part], reports: Sequence[Report], metrics: Sequence[str]
) -> AblationTable:
    chosen, others = chosen_metrics(parts, metrics)
    table = results_table(parts, chosen, f"Results: {_titles(reports)}")
    failed = [
        part.of(note)
        for part, report in zip(parts, reports, strict=True)
        for note in sources.failed_notes(report.run)
    ]
    return replace(table, notes=(*table.notes, *failed), others=others, made_from=_sources(reports))


def _claims(
    parts: Sequence[Part], reports: Sequence[Report], metrics: Sequence[str]
) -> AblationTable:
    if metrics:
        chosen = {
            claim.id for part in parts for claim in part.recipe.claims if claim.metric in metrics
        }
        parts = [
            replace(part, claims=[one for one in part.claims if one.claim_id in chosen])
            for part in parts
        ]
    if not any(part.claims for part in parts):
        named = ", ".join(report.run.id for report in reports)
        about = f" about {', '.join(metrics)}" if metrics else ""
        raise NotOnDeskError(
            f"There is no claim{about} in the recipe of {named}: there is no table.",
            "See `researchdesk recipe show RECIPE`.",
        )
    table = claims_table(parts, f"Claims and what was measured: {_titles(reports)}")
    return replace(table, made_from=_sources(reports))


def chosen_metrics(
    parts: Sequence[Part], metrics: Sequence[str]
) -> tuple[list[str], tuple[str, ...]]:
    """The metrics of a results table and the other ones: those asked for, else the first of the
    claims', else the first there are. Raises as ``tables_of_runs``."""
    known = list(
        dict.fromkeys(name for part in parts for name in metrics_of(part.recipe, part.results))
    )
    if not known:
        raise NotOnDeskError(
            "No seed finished in these runs: there is nothing to put in a table.",
            "Resume them, or run them again.",
        )
    for name in metrics:
        if name not in known:
            raise UsageProblemError(f"{name!r} was not measured.", f"Measured: {', '.join(known)}.")
    claimed = {claim.metric for part in parts for claim in part.recipe.claims}
    chosen = list(dict.fromkeys(metrics)) or [name for name in known if name in claimed] or known
    chosen = chosen if metrics else chosen[:_MOST]
    return chosen, tuple(name for name in known if name not in chosen)


def _titles(reports: Iterable[Report]) -> str:
    return "; ".join(dict.fromkeys(report.recipe.title for report in reports))


def _sources(reports: Iterable[Report]) -> tuple[MadeFrom, ...]:
    return tuple(sources.made_from(report.run, report.recipe) for report in reports)


def _differences(desk: Desk, reports: Sequence[Report]) -> list[str]:
    """Which run is which, and in what each differs from the first."""
    if len(reports) < 2:
        return []
    notes = [", ".join(f"{_name(one, reports)}: {one.run.id}" for one in reports) + "."]
    first = reports[0]
    for other in reports[1:]:
        name = _name(other, reports)
        if other.run.recipe != first.run.recipe:
            notes.append(f"{name} is of another recipe than run 1: do not compare their numbers.")
            continue
        found = compare(desk, first.run.id, other.run.id)
        rows = [*found.config, *(one for one in found.environment if not _is_of_folder(one.name))]
        unlike = [f"{one.name} ({_short(one.a)} / {_short(one.b)})" for one in rows]
        if unlike:
            more = f" and {len(unlike) - _TOLD} more" if len(unlike) > _TOLD else ""
            notes.append(f"run 1 and {name} differ in {', '.join(unlike[:_TOLD])}{more}.")
        else:
            notes.append(f"{name} is run 1 made again: its seeds are no further evidence.")
    return notes


def _is_of_folder(name: str) -> bool:
    """Whether it tells of the folder that a command was given in: no part of the experiment."""
    return name.startswith("git.here")


def _short(value: Any) -> str:
    return "–" if value is None else str(value)[:24]
