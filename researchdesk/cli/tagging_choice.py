"""Which papers a command is about: ids, ids on stdin, or all that a search finds."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from researchdesk.cli import claimed, diagnostics, output
from researchdesk.cli.context import Session
from researchdesk.domain.labels import Change, papers
from researchdesk.errors import UsageProblemError
from researchdesk.services import library, library_filters, library_search

F = TypeVar("F", bound=Callable[..., Any])

query_option = click.option(
    "--query",
    default="",
    metavar="SEARCH",
    help='All papers found by a search: "cat:cs.CV year:2019".',
)


class ManyIds(click.Command):
    """``--to A B C`` is ``--to A --to B --to C``, up to the next option."""

    _takes = ("--to", "--from")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        option = ""
        for at, word in enumerate(args):
            if word == "--":
                spread += args[at:]
                break
            if _is_option(word):
                option = word if word in self._takes else ""
                if not option or not args[at + 1 :] or _is_option(args[at + 1]):
                    spread.append(word)
            else:
                spread += [option, word] if option else [word]
        return super().parse_args(ctx, spread)


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def to_option(name: str, other: str) -> Callable[[F], F]:
    """The option that names papers; ``other`` does the same, for those who mix the two up."""
    return click.option(
        name,
        other,
        "refs",
        multiple=True,
        metavar="ID...",
        help="The papers; - reads ids from stdin, one a line.",
    )


def chosen(session: Session, refs: Sequence[str], query: str) -> list[int]:
    """The rows of the papers that were named or found, each once, in the order given.

    Raises UsageProblemError where both or neither was given, or the search is not understood in
    full: what it would not leave out would be changed.
    """
    if bool(refs) == bool(query.strip()):
        told = "Name papers, or give --query, not both." if refs else "No paper was named."
        raise UsageProblemError(told, 'Give ids, or --query "words author:name".')
    if refs:
        named = [ref for given in refs for ref in (_from_stdin() if given == "-" else [given])]
        found = library.get_papers(session.desk, named)
        claimed.warn(session.desk, dict(zip(named, found, strict=True)))
        return list(dict.fromkeys(paper.id for paper in found))
    wanted = library_search.parse_query(query)
    problems = library_filters.understand(session.desk, wanted).problems
    if problems or wanted.is_empty:
        why = " ".join(problems) or f"{query.strip()} has no word."
        raise UsageProblemError(
            f"The search is not clear: {why} Nothing was changed.",
            "See what it finds first: researchdesk search",
        )
    return library_search.ids_of(session.desk, wanted)


def tell(change: Change, as_json: bool) -> None:
    """Say what a change did, and how to take it back."""
    if as_json:
        output.emit_json({"change": {"id": change.id, "what": change.what, "papers": change.count}})
    said = change.what if change.what.endswith(".") else f"{change.what}."
    diagnostics.say(said[:1].upper() + said[1:])
    if change.id:
        diagnostics.say("Take it back: researchdesk undo")


def preview(session: Session, ids: Sequence[int], what: str) -> None:
    """Print the papers that would be changed."""
    found = library_search.papers_of(session.desk, ids)
    rows = [(paper.name, paper.title) for paper in found]
    if rows:
        output.emit_table(("id", "title"), rows)
    diagnostics.say(f"{papers(len(rows))} would be {what}. Nothing was changed.")


def _from_stdin() -> list[str]:
    return [word for line in sys.stdin if (word := line.strip())]
