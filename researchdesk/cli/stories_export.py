"""Storylines out of the desk, and the parts they are made of."""

from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.errors import UsageProblemError
from researchdesk.services import stories, story_evidence, story_export, story_templates
from researchdesk.services.story_evidence import Mark


def register(group: click.Group) -> None:
    """Add these commands to the group of storylines."""
    group.add_command(templates)
    group.add_command(export)


@click.command()
@click.argument("name", required=False)
@json_option
@pass_session
def templates(session: Session, name: str | None, as_json: bool) -> None:
    """List the parts of a story, or print one: a heading and what it asks.

    What is asked stands in comments, which are not exported. Your own parts are markdown files in
    templates/story/ of the desk.
    """
    if name is not None:
        found = story_templates.get_template(session.desk, name)
        if as_json:
            output.emit_json(found)
        else:
            output.emit(found.text.rstrip("\n"))
        return
    every = story_templates.templates(session.desk)
    if as_json:
        output.emit_json({"templates": every})
        return
    output.emit_table(("template", "heading"), [(item.name, item.title) for item in every])
    diagnostics.say("Put one behind a story: researchdesk story edit STORY --template NAME")


@click.command()
@click.argument("name", metavar="STORY")
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "latex"]),
    help="[default: that of the file's name, else markdown]",
)
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    help="A file, or a folder for a file of the story's name.",
)
@click.option("--draft", "number", type=NUMBER, help="Another draft than the newest.")
@click.option("--questions", is_flag=True, help="With the four questions of each statement.")
@json_option
@pass_session
def export(
    session: Session,
    name: str,
    form: str | None,
    path: Path,
    number: int | None,
    questions: bool,
    as_json: bool,
) -> None:
    """Write a story as markdown, or as a LaTeX introduction with its BibTeX file.

    Links become words: papers are cited, runs and claims are told with what they say.
    """
    if form == "latex" or (form is None and story_export.is_latex(path)):
        if questions:
            raise UsageProblemError(
                "The questions are for the writer; a LaTeX introduction has none.",
                "Leave --questions out, or export markdown.",
            )
        written = story_export.write_latex(session.desk, name, path, number)
    else:
        written = story_export.write_markdown(session.desk, name, path, number, questions=questions)
    _warn_of_evidence(session, name, number)
    if as_json:
        output.emit_json({"files": written})
        return
    for file in written:
        output.emit(str(file))


def _warn_of_evidence(session: Session, name: str, number: int | None) -> None:
    """What was written out leans on something that is gone, or against it."""
    text = stories.get_draft(session.desk, name, number).text
    for line in story_evidence.lines_with_evidence(session.desk, name, text):
        for item in line.links:
            if item.mark in (Mark.GONE, Mark.CONTRADICTED):
                diagnostics.warn(f"Line {line.line + 1} links {item.ref}: {item.said}.")
