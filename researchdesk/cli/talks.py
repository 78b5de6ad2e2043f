"""Talks: outlined from a storyline, checked, rehearsed."""

from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.slides import write_time
from researchdesk.services import talks


@click.group()
def talk() -> None:
    """Outline a talk from a storyline, check its slides, rehearse it with a clock."""


@talk.command()
@click.argument("name", metavar="STORY")
@click.option(
    "--minutes",
    type=click.FloatRange(1, 600),
    default=30.0,
    show_default=True,
    help="How long the talk may be.",
)
@click.option(
    "--goal",
    "goals",
    multiple=True,
    metavar="TEXT",
    help="What the listener should leave with; again for each. Else the red thread.",
)
@click.option("--audience", default="", metavar="TEXT", help="Who listens.")
@click.option("--draft", "number", type=NUMBER, help="Another draft than the newest.")
@click.option(
    "--to",
    "path",
    type=click.Path(path_type=Path),
    help="A file, or a folder for a file of the story's name; else talks/ of the desk.",
)
@json_option
@pass_session
def outline(
    session: Session,
    name: str,
    minutes: float,
    goals: tuple[str, ...],
    audience: str,
    number: int | None,
    path: Path | None,
    as_json: bool,
) -> None:
    """Write the slides of a talk in markdown (Marp's form), filled from a story.

    Each slide has one message, its planned time and the speaker's notes; where the story has
    nothing for a slide, its notes ask for it. Slides that you edited are never written over.
    """  # fmt: skip
    frame = talks.TalkFrame(minutes, goals, audience)
    made = talks.outline(session.desk, name, frame, path, number)
    if made.beside is not None:
        diagnostics.say(
            f"{made.beside} was edited and stays as it is; the new outline is {made.path}."
        )
    for words in made.warnings:
        diagnostics.warn(words)
    if as_json:
        output.emit_json(
            {
                "file": made.path,
                "beside": made.beside,
                "minutes": made.minutes,
                "slides": made.slides,
                "todo": [{"slide": slide, "what": words} for slide, words in made.todo],
                "warnings": made.warnings,
            }
        )
        return
    rows = [
        (str(at), write_time(slide.seconds), f"{len(slide.todo) or ''}", slide.name, slide.title)
        for at, slide in enumerate(made.slides, 1)
    ]
    output.emit_table(("slide", "time", "to do", "part", "message"), rows)
    for at, words in made.todo:
        diagnostics.say(f"Slide {at}: {words}")
    output.emit(str(made.path))
