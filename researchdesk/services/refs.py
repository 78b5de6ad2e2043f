"""Refs: what a person names, in the one form in which it is kept."""

import re

from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.refs import as_ref, is_arxiv_id
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.library import paper_named
from researchdesk.services.run_recipes import has_claim
from researchdesk.services.runs import full_id, store_of
from researchdesk.services.shipped import shipped_metadata
from researchdesk.storage import claims

_RUN_BEGUN = re.compile(r"\d{8}-\d{6}")
_EXPERIMENT = "investigation_id = ? AND number = ? AND removed_at IS NULL"
_TABLES = {
    LinkKind.FUNNY: ("surprises", "TRUE"),
    LinkKind.NOTE: ("notes", "deleted_at IS NULL"),
    LinkKind.IDEA: ("ideas", "TRUE"),
    LinkKind.INVESTIGATION: ("investigations", "TRUE"),
    LinkKind.WATCH: ("watch_reports", "TRUE"),
}


def whole_ref(desk: Desk, text: str) -> str:
    """``text`` as ``as_ref`` has it, where it is the beginning of a run's id with the whole id.

    A paper that is called so comes first. Raises NotOnDeskError where several runs begin so.
    """
    ref = as_ref(text)
    link = ref_link(ref)
    if link is not None and link.kind is LinkKind.PAPER and paper_named(desk, link.target):
        return ref
    begun, mark, claim = ref.partition("#")
    run_id = full_id(desk, begun)
    return ref if run_id == begun else f"run:{run_id}{mark}{claim}"


def normal_ref(desk: Desk, text: str) -> str:
    """``text`` as ``Link.ref`` writes it: a paper by its id or key, a run as ``run:ID``.

    What nothing on the desk answers to stays as it is written. Raises as ``whole_ref`` does.
    """
    ref = whole_ref(desk, text)
    link = ref_link(ref)
    if link is None or link.kind is not LinkKind.PAPER:
        return ref
    paper = paper_named(desk, link.target)
    return paper.name if paper else ref


def ref_and_words(desk: Desk, text: str) -> tuple[str, str]:
    """The ref that a text begins with, ``""`` where it begins with none, and the words after it.

    A bare word is a ref only where a paper on the desk has that key, or where it begins a run's id
    with the day and the time. Raises as ``whole_ref`` does.
    """
    text = text.strip()
    first, rest = _first(text)
    ref = as_ref(first.rstrip(",;:"))
    link = ref_link(ref)
    if link is None:
        return "", text
    if link.kind is LinkKind.PAPER and not is_arxiv_id(ref):
        paper = paper_named(desk, link.target)
        if paper is None and _RUN_BEGUN.match(ref) and (run := whole_ref(desk, ref)) != ref:
            return run, rest
        return (paper.name, rest) if paper else ("", text)
    return normal_ref(desk, ref), rest


def is_here(desk: Desk, ref: str) -> bool:
    """Whether something on the desk answers to a ref; of ``run:ID#claim``, whether the run has
    that claim."""
    link = ref_link(ref)
    if link is None:
        return False
    if link.kind is LinkKind.PAPER:
        return bool(paper_named(desk, link.target) or shipped_metadata(link.target))
    db = desk.database.connection
    if link.kind is LinkKind.RUN:
        return _has_run(desk, *link.target.partition("#")[::2])
    if link.kind is LinkKind.CLAIM:
        claim = claims.by_slug(db, link.target)
        return claim is not None and not claims.is_removed(db, claim.id)
    if link.kind is LinkKind.EXPERIMENT:
        return bool(db.table("experiments").count_where(_EXPERIMENT, link.target.split(".")))
    table, kept = _TABLES[link.kind]
    return bool(db.table(table).count_where(f"id = ? AND {kept}", [link.target]))


def _has_run(desk: Desk, run_id: str, claim_id: str) -> bool:
    try:
        store_of(desk).folder_of(run_id)
        return not claim_id or has_claim(desk, run_id, claim_id)
    except DeskError:
        return False


def _first(text: str) -> tuple[str, str]:
    """The first word, or the link in brackets, and what comes after it."""
    if text.startswith("[[") and "]]" in text:
        inside, _, rest = text.partition("]]")
        return f"{inside}]]", rest.strip()
    first, _, rest = text.partition(" ")
    return first, rest.strip()
