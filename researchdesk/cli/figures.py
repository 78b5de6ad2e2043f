"""Pictures of runs, written to a file for a paper."""

from collections.abc import Sequence
from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.figure_options import picture_options
from researchdesk.cli.run_ids import RUN
from researchdesk.errors import UsageProblemError
from researchdesk.services import run_figures
from researchdesk.services.curve_bands import Spread


@click.command("figure")
@click.argument("run_ids", metavar="RUN...", nargs=-1, required=True, type=RUN)
@click.option(
    "--kind",
    type=click.Choice(run_figures.KINDS),
    default="curves",
    show_default=True,
    help="curves: a metric over the steps; intervals: claims, each seed, mean and interval.",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="M",
    help="The metric; else the first of the claims' that was logged. Of claims: those about it; "
    "may be given again.",
)
@click.option(
    "--arm", "arms", multiple=True, metavar="A", help="Only this arm; may be given again."
)
@click.option(
    "--claim", "claims", multiple=True, metavar="C",
    help="Only this claim, by its id; may be given again.",
)  # fmt: skip
@click.option(
    "--band",
    type=click.Choice([one.value for one in Spread]),
    default="range",
    show_default=True,
    help="What the band is: lowest to highest seed, or ± standard deviation.",
)
@click.option("--log", is_flag=True, help="Values on a logarithmic axis.")
@picture_options(required=True)
@json_option
@pass_session
def figure(
    session: Session,
    run_ids: tuple[str, ...],
    to: Path,
    kind: str,
    metrics: tuple[str, ...],
    arms: tuple[str, ...],
    claims: tuple[str, ...],
    band: str,
    width: str,
    log: bool,
    with_latex: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Draw curves or claims of runs for a paper: PDF, SVG or PNG with readable letters.

    The file itself says which runs it is from, and what the band is. The same runs give the same
    bytes. Claims that one page does not hold go into NAME-1, NAME-2 and so on.
    """
    if kind == "curves":
        _refuse(claims, "--claim", "curves")
        if len(metrics) > 1:
            raise UsageProblemError("Curves are of one metric.", "Give --metric once.")
        of = "".join(metrics)
        pictures = [
            run_figures.curves(session.desk, run_ids, of, arms, Spread(band), width, log=log)
        ]
    else:
        _refuse(arms, "--arm", "claims")
        _refuse(("",) if log else (), "--log", "claims")
        pictures = run_figures.intervals(session.desk, run_ids, metrics, claims, width)
    _put_out(pictures, kind, to, with_latex=with_latex, force=force, as_json=as_json)


def _put_out(
    pictures: Sequence[run_figures.RunFigure],
    kind: str,
    to: Path,
    *,
    with_latex: bool,
    force: bool,
    as_json: bool,
) -> None:
    places = run_figures.places(to, pictures)
    made = list(zip(pictures, places, strict=True))
    tex = [run_figures.snippet(picture, place) for picture, place in made] if with_latex else []
    run_figures.write_all(pictures, to, force=force)
    sources = pictures[0].made_from
    if as_json:
        captions = [picture.caption for picture in pictures]
        more = {"latex": "\n\n".join(tex)} if tex else {}
        one = {"file": places[0], "caption": captions[0]}
        several = {"files": places, "captions": captions}
        output.emit_json(
            {"kind": kind, **(one if len(made) == 1 else several), "made_from": sources, **more}
        )
        return
    output.emit("\n\n".join(tex) or "\n".join(map(str, places)))
    for source in sources:
        diagnostics.say(f"From {source.words}")


def _refuse(given: tuple[str, ...], option: str, kind: str) -> None:
    if given:
        raise UsageProblemError(f"{option} says nothing of a picture of {kind}.", "Leave it out.")
