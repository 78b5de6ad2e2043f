"""Reading workflows: list, check, begin one of one's own."""

from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import workflows
from researchdesk.services.workflows import WorkflowFile


@click.group()
def workflow() -> None:
    """List and check reading workflows. Your own are TOML files in the desk's "workflows" folder;
    one with the name of a shipped one takes its place."""


@workflow.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the reading workflows, shipped and your own."""
    found = workflows.workflow_files(session.desk)
    home = workflows.own_folder(session.desk)
    if as_json:
        output.emit_json({"workflows": [_record(item) for item in found], "folder": home})
        return
    rows = [
        (
            item.workflow.name,
            str(len(item.workflow.passes)),
            "own" if item.own else "shipped",
            item.workflow.title,
        )
        for item in found
        if item.workflow
    ]
    output.emit_table(("workflow", "passes", "from", "title"), rows)
    for item in found:
        if item.problems:
            diagnostics.warn(item.words)
    diagnostics.say(f"Your own go into {home}; begin one with: researchdesk workflow new NAME")


@workflow.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@pass_session
def check(session: Session, file: Path | None, as_json: bool) -> None:
    """Check a workflow FILE, or one by its name, or all of your own: every problem with its file,
    line and key.

    Exit codes: 0 no problem, 3 there is no such workflow, 5 there is a problem.
    """
    if file is not None:
        found = [_file_named(session, file)]
    else:
        every = workflows.workflow_files(session.desk)
        every += workflows.investigation_files(session.desk)
        found = [item for item in every if item.own]
    if as_json:
        output.emit_json({"files": [_record(item) for item in found]})
    count = 0
    for item in found:
        count += len(item.problems)
        if as_json:
            continue
        for problem in item.problems:
            output.emit(f"{item.path}: {problem}")
        if item.workflow:
            steps = sum(len(reading.steps) for reading in item.workflow.passes)
            diagnostics.say(
                f"{item.path}: {item.workflow.name!r}, {len(item.workflow.passes)} passes, "
                f"{steps} steps. No problem."
            )
        if item.steps:
            count_of = len(item.steps.steps)
            diagnostics.say(
                f"{item.path}: {item.steps.name!r}, of investigations, {count_of} steps. "
                "No problem."
            )
    if not found:
        diagnostics.say(f"There are none of your own in {workflows.own_folder(session.desk)}.")
    if count:
        raise BadInputError(
            f"{count} problem{'' if count == 1 else 's'} found; a broken workflow is left out.",
            "Mend the lines named above.",
        )


def _file_named(session: Session, file: Path) -> WorkflowFile:
    """What stands in the file, or in that of the workflow of this name. Raises NotOnDeskError
    where there is neither, BadInputError where the file cannot be read."""
    if file.exists() or file.suffix or len(file.parts) > 1:
        return workflows.check_workflow(file)
    every = workflows.workflow_files(session.desk) + workflows.investigation_files(session.desk)
    named = [item for item in every if item.path.stem == str(file)]
    if named:
        return named[-1]
    names = ", ".join(sorted({item.path.stem for item in every}))
    raise NotOnDeskError(f"There is no file or workflow {str(file)!r}.", f"There are: {names}.")


@workflow.command()
@click.argument("name")
@click.option("--like", default="three-pass", show_default=True, help="The one to begin from.")
@json_option
@pass_session
def new(session: Session, name: str, like: str, as_json: bool) -> None:
    """Begin a workflow of your own, as a copy of another. Prints its file."""
    path = workflows.new_workflow(session.desk, name, like)
    if as_json:
        output.emit_json({"name": path.stem, "file": path})
    else:
        output.emit(str(path))
    diagnostics.say(f"Edit it, then: researchdesk workflow check {path}")


def _record(item: WorkflowFile) -> dict[str, object]:
    record: dict[str, object] = {"file": item.path, "own": item.own, "problems": item.problems}
    if item.workflow:
        record = {
            "name": item.workflow.name,
            "title": item.workflow.title,
            "source": item.workflow.source,
            "passes": len(item.workflow.passes),
            **record,
        }
    return record
