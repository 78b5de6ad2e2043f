"""Longer texts taken from the command line, from stdin, or from $EDITOR."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from researchdesk.cli import diagnostics
from researchdesk.cli.context import Session
from researchdesk.errors import BadInputError, DeskError, UsageProblemError
from researchdesk.services.editing import TO_UTF_8, aside, beside, edited


def words(text: str | None, old: str = "") -> str | None:
    """``text``; for ``-`` what stdin holds; without it what $EDITOR makes of ``old``.

    None where the editor was left without saving. Raises UsageProblemError where there is no text
    and no terminal to edit one, or the editor fails, BadInputError where stdin or what the editor
    wrote is no text.
    """
    if text == "-":
        return _from_stdin()
    if text is not None:
        return text
    if not sys.stdin.isatty():
        raise UsageProblemError("There is no text.", "Give TEXT, or - to read it from stdin.")
    return edited(old, click.get_current_context().ensure_object(Session).settings.state, _edit)


def _edit(path: Path) -> None:
    try:
        click.edit(filename=str(path))
    except click.ClickException as error:
        if isinstance(error.__cause__, OSError):
            hint = "Set EDITOR to an editor that is there, or give TEXT."
        else:
            hint = "The editor began, and ended with a failure: try again, or give TEXT."
        raise UsageProblemError(f"{error.format_message()}. Nothing was changed.", hint) from error


def _from_stdin() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise BadInputError(
            "What came on stdin is no UTF-8 text; nothing was kept.",
            f"Convert it first; where it is in Latin-1: `{TO_UTF_8}`.",
        ) from error


@contextmanager
def rescued(session: Session, text: str | None, given: str | None) -> Iterator[None]:
    """Where the block fails, leave ``text`` in a file and say where, unless it was ``given`` as an
    argument and stands in the shell's history."""
    try:
        yield
    except BaseException as error:
        if text and text.strip() and text != given:
            file = aside(session.settings.state, text.encode("utf-8", errors="replace"))
            said = f"Your words are in {file}" if file else f"Your words were:\n{text}"
            if isinstance(error, DeskError):
                error.hint = beside(error.hint, said)
            else:
                diagnostics.say(said)
        raise
