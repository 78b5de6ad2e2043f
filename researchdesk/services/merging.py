"""One paper in two records: proposed, shown side by side, merged, and two again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from researchdesk.domain.labels import Change
from researchdesk.domain.merging import Proposal as Proposal
from researchdesk.domain.merging import SideBySide as SideBySide
from researchdesk.domain.merging import lines_of, rather_kept
from researchdesk.domain.papers import Paper
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.merge_proposing import find_new, rules
from researchdesk.storage import labels_undo, merge_actions, merge_proposals, merging, papers
from researchdesk.storage.database import Database

_FILLED = ("abstract", "comment", "journal_ref", "venue")
_LISTS = ("authors", "categories")
_ARXIVS = (
    "version",
    "updated",
    "latest_version",
    "withdrawn_version",
    "withdrawn_why",
    "synced_at",
)


def propose(desk: Desk) -> list[Proposal]:
    """Look for papers that may be one, and propose those pairs that were not proposed before.

    A matter of seconds at 100,000 papers: for a worker. Gives the new ones.
    """
    found = find_new(desk)
    if found:
        with desk.database.writing() as db:
            merge_proposals.insert(db, found, desk.clock())
    new = {(one, other) for one, other, _ in found}
    db = desk.database.connection
    return [_proposal(db, *row) for row in merge_proposals.still_open(db) if row[:2] in new]


def proposals(desk: Desk, limit: int | None = None) -> list[Proposal]:
    """Those that wait for a decision, the oldest first; at most ``limit``."""
    db = desk.database.connection
    return [_proposal(db, *row) for row in merge_proposals.still_open(db)[:limit]]


def waiting(desk: Desk) -> dict[tuple[int, int], str]:
    """The rows of the pairs that wait for a decision, with the reason, the oldest first.

    One query, however many there are; which record would be kept is not looked at.
    """
    found = merge_proposals.still_open(desk.database.connection)
    return {(one, other): why for one, other, why, _ in found}


def count_proposals(desk: Desk) -> int:
    """How many wait for a decision."""
    return len(merge_proposals.still_open(desk.database.connection))


def side_by_side(desk: Desk, one: Paper, other: Paper, keep: int | None = None) -> SideBySide:
    """What both records say. The one kept stands first: that of the row ``keep``, else arXiv's,
    else the one on which more hangs."""
    db = desk.database.connection
    kept, rest = _in_order(db, one, other)
    if keep == rest.id:
        kept, rest = rest, kept
    first, second = (merge_proposals.belongings(db, paper.id) for paper in (kept, rest))
    return SideBySide(kept, rest, lines_of(kept, rest, first, second), _hindrance(kept, rest))


def merge(desk: Desk, keep_id: int, other_id: int) -> Change:
    """Make two papers one: all that hangs on the other comes to the kept one, in one transaction.

    The other row stays, off the lists; its id and key lead to the kept paper. Files of the record
    that is not arXiv's are counted as versions from 1001 on, so that no note comes to be of
    another text. Raises UsageProblemError where both are one row, or two papers of arXiv's,
    NotOnDeskError where one is not on the desk.
    """
    with desk.database.writing() as db:
        kept, other = (_on_desk(db, number) for number in (keep_id, other_id))
        if hindrance := _hindrance(kept, other):
            raise UsageProblemError(
                f"{hindrance} Nothing was changed.",
                "Merge the other way round, or say that they are two: researchdesk merge refuse",
            )
        changes = list(_merged(desk, db, kept, other))
        what = f"{other.name} became part of {kept.name}"
        step = {"do": "unmerge", "kept": kept.id, "other": other.id, "changes": changes}
        return labels_undo.record(db, what, 2, [step], desk.clock())


def unmerge(desk: Desk, change_id: int | None = None) -> Change:
    """Take a merge back, the last one unless named: both papers are as they were.

    What was written on the kept one since stays with it. Raises NotOnDeskError where there is no
    such merge, UsageProblemError where it cannot be taken back; then nothing is changed.
    """
    with desk.database.writing() as db:
        found = merge_actions.last(db) if change_id is None else merge_actions.get(db, change_id)
        if found is None:
            raise NotOnDeskError("There is no merge to take back.", "See: researchdesk undo --list")
        number, what = found
        try:
            merging.take_back(db, merge_actions.step(db, number))
        except merging.NotAsItWasError as error:
            raise UsageProblemError(
                f"That {what} cannot be taken back: {error}. Nothing was changed.",
                "Take later merges back first.",
            ) from error
        merge_actions.set_undone(db, number, desk.clock())
        return Change(number, what, 2, desk.clock(), desk.clock())


def refuse(desk: Desk, one_id: int, other_id: int) -> None:
    """Keep that two papers are two: they are not proposed again."""
    with desk.database.writing() as db:
        one, other = (_on_desk(db, number) for number in (one_id, other_id))
        if one.id == other.id:
            raise UsageProblemError(
                "That is one paper already. Nothing was changed.",
                "Name two papers: researchdesk merge propose lists pairs.",
            )
        merge_proposals.set_state(db, one.id, other.id, "refused", desk.clock())


def unrefuse(desk: Desk, one_id: int, other_id: int) -> None:
    """Take a refusal back: the pair waits for a decision again."""
    with desk.database.writing() as db:
        if merge_proposals.state(db, one_id, other_id) != "refused":
            raise NotOnDeskError("That pair was not refused.", "See: researchdesk merge list")
        merge_proposals.set_state(db, one_id, other_id, "proposed", desk.clock())


def _proposal(db: Database, one: int, other: int, why: str, at: datetime) -> Proposal:
    kept, rest = _in_order(db, papers.by_id(db, one), papers.by_id(db, other))
    return Proposal(kept, rest, why, at)


def _in_order(db: Database, one: Paper, other: Paper) -> tuple[Paper, Paper]:
    first, second = merge_proposals.belongings(db, one.id), merge_proposals.belongings(db, other.id)
    return (one, other) if rather_kept(one, other, first, second) else (other, one)


def _on_desk(db: Database, number: int) -> Paper:
    if papers.is_removed(db, number):
        raise NotOnDeskError("One of the papers is not on the desk.", "Add it again first.")
    return papers.by_id(db, number)


def _hindrance(one: Paper, other: Paper) -> str:
    """Why two papers cannot be one."""
    if one.id == other.id:
        return "That is one paper already."
    first, second = one.metadata.arxiv_id, other.metadata.arxiv_id
    if first and second:
        return f"{first} and {second} are two papers of arXiv's."
    return ""


def _merged(desk: Desk, db: Database, kept: Paper, other: Paper) -> Iterator[dict[str, Any]]:
    """Do it, and give every change in its order."""
    moment = desk.clock()
    names = [*papers.names_of(db, kept.id), *papers.names_of(db, other.id)]
    yield from merging.settle(db, (kept.id, other.id), "merged", moment)
    yield from merge_actions.keep_record(db, other, moment)
    yield from _room(db, kept, other)
    gone = {"merged_into": kept.id, "removed_at": merge_actions.at(moment), "arxiv_id": None}
    if not other.metadata.arxiv_id or kept.metadata.arxiv_id:
        del gone["arxiv_id"]
    row = dict(db.table("papers").get(other.id))
    yield from merging.write(db, other.id, gone)
    yield from merging.write(db, kept.id, _filled(dict(db.table("papers").get(kept.id)), row))
    yield from merging.rename(db, names, papers.by_id(db, kept.id).name)


def _room(db: Database, kept: Paper, other: Paper) -> Iterator[dict[str, Any]]:
    """Move all that hangs on the other; versions that are not arXiv's are counted elsewhere."""
    if other.metadata.arxiv_id:
        yield from merging.shift(db, kept.id, merging.room_above(db, other.id))
        yield from merging.move(db, other.id, kept.id, 0)
    else:
        yield from merging.move(db, other.id, kept.id, merging.room_above(db, kept.id))


def _filled(kept: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What the kept row comes to say: its own words, and of the other's what it lacks."""
    new = {name: other[name] for name in _FILLED if not kept[name]}
    new |= {name: other[name] for name in _LISTS if kept[name] in ("", "[]")}
    new |= {name: max(kept[name], other[name]) for name in ("stars", "priority")}
    if not kept["year"]:
        new |= {"year": other["year"], "published": other["published"]}
    if other["doi"] and (not kept["doi"] or _is_preprints(kept["doi"])):
        new["doi"] = other["doi"]
    if other["arxiv_id"] and not kept["arxiv_id"]:
        new |= {"arxiv_id": other["arxiv_id"]} | {name: other[name] for name in _ARXIVS}
    return new


def _is_preprints(doi: str) -> bool:
    prefixes: Sequence[str] = rules().preprint_dois
    return doi.lower().startswith(tuple(prefixes))
