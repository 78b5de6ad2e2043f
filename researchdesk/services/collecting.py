"""Collections: papers in an order under a name. Each change is one transaction, and taken back by
``labels.undo``.
"""

from collections.abc import Iterable

from researchdesk.domain.clock import stamp
from researchdesk.domain.labels import Change, Collection, already, label_name, papers, they_are
from researchdesk.domain.text import one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.storage import labels, labels_undo
from researchdesk.storage.database import Database

_KIND = "collection"


def collections(desk: Desk) -> list[Collection]:
    """All of them in the order of the alphabet."""
    return labels.collections(desk.database.connection)


def collection(desk: Desk, name: str) -> Collection:
    """The one of this name. Raises NotOnDeskError."""
    return _there(desk.database.connection, name)


def collections_of(desk: Desk, paper_id: int) -> list[str]:
    """Names of the collections that hold the paper."""
    return labels.collections_of(desk.database.connection, paper_id)


def papers_in(desk: Desk, name: str) -> list[tuple[int, str]]:
    """The rows of its papers on the desk, in their order, each with why it is there."""
    db = desk.database.connection
    there = _there(db, name).name
    shown = set(labels.present(db, there))
    return [(one, why) for one, _, why in labels.members(db, there) if one in shown]


def new(desk: Desk, name: str, about: str = "") -> Change:
    """Begin a collection. Raises UsageProblemError where there is one of this name."""
    name = label_name(name, _KIND)
    with desk.database.writing() as db:
        _free(db, name)
        labels.create(db, name, one_line(about), desk.clock())
        steps = [{"do": "end", "name": name}]
        return labels_undo.record(db, f"collection {name} begun", 0, steps, desk.clock())


def put_in(desk: Desk, paper_ids: Iterable[int], collection: str) -> Change:
    """Put the papers behind those that are in the collection, which is begun where there is none.

    Raises UsageProblemError for a name that cannot be one.
    """
    name = label_name(collection, _KIND)
    with desk.database.writing() as db:
        found = labels.collections(db, name)
        name = found[0].name if found else name
        rows = labels.members(db, name)
        there = {one for one, _, _ in rows}
        given = labels.known(db, list(paper_ids))
        added = [one for one in given if one not in there]
        if not added:
            return Change(0, already(len(given), f"in {name}"), 0)
        steps = [{"do": "out", "name": name, "ids": labels_undo.packed(added)}]
        if not found:
            labels.create(db, name, "", desk.clock())
            steps.append({"do": "drop", "name": name})
        first = max((place for _, place, _ in rows), default=0) + 1
        labels.put_in(db, name, [(one, n, "") for n, one in enumerate(added, first)])
        what = f"{papers(len(added))} put in {name}"
        return labels_undo.record(db, what, len(added), steps, desk.clock())


def take_out(desk: Desk, paper_ids: Iterable[int], collection: str) -> Change:
    """Take the papers out of the collection. Raises NotOnDeskError where there is none."""
    wanted = set(paper_ids)
    with desk.database.writing() as db:
        name = _there(db, collection).name
        rows = [row for row in labels.members(db, name) if row[0] in wanted]
        if not rows:
            return Change(0, f"Nothing to do: none of {papers(len(wanted))} is in {name}.", 0)
        labels.take_out(db, name, [one for one, _, _ in rows])
        steps = [{"do": "in", "name": name, "rows": rows}]
        what = f"{papers(len(rows))} taken out of {name}"
        return labels_undo.record(db, what, len(rows), steps, desk.clock())


def move(desk: Desk, paper_ids: Iterable[int], name: str, place: int) -> Change:
    """Set the papers, in the order given, so that the first stands at ``place``, from 1.

    A place beyond the end is the end. Raises NotOnDeskError for no such collection or a paper that
    is not in it.
    """
    with desk.database.writing() as db:
        name = _there(db, name).name
        rows = labels.members(db, name)
        before = [one for one, _, _ in rows]
        moved = list(dict.fromkeys(paper_ids))
        if missing := len(set(moved) - set(before)):
            raise NotOnDeskError(
                f"{they_are(missing)} not in {name}. Nothing was changed.",
                f"Put it there with: researchdesk collection add {name} ID",
            )
        moving = set(moved)
        shown = set(labels.present(db, name)) - moving
        rest = [one for one in before if one not in moving]
        at = _index(rest, shown, max(place, 1) - 1)
        after = [*rest[:at], *moved, *rest[at:]]
        if after == before or not moved:
            return Change(0, "Nothing to do: it stands there already.", 0)
        labels.place(db, name, [(one, n) for n, one in enumerate(after, 1)])
        steps = [{"do": "order", "name": name, "rows": [(one, n) for one, n, _ in rows]}]
        what = f"{papers(len(moved))} moved to place {place} in {name}"
        return labels_undo.record(db, what, len(moved), steps, desk.clock())


def rename(desk: Desk, old: str, name: str) -> Change:
    """Raises NotOnDeskError where there is none, UsageProblemError where the name is taken."""
    name = label_name(name, _KIND)
    with desk.database.writing() as db:
        found = _there(db, old)
        if found.name == name:
            return Change(0, f"The collection is called {name} already.", 0)
        if found.name.casefold() != name.casefold():
            _free(db, name)
        labels.rename(db, found.name, name)
        steps = [{"do": "rename", "was": found.name, "now": name}]
        what = f"collection {found.name} renamed {name}"
        return labels_undo.record(db, what, found.count, steps, desk.clock())


def drop(desk: Desk, name: str) -> Change:
    """Drop a collection; its papers stay on the desk. Raises NotOnDeskError."""
    with desk.database.writing() as db:
        found = _there(db, name)
        rows = labels.members(db, found.name)
        labels.drop(db, found.name)
        made = {"name": found.name, "about": found.about, "at": stamp(found.created_at)}
        steps: list[labels_undo.Step] = [
            {"do": "create", **made},
            {"do": "in", "name": found.name, "rows": rows},
        ]
        what = f"collection {found.name} of {papers(found.count)} dropped"
        return labels_undo.record(db, what, found.count, steps, desk.clock())


def _index(rest: list[int], shown: set[int], place: int) -> int:
    """Where in ``rest`` the paper stands that has ``place`` others before it that are shown."""
    seen = 0
    for index, one in enumerate(rest):
        if seen == place:
            return index
        seen += one in shown
    return len(rest)


def _there(db: Database, name: str) -> Collection:
    wanted = label_name(name, _KIND)
    found = labels.collections(db, wanted)
    if not found:
        raise NotOnDeskError(
            f"There is no collection {wanted}.", "See: researchdesk collection list"
        )
    return found[0]


def _free(db: Database, name: str) -> None:
    if found := labels.collections(db, name):
        raise UsageProblemError(
            f"There is a collection {found[0].name} already. Nothing was changed.",
            "Choose another name.",
        )
