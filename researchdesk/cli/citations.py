"""The citations around a paper: listed, asked for, put on the desk."""

import re

import click

from researchdesk.cli import acquire, diagnostics, output
from researchdesk.cli.citation_pages import print_around, record, state_words
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.citations import FURTHEST, MOST, Relation
from researchdesk.domain.papers import Paper
from researchdesk.errors import BadInputError, SourceError, UsageProblemError
from researchdesk.services import citations, library, references
from researchdesk.services.citations import Around, State
from researchdesk.services.desk import Desk

_SHOWN = 20
_CHOSEN = re.compile(r"(\d+)(?:-(\d+))?")
_RELATIONS = tuple(Relation)


@click.command()
@click.argument("ref", metavar="ID", required=False, default="")
@click.option("--references", "wanted", flag_value="references", help="What it cites.")
@click.option("--cited-by", "wanted", flag_value="cited-by", help="What cites it.")
@click.option("--similar", "wanted", flag_value="similar", help="What is like it.")
@click.option("--refresh", is_flag=True, help="Ask Semantic Scholar anew.")
@click.option("--all", "every", is_flag=True, help=f"Ask for up to {FURTHEST:,}, not {MOST:,}.")
@click.option(
    "--limit", type=click.IntRange(min=1), help=f"Show so many of each.  [default: {_SHOWN}]"
)
@click.option("--add", "chosen", multiple=True, metavar="N", help="Put number 3, or 3,5-7, here.")
@click.option("--index", is_flag=True, help="Read the reference lists of all papers that are here.")
@json_option
@pass_session
@click.pass_context
def cites(
    ctx: click.Context,
    session: Session,
    ref: str,
    wanted: str | None,
    refresh: bool,
    every: bool,
    limit: int | None,
    chosen: tuple[str, ...],
    index: bool,
    as_json: bool,
) -> int:
    """References and citations of a paper: papers on the desk first, then by influence.

    The papers' own reference lists are read here, without any service. Semantic Scholar adds to
    them where the setting semantic_scholar is on; what it said is kept and shown with its date.
    """
    if index:
        _index(session.desk, as_json)
        return 0
    if not ref:
        raise UsageProblemError("Which paper?", "researchdesk cites ID, or cites --index.")
    if chosen and not wanted:
        raise UsageProblemError(
            "The numbers of which list?", "Name it: --references, --cited-by or --similar."
        )
    desk, paper = session.desk, library.get_paper(session.desk, ref)
    relations = (Relation(wanted),) if wanted else _RELATIONS
    found = _found(desk, paper, relations, refresh or every, FURTHEST if every else MOST)
    if chosen:
        return _add(ctx, found[0], chosen, as_json)
    _show(desk, library.get_paper(desk, paper.name), found, limit, as_json)
    if Relation.CITED_BY in relations and (unread := references.unread(desk)):
        diagnostics.say(
            f"Reference lists of papers here that were not read yet, and may have it: {unread:,}. "
            "researchdesk cites --index reads them."
        )
    return 0


def _found(
    desk: Desk, paper: Paper, relations: tuple[Relation, ...], refresh: bool, most: int
) -> list[Around]:
    _read_own(desk, paper, relations)
    found = [_around(desk, paper, relation, refresh, most) for relation in relations]
    diagnostics.clear_progress()
    _refuse_nothing(desk, paper.name, found)
    return found


def _show(desk: Desk, paper: Paper, found: list[Around], limit: int | None, as_json: bool) -> None:
    if not as_json:
        print_around(paper, found, limit or _SHOWN)
        for words in dict.fromkeys(state_words(item, desk.settings) for item in found):
            diagnostics.say(words)
        return
    own = paper.metadata
    told = {item.relation.value: record(item, limit) for item in found}
    head = {"id": paper.name, "title": paper.title, "venue": own.venue, "year": own.year}
    output.emit_json({**head, **told})


