"""Pictures for the slides of a talk, drawn from the runs that their numbers come from."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from researchdesk import files
from researchdesk.domain.talks import PlannedSlide
from researchdesk.domain.text import slug
from researchdesk.errors import DeskError
from researchdesk.export.plots.curves import curve_figure
from researchdesk.export.plots.intervals import claim_svg
from researchdesk.export.plots.style import TWO_COLUMNS, drawn
from researchdesk.services.claim_pictures import picture_of
from researchdesk.services.curve_bands import bands_of
from researchdesk.services.desk import Desk
from researchdesk.services.reports import report_of

HALF = replace(TWO_COLUMNS, name="half slide", width=120, font=15, small=13, line=2.0)
WIDE = replace(TWO_COLUMNS, name="wide slide", width=150, font=13, small=11, line=1.8)
"""For half a slide and for the width of one, to be read from the last row."""
_MOST_ARMS = 6
_ASK = "What picture shows this? None can be drawn of it from the run."


def with_pictures(
    desk: Desk, slides: Sequence[PlannedSlide], folder: Path
) -> tuple[PlannedSlide, ...]:
    """Each slide of a run with a picture in ``folder``: of its claim, else of the run's curves.

    A file that is there stays as it is. Where nothing can be drawn, the slide asks for a picture.
    """
    return tuple(_with_picture(desk, one, folder) if one.run else one for one in slides)


def _with_picture(desk: Desk, slide: PlannedSlide, folder: Path) -> PlannedSlide:
    try:
        svg = _of_claim(desk, slide) if slide.claim else _of_curves(desk, slide)
    except DeskError:
        svg = ""
    if not svg:
        return replace(slide, todo=(*slide.todo, _ASK))
    path = folder / f"{slug('-'.join(filter(None, (slide.run, slide.claim))), 120)}.svg"
    if not path.exists():
        files.write_text(path, svg)
    return replace(slide, picture=f"{folder.name}/{path.name}")


def _of_claim(desk: Desk, slide: PlannedSlide) -> str:
    """The claimed number beside what each seed measured; ``""`` where no seed did."""
    report = report_of(desk, slide.run)
    claim = next((one for one in report.recipe.claims if one.id == slide.claim), None)
    result = next((one for one in report.claims if one.claim_id == slide.claim), None)
    picture = picture_of(report, claim, result) if claim and result else None
    return claim_svg(picture, WIDE) if picture else ""


def _of_curves(desk: Desk, slide: PlannedSlide) -> str:
    """The curves of the run's arms; ``""`` where there are too many to be told apart."""
    found = bands_of(desk, [slide.run])
    if len(found.bands) > _MOST_ARMS:
        return ""
    figure = curve_figure(found.bands, found.metric, HALF, spread=found.spread)
    return drawn(figure, "svg", slide.title, f"Curves of the run {slide.run}").decode("utf-8")
