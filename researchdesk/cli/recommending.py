"""What to read next, and what is like a paper."""

from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.recommending import Basis, Recommended, Suggestion, Word
from researchdesk.services import library, recommending

_IN_TABLE = 3


@click.command()
@click.option("--tag", default="", metavar="TAG", help="What is like the papers with this tag.")
@click.option("--limit", default=20, show_default=True, type=NUMBER)
@click.option("--why", is_flag=True, help="The words that speak for and against each paper.")
@click.option("--unread", is_flag=True, help="Only papers of the desk over which no pass is begun.")
@click.option("--all", "everything", is_flag=True, help="Also papers read, starred or noted.")
@json_option
@pass_session
def recommend(
    session: Session,
    tag: str,
    limit: int,
    why: bool,
    unread: bool,
    everything: bool,
    as_json: bool,
) -> None:
    """List what to read next, the best first: papers not read yet, and feed entries that wait.

    Papers with a pass finished with "go on", stars, notes, a high priority, and feed entries kept
    speak for what is like them; papers dropped and entries refused speak against. The rest of the
    desk is what they stand out from. Papers that were read, have stars or notes, or the tag asked
    for, are what the others are ranked by: with --all they are listed, too.
    """
    found = recommending.recommend(
        session.desk,
        tag=tag,
        limit=limit,
        unread=unread,
        everything=everything,
        progress=_progress,
    )
    diagnostics.clear_progress()
    if as_json:
        output.emit_json(_record(found))
        return
    _tell(found, why, "for and against")
    if found.why_none == recommending.NOTHING_LEFT:
        diagnostics.say("See these, too: researchdesk recommend --all")
    if found.basis and found.suggestions:
        diagnostics.say(_basis(found.basis, found.tag))


@click.command()
@click.argument("ref", metavar="ID")
@click.option("--limit", default=20, show_default=True, type=NUMBER)
@click.option("--why", is_flag=True, help="The words that each paper has in common with it.")
@json_option
@pass_session
def similar(session: Session, ref: str, limit: int, why: bool, as_json: bool) -> None:
    """List the papers of the desk that are most like this one, by their words; read ones too."""
    paper = library.get_paper(session.desk, ref)
    found = recommending.similar(session.desk, paper.id, limit, _progress)
    diagnostics.clear_progress()
    if as_json:
        output.emit_json({"to": paper.name, **_record(found)})
        return
    _tell(found, why, "words of both")


def _progress(words: str) -> None:
    diagnostics.show_progress(words, 0, None)


def _record(found: Recommended) -> dict[str, Any]:
    basis = found.basis
    return {
        "papers": [_suggestion(item) for item in found.suggestions],
        "tag": found.tag,
        "basis": basis,
        "why_none": found.why_none,
    }


def _suggestion(item: Suggestion) -> dict[str, Any]:
    return {
        "id": item.name,
        "title": item.title,
        "authors": item.authors,
        "year": item.year,
        "score": round(item.score, 4),
        "status": item.status,
        "abstract": item.abstract,
        "entry": item.entry_id,
        "for": [_word(word) for word in item.words_for],
        "against": [_word(word) for word in item.words_against],
    }


def _word(word: Word) -> dict[str, Any]:
    return {"word": word.text, "share": round(word.share, 4)}


def _tell(found: Recommended, why: bool, words: str) -> None:
    if not found.suggestions:
        diagnostics.say(found.why_none)
        return
    if not why:
        rows = [_row(item) for item in found.suggestions]
        output.emit_table(("id", "score", "reading", words, "title"), rows)
        return
    for item in found.suggestions:
        output.emit(f"{item.name}  {item.score:.2f}  {item.status}  {item.title}")
        if item.words_for:
            output.emit(f"    for      {_spoken(item.words_for, '+')}")
        if item.words_against:
            output.emit(f"    against  {_spoken(item.words_against, '-')}")


def _row(item: Suggestion) -> tuple[str, ...]:
    said = [f"+{word.text}" for word in item.words_for[:_IN_TABLE]]
    said += [f"-{word.text}" for word in item.words_against[:1]]
    return (item.name, f"{item.score:.2f}", item.status, " ".join(said), item.title)


def _spoken(words: tuple[Word, ...], sign: str) -> str:
    return "  ".join(f"{sign}{word.text} {abs(word.share):.2f}" for word in words)


def _basis(basis: Basis, tag: str) -> str:
    liked = f"{basis.liked} with the tag {tag}" if tag else f"{basis.liked} liked"
    return (
        f"By {basis.method.value}: {liked}, {basis.not_liked} not liked, {basis.background} others."
    )
