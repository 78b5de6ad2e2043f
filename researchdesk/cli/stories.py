"""Storylines: new, list, edit, draft, show, drafts."""

import sys
from typing import Any

import click

from researchdesk.cli import (
    diagnostics,
    output,
    stories_asking,
    stories_export,
    stories_finishing,
)
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.dead_links import tell_dead_links
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.words import rescued, words
from researchdesk.domain.clock import local_day, local_minute
from researchdesk.domain.stories import Draft, Story, settled
from researchdesk.domain.story_diff import brief_change
from researchdesk.domain.story_evidence import SIGNS
from researchdesk.domain.text import clean
from researchdesk.domain.word_diff import How
from researchdesk.errors import UsageProblemError
from researchdesk.services import stories, story_evidence, story_templates
from researchdesk.services.story_evidence import Linked, LinkedLine
from researchdesk.services.story_templates import Template


@click.group()
def story() -> None:
    """Write storylines in markdown, from scratch again and again; every draft is kept."""


stories_asking.register(story)
stories_export.register(story)
stories_finishing.register(story)


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
    rows = [(item.slug, str(item.drafts), _finished(item), item.title) for item in found]
    output.emit_table(("story", "drafts", "finished", "title"), rows)


def _finished(item: Story) -> str:
    day = str(local_day(item.finished_at)) if item.finished_at else ""
    return f"{day}, {item.venue}" if day and item.venue else day


@story.command()
@click.argument("name", metavar="STORY")
@click.argument("text", required=False, metavar="TEXT|-")
@click.option("--draft", "number", type=NUMBER, help="Another draft than the newest.")
@click.option("--template", help="Put this part behind what is there first; see templates.")
@json_option
@pass_session
def edit(
    session: Session,
    name: str,
    text: str | None,
    number: int | None,
    template: str | None,
    as_json: bool,
) -> None:
    """Write the newest draft, in $EDITOR unless TEXT is given ("-" reads stdin).

    What it said before is kept as a state of it. A new draft begins with `story draft`.
    """
    old = stories.get_story(session.desk, name)
    draft = stories.get_draft(session.desk, name, number) if old.drafts or number else None
    number = draft.number if draft else 1
    begins = draft.text if draft and draft.text.strip() else f"# {old.title}\n\n"
    part = story_templates.get_template(session.desk, template) if template else None
    written = _words(text, begins, part)
    if text is not None and not (written or "").strip():
        raise UsageProblemError(
            "The text is empty; the draft stays as it is.",
            f"To write from scratch: researchdesk story draft {name}",
        )
    with rescued(session, written, text):
        if written is not None:
            stories.save_draft(session.desk, name, written, number)
    _tell_edited(session, name, draft, number, as_json=as_json)


def _words(text: str | None, begins: str, part: Template | None) -> str | None:
    """What is to be kept; with a ``part`` behind it, for which no editor is needed."""
    if part is None:
        return words(text, begins)
    if text is None:
        whole = story_templates.with_template(begins, part)
        return words(None, whole) if sys.stdin.isatty() else whole
    given = words(text)
    return None if given is None else story_templates.with_template(given, part)


def _tell_edited(
    session: Session, name: str, old: Draft | None, number: int, *, as_json: bool
) -> None:
    if not stories.get_story(session.desk, name).drafts:
        diagnostics.say("Nothing changed; no draft was made.")
        if as_json:
            output.emit_json({"story": name, "draft": None})
        return
    kept = stories.get_draft(session.desk, name, number)
    tell_dead_links(session.desk, kept.text)
    if as_json:
        output.emit_json({"story": name, "draft": kept})
        return
    same = old is not None and settled(clean(old.text)) == kept.text
    diagnostics.say("Nothing changed." if same else f"{kept.name} kept.")


@story.command()
@click.argument("name", metavar="STORY")
@click.option("--title", default="", help="What the draft is called.")
@json_option
@pass_session
def draft(session: Session, name: str, title: str, as_json: bool) -> None:
    """Begin a new draft, empty: write the story again from scratch. The others are kept."""
    begun = stories.new_draft(session.desk, name, title)
    if as_json:
        output.emit_json({"story": name, "draft": begun})
        return
    output.emit_number("draft", begun.number)
    before = f" Its last one: researchdesk story show {name} --draft {begun.number - 1}"
    diagnostics.say(
        f"{begun.name} is empty. Write it: researchdesk story edit {name}."
        + (before if begun.number > 1 else "")
    )


