"""Runs listed, stopped, removed."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.services import runs


@click.command("list")
@click.argument("ref", metavar="[ID]", required=False)
@json_option
@pass_session
def list_(session: Session, ref: str | None, as_json: bool) -> None:
    """List the runs, the newest first, all or those of one paper."""
    found = runs.runs(session.desk, parse_arxiv_id(ref).base if ref else None)
    if as_json:
        records = [
            {
                "id": run.id,
                "recipe": run.recipe,
                "arxiv_id": run.arxiv_id,
                "state": run.state,
                "quick": run.quick,
                "verdict": run.verdict,
                "started": run.started_at,
                "ended": run.ended_at,
                "seeds_done": len(run.results),
                "seeds_failed": len(run.failures),
                "seeds": len(run.tasks),
            }
            for run in found
        ]
        output.emit_json({"runs": records})
        return
    if not found:
        diagnostics.say("No run yet. Try: researchdesk reproduce 1904.09237")
        return
    rows = [
        (
            run.id,
            run.state.value,
            f"{len(run.results)}/{len(run.tasks)}"
            + (f", {len(run.failures)} failed" if run.failures else ""),
            f"{run.verdict or ''}{' (quick)' if run.quick else ''}",
        )
        for run in found
    ]
    output.emit_table(("run", "state", "seeds", "verdict"), rows)


@click.command()
@click.argument("run_id", metavar="RUN")
@pass_session
def cancel(session: Session, run_id: str) -> None:
    """Ask the process that has a run under way to stop it; finished seeds are kept."""
    runs.cancel_run(session.desk, run_id)
    diagnostics.say(f"Asked {run_id} to stop.")


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def rm(session: Session, run_id: str, yes: bool) -> None:
    """Remove a run and all it kept, for good."""
    run = runs.get_run(session.desk, run_id)
    if not yes:
        click.confirm(
            f"Remove {run.id} with {len(run.results)} finished seeds, for good?",
            abort=True,
            err=True,
        )
    runs.remove_run(session.desk, run_id)
    diagnostics.say(f"{run_id} is removed.")
