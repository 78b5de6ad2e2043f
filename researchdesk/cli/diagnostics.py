"""What goes to stderr, and what the process ends with."""

import os
import sys

import click

from researchdesk.domain.text import clean
from researchdesk.errors import OUR_FAULT as OUR_FAULT
from researchdesk.errors import DeskError

INTERRUPTED = 130


def say(text: str) -> None:
    """A message for a person."""
    click.echo(clean(text), err=True)


def warn(text: str) -> None:
    click.echo(f"{_styled('warning:', 'yellow')} {clean(text)}", err=True)


def tell(error: DeskError) -> int:
    """Tell of a failure with its hint; gives the exit code."""
    click.echo(f"{_styled('error:', 'red')} {clean(error.message)}", err=True)
    if error.hint:
        click.echo(f"{_styled('hint:', 'cyan')} {clean(error.hint)}", err=True)
    return error.exit_code


def show_progress(what: str, done: int, total: int | None) -> None:
    """One line on stderr that is written over; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        return
    amount = f" {done / 1e6:.1f} MB" if done else ""
    share = f" of {total / 1e6:.1f} MB ({100 * done / total:.0f} %)" if total and done else ""
    sys.stderr.write(f"\r\x1b[2K{clean(what)}{amount}{share}")
    sys.stderr.flush()


def clear_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


def forget_stdout() -> None:
    """Let all that is still to be written to stdout go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _styled(text: str, colour: str) -> str:
    return click.style(text, fg=colour, bold=True)
