"""Longer texts taken from the command line, from stdin, or from $EDITOR."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from researchdesk import files
from researchdesk.cli.context import Session
from researchdesk.errors import DeskError, UsageProblemError


def words(text: str | None, old: str = "") -> str | None:
    """``text``; for ``-`` what stdin holds; without it what $EDITOR makes of ``old``.

    None where the editor was left without saving. Raises UsageProblemError where there is no text
    and no terminal to edit one, or the editor fails.
    """
    if text == "-":
        return sys.stdin.read()
    if text is not None:
        return text
    if not sys.stdin.isatty():
        raise UsageProblemError("There is no text.", "Give TEXT, or - to read it from stdin.")
    try:
        return click.edit(old, extension=".md")
    except click.ClickException as error:
        raise UsageProblemError(
            f"{error.format_message()}. Nothing was changed.",
            "Set EDITOR to an editor that is there, or give TEXT.",
        ) from error


@contextmanager
def rescued(session: Session, text: str | None, given: str | None) -> Iterator[None]:
    """Where the block fails, leave ``text`` in a file and say where, unless it was ``given`` as an
    argument and stands in the shell's history."""
    try:
        yield
    except DeskError as error:
        if text and text.strip() and text != given:
            path = session.settings.state / f"unkept-{os.getpid()}.md"
            files.write_text(path, text)
            error.hint = f"{error.hint} Your words are in {path}".strip()
        raise
