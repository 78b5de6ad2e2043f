"""Runs listed, removed."""

from collections.abc import Sequence
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.removing import require_whole, require_yes
from researchdesk.domain.clock import stamp
from researchdesk.domain.engines import EngineKind
from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.run_rows import EVERY, RunChoice, RunRow
from researchdesk.domain.runs import RunState
from researchdesk.services import runs

_NEWEST = 50


@click.command("list")
@click.argument("ref", metavar="[ID]", required=False)
@click.option(
    "--state",
    type=click.Choice([state.value for state in RunState]),
    help="Only runs in this state.",
)
@click.option("--recipe", help="Only runs of the recipe of this name.")
@click.option("--limit", type=NUMBER, help=f"Only the newest N ({_NEWEST}; with --json all).")
@click.option("--all", "every", is_flag=True, help="All of them.")
@json_option
@pass_session
def list_(
    session: Session,
    ref: str | None,
    state: str | None,
    recipe: str | None,
    limit: int | None,
    every: bool,
    as_json: bool,
) -> None:
    """List the runs, the newest first, all or those of one paper.

    Where there are very many, the first list of them takes a while: each is read once. A file
    beside the runs keeps what was read; it can be deleted at any time.
    """
    if every and limit is not None:
        raise click.UsageError("--all and --limit ask for two things; give one of them.")
    choice = RunChoice(
        parse_arxiv_id(ref).base if ref else None, recipe, RunState(state) if state else None
    )
    most = None if every else limit or (None if as_json else _NEWEST)
    found = runs.listed(session.desk, choice, most, tell_reading)
    diagnostics.clear_progress()
    if as_json:
        output.emit_json_rows("runs", list(map(_record, found.rows)))
    elif found.rows:
        _print(found.rows)
    elif choice == EVERY:
        diagnostics.say("No run yet. Try: researchdesk reproduce 1904.09237")
    else:
        diagnostics.say("There is no such run. All there are: researchdesk runs list --all")
    if found.more and not as_json:
        more = f"{found.more:,} more" if found.more > 1 else "One more"
        diagnostics.say(f"{more}: see them with --all, or with --limit N.")


def tell_reading(done: int, total: int) -> None:
    """Tell how many runs were read, where they are read for the first time."""
    diagnostics.show_progress(f"Reading the runs once: {done:,} of {total:,}", 0, None)


def _record(row: RunRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "recipe": row.recipe,
        "arxiv_id": row.arxiv_id,
        "state": row.state.value,
        "engine": row.engine,
        "quick": row.quick,
        "verdict": row.verdict and row.verdict.value,
        "started": stamp(row.started_at),
        "ended": row.ended_at and stamp(row.ended_at),
        "seeds_done": row.done,
        "seeds_failed": row.failed,
        "seeds": row.planned,
    }


def _print(rows: Sequence[RunRow]) -> None:
    """The table; who ran them stands there where it was not this machine's processes alone."""
    away = any(row.engine != EngineKind.LOCAL for row in rows)
    lines = [
        (
            row.id,
            row.state.value,
            *([row.engine] if away else []),
            f"{row.done}/{row.planned}" + (f", {row.failed} failed" if row.failed else ""),
            f"{row.verdict or ''}{' (quick)' if row.quick else ''}",
        )
        for row in rows
    ]
    output.emit_table(("run", "state", *(["engine"] if away else []), "seeds", "verdict"), lines)


@click.command()
@click.argument("named", metavar="RUN")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def rm(session: Session, named: str, yes: bool) -> None:
    """Remove a run and all it kept, for good; trials of it that an engine has are ended.

    The beginning of its id is enough where you are asked; with --yes it takes the whole id.
    """
    run_id = runs.full_id(session.desk, named)
    run = runs.get_run(session.desk, run_id)
    command = f"researchdesk runs rm {run.id} --yes"
    if not yes:
        require_yes(f"{run.id} with {len(run.results)} finished seeds", command)
    else:
        require_whole("run", named, run.id, command)
    if run.state is RunState.AWAY:
        from researchdesk.services import away  # noqa: PLC0415 - slow to import

        if hindered := away.remove(session.desk, run_id):
            diagnostics.warn(hindered)
    else:
        runs.remove_run(session.desk, run_id)
    diagnostics.say(f"{run_id} is removed.")
