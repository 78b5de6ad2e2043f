"""What notes link to, and which notes link back."""

from collections.abc import Iterable
from contextlib import suppress

from researchdesk.domain.evidence import Standing
from researchdesk.domain.links import Link, LinkKind, misshapen, normal_target, ref_link
from researchdesk.domain.links import links_in as links_in
from researchdesk.domain.reading import Note
from researchdesk.domain.refs import is_arxiv_id
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.library import paper_named
from researchdesk.storage import notes, papers


def parse_link(text: str) -> Link:
    """The link of what stands between ``[[`` and ``]]``. Raises UsageProblemError."""
    bare = text.strip().removeprefix("[[").removesuffix("]]")
    found = links_in(f"[[{bare}]]")
    if not found:
        raise UsageProblemError(
            f"{text!r} is no link.",
            "Links are [[1412.6980]], [[claim:…]], [[run:…]], [[funny:3]], [[note:5]], [[idea:2]], "
            "[[investigation:1]], [[experiment:1.2]] and [[watch:4]].",
        )
    return found[0]


def title_of(desk: Desk, link: Link) -> str:
    """What a link leads to, in a line; ``""`` where there is nothing of this name on the desk."""
    from researchdesk.services.evidence import state_of  # noqa: PLC0415 - slow, and few notes link

    state = state_of(desk, link.ref)
    return "" if state.standing is Standing.GONE else state.title


def leading_nowhere(desk: Desk, text: str) -> tuple[str, ...]:
    """The links of a text, as written, that nothing on the desk answers to; yet they are kept."""
    dead = [text[link.start : link.end] for link in links_in(text) if not title_of(desk, link)]
    return tuple(dict.fromkeys((*dead, *misshapen(text))))


def in_full(desk: Desk, dead: Iterable[str]) -> tuple[str, ...]:
    """Those of these links, as written, that begin a run's id, with the whole id."""
    from researchdesk.services.refs import whole_ref  # noqa: PLC0415 - slow, and few links are dead

    found = []
    for text in dead:
        link = ref_link(text.removeprefix("[[").removesuffix("]]"))
        if link is None or link.kind is not LinkKind.RUN:
            continue
        with suppress(NotOnDeskError):  # several begin so
            whole = whole_ref(desk, link.ref)
            found += [f"[[{whole}]]"] if whole != link.ref else []
    return tuple(found)


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
        names = papers.names_of(desk.database.connection, paper.id)
        targets = tuple(name if is_arxiv_id(name) else name.casefold() for name in names)
    return notes.linking(desk.database.connection, kind, targets)
