"""Storylines that became papers: finish, reopen, celebrated."""

from datetime import date

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import DAY, as_date
from researchdesk.domain.stories import Story
from researchdesk.services import stories_finishing

_name = click.argument("name", metavar="STORY")


def register(group: click.Group) -> None:
    """Add these commands to the group of storylines."""
    for command in (finish, celebrated, reopen):
        group.add_command(command)


@click.command()
@_name
@click.option("--venue", default="", help="Where it appears.")
@click.option("--on", type=DAY, callback=as_date, help="The day, where it is not today.")
@json_option
@pass_session
def finish(session: Session, name: str, venue: str, on: date | None, as_json: bool) -> None:
    """Say that a story became a paper: it gets its line here and on Home.

    Its drafts stay, and can be written on. `story reopen` takes it back.
    """
    story = stories_finishing.finish(session.desk, name, venue, on)
    _tell(session, story, as_json=as_json)


@click.command()
@_name
@click.option("--back", is_flag=True, help="It was not, after all.")
@json_option
@pass_session
def celebrated(session: Session, name: str, back: bool, as_json: bool) -> None:
    """Say that a finished paper was celebrated; its line then leads on, to parked ideas first."""
    story = stories_finishing.celebrate(session.desk, name, back=back)
    _tell(session, story, as_json=as_json)


@click.command()
@_name
@json_option
@pass_session
def reopen(session: Session, name: str, as_json: bool) -> None:
    """Take back that a story is finished; nothing of it is lost."""
    story = stories_finishing.reopen(session.desk, name)
    if as_json:
        output.emit_json(story)
    else:
        diagnostics.say(f"{story.slug} is open again. Its drafts are as they were.")


def _tell(session: Session, story: Story, *, as_json: bool) -> None:
    if not as_json:
        output.emit(stories_finishing.words(session.desk, story.slug))
        return
    went_in = stories_finishing.went_in(session.desk, story.slug)
    parked = [idea.ref for idea in stories_finishing.parked(session.desk)]
    output.emit_json({"story": story, "went_in": went_in, "parked": parked})
