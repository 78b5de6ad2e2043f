"""Pictures of runs for a paper: curves with the seeds' band, claims with their intervals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from researchdesk.domain.ablation import MadeFrom
from researchdesk.domain.claim_pictures import ClaimPicture
from researchdesk.domain.recipes import Claim
from researchdesk.domain.text import one_line, slug
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.export.latex import latex
from researchdesk.export.plots.curves import curve_figure
from researchdesk.export.plots.intervals import interval_figure, on_pages
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
_CLAIMS = "Claims and what was measured"
_HIGHEST = 220
"""Millimetres that a page has for a picture."""
_NAME = re.compile(r"[\w./+-]+", re.ASCII)


class Source(Protocol):
    """What a picture is made from, told on one line."""

    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class RunFigure:
    """A picture with its caption in words, the look's name, and the runs it is made from."""

    kind: str
    width: str
    title: str
    caption: str
    made_from: tuple[Source, ...]
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
) -> list[RunFigure]:
    """The claims of these runs, one below the other: what the paper says, each seed, the interval.
    Of more than a page holds, a figure for each page.

    ``metrics`` and ``claims`` (ids) choose among them. Raises NotOnDeskError where there is no such
    run, or none of its claims can be drawn; UsageProblemError for a claim that there is not.
    """
    reports = [report_of(desk, name) for name in dict.fromkeys(run_ids)]
    _known(reports, claims)
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
    sources = _sources(desk, run_ids)
    told = _conditions(desk, sources)
    pages = on_pages(pictures, LOOKS[width], _HIGHEST)
    made = []
    for at, page in enumerate(pages, start=1):
        title = f"{_CLAIMS} ({at} of {len(pages)})" if len(pages) > 1 else _CLAIMS
        figure = interval_figure(page, LOOKS[width], close=len(pictures) > 1)
        made.append(RunFigure("intervals", width, title, _of_claims(page, told), sources, figure))
    return made


def places(to: Path, pictures: Sequence[RunFigure]) -> list[Path]:
    """The file of each picture: ``to``, or where there are several ``NAME-1.svg`` and so on."""
    if len(pictures) < 2:
        return [to]
    return [to.with_name(f"{to.stem}-{at}{to.suffix}") for at in range(1, len(pictures) + 1)]


def _of_claims(pictures: Sequence[ClaimPicture], told: Sequence[str]) -> str:
    keys = dict.fromkeys(one_line(picture.key) for picture in pictures)
    titles = "; ".join(dict.fromkeys(picture.title for picture in pictures))
    return " ".join([f"{titles.rstrip('.')}.", *keys, *told])


def _known(reports: Sequence[Report], claims: Sequence[str]) -> None:
    """Raises UsageProblemError for a claim that is in none of the recipes."""
    known = list(dict.fromkeys(one.id for report in reports for one in report.recipe.claims))
    for name in claims:
        if name not in known:
            near = get_close_matches(name, known, 3) or known
            raise UsageProblemError(
                f"There is no claim {name!r} in {', '.join(one.run.id for one in reports)}. "
                "Nothing was drawn.",
                f"{'Nearest' if len(near) < len(known) else 'There are'}: {', '.join(near)}.",
            )


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


def write_all(pictures: Sequence[RunFigure], to: Path, *, force: bool = False) -> list[Path]:
    """Draw each into its file of ``places``. Raises as ``write``: then none was written."""
    found = places(to, pictures)
    for path in found if not force else ():
        own_files.refuse_foreign(path)
    for picture, path in zip(pictures, found, strict=True):
        write(picture, path, force=force)
    return found


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
    return f"{found.metric} over the steps: {found.spread}."


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
