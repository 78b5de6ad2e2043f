"""One paper in two records: proposed, shown side by side, merged, refused, two again."""

from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.merging import Proposal, SideBySide
from researchdesk.domain.papers import Paper
from researchdesk.errors import UsageProblemError
from researchdesk.services import library, merging

_MARKS = {True: "≠", False: " "}
_one = click.argument("one", metavar="A")
_other = click.argument("other", metavar="B")


class _PapersOrCommand(click.Group):
    """``merge A B`` where A is none of the subcommands."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "papers", papers, args
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "A B [--keep A]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]...")


@click.group(cls=_PapersOrCommand)
def merge() -> None:
    """Make one paper of two records: a preprint and its published version.

    A and B are ids or keys. All that hangs on both (notes, passes, claims, tags, files) comes to
    one; the id and key of the other lead to it. "merge undo" makes them two again.
    """


@click.command("papers")
@_one
@_other
@click.option("--keep", metavar="A", help="The one to keep; else arXiv's.")
@json_option
@pass_session
def papers(session: Session, one: str, other: str, keep: str | None, as_json: bool) -> None:
    """Make one paper of A and B."""
    pair = _pair(session, one, other)
    kept = None if keep is None else library.get_paper(session.desk, keep)
    if kept is not None and kept.id not in {paper.id for paper in pair}:
        raise UsageProblemError(
            f"{kept.name} is neither of the two. Nothing was changed.", "--keep names A or B."
        )
    found = merging.side_by_side(session.desk, *pair, keep=kept.id if kept else None)
    change = merging.merge(session.desk, found.kept.id, found.other.id)
    if as_json:
        now = library.paper_of(session.desk, found.kept.id) or found.kept
        output.emit_json({"change": change.id, "kept": now.name, "what": change.what})
        return
    output.emit(change.what)
    diagnostics.say("Two again: researchdesk merge undo")


@merge.command()
@json_option
@pass_session
def propose(session: Session, as_json: bool) -> None:
    """Look for papers that may be one. Nothing is merged by it."""
    new = merging.propose(session.desk)
    if as_json:
        output.emit_json({"proposals": [_record(item) for item in new]})
        return
    _tell(new)
    if not new:
        diagnostics.say("No pair that was not proposed before.")


@merge.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the pairs that wait for a decision."""
    found = merging.proposals(session.desk)
    if as_json:
        output.emit_json({"proposals": [_record(item) for item in found]})
        return
    _tell(found)
    if not found:
        diagnostics.say("No pair waits. Look for some with: researchdesk merge propose")


@merge.command()
@_one
@_other
@json_option
@pass_session
def show(session: Session, one: str, other: str, as_json: bool) -> None:
    """Show two papers side by side; ≠ is where both say something else."""
    found = merging.side_by_side(session.desk, *_pair(session, one, other))
    if as_json:
        output.emit_json(_sides(found))
        return
    rows = [
        (_MARKS[line.unlike], line.name, _cut(line.kept), _cut(line.other)) for line in found.lines
    ]
    output.emit_table(("", "", f"{found.kept.name} (kept)", found.other.name), rows)
    diagnostics.say(
        found.hindrance
        or f"One paper: researchdesk merge {found.kept.name} {found.other.name}   "
        f"Two: researchdesk merge refuse {found.kept.name} {found.other.name}"
    )


@merge.command()
@click.argument("number", required=False, type=NUMBER, metavar="[CHANGE]")
@json_option
@pass_session
def undo(session: Session, number: int | None, as_json: bool) -> None:
    """Take the last merge back, or the one of this change: two papers as they were."""
    change = merging.unmerge(session.desk, number)
    if as_json:
        output.emit_json({"change": change.id, "what": change.what, "undone": True})
        return
    output.emit(f"Taken back: {change.what}")


@merge.command()
@_one
@_other
@click.option("--undo", "back", is_flag=True, help="Propose the pair again.")
@json_option
@pass_session
def refuse(session: Session, one: str, other: str, back: bool, as_json: bool) -> None:
    """Keep that A and B are two papers: they are not proposed again."""
    pair = _pair(session, one, other)
    (merging.unrefuse if back else merging.refuse)(session.desk, pair[0].id, pair[1].id)
    if as_json:
        output.emit_json({"pair": [paper.name for paper in pair], "refused": not back})
        return
    names = f"{pair[0].name} and {pair[1].name}"
    if back:
        diagnostics.say(f"{names} wait for a decision again.")
    else:
        diagnostics.say(f"{names} are two papers, and not proposed again.")


def _pair(session: Session, one: str, other: str) -> tuple[Paper, Paper]:
    return library.get_paper(session.desk, one), library.get_paper(session.desk, other)


def _tell(found: list[Proposal]) -> None:
    rows = [(item.kept.name, item.other.name, item.why, item.kept.title) for item in found]
    if rows:
        output.emit_table(("kept", "other", "why", "title"), rows)
        first = found[0]
        diagnostics.say(
            f"Side by side: researchdesk merge show {first.kept.name} {first.other.name}"
        )


def _record(item: Proposal) -> dict[str, Any]:
    return {
        "kept": item.kept.name,
        "other": item.other.name,
        "why": item.why,
        "title": item.kept.title,
        "at": item.at,
    }


def _sides(found: SideBySide) -> dict[str, Any]:
    return {
        "kept": found.kept.name,
        "other": found.other.name,
        "hindrance": found.hindrance or None,
        "fields": [
            {"name": line.name, "kept": line.kept, "other": line.other, "unlike": line.unlike}
            for line in found.lines
        ],
    }


def _cut(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
