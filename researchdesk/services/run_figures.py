"""Pictures of runs for a paper: curves with the seeds' band, claims with their intervals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from researchdesk.domain.ablation import MadeFrom
from researchdesk.domain.recipes import Claim
from researchdesk.domain.text import one_line, slug
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.export.latex import latex
from researchdesk.export.plots.curves import curve_figure
from researchdesk.export.plots.intervals import interval_figure
from researchdesk.export.plots.style import FORMS, LOOKS, drawn
from researchdesk.harness.arm_values import data_notes
from researchdesk.services import own_files
from researchdesk.services.claim_pictures import picture_of
from researchdesk.services.curve_bands import Bands, Spread, bands_of
from researchdesk.services.desk import Desk
from researchdesk.services.made_from import made_from
from researchdesk.services.reports import Report, report_of
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.runs import get_run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("curves", "intervals")
WIDTHS = tuple(LOOKS)
_MM, _HIGHEST = 25.4, 200
_NAME = re.compile(r"[\w./+-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class RunFigure:
    """A picture with its caption in words, the look's name, and the runs it is made from."""

    kind: str
    width: str
    title: str
    caption: str
    made_from: tuple[MadeFrom, ...]
    figure: "Figure"

    @property
    def about(self) -> str:
        """Caption and runs on one line, as it stands in the file."""
        runs = " ".join(f"From {source.words}." for source in self.made_from)
        return one_line(f"{self.caption} {runs}")


def curves(
    desk: Desk,
    run_ids: Sequence[str],
    metric: str = "",
    arms: Sequence[str] = (),
    spread: Spread = Spread.RANGE,
    width: str = "column",
    *,
    log: bool = False,
) -> RunFigure:
    """The curves of a metric, each with the band of its seeds.

    Raises as ``bands_of``, and UsageProblemError where ``log`` is asked of a mean of 0 or less.
    """
    found = bands_of(desk, run_ids, metric, arms, spread)
    if log and any(value <= 0 for band in found.bands for value in band.mean):
        raise UsageProblemError(
            f"The mean of {found.metric} is 0 or less at some step: it has no logarithm.",
            "Leave --log out, or choose arms with --arm.",
        )
    figure = curve_figure(found.bands, found.metric, LOOKS[width], spread=found.spread, log=log)
    sources = _sources(desk, run_ids)
    caption = " ".join([_of_curves(found), *_named(sources), *_conditions(desk, sources)])
    return RunFigure("curves", width, f"{found.metric} by step", caption, sources, figure)


def intervals(
    desk: Desk,
    run_ids: Sequence[str],
    metrics: Sequence[str] = (),
    claims: Sequence[str] = (),
    width: str = "column",
) -> RunFigure:
    """The claims of these runs, one below the other: what the paper says, each seed, the interval.

    ``metrics`` and ``claims`` (ids) choose among them. Raises NotOnDeskError where there is no such
    run, or none of its claims can be drawn; UsageProblemError where there are too many for a page.
    """
    reports = [report_of(desk, name) for name in dict.fromkeys(run_ids)]
    pictures = [
        picture
        for report in reports
        for claim, result in _chosen(report, metrics, claims)
        if (picture := picture_of(report, claim, result)) is not None
    ]
    if not pictures:
        named = ", ".join(one.run.id for one in reports)
        raise NotOnDeskError(
            f"There is nothing to draw of the claims of {named}.",
            "See `researchdesk runs show RUN`.",
        )
    figure = interval_figure(pictures, LOOKS[width])
    if (high := figure.get_figheight() * _MM) > _HIGHEST:
        raise UsageProblemError(
            f"{len(pictures)} claims make a picture {high:.0f} mm high, more than a page has.",
            "Choose with --metric, or --claim.",
        )
    sources = _sources(desk, run_ids)
    keys = dict.fromkeys(one_line(picture.key) for picture in pictures)
    titles = "; ".join(dict.fromkeys(picture.title for picture in pictures))
    caption = " ".join([f"{titles.rstrip('.')}.", *keys, *_conditions(desk, sources)])
    return RunFigure("intervals", width, "Claims and what was measured", caption, sources, figure)


def write(picture: RunFigure, to: Path, *, force: bool = False) -> bool:
    """Draw into a file, PDF, SVG or PNG as its name ends; False where it says that already.

    Raises UsageProblemError for another ending, BadInputError, and nothing is written, where a file
    of that name is not as we wrote it and ``force`` is not given.
    """
    form = to.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise UsageProblemError(
            f"A picture is not written to {to}. Nothing was written.",
            f"End its name with {', '.join(f'.{one}' for one in FORMS)}.",
        )
    data = drawn(picture.figure, form, picture.title, picture.about)
    return own_files.write(to, data, force=force)


def snippet(picture: RunFigure, to: Path) -> str:
    """The LaTeX that puts the file into a paper, in its own size, with its caption.

    Raises UsageProblemError where LaTeX would not find, or not take, a file of that name.
    """
    if to.suffix.lower() == ".svg" or not _NAME.fullmatch(to.as_posix()):
        raise UsageProblemError(
            f"LaTeX would not take {to}.",
            "Give a name of letters, digits, - and _ that ends with .pdf or .png.",
        )
    kind = "figure*" if picture.width == "page" else "figure"
    look = LOOKS[picture.width]
    return "\n".join(
        [
            r"% Needs: \usepackage{graphicx}.",
            *(f"% From {source.words}" for source in picture.made_from),
            f"% Drawn {look.width:g} mm wide with letters of {look.font:g} pt: it is not scaled.",
            rf"\begin{{{kind}}}",
            r"  \centering",
            rf"  \includegraphics{{{to.as_posix()}}}",
            rf"  \caption[{{{latex(picture.title)}}}]{{{latex(picture.caption)}}}",
            rf"  \label{{fig:{slug(to.stem)}}}",
            rf"\end{{{kind}}}",
        ]
    )


def _of_curves(found: Bands) -> str:
    return f"{found.metric} over the steps of training: {found.spread}."


def _chosen(
    report: Report, metrics: Sequence[str], claims: Sequence[str]
) -> Iterator[tuple[Claim, ClaimResult]]:
    by_id = {claim.id: claim for claim in report.recipe.claims}
    for result in report.claims:
        claim = by_id[result.claim_id]
        if (not metrics or claim.metric in metrics) and (not claims or claim.id in claims):
            yield claim, result


def _sources(desk: Desk, run_ids: Sequence[str]) -> tuple[MadeFrom, ...]:
    return tuple(
        made_from(get_run(desk, name), recipe_in(desk, name)) for name in dict.fromkeys(run_ids)
    )


def _named(sources: Sequence[MadeFrom]) -> list[str]:
    """Which run is which, where there are several."""
    if len(sources) < 2:
        return []
    return [", ".join(f"run {at}: {one.run}" for at, one in enumerate(sources, start=1)) + "."]


def _conditions(desk: Desk, sources: Sequence[MadeFrom]) -> list[str]:
    """What the runs were made on and with, as far as it is not what the recipe says."""
    notes = []
    for source in sources:
        run, recipe = get_run(desk, source.run), recipe_in(desk, source.run)
        asked = list(dict.fromkeys(task.arm for task in run.tasks))
        lines = ["Of a shortened run."] if run.quick else []
        notes += [*lines, *data_notes(recipe, run.data, asked)]
    return list(dict.fromkeys(notes))
