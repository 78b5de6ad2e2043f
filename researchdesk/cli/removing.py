"""The question before something is removed for good, asked in one way."""

import sys

import click

from researchdesk.cli import diagnostics
from researchdesk.errors import NotOnDeskError, UsageProblemError


def require_yes(what: str, command: str) -> None:
    """Ask whether ``what`` is to be removed for good; returns on a yes.

    ``command`` is the one that does not ask. A no, or an interrupt, ends the command with the code
    of an interrupt. Raises UsageProblemError where no answer comes and there is no terminal.
    """
    try:
        if click.confirm(f"Remove {what}, for good?", err=True):
            return
    except click.Abort:
        click.echo(err=True)
        if not sys.stdin.isatty():
            raise UsageProblemError(
                f"Nobody is there to say whether {what} is to be removed. Nothing was removed.",
                f"Say yes with: {command}",
            ) from None
    diagnostics.say("Nothing was removed.")
    click.get_current_context().exit(diagnostics.INTERRUPTED)


def require_whole(kind: str, named: str, whole: str, command: str) -> None:
    """Hold a removal that asks nothing to a whole id. ``kind`` is what it is of, as ``run``.

    Raises NotOnDeskError where ``named`` is the beginning of ``whole`` only.
    """
    if named.removeprefix(f"{kind}:") != whole:
        raise NotOnDeskError(
            f"There is no {kind} {named}, but one that begins so. Without a question only a whole "
            "id is removed; nothing was.",
            f"If it is this: {command}",
        )
