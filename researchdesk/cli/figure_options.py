"""The options of every command that draws a picture into a file."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from researchdesk.cli import diagnostics

_WIDTHS = ("column", "page")
_Command = Callable[..., Any]


def picture_options(*, required: bool) -> Callable[[_Command], _Command]:
    """``--to``, ``--width``, ``--latex`` and ``--force``; a file is a must where ``required``. A
    folder that was made for the file is told."""
    what = "The file" if required else "Draw it into a file"
    options = (
        click.option(
            "--to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
            required=required,
            help=f"{what}, .pdf, .svg or .png. One of ours is drawn anew; another is left as it "
            "is. A folder that is not there is made.",
        ),
        click.option(
            "--width", type=click.Choice(_WIDTHS), default="column", show_default=True,
            help="As wide as a column (84 mm, letters of 8 pt) or a page (174 mm, 9 pt).",
        ),
        click.option(
            "--latex", "with_latex", is_flag=True, help="Print the LaTeX that includes it."
        ),
        click.option("--force", is_flag=True, help="Replace the file, whatever it is."),
    )  # fmt: skip

    def add(command: _Command) -> _Command:
        command = _telling_of_folders(command)
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _telling_of_folders(command: _Command) -> _Command:
    @wraps(command)
    def told(*args: Any, to: Path | None, **rest: Any) -> Any:
        missing = to.parent if to and not to.parent.exists() else None
        done = command(*args, to=to, **rest)
        if missing and missing.is_dir():
            diagnostics.say(f"The folder {missing} was not there, and was made.")
        return done

    return told
