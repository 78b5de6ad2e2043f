"""How this terminal shows pictures: found out once, before the app runs, or not at all."""

import importlib
import os
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from textual.app import App

_ANSWERING = ("KITTY_WINDOW_ID", "WEZTERM_EXECUTABLE", "KONSOLE_VERSION", "GHOSTTY_RESOURCES_DIR")
_PROGRAMS = {"WezTerm", "ghostty", "iTerm.app", "contour", "mintty", "rio"}
_TERMS = ("xterm-kitty", "xterm-ghostty", "foot", "contour", "mlterm", "wezterm")
_APART = ("TMUX", "STY", "ZELLIJ", "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")


class Manner(StrEnum):
    """``BLOCKS`` are half-blocks; ``NONE`` where there are too few colours or signs for them."""

    KITTY = "kitty"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    NONE = "none"


class _Found:
    """What ``prepare`` found; half-blocks until then."""

    manner = Manner.BLOCKS
    widget: Any = None


def prepare(environ: Mapping[str, str] | None = None) -> Manner:
    """Find out what the terminal can show. To be called before the app takes the terminal.

    Only a terminal that is known to answer is asked: not one inside tmux, screen or zellij, and
    none over SSH, where a late answer would be taken for keys.
    """
    if _may_ask(os.environ if environ is None else environ, _is_terminal):
        # textual-image asks the terminal when it is imported; on one of 0 by 0 it divides by 0
        try:
            module = importlib.import_module("textual_image.widget")
        except (ImportError, ArithmeticError, OSError, ValueError):
            return _Found.manner
        renderable = importlib.import_module("textual_image.renderable")
        if renderable.Image is renderable.SixelImage:
            _Found.manner, _Found.widget = Manner.SIXEL, module.SixelImage
        elif renderable.Image is renderable.TGPImage:
            _Found.manner, _Found.widget = Manner.KITTY, module.TGPImage
    return _Found.manner


def manner(app: App[Any]) -> Manner:
    """How pictures are shown in this app."""
    if getattr(app, "only_ascii", False):
        return Manner.NONE
    if _Found.manner is not Manner.BLOCKS:
        return _Found.manner
    few = app.console.color_system in {None, "standard", "windows"}
    return Manner.NONE if few or app.no_color else Manner.BLOCKS


def why_none(app: App[Any]) -> str:
    """Why no pictures are shown in this app, where that is so."""
    if getattr(app, "only_ascii", False):
        return "There are no pictures in ASCII."
    return "This terminal has too few colours for pictures."


def image_widget() -> Callable[[], Any] | None:
    """Makes a widget of textual-image for this terminal; None where half-blocks do it."""
    widget: Callable[[], Any] | None = _Found.widget
    return widget


def _is_terminal() -> bool:
    streams = (sys.__stdin__, sys.__stdout__)
    if not all(stream is not None and stream.isatty() for stream in streams):
        return False
    try:
        size = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1)
    except OSError:
        return False
    return size.columns > 0 and size.lines > 0


def _may_ask(environ: Mapping[str, str], is_terminal: Callable[[], bool]) -> bool:
    if any(environ.get(name) for name in _APART) or environ.get("NO_COLOR"):
        return False
    term = environ.get("TERM", "")
    known = (
        any(environ.get(name) for name in _ANSWERING)
        or environ.get("TERM_PROGRAM", "") in _PROGRAMS
        or term.startswith(_TERMS)
    )
    return known and is_terminal()
