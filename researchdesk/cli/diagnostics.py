"""What goes to stderr, and what the process ends with."""

import importlib
import os
import sys
from typing import IO

import click

from researchdesk.domain.sizes import megabytes
from researchdesk.domain.text import clean
from researchdesk.errors import OUR_FAULT as OUR_FAULT
from researchdesk.errors import DeskError

INTERRUPTED = 130
ASCII = "researchdesk_ascii"
"""The encoding of a stream that says everything in ASCII (see ``ascii_streams``)."""


def say(text: str) -> None:
    """A message for a person."""
    click.echo(_laid(clean(text)), err=True)


def warn(text: str) -> None:
    _echo("warning:", "yellow", text)


def warn_of_nowhere(*refs: str) -> None:
    """Say that nothing on the desk answers to these."""
    warn(f"Nothing on this desk answers to {', '.join(refs)}; kept as written.")


def tell(error: DeskError) -> int:
    """Tell of a failure with its hint; gives the exit code."""
    _echo("error:", "red", error.message)
    if error.hint:
        _echo("hint:", "cyan", error.hint)
    return error.exit_code


def tell_usage(error: click.ClickException) -> int:
    """Tell what click finds wrong with a command line; gives the exit code."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    context: click.Context | None = getattr(error, "ctx", None)
    if context is not None:
        click.echo(clean(context.get_usage()), err=True)
    _echo("error:", "red", error.format_message())
    if context is not None:
        _echo("hint:", "cyan", f"What it takes: `{context.command_path} --help`.")
    return error.exit_code


def show_progress(what: str, done: int, total: int | None) -> None:
    """One line on stderr that is written over; nothing where stderr is no terminal."""
    if not _writes_over():
        return
    amount = f" {megabytes(done)}" if done else ""
    share = f" of {megabytes(total)} ({100 * done / total:.0f} %)" if total and done else ""
    line = as_shown(f"{clean(what)}{amount}{share}", sys.stderr)
    if is_ascii(sys.stderr):
        size = importlib.import_module("shutil").get_terminal_size()
        line = line[: size.columns - 1]
    sys.stderr.write(f"\r\x1b[2K{line}")
    sys.stderr.flush()


def clear_progress() -> None:
    if _writes_over():
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


def forget_stdout() -> None:
    """Let all that is still to be written to stdout go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def may_colour() -> bool | None:
    """False where nothing is to be coloured (no-color.org), or cannot be; else the stream says."""
    return False if os.environ.get("NO_COLOR") or _is_dumb() else None


def is_ascii(stream: IO[str]) -> bool:
    """Whether all that this stream is given comes out in ASCII."""
    return getattr(stream, "encoding", None) == ASCII


def as_shown(text: str, stream: IO[str]) -> str:
    """``text`` as this stream will show it, for what is to stand in columns."""
    if not is_ascii(stream):
        return text
    shown: str = importlib.import_module("researchdesk.domain.ascii_text").as_ascii(text)
    return shown


def _echo(head: str, colour: str, text: str) -> None:
    laid = _laid(f"{head} {clean(text)}")
    click.echo(f"{_styled(head, colour)}{laid.removeprefix(head)}", err=True)


def _laid(text: str) -> str:
    """``text`` in lines that a terminal need not break; as it is where stderr is none."""
    if not sys.stderr.isatty():
        return text
    wrapping = importlib.import_module("researchdesk.cli.wrapping")
    laid: str = wrapping.wrapped(as_shown(text, sys.stderr), wrapping.columns_of_stderr())
    return laid


def _styled(text: str, colour: str) -> str:
    return text if may_colour() is False else click.style(text, fg=colour, bold=True)


def _writes_over() -> bool:
    return sys.stderr.isatty() and not _is_dumb()


def _is_dumb() -> bool:
    return os.environ.get("TERM") == "dumb"
