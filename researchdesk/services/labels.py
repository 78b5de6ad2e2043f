"""Tags, stars, priorities, removal: for any number of papers at once, and taken back again.

Each change is one transaction. Papers are named by their rows; those that are no paper are passed
over.
"""

from collections.abc import Iterable, Sequence

from researchdesk.domain.labels import (
    HIGHEST_PRIORITY,
    MOST_STARS,
    Change,
    already,
    label_name,
    papers,
)
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import collecting
from researchdesk.services.desk import Desk
from researchdesk.storage import labels, labels_undo

put_in = collecting.put_in
take_out = collecting.take_out
collections = collecting.collections
_LISTED = "See: researchdesk undo --list"


def tag(desk: Desk, paper_ids: Iterable[int], tags: Iterable[str]) -> Change:
    """Give the papers these tags. Raises UsageProblemError for a name that cannot be one."""
    return _tagging(desk, paper_ids, tags, "untag", "tagged {}")


def untag(desk: Desk, paper_ids: Iterable[int], tags: Iterable[str]) -> Change:
    """Take these tags off the papers."""
    return _tagging(desk, paper_ids, tags, "tag", "no longer tagged {}")


def rename_tag(desk: Desk, old: str, new: str) -> Change:
    """Give a tag another name; where papers have that one already, the two become one.

    Raises NotOnDeskError where there is no such tag.
    """
    old, new = label_name(old), label_name(new)
    with desk.database.writing() as db:
        had = labels.tagged(db, old)
        if not had:
            raise NotOnDeskError(f"There is no tag {old}.", "See: researchdesk tag list")
        old = labels.spelled(db, old)
        respelled = old.casefold() == new.casefold()
        new = new if respelled else labels.spelled(db, new)
        if old == new:
            return Change(0, f"The tag is called {new} already.", 0)
        labels.take_tag(db, old, had)
        added = labels.add_tag(db, new, had)
        steps = [
            {"do": "untag", "tag": new, "ids": labels_undo.packed(added)},
            {"do": "tag", "tag": old, "ids": labels_undo.packed(had)},
        ]
        what = f"tag {old} renamed {new} on {papers(len(had))}"
        return labels_undo.record(db, what, len(had), steps, desk.clock())


def tags_of(desk: Desk, paper_id: int) -> list[str]:
    """The paper's tags in the order of the alphabet."""
    return labels.tags_of(desk.database.connection, paper_id)


def all_tags(desk: Desk) -> list[tuple[str, int]]:
    """Every tag with how many papers of the desk have it, in the order of the alphabet."""
    return labels.all_tags(desk.database.connection)


def set_stars(desk: Desk, paper_ids: Iterable[int], stars: int) -> Change:
    """Give the papers 0 to 5 stars. Raises UsageProblemError for another number."""
    return mark(desk, paper_ids, stars=stars)


def set_priority(desk: Desk, paper_ids: Iterable[int], priority: int) -> Change:
    """Give the papers a priority, 0 (none) to 3 (read next).

    Raises UsageProblemError for another number.
    """
    return mark(desk, paper_ids, priority=priority)


def mark(
    desk: Desk, paper_ids: Iterable[int], stars: int | None = None, priority: int | None = None
) -> Change:
    """Give the papers stars, a priority, or both, as one change; None leaves them as they are.

    Raises UsageProblemError for another number.
    """
    wanted: list[tuple[labels.Mark, int]] = []
    said = []
    if stars is not None:
        _within(stars, MOST_STARS, "Stars")
        wanted.append(("stars", stars))
        said.append("no stars" if stars == 0 else "1 star" if stars == 1 else f"{stars} stars")
    if priority is not None:
        _within(priority, HIGHEST_PRIORITY, "A priority")
        wanted.append(("priority", priority))
        said.append(f"priority {priority}" if priority else "no priority")
    return _marking(desk, list(paper_ids), wanted, f"given {' and '.join(said)}")


def remove_papers(desk: Desk, paper_ids: Iterable[int]) -> Change:
    """Take the papers off the desk's lists. Their notes and files stay."""
    with desk.database.writing() as db:
        wanted = labels.on_desk(db, list(paper_ids))
        if not wanted:
            return Change(0, "No paper of these is on the desk.", 0)
        labels.set_removed(db, wanted, desk.clock())
        steps = [{"do": "restore", "ids": labels_undo.packed(wanted)}]
        what = f"{papers(len(wanted))} taken off the desk"
        return labels_undo.record(db, what, len(wanted), steps, desk.clock())


def changes(desk: Desk, limit: int = 20) -> list[Change]:
    """The last changes of the library, the newest first, those that were taken back too."""
    return labels_undo.changes(desk.database.connection, limit)


def next_back(desk: Desk) -> Change | None:
    """The last change that was not taken back; None where there is none."""
    db = desk.database.connection
    number = labels_undo.last(db)
    return None if number is None else labels_undo.get(db, number)


