"""A report as one HTML page that needs nothing beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from researchdesk.domain.ablation import AblationTable, Cell, Change, Measured
from researchdesk.domain.text import one_line
from researchdesk.export.ablation import plain_cell
from researchdesk.export.plots.curves import curve_figure
from researchdesk.export.plots.inline import inlined
from researchdesk.export.plots.intervals import CARD, claim_svg
from researchdesk.export.plots.style import DARK, LIGHT, css_values, drawn, with_variables
from researchdesk.export.report_page import CurvePicture, IndexPage, ReportPage, RunReport
from researchdesk.export.templates import fill


def report_html(page: ReportPage, own: Path | None = None) -> str:
    """The page; ``own`` is the folder of the user's templates. Raises BadInputError for these."""
    runs = [_run(run, f"r{number}") for number, run in enumerate(page.runs, start=1)]
    return fill("report/page.html.j2", {"page": page, "runs": runs, **plot_colours()}, own)


def index_html(page: IndexPage, own: Path | None = None) -> str:
    """The page over all papers. Raises BadInputError for the user's templates."""
    return fill("report/index.html.j2", {"page": page, **plot_colours()}, own)


def plot_colours() -> dict[str, Mapping[str, str]]:
    """The CSS variables of the pictures, for each scheme."""
    return {"light": css_values(LIGHT), "dark": css_values(DARK)}


def _run(run: RunReport, name: str) -> dict[str, Any]:
    """A run with its pictures drawn and its tables' cells written."""
    claims = []
    for number, claim in enumerate(run.claims, start=1):
        at = f"{name}-c{number}"
        svg = inlined(claim_svg(claim.picture), f"{at}-plot") if claim.picture else ""
        noticed = [item for item in run.surprises if item.claim == claim.id]
        plot = Markup(svg)  # noqa: S704 - our own
        claims.append({"id": at, "entry": claim, "plot": plot, "noticed": noticed, "of": name})
    curves = [_curve(curve, f"{name}-curve{at}") for at, curve in enumerate(run.curves, start=1)]
    tables = [_table(table, f"{name}-table{at}") for at, table in enumerate(run.tables, start=1)]
    return {"id": name, "run": run, "claims": claims, "curves": curves, "tables": tables}


def _curve(curve: CurvePicture, name: str) -> dict[str, Any]:
    figure = curve_figure(curve.bands, curve.metric, CARD, spread="", log=curve.log)
    svg = with_variables(
        drawn(figure, "svg", f"Curves of {curve.metric}", curve.about).decode("utf-8")
    )
    return {"entry": curve, "plot": Markup(inlined(svg, name))}  # noqa: S704 - our own


def _table(table: AblationTable, name: str) -> dict[str, Any]:
    numbers = [
        any(isinstance(row[at], Measured | Change) for row in table.rows)
        for at in range(len(table.heads))
    ]
    return {
        "id": name,
        "title": one_line(table.title),
        "metric": one_line(table.metric),
        "heads": list(zip(map(one_line, table.heads), numbers, strict=True)),
        "rows": [list(zip(_cells(row), numbers, strict=True)) for row in table.rows],
        "notes": [one_line(note) for note in table.notes],
    }


def _cells(row: Sequence[Cell]) -> list[dict[str, Any]]:
    return [
        {"text": plain_cell(cell), "best": isinstance(cell, Measured) and cell.best} for cell in row
    ]
