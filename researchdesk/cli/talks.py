"""Talks: outlined from a storyline, checked, rehearsed."""

import importlib
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.clock import local_minute
from researchdesk.domain.rehearsal_pages import slide_rows, whole_line
from researchdesk.domain.rehearsing import Rehearsal, bar
from researchdesk.domain.slides import write_time
from researchdesk.errors import UsageProblemError
from researchdesk.services import rehearsals as kept
from researchdesk.services import talk_files

_BAR = 20
_NOTHING_SAID: dict[str, Any] = {
    "folder": None, "said": None, "why": "", "taken": None, "history": False, "path": None,
}  # fmt: skip


@click.group()
def talk() -> None:
    """Outline a talk from a storyline, check its slides, rehearse it with a clock."""


@talk.command()
@click.argument("name", metavar="STORY")
@click.option(
    "--minutes",
    type=click.FloatRange(1, 600),
    help="How long the talk may be; else as the slides that are there, or 30.",
)
@click.option(
    "--goal",
    "goals",
    multiple=True,
    metavar="TEXT",
    help="What the listener should leave with; again for each. Else as before, or the red thread.",
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
    minutes: float | None,
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
    talks = importlib.import_module("researchdesk.services.talks")
    asked = talks.Asked(minutes, goals, audience)
    made = talks.outline(session.desk, name, asked, path, number)
    if made.kept:
        diagnostics.say(made.kept)
    if made.beside is not None:
        diagnostics.say(
            f"{made.beside} was edited and stays as it is; the new outline is {made.path}."
        )
    for words in made.warnings:
        diagnostics.warn(words)
    if as_json:
        output.emit_json(_outline_record(made))
    else:
        _emit_outline(made)


def _outline_record(made: Any) -> dict[str, Any]:
    return {
        "file": made.path,
        "beside": made.beside,
        "minutes": made.minutes,
        "kept": made.kept,
        "slides": made.slides,
        "todo": [{"slide": slide, "what": words} for slide, words in made.todo],
        "warnings": made.warnings,
    }


def _emit_outline(made: Any) -> None:
    rows = [
        (str(at), write_time(slide.seconds), f"{len(slide.todo) or ''}", slide.name, slide.title)
        for at, slide in enumerate(made.slides, 1)
    ]
    output.emit_table(("slide", "time", "to do", "part", "message"), rows)
    for at, words in made.todo:
        diagnostics.say(f"Slide {at}: {words}")
    output.emit(str(made.path))


@talk.command()
@click.argument("name", metavar="STORY|FILE")
@pass_session
def rehearse(session: Session, name: str) -> None:
    """Rehearse a talk: its slides with a clock over the whole terminal.

    Each slide is timed against its plan, which stands in the file as <!-- time: 1:30 -->. What
    each took is kept as you go; `talk rehearsals` lists it.
    """
    found = talk_files.talk_of(session.desk, name)
    if not _is_terminal():
        raise UsageProblemError(
            "A rehearsal needs a terminal.", f"Without one, read the slides: {found.path}"
        )
    before = len(kept.rehearsals_of(session.desk, name))
    first = importlib.import_module("researchdesk.tui.messages").OpenRehearsal(name, alone=True)
    importlib.import_module("researchdesk.tui.app").run(session.desk, first=first)
    if len(kept.rehearsals_of(session.desk, name)) > before:
        output.emit(f"Kept: researchdesk talk rehearsals {shlex.quote(name)}")


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


@talk.command()
@click.argument("name", metavar="[STORY|FILE]", required=False)
@click.option("--slides", is_flag=True, help="With each slide.")
@json_option
@pass_session
def rehearsals(session: Session, name: str | None, slides: bool, as_json: bool) -> None:
    """List the rehearsals, of one talk or of all, the newest first: planned against used."""
    found = kept.rehearsals_of(session.desk, name or "")
    if as_json:
        output.emit_json({"rehearsals": [_record(one) for one in found]})
        return
    longest = max((max(one.used_s, one.planned_s) for one in found), default=0)
    rows = [
        (
            str(one.id),
            local_minute(one.began_at),
            write_time(one.used_s),
            write_time(one.planned_s),
            bar(one.used_s, one.planned_s, _share(one, longest)),
            one.state,
            one.talk,
        )
        for one in found
    ]
    output.emit_table(("rehearsal", "began", "used", "planned", "", "state", "talk"), rows)
    if not found:
        diagnostics.say("No rehearsal yet. Begin one: researchdesk talk rehearse STORY")
    for one in found if slides else ():
        _emit_slides(one)


def _share(one: Rehearsal, longest: float) -> int:
    """How long its bar is, beside the longest one."""
    whole = max(one.used_s, one.planned_s)
    return max(1, round(_BAR * whole / longest)) if longest else 0


def _emit_slides(one: Rehearsal) -> None:
    output.emit()
    output.emit(f"Rehearsal {one.id}: {whole_line(one)}")
    rows = [
        (row.number, row.planned, row.used, row.against, row.picture, row.title)
        for row in slide_rows(one)
    ]
    output.emit_table(("slide", "planned", "used", "", "", "title"), rows)


def _record(one: Rehearsal) -> dict[str, Any]:
    return {
        "id": one.id,
        "talk": one.talk,
        "file": one.file,
        "began_at": one.began_at,
        "ended_at": one.ended_at,
        "state": one.state,
        "broken_off": one.broken_off,
        "planned_s": one.planned_s,
        "used_s": one.used_s,
        "slides": one.slides,
    }


@talk.command()
@click.argument("name", metavar="STORY|FILE")
@json_option
@click.pass_context
def check(context: click.Context, name: str, as_json: bool) -> None:
    """Answer what the slides show by themselves, as `checklist talk` does."""
    module = importlib.import_module("researchdesk.cli.checklists")
    context.invoke(module.checklist, name="talk", ref=name, as_json=as_json, **_NOTHING_SAID)