def change_of(desk: Desk, change_id: int) -> Change:
    """The change of this number. Raises NotOnDeskError."""
    change = labels_undo.get(desk.database.connection, change_id)
    if change is None:
        raise NotOnDeskError(f"There is no change {change_id}.", _LISTED)
    return change


def undo(desk: Desk, change_id: int) -> Change:
    """Take back this change, which need not be the last.

    Raises NotOnDeskError where there is none of this number, UsageProblemError where it was taken
    back already, or things are no longer as it left them; then nothing is changed.
    """
    with desk.database.writing() as db:
        change = change_of(desk, change_id)
        if change.undone_at is not None:
            raise UsageProblemError(
                f"Change {change_id} ({change.what}) was taken back already.", _LISTED
            )
        try:
            labels_undo.take_back(db, change_id, desk.clock())
        except labels_undo.StaleError as error:
            raise UsageProblemError(
                f"Change {change_id} ({change.what}) cannot be taken back: {error}. "
                "Nothing was changed.",
                "Take later changes back first: researchdesk undo --list shows them.",
            ) from error
        return change_of(desk, change_id)


def redo_last(desk: Desk) -> Change | None:
    """Make the change again that was taken back last; None where there is none, as after any new
    change. Raises as ``redo``."""
    with desk.database.writing() as db:
        number = labels_undo.last_undone(db)
        return None if number is None else redo(desk, number)


def redo(desk: Desk, change_id: int) -> Change:
    """Make a change again that was taken back.

    Raises NotOnDeskError where there is none of this number, UsageProblemError where it was not
    taken back, is an import or a merge, or things are no longer as they were when it was taken
    back; then nothing is changed.
    """
    with desk.database.writing() as db:
        change = change_of(desk, change_id)
        if change.undone_at is None:
            raise UsageProblemError(
                f"Change {change_id} ({change.what}) was not taken back.", _LISTED
            )
        told = f"Change {change_id} ({change.what}) cannot be made again"
        if not labels_undo.can_redo(db, change_id):
            raise UsageProblemError(
                f"{told}: what an import or a merge wrote is not kept once it is taken back. "
                "Nothing was changed.",
                "Import the file, or merge the papers, once more.",
            )
        try:
            labels_undo.redo(db, change_id, desk.clock())
        except labels_undo.StaleError as error:
            raise UsageProblemError(f"{told}: {error}. Nothing was changed.", _LISTED) from error
        return change_of(desk, change_id)


def _tagging(
    desk: Desk,
    paper_ids: Iterable[int],
    tags: Iterable[str],
    back: str,
    said: str,
) -> Change:
    names = list({name.casefold(): name for name in map(label_name, _several(tags))}.values())
    if not names:
        raise UsageProblemError("No tag was named.", "Nothing was changed.")
    doing = labels.add_tag if back == "untag" else labels.take_tag
    with desk.database.writing() as db:
        names = [labels.spelled(db, name) for name in names]
        wanted = labels.known(db, list(paper_ids))
        changed = {name: found for name in names if (found := doing(db, name, wanted))}
        touched = len(set[int]().union(*changed.values()))
        told = said.format(", ".join(changed or names))
        if not touched:
            return Change(0, already(len(wanted), told), 0)
        steps = [
            {"do": back, "tag": name, "ids": labels_undo.packed(found)}
            for name, found in changed.items()
        ]
        what = f"{papers(touched)} {told}"
        return labels_undo.record(db, what, touched, steps, desk.clock())


def _marking(
    desk: Desk, paper_ids: list[int], wanted: Sequence[tuple[labels.Mark, int]], said: str
) -> Change:
    with desk.database.writing() as db:
        same: set[int] = set()
        changed: set[int] = set()
        steps: list[labels_undo.Step] = []
        for kind, value in wanted:
            by_value = labels.marks(db, kind, paper_ids)
            same.update(by_value.pop(value, []))
            others = [one for ids in by_value.values() for one in ids]
            labels.set_mark(db, kind, others, value)
            changed.update(others)
            head = {"do": "mark", "mark": kind, "now": value}
            steps += [
                {**head, "was": was, "ids": labels_undo.packed(ids)}
                for was, ids in by_value.items()
            ]
        if not changed:
            return Change(0, already(len(same), said), 0)
        what = f"{papers(len(changed))} {said}"
        return labels_undo.record(db, what, len(changed), steps, desk.clock())


def _several(names: Iterable[str]) -> Sequence[str]:
    return (names,) if isinstance(names, str) else tuple(names)


def _within(number: int, most: int, spoken: str) -> None:
    if not 0 <= number <= most:
        raise UsageProblemError(
            f"{spoken} of {number}: it is 0 to {most}. Nothing was changed.", "0 takes it away."
        )
