"""Changes of the library taken back, and made again."""

import sys

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.clock import local_minute
from researchdesk.domain.labels import Change, papers
from researchdesk.errors import UsageProblemError
from researchdesk.services import labels

_number = click.argument("number", type=NUMBER, required=False, metavar="[CHANGE]")


@click.command()
@_number
@click.option("--list", "listed", is_flag=True, help="List the last changes instead.")
@click.option("--limit", type=NUMBER, default=20, show_default=True, help="With --list.")
@click.option("--yes", is_flag=True, help="Take a big change back without asking.")
@json_option
@pass_session
def undo(
    session: Session, number: int | None, listed: bool, limit: int, yes: bool, as_json: bool
) -> None:
    """Take the last change of the library back: tags, collections, stars, priority, smart lists,
    imports, merges, reading lists.

    Again, it takes back the one before; --list shows them in that order. With CHANGE, the number
    of one in --list, that one is taken back, where later changes do not stand on it. An import, a
    merge, a reading list and a change of many papers are asked about first.

    researchdesk redo makes what was taken back again.
    """
    if listed:
        _list(labels.changes(session.desk, limit), as_json)
        return
    found = labels.change_of(session.desk, number) if number else labels.next_back(session.desk)
    if found is None or not (yes or _agreed(found)):
        _tell(None, "undone", as_json)
        diagnostics.say("Nothing was changed." if found else "There is nothing to take back.")
        return
    change = labels.undo(session.desk, found.id)
    _tell(change, "undone", as_json)
    diagnostics.say(f"Taken back: {change.what}.")


@click.command()
@_number
@json_option
@pass_session
def redo(session: Session, number: int | None, as_json: bool) -> None:
    """Make the change of the library again that was taken back last.

    Again, it makes the one taken back before that. Once something new was changed, only a CHANGE
    that is named, by its number in undo --list, is made again. Imports and merges are not: import
    the file, or merge the papers, once more.
    """
    desk = session.desk
    change = labels.redo(desk, number) if number else labels.redo_last(desk)
    _tell(change, "redone", as_json)
    if change is None:
        diagnostics.say("Nothing was taken back since the last change.")
    else:
        diagnostics.say(f"Made again: {change.what}.")


def _agreed(change: Change) -> bool:
    """Whether to go on: True for a small change, the answer for a big one.

    Raises UsageProblemError where nobody can be asked.
    """
    if not change.big or change.undone_at is not None:
        return True
    told = f"change {change.id} of {_when(change)}: {change.what}"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageProblemError(
            f"This would take back {told}. It is a big one, so nothing was changed yet.",
            f"Take it back with: researchdesk undo {change.id} --yes",
        )
    diagnostics.say(f"This takes back {told} ({papers(change.count)}).")
    return click.confirm("Take it back?", err=True)


def _when(change: Change) -> str:
    return local_minute(change.at) if change.at else ""


def _tell(change: Change | None, verb: str, as_json: bool) -> None:
    if as_json:
        output.emit_json({verb: None if change is None else _record(change)})


def _list(found: list[Change], as_json: bool) -> None:
    if as_json:
        output.emit_json({"changes": [_record(item) for item in found]})
    elif found:
        rows = [(str(c.id), _when(c), _state(c, found), c.what) for c in found]
        output.emit_table(("change", "when", "", "what"), rows)
    else:
        diagnostics.say("Nothing was changed yet.")


def _state(change: Change, found: list[Change]) -> str:
    if change.undone_at is not None:
        return "taken back"
    return "next" if change == next(c for c in found if c.undone_at is None) else ""


def _record(change: Change) -> dict[str, object]:
    return {
        "id": change.id,
        "what": change.what,
        "papers": change.count,
        "at": change.at,
        "undone_at": change.undone_at,
        "asks_first": change.big,
    }