@story.command()
@click.argument("name", metavar="STORY")
@click.option("--draft", "number", type=NUMBER, help="An earlier draft.")
@click.option("--state", "at", type=NUMBER, help="What it said at this pause; see drafts --states.")
@click.option("--evidence", is_flag=True, help="Below each line what it links, and how that is.")
@json_option
@pass_session
def show(
    session: Session,
    name: str,
    number: int | None,
    at: int | None,
    evidence: bool,
    as_json: bool,
) -> None:
    """Print a story as markdown.

    With --evidence: ✓ holds, · there, ○ not decided, ! changed, ✗ contradicted, ? gone.
    """
    found = stories.get_story(session.desk, name)
    any_ = found.drafts or number or at
    draft = stories.get_draft(session.desk, name, number) if any_ else None
    text = draft.text if draft else ""
    if at is not None:
        text = stories.get_state(session.desk, name, number, at).text
    lines = story_evidence.lines_with_evidence(session.desk, name, text) if evidence else []
    if as_json:
        told: dict[str, Any] = {"story": found.slug, "title": found.title, "text": text}
        told |= {"draft": draft.number if draft else None, "state": at}
        told |= {"evidence": [_line_record(line) for line in lines]} if evidence else {}
        output.emit_json(told)
    elif text.strip():
        _emit_lines(name, text, lines)
    elif draft and draft.number > 1:
        diagnostics.say(f"{draft.name} is empty; the one before has --draft {draft.number - 1}.")
    else:
        diagnostics.say(f"Nothing written yet: researchdesk story edit {name}")


def _emit_lines(name: str, text: str, lines: list[LinkedLine]) -> None:
    below = {item.line: item for item in lines}
    for number, line in enumerate(text.rstrip("\n").split("\n")):
        output.emit(line)
        for item in below[number].links if number in below else ():
            was = f" (it was: {item.before})" if item.news and item.before else ""
            output.emit(f"    {SIGNS[item.mark]} {item.ref}: {item.title}: {item.said}{was}")
    news = [item for line in lines for item in line.links if item.news]
    if news:
        diagnostics.say(
            f"{_links(news)} changed, gone, or against its line. Say that you have seen it: "
            f"researchdesk story seen {name}"
        )


def _links(news: list[Linked]) -> str:
    count = len({item.ref for item in news})
    return "One link is" if count == 1 else f"{count} links are"


def _line_record(line: LinkedLine) -> dict[str, Any]:
    return {"line": line.line + 1, "mark": line.mark, "news": line.news, "links": line.links}


@story.command()
@click.argument("name", metavar="STORY")
@click.option("--states", "number", type=NUMBER, help="What this draft said at its pauses.")
@json_option
@pass_session
def drafts(session: Session, name: str, number: int | None, as_json: bool) -> None:
    """List a story's drafts, or the states of one."""
    if number is not None:
        kept = stories.states(session.desk, name, number)
        if as_json:
            output.emit_json({"draft": number, "states": kept})
            return
        before = ["", *(state.text for state in kept)]
        rows = [
            (str(s.number), local_minute(s.saved_at), _count(s.text), _changed(old, s.text))
            for s, old in zip(kept, before, strict=False)
        ]
        output.emit_table(("state", "saved", "words", "changed"), rows)
        if kept:
            diagnostics.say(
                f"Read one: researchdesk story show {name} --draft {number} --state STATE"
            )
        return
    found = stories.drafts(session.desk, name)
    if as_json:
        output.emit_json({"drafts": found})
        return
    lines = [
        (
            str(item.number),
            local_minute(item.begun_at),
            local_minute(item.saved_at),
            _count(item.text),
            str(item.states),
            item.title,
        )
        for item in found
    ]
    output.emit_table(("draft", "begun", "saved", "words", "states", "title"), lines)


def _changed(before: str, after: str) -> str:
    signs = {How.REMOVED: "[-{}-]", How.ADDED: "{{+{}+}}"}
    return " ".join(signs[piece.how].format(piece.text) for piece in brief_change(before, after))


def _count(text: str) -> str:
    return str(len(text.split()))
