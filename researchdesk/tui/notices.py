"""What went well and what went wrong, told in the corner of the screen."""

import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from textual.dom import DOMNode
from textual.worker import Worker, WorkerState

from researchdesk import __version__
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk, damage_told

_FOR_A_REPORT = "`researchdesk doctor --report` makes a text for a bug report."
_SHORT = 4.0
_LONG = 12.0
_ROOMY = (110, 32)
"""Columns and lines from which on a notice has lines of its own for title and text."""


def say(node: DOMNode, text: str, title: str = "") -> None:
    """Tell that something was done, on a small screen in one line. ``text`` is never markup.

    There no notice has a title of its own, so that of several only the last is shown.
    """
    size = node.app.size
    if size.width < _ROOMY[0] or size.height < _ROOMY[1]:
        text, title = " · ".join(filter(None, (title, *text.split("\n")))), ""
    node.app.notify(text, title=title, timeout=_SHORT, markup=False)


def warn(node: DOMNode, text: str, title: str = "") -> None:
    """Tell something that wants a person's eye. ``text`` is never markup."""
    node.app.notify(text, title=title, severity="warning", timeout=_LONG, markup=False)


def tell(node: DOMNode, error: BaseException) -> None:
    """Tell a failure: its words and its hint; a fault of the program by its kind and message."""
    error = damage_told(error) or error
    if isinstance(error, DeskError):
        text, title = words_of(error), "That did not work"
    else:
        keep_fault(node, error)
        said = f"{type(error).__name__}: {error}"
        text, title = f"{said}\n{_FOR_A_REPORT}", "A fault in this program"
    node.app.notify(text, title=title, severity="error", timeout=_LONG, markup=False)


def keep_fault(node: DOMNode, error: BaseException) -> None:
    """Keep what may be kept of a fault, for ``doctor --report``."""
    if (desk := getattr(node.app, "desk", None)) is not None:
        now, faults = desk.clock(), importlib.import_module("researchdesk.faults")
        faults.keep(error, desk.settings.state, "app", __version__, now)


def tell_fault(node: DOMNode, event: Worker.StateChanged) -> None:
    """Tell why a worker ended, if it failed. Textual tells only the node that owns the worker."""
    if event.state is WorkerState.ERROR and event.worker.error is not None:
        tell(node, event.worker.error)


def words_of(error: DeskError) -> str:
    """Message and hint of a failure, one below the other."""
    return f"{error.message}\n{error.hint}" if error.hint else error.message


@contextmanager
def hurried(node: DOMNode) -> Iterator[None]:
    """While the screen stands still for what is written inside, another program that writes is
    waited for but a few seconds: DeskError then."""
    desk: Desk | None = None
    if threading.current_thread() is threading.main_thread():
        desk = getattr(node.app, "desk", None)
    with desk.database.hurried() if desk is not None else nullcontext():
        yield


@contextmanager
def telling(node: DOMNode) -> Iterator[None]:
    """A DeskError raised inside is told, and ends the block. What is written inside is ``hurried``,
    so that one of those is that another program writes."""
    try:
        with hurried(node):
            yield
    except DeskError as error:
        tell(node, error)
