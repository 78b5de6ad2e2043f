"""The tables of runs, printed or written to a file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.run_ids import RUN
from researchdesk.domain.ablation import AblationTable
from researchdesk.domain.text import one_line
from researchdesk.export.latex import codes_note
from researchdesk.services import tables
from researchdesk.services.tables import FORMATS, KINDS

_OPTIONS = (
    click.option(
        "--format", "form", type=click.Choice(FORMATS), default=None,
        help="How it is written; else as the file's name ends (.tex, .md, .csv, .txt), else text. "
        "LaTeX with booktabs; CSV tidy, with all digits.",
    ),
    click.option(
        "--metric", "metrics", multiple=True, metavar="M",
        help="The metric, may be given again; else of an ablation the one that most arms have, of "
        "results those of the claims.",
    ),
    click.option(
        "--to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
        help="Write it to a file. One of ours is written anew; another is left as it is.",
    ),
    click.option("--force", is_flag=True, help="Replace the file, whatever it is."),
)  # fmt: skip


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command has that makes a table for a paper."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("table")
@click.argument("run_ids", metavar="RUN...", nargs=-1, required=True, type=RUN)
@click.option(
    "--kind", type=click.Choice(KINDS), default="ablation", show_default=True,
    help="ablation: what differs and what each change did; results: arms by metrics; claims: "
    "claimed and measured, interval, verdict.",
)  # fmt: skip
@click.option(
    "--arm", "arms", multiple=True, metavar="A", help="Only this arm; may be given again."
)
@table_options
@json_option
@pass_session
def table(
    session: Session,
    run_ids: tuple[str, ...],
    kind: str,
    arms: tuple[str, ...],
    form: str | None,
    metrics: tuple[str, ...],
    to: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make tables of runs for a paper: text, markdown, LaTeX or CSV.

    The best mean is bold only where it differs significantly from every other row, with Holm's
    correction over the table; the table says so. Several runs stand side by side, with what they
    differ in. Every file names the runs that its numbers come from.
    """
    found = tables.tables_of_runs(session.desk, run_ids, kind, metrics, arms)
    put_out(found, kind, form, to, force=force, as_json=as_json)


def put_out(
    found: Sequence[AblationTable],
    kind: str,
    form: str | None,
    to: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> None:
    """Print the tables, or write them to a file and tell its name."""
    chosen = tables.format_for(to, form or "")
    text = tables.text_of(found, chosen)
    if to is not None:
        tables.write(found, to, chosen, kind=kind, force=force)
    if chosen == "latex" and (note := codes_note(text)):
        diagnostics.say(note)
    if as_json:
        output.emit_json({"tables": found, **({"file": to} if to else {})})
    else:
        output.emit(str(to) if to else text)
        others = dict.fromkeys(name for table in found for name in table.others)
        if others:
            diagnostics.say(f"Other metrics: {one_line(', '.join(others))} (--metric)")
