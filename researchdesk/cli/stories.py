"""Storylines: new, edit, show, drafts."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.words import rescued, words
from researchdesk.errors import NotOnDeskError
from researchdesk.services import stories


@click.group()
def story() -> None:
    """Write storylines in markdown; every draft is kept."""


@story.command()
@click.option("--title", required=True, help="What the story is called.")
@json_option
@pass_session
def new(session: Session, title: str, as_json: bool) -> None:
    """Begin a story."""
    begun = stories.new_story(session.desk, title)
    if as_json:
        output.emit_json(begun)
    else:
        output.emit(begun.slug)
        diagnostics.say(f"Write it with: researchdesk story edit {begun.slug}")


@story.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the stories, the newest first."""
    found = stories.list_stories(session.desk)
    if as_json:
        output.emit_json({"stories": found})
        return
    if not found:
        diagnostics.say('No story yet. Begin one: researchdesk story new --title "…"')
        return
    rows = [(item.slug, str(item.drafts), item.title) for item in found]
    output.emit_table(("story", "drafts", "title"), rows)


@story.command()
@click.argument("name", metavar="STORY")
@click.argument("text", required=False, metavar="TEXT|-")
@pass_session
def edit(session: Session, name: str, text: str | None) -> None:
    """Write the next draft, in $EDITOR unless TEXT is given ("-" reads stdin)."""
    old = stories.get_story(session.desk, name)
    written = words(text, old.text or f"# {old.title}\n\n")
    with rescued(session, written, text):
        kept = old if written is None else stories.save_draft(session.desk, name, written)
    changed = kept.drafts > old.drafts
    diagnostics.say(
        f"Draft {kept.drafts} kept." if changed else "Nothing changed; no draft was made."
    )


@story.command()
@click.argument("name", metavar="STORY")
@click.option("--draft", type=NUMBER, help="An earlier draft.")
@json_option
@pass_session
def show(session: Session, name: str, draft: int | None, as_json: bool) -> None:
    """Print a story as markdown."""
    found = stories.get_story(session.desk, name)
    text = found.text
    if draft is not None:
        kept = {item.number: item.text for item in stories.drafts(session.desk, name)}
        if draft not in kept:
            raise NotOnDeskError(f"{name} has no draft {draft}.", f"It has {len(kept)}.")
        text = kept[draft]
    if as_json:
        output.emit_json({"story": found.slug, "title": found.title, "text": text})
    elif text:
        output.emit(text.rstrip("\n"))
    else:
        diagnostics.say(f"Nothing written yet: researchdesk story edit {name}")


@story.command()
@click.argument("name", metavar="STORY")
@json_option
@pass_session
def drafts(session: Session, name: str, as_json: bool) -> None:
    """List a story's drafts."""
    found = stories.drafts(session.desk, name)
    if as_json:
        output.emit_json({"drafts": found})
        return
    rows = [
        (str(d.number), f"{d.saved_at:%Y-%m-%d %H:%M}", f"{len(d.text.split())}") for d in found
    ]
    output.emit_table(("draft", "saved (UTC)", "words"), rows)