def _index(desk: Desk, as_json: bool) -> None:
    built = references.build(desk, diagnostics.show_progress)
    diagnostics.clear_progress()
    if as_json:
        output.emit_json(built)
        return
    output.emit(
        f"{built.kept} reference lists read now, {built.current} were read before; "
        f"{built.without} papers have no file here."
    )
    for name in built.broken:
        diagnostics.warn(f"{name}: its file cannot be read.")


def _read_own(desk: Desk, paper: Paper, relations: tuple[Relation, ...]) -> None:
    """The paper's own list, where it has a file; that it cannot be read is only told."""
    if Relation.REFERENCES not in relations:
        return
    diagnostics.show_progress("reading the paper's own list", 0, None)
    try:
        there = references.read_references(desk, paper)
    except BadInputError as error:
        diagnostics.clear_progress()
        diagnostics.warn(f"{error.message} Its own list of references is not known.")
    else:
        diagnostics.clear_progress()
        if not there:
            diagnostics.say(
                f"{paper.name} has no file here, so its own list is not known. "
                + (
                    f"Fetch it: researchdesk add {paper.name}"
                    if paper.metadata.arxiv_id
                    else "It is not from arXiv: bring its PDF in with researchdesk import FILE.pdf"
                )
            )


def _around(desk: Desk, paper: Paper, relation: Relation, refresh: bool, most: int) -> Around:
    """What is kept; asked for first where that was wished, or never was done and may be."""
    if not refresh and not citations.needs_asking(desk, paper, relation):
        return citations.around(desk, paper, relation)
    try:
        return citations.around(
            desk, paper, relation, refresh=True, most=most, progress=diagnostics.show_progress
        )
    except SourceError as error:
        kept = citations.around(desk, paper, relation)
        if refresh or not kept.works:
            raise
        diagnostics.clear_progress()
        diagnostics.warn(f"{error.message} {error.hint} What was known before is shown.")
        return kept


def _refuse_nothing(desk: Desk, name: str, found: list[Around]) -> None:
    """Where only a service could say it, and it may not be asked: how to let it be asked."""
    if len(found) == 1 and found[0].relation is Relation.SIMILAR and found[0].state is State.OFF:
        error = citations.switched_off(desk)
        hint = f"{error.hint} Papers on the desk that are like it: researchdesk similar {name}"
        raise SourceError(error.message, hint)


def _add(ctx: click.Context, found: Around, chosen: tuple[str, ...], as_json: bool) -> int:
    """Put the works of these numbers on the desk, as ``researchdesk add`` does."""
    ids: list[str] = []
    for number in _numbers(chosen):
        if not 1 <= number <= len(found.works):
            raise UsageProblemError(
                f"There is no number {number} in this list; it has {len(found.works)}.",
                "Nothing was added.",
            )
        near = found.works[number - 1]
        if near.on_desk:
            diagnostics.say(f"{near.name} is on the desk already: {near.work.title}")
        elif near.id:
            ids.append(near.id)
        else:
            where = f" Its DOI: {near.work.doi}" if near.work.doi else ""
            diagnostics.warn(f"Number {number} has no arXiv id known: {near.work.title}.{where}")
    if not ids:
        if as_json:
            output.emit_json({"papers": [], "failed": []})
        return 0
    code = ctx.invoke(acquire.add, ids=tuple(dict.fromkeys(ids)), no_pdf=False, replace=False,
                      as_json=as_json)  # fmt: skip
    return int(code or 0)


def _numbers(chosen: tuple[str, ...]) -> list[int]:
    found: list[int] = []
    for part in ",".join(chosen).replace(" ", ",").split(","):
        if not part:
            continue
        match = _CHOSEN.fullmatch(part)
        if match is None:
            raise UsageProblemError(f"{part!r} is no number.", "Numbers look like 3, 3,5 or 5-7.")
        first, last = int(match[1]), int(match[2] or match[1])
        found += range(first, min(last, first + FURTHEST) + 1)
    return found
