"""Longer texts taken from the command line, from stdin, or from $EDITOR."""

import sys

import click

from researchdesk.errors import UsageProblemError


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
