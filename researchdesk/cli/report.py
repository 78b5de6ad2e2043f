"""``researchdesk report``: a page that can be sent to others."""

from collections.abc import Sequence
from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.report_json import report_json
from researchdesk.cli.run_ids import RUN
from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.report_index import write_index
from researchdesk.services.report_pages import page_of
from researchdesk.services.report_writing import (
    FORMS,
    Written,
    form_for,
    place_for,
    put,
    text_of,
)
from researchdesk.services.viewer import open_outside

_STDOUT = "-"


@click.command()
@click.argument("refs", nargs=-1, metavar="ID|RUN...", type=RUN)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, allow_dash=True),
    help="A folder, a file, or - for stdout; else the desk's folder reports.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="Else as the file's name says, or html."
)
@click.option("--index", is_flag=True, help="The page over all papers with runs, and theirs.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@json_option
@pass_session
def report(
    session: Session,
    refs: tuple[str, ...],
    target: Path | None,
    form: str | None,
    index: bool,
    opens: bool,
    as_json: bool,
) -> None:
    """Write what was claimed and what was measured as a page that needs nothing beside it.

    Of a paper the newest full run of each recipe is told, others are listed; or name runs. HTML is
    one file without script, which loads nothing; markdown is for GitHub; --json says which files
    were written, and with --to - it is the report. A report as JSON has the title, a
    sentence, counts by verdict, the paper, the other runs, and "runs": each with the keys of
    reproduce --json, its cautions, curves, tables, surprises, what could not be tested and why,
    and the commands that run it again.

    An unchanged report is not written again. One that you changed by hand stays: newer text goes
    beside it, into NAME.new.html. A file that is not a report is never written over.
    """
    if index == bool(refs):
        raise UsageProblemError("Name a paper or runs, or say --index.", "One of the two.")
    desk = session.desk
    if index:
        _write_index(desk, target, form or "html", opens=opens, as_json=as_json)
        return
    to_stdout = str(target) == _STDOUT
    if to_stdout:
        form = _form_on_stdout(form, opens=opens, as_json=as_json)
    chosen = form_for(target, form or "")
    page = page_of(desk, refs)
    text = report_json(desk, page) if chosen == "json" else text_of(desk, page, chosen)
    if to_stdout:
        output.emit(text.rstrip("\n"))
        return
    done = put(place_for(desk, page.name, chosen, target), text, chosen)
    _tell([done], opens=opens, as_json=as_json)
    diagnostics.say(page.sentence)


def _form_on_stdout(form: str | None, *, opens: bool, as_json: bool) -> str | None:
    if opens:
        raise UsageProblemError("What goes to stdout is in no file to open.", "Leave --open out.")
    if as_json and form not in (None, "json"):
        raise UsageProblemError(f"{form} is no JSON.", "Leave --json or --format out.")
    return "json" if as_json else form


def _write_index(desk: Desk, target: Path | None, form: str, *, opens: bool, as_json: bool) -> None:
    if form != "html":
        raise UsageProblemError("The index is an HTML page.", "Leave --format out.")

    if str(target) == _STDOUT:
        raise UsageProblemError(
            "The index is several files, which cannot go to stdout.", "Name a folder with --to."
        )

    def tell(name: str, number: int, total: int) -> None:
        diagnostics.show_progress(f"{number} of {total}: {name}", 0, None)

    def fell(name: str, why: str) -> None:
        diagnostics.warn(f"{name} could not be told: {why}")

    done = write_index(desk, target, tell, fell)
    diagnostics.clear_progress()
    _tell(done, opens=opens, as_json=as_json)
    diagnostics.say(f"{sum(item.changed for item in done)} of {len(done)} files changed.")


def _tell(done: Sequence[Written], *, opens: bool, as_json: bool) -> None:
    """Say where the files are; the first is the one to open."""
    for item in done:
        if item.instead_of is not None:
            diagnostics.say(
                f"{item.instead_of} was changed by hand and stays as it is: "
                f"the newer text stands beside it, in {item.path.name}."
            )
    if as_json:
        output.emit_json({"files": done})
    else:
        for item in done:
            output.emit(f"{'written' if item.changed else 'unchanged'}  {item.path}")
    if opens:
        open_outside(done[0].path)
