"""What notes link to, and which notes link back."""

from researchdesk.domain.links import Link, LinkKind, misshapen, normal_target
from researchdesk.domain.links import links_in as links_in
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError, UsageProblemError
from researchdesk.services.claims import get_claim
from researchdesk.services.desk import Desk
from researchdesk.services.runs import get_run
from researchdesk.services.shipped import shipped_metadata
from researchdesk.storage import notes, papers, surprises

_LONGEST = 80


def parse_link(text: str) -> Link:
    """The link of what stands between ``[[`` and ``]]``. Raises UsageProblemError."""
    bare = text.strip().removeprefix("[[").removesuffix("]]")
    found = links_in(f"[[{bare}]]")
    if not found:
        raise UsageProblemError(
            f"{text!r} is no link.",
            "Links are [[1412.6980]], [[claim:…]], [[run:…]], [[funny:3]] and [[note:5]].",
        )
    return found[0]


def title_of(desk: Desk, link: Link) -> str:
    """What a link leads to, in a line; ``""`` where there is nothing of this name on the desk."""
    look = {
        LinkKind.PAPER: _paper_title,
        LinkKind.CLAIM: lambda desk, target: get_claim(desk, target).text,
        LinkKind.RUN: _run_title,
        LinkKind.FUNNY: _surprise_text,
        LinkKind.NOTE: _note_text,
    }[link.kind]
    try:
        line = one_line(look(desk, link.target))
    except (DeskError, LookupError):
        return ""
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def leading_nowhere(desk: Desk, text: str) -> tuple[str, ...]:
    """The links of a text, as written, that nothing on the desk answers to; yet they are kept."""
    dead = [text[link.start : link.end] for link in links_in(text) if not title_of(desk, link)]
    return tuple(dict.fromkeys((*dead, *misshapen(text))))


def backlinks(desk: Desk, kind: LinkKind | str, target: str) -> list[Note]:
    """The notes that link to this paper, claim, run, surprise or note, oldest first.

    ``target`` is an id, key, slug or number; a paper is found by its id and by its key.
    """
    kind = LinkKind(kind)
    named = normal_target(kind, target.strip())
    if not named:
        return []
    targets: tuple[str, ...] = (named,)
    paper = paper_named(desk, named) if kind is LinkKind.PAPER else None
    if paper is not None:
        targets = (paper.metadata.arxiv_id or named, paper.key.casefold())
    return notes.linking(desk.database.connection, kind, targets)


def paper_named(desk: Desk, target: str) -> Paper | None:
    """The paper on the desk that a link to a paper means; None where there is none."""
    db = desk.database.connection
    paper = papers.find(db, arxiv_id=target) or papers.find(db, key=target)
    return None if paper is None or papers.is_removed(db, paper.id) else paper


def _paper_title(desk: Desk, target: str) -> str:
    paper = paper_named(desk, target)
    words = paper.metadata if paper else shipped_metadata(target)
    return words.title if words else ""


def _run_title(desk: Desk, target: str) -> str:
    run = get_run(desk, target)
    return f"{run.recipe}: {run.verdict or run.state}"


def _surprise_text(desk: Desk, target: str) -> str:
    found = surprises.all_surprises(desk.database.connection)
    return next((item.text for item in found if item.id == int(target)), "")


def _note_text(desk: Desk, target: str) -> str:
    db = desk.database.connection
    note = notes.get(db, int(target))
    return "" if notes.is_deleted(db, note.id) else note.text or note.quote
