"""Modules that no first screen needs, loaded when a key asks for them."""

import importlib
from collections.abc import Callable
from typing import Any, TypeVar

from textual.dom import DOMNode

Result = TypeVar("Result")


def late(name: str) -> Any:
    """The module of this name below ``researchdesk``: ``services.exporting``."""
    return importlib.import_module(f"researchdesk.{name}")


def open_dialog(
    node: DOMNode,
    module: str,
    name: str,
    then: Callable[[Any], None] | None,
    *given: object,
) -> None:
    """Show the dialog of this name out of ``tui.dialogs``; ``then`` gets what it ends with."""
    node.app.push_screen(getattr(late(f"tui.dialogs.{module}"), name)(*given), then)
