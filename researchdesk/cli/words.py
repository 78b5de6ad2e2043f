"""Longer texts taken from the command line, from stdin, or from $EDITOR."""

import sys

import click

from researchdesk.errors import UsageProblemError


def words(text: str | None, old: str = "") -> str:
    """``text``; for ``-`` what stdin holds; without it what $EDITOR makes of ``old``.

    Raises UsageProblemError where there is no text and no terminal to edit one.
    """
    if text == "-":
        return sys.stdin.read()
    if text is not None:
        return text
    if not sys.stdin.isatty():
        raise UsageProblemError("There is no text.", "Give TEXT, or - to read it from stdin.")
    return click.edit(old, extension=".md") or old
