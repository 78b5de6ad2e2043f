"""Claims of papers: suggested, accepted, added, listed, removed."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.marking import emit_marked
from researchdesk.domain.claims import ClaimCandidate, PaperClaim
from researchdesk.domain.clock import local_minute
from researchdesk.errors import NotOnDeskError
from researchdesk.services import claims, documents, library, version_marks

_slug = click.argument("slug", metavar="CLAIM")


@click.group()
def claim() -> None:
    """Keep the claims of papers. Nothing becomes a claim by itself."""


@claim.command()
@click.argument("ref", metavar="ID")
@click.option("--limit", type=NUMBER, default=40, show_default=True)
@json_option
@pass_session
def suggest(session: Session, ref: str, limit: int, as_json: bool) -> None:
    """List printed numbers that may be claims, the likeliest first; "claim accept" takes them."""
    paper = library.get_paper(session.desk, ref)
    found = documents.candidates_of(session.desk, paper)
    shown = list(enumerate(found[:limit], start=1))
    if as_json:
        records = [
            {"number": number, **output.plain(item), "text": item.text} for number, item in shown
        ]
        output.emit_json({"paper": paper.name, "total": len(found), "candidates": records})
        return
    if not found:
        diagnostics.say(
            f"No number of {paper.name} looks like a claim. "
            f'Keep one of your own: researchdesk claim add {paper.name} "…"'
        )
        return
    rows = [(str(number), _place(item), item.text) for number, item in shown]
    output.emit_table(("no.", "place", "claim"), rows)
    if len(found) > limit:
        diagnostics.say(f"{limit} of {len(found)}; more with --limit {len(found)}")


@claim.command()
@click.argument("ref", metavar="ID")
@click.argument("numbers", nargs=-1, required=True, type=NUMBER, metavar="N...")
@json_option
@pass_session
def accept(session: Session, ref: str, numbers: tuple[int, ...], as_json: bool) -> None:
    """Take candidates as claims, by the numbers that "claim suggest" gives them."""
    paper = library.get_paper(session.desk, ref)
    found = documents.candidates_of(session.desk, paper)
    missing = [number for number in numbers if number > len(found)]
    if missing:
        raise NotOnDeskError(
            f"{paper.name} has {len(found)} candidates, and no number {missing[0]}. "
            "Nothing was kept.",
            f"See them with: researchdesk claim suggest {paper.name}",
        )
    chosen = dict.fromkeys(numbers)
    _told([claims.accept(session.desk, paper, found[number - 1]) for number in chosen], as_json)


@claim.command()
@click.argument("ref", metavar="ID")
@click.argument("text")
@click.option("--metric", default="", help="What is measured: accuracy, BLEU …")
@click.option("--dataset", default="", help="On what.")
@click.option("--value", type=float, help="The number.")
@click.option("--spread", type=float, help="What follows the ±.")
@click.option("--unit", default="")
@click.option("--page", type=NUMBER, help="The page, from 1.")
@click.option("--quote", default="", help="The paper's words.")
@click.option("--where", default="", help="The place in words, as Table 2.")
@json_option
@pass_session
def add(
    session: Session,
    ref: str,
    text: str,
    metric: str,
    dataset: str,
    value: float | None,
    spread: float | None,
    unit: str,
    page: int | None,
    quote: str,
    where: str,
    as_json: bool,
) -> None:
    """Keep a claim in your own words."""
    paper = library.get_paper(session.desk, ref)
    kept = claims.add_claim(
        session.desk,
        paper,
        text,
        metric=metric,
        dataset=dataset,
        value=value,
        spread=spread,
        unit=unit,
        page=page,
        quote=quote,
        where=where,
    )
    _told([kept], as_json)


@claim.command("list")
@click.argument("ref", metavar="[ID]", required=False)
@json_option
@pass_session
def list_(session: Session, ref: str | None, as_json: bool) -> None:
    """List the claims of a paper, or of all."""
    paper = library.get_paper(session.desk, ref) if ref else None
    found = claims.claims_of(session.desk, paper)
    marks = version_marks.marks_of(session.desk, [(i.paper_id, i.version) for i in found])
    if as_json:
        names = library.names_of(session.desk, (item.paper_id for item in found))
        records = [
            {
                **output.plain(item),
                "paper": names.get(item.paper_id),
                "mark": marks.get((item.paper_id, item.version)),
            }
            for item in found
        ]
        output.emit_json({"claims": records})
        return
    if not found:
        diagnostics.say("No claims yet. See candidates with: researchdesk claim suggest ID")
        return
    rows = [(item.slug, _place(item), item.text) for item in found]
    said = [marks.get((item.paper_id, item.version)) for item in found]
    emit_marked(("claim", "place", "text"), rows, said)


@claim.command()
@_slug
@click.argument("text")
@pass_session
def edit(session: Session, slug: str, text: str) -> None:
    """Say a claim in other words; value, quote and place stay, earlier words are kept."""
    kept = claims.reword_claim(session.desk, slug, text)
    diagnostics.say(f"Claim {kept.slug} says: {kept.text}")


@claim.command()
@_slug
@json_option
@pass_session
def revisions(session: Session, slug: str, as_json: bool) -> None:
    """List what a claim said, oldest first."""
    found = claims.revisions(session.desk, slug)
    if as_json:
        output.emit_json({"claim": slug, "revisions": found})
        return
    for state in found:
        output.emit(f"{local_minute(state.saved_at)}  {state.text}")


@claim.command()
@_slug
@pass_session
def rm(session: Session, slug: str) -> None:
    """Remove a claim; "claim restore" brings it back."""
    gone = claims.remove_claim(session.desk, slug)
    diagnostics.say(f"Claim {gone.slug} removed. Undo: researchdesk claim restore {gone.slug}")


@claim.command()
@_slug
@pass_session
def restore(session: Session, slug: str) -> None:
    """Bring a removed claim back."""
    back = claims.restore_claim(session.desk, slug)
    diagnostics.say(f"Claim {back.slug} is back.")


def _told(kept: list[PaperClaim], as_json: bool) -> None:
    if as_json:
        output.emit_json({"claims": kept})
        return
    for item in kept:
        output.emit(item.slug)
        diagnostics.say(f"Claim {item.slug} kept: {item.text}")


def _place(item: ClaimCandidate | PaperClaim) -> str:
    page = f"p. {item.page}" if item.page else ""
    return ", ".join(filter(None, (item.where, page)))
