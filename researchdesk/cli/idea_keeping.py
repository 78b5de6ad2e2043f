"""Ideas: add, list, show, edit."""

from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.idea_pages import print_idea, print_list, record
from researchdesk.cli.kinds import IDEA
from researchdesk.cli.words import rescued, words
from researchdesk.domain.ideas import Idea, score
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.services import ideas, links

_FIVE = click.IntRange(1, 5)
_DAYS = click.FloatRange(0, 10_000, min_open=True)
_number = click.argument("number", type=IDEA, metavar="IDEA")
_impact = click.option("--impact", type=_FIVE, help="What it would change, from 1 to 5.")
_work = click.option("--work", type=_DAYS, metavar="DAYS", help="Days of work; half a day is 0.5.")
_fun = click.option("--fun", type=_FIVE, help="How gladly you would do it, from 1 to 5.")


@click.command()
@click.argument("text", required=False, metavar="TEXT|-")
@_impact
@_work
@_fun
@click.option("--instead", default="", help="What else the time could go into.")
@click.option("--from", "of", default="", metavar="REF", help="What it came from, as funny:3.")
@json_option
@pass_session
def add(
    session: Session,
    text: str | None,
    impact: int | None,
    work: float | None,
    fun: int | None,
    instead: str,
    of: str,
    as_json: bool,
) -> None:
    """Keep an idea. "-" reads the text from stdin; without TEXT, $EDITOR opens."""
    said = words(text) or ""
    with rescued(session, said, text):
        kept = ideas.add_idea(
            session.desk, said, of=of, impact=impact, work_days=work, fun=fun, instead=instead
        )
    _tell_of_source(session, kept)
    if as_json:
        output.emit_json(record(kept))
        return
    output.emit_number("idea", kept.id)
    order = [item.id for item in ideas.list_ideas(session.desk)]
    at, told = order.index(kept.id) + 1, score(kept).words
    diagnostics.say(f"Idea {kept.id} kept: score {told}, place {at} of {len(order)}.")


@click.command("list")
@click.option("--all", "every", is_flag=True, help="Parked, stopped and done ones too.")
@json_option
@pass_session
def list_(session: Session, every: bool, as_json: bool) -> None:
    """List the backlog: your own order first, then by score."""
    found = ideas.list_ideas(session.desk, every=every)
    if as_json:
        output.emit_json({"ideas": [record(item) for item in found]})
    elif found:
        print_list(found)
    else:
        more = " Parked and closed ones: idea list --all." if not every else ""
        diagnostics.say(
            'The backlog is empty. Keep an idea: researchdesk idea add "…" --impact 4 --work 3 '
            f"--fun 5.{more}"
        )


@click.command()
@_number
@json_option
@pass_session
def show(session: Session, number: int, as_json: bool) -> None:
    """Show an idea with what happened to it."""
    found = ideas.get_idea(session.desk, number)
    history = ideas.history_of(session.desk, number)
    if as_json:
        output.emit_json({**record(found), "history": history})
        return
    link = ref_link(found.of) if found.of else None
    print_idea(found, history, links.title_of(session.desk, link) if link else "")


@click.command()
@_number
@click.argument("text", required=False, metavar="TEXT|-")
@_impact
@_work
@_fun
@click.option("--instead", help="What else the time could go into.")
@click.option("--from", "of", metavar="REF", help="What it came from, as funny:3.")
@json_option
@pass_session
def edit(
    session: Session,
    number: int,
    text: str | None,
    impact: int | None,
    work: float | None,
    fun: int | None,
    instead: str | None,
    of: str | None,
    as_json: bool,
) -> None:
    """Change an idea, its text in $EDITOR unless something is given. What it was is kept."""
    old = ideas.get_idea(session.desk, number)
    given: dict[str, Any] = {"impact": impact, "work_days": work, "fun": fun}
    given |= {"instead": instead, "of": of}
    given = {name: value for name, value in given.items() if value is not None}
    if text is not None or not given:
        given["text"] = words(text, old.text)
    with rescued(session, given.get("text"), text):
        new = ideas.edit_idea(session.desk, number, **given)
    if of:
        _tell_of_source(session, new)
    if as_json:
        output.emit_json(record(new))
    else:
        diagnostics.say(f"Idea {number} {'unchanged' if new == old else 'changed'}.")


def _tell_of_source(session: Session, kept: Idea) -> None:
    link = ref_link(kept.of) if kept.of else None
    if link is None:
        return
    if not links.title_of(session.desk, link):
        diagnostics.warn_of_nowhere(kept.of)
    elif link.kind is LinkKind.FUNNY:
        diagnostics.say(
            f"Surprise {link.target} stays as it is; where the idea takes its place: "
            f"researchdesk funny resolve {link.target} idea"
        )
