"""Tags, collections, stars, priority."""

from collections.abc import Callable, Sequence

import click

from researchdesk.cli import diagnostics, output, tagging_collections
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.tagging_choice import ManyIds, chosen, preview, query_option, tell, to_option
from researchdesk.domain.labels import HIGHEST_PRIORITY, MOST_STARS, Change
from researchdesk.errors import UsageProblemError
from researchdesk.services import labels
from researchdesk.services.desk import Desk

dry_option = click.option("--dry-run", is_flag=True, help="Only print which papers it would be.")
collection = tagging_collections.collection
_TAGS = 50
_Tagged = Callable[[Desk, Sequence[int], Sequence[str]], Change]


@click.group()
def tag() -> None:
    """Tag papers, by id or as a search finds them.

    \b
    researchdesk tag add vision "to read" --to 1512.03385 1608.06993
    researchdesk tag add 2019 --query "year:2019"
    researchdesk list --format '{id}' | researchdesk tag add all --to -
    researchdesk tag remove vision --from 1608.06993
    researchdesk tag rename vision cv
    researchdesk undo

    A tag may have blanks, but no comma and no double quote. In a search it is tag:vision, or
    tag:"to read". Every change can be taken back.
    """


def _tagging(name: str, tagged: str, change: _Tagged, to: str, other: str, told: str) -> None:
    @tag.command(name, cls=ManyIds, help=told)
    @click.argument("tags", nargs=-1, required=True, metavar="TAG...")
    @to_option(to, other)
    @query_option
    @dry_option
    @json_option
    @pass_session
    def command(
        session: Session,
        tags: tuple[str, ...],
        refs: tuple[str, ...],
        query: str,
        dry_run: bool,
        as_json: bool,
    ) -> None:
        ids = chosen(session, refs, query)
        if dry_run:
            preview(session, ids, f"{tagged} {', '.join(tags)}")
            return
        tell(change(session.desk, ids, tags), as_json)


_tagging(
    "add", "tagged", labels.tag, "--to", "--from",
    "Give papers tags: tag add vision --to 1512.03385",
)  # fmt: skip
_tagging(
    "remove", "no longer tagged", labels.untag, "--from", "--to",
    "Take tags off papers: tag remove vision --from 1512.03385",
)  # fmt: skip


@tag.command("list")
@click.option("--limit", type=NUMBER, help=f"At most so many.  [default: {_TAGS}; JSON: all]")
@json_option
@pass_session
def list_(session: Session, limit: int | None, as_json: bool) -> None:
    """List the tags, each with how many papers have it: those of the most papers first."""
    found = sorted(labels.all_tags(session.desk), key=lambda item: -item[1])
    shown = found[: limit or (None if as_json else _TAGS)]
    if as_json:
        output.emit_json({"tags": [{"tag": name, "papers": count} for name, count in shown]})
    elif shown:
        output.emit_table(("tag", "papers"), [(name, f"{count:,}") for name, count in shown])
        if len(shown) < len(found):
            rest = len(found) - len(shown)
            diagnostics.say(f"… and {rest:,} more: --limit {len(found)}")
    else:
        diagnostics.say("No tags yet. Begin with: researchdesk tag add TAG --to ID")


@tag.command()
@click.argument("old", metavar="TAG")
@click.argument("new", metavar="NAME")
@json_option
@pass_session
def rename(session: Session, old: str, new: str, as_json: bool) -> None:
    """Give a tag another name. Where that is a tag already, the two become one."""
    tell(labels.rename_tag(session.desk, old, new), as_json)


@click.command()
@click.argument("refs", nargs=-1, metavar="[ID]...")
@click.option("--stars", type=click.IntRange(0, MOST_STARS), help="0 takes them away.")
@click.option(
    "--priority", type=click.IntRange(0, HIGHEST_PRIORITY), help="3 is read next, 0 is none."
)
@query_option
@dry_option
@json_option
@pass_session
def mark(
    session: Session,
    refs: tuple[str, ...],
    stars: int | None,
    priority: int | None,
    query: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Give papers stars (0 to 5), a priority (0 to 3), or both.

    \b
    researchdesk mark 1706.03762 --stars 5
    researchdesk mark --query "tag:thesis is:unread" --priority 3
    """
    if stars is None and priority is None:
        raise UsageProblemError(
            "Give --stars, --priority or both. Nothing was changed.",
            "Say: researchdesk mark ID --stars 4",
        )
    ids = chosen(session, refs, query)
    if dry_run:
        marks = (("stars", stars), ("a priority", priority))
        given = " and ".join(name for name, value in marks if value is not None)
        preview(session, ids, f"given {given}")
        return
    tell(labels.mark(session.desk, ids, stars, priority), as_json)
