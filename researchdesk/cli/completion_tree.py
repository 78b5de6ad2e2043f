"""What can be completed, command by command, kept in files so that no command is imported for it.

A command's page is made when it is first asked for and kept until researchdesk changes.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click

from researchdesk import __version__
from researchdesk.domain.json_text import parse_json
from researchdesk.errors import BadInputError
from researchdesk.files import make_private, write_text

_BY_METAVAR = {
    "ID": "paper",
    "RUN": "run",
    "SWEEP": "sweep",
    "RECIPE": "recipe",
    "TAG": "tag",
    "FILE": "files",
    "FOLDER": "files",
    "SEARCH": "search",
    "QUERY": "search",
}
_OF_ANY_TYPE = {
    "NOTE": "note",
    "CLAIM": "claim",
    "SURPRISE": "surprise",
    "IDEA": "idea",
    "EXPERIMENT": "experiment",
    "STORY": "story",
    "FEED": "feed",
    "ENGINE": "engine",
    "REF": "ref",
}
"""Also of arguments that are read as numbers."""
_BY_PLACE = {
    ("investigate", "number"): "investigation",
    ("investigate run", "names"): "experiment",
    ("investigate try", "parent"): "experiment",
    ("investigate new", "recipe"): "recipe",
    ("investigate baseline", "recipe"): "recipe",
    ("runs list", "recipe"): "recipe",
    ("investigate new", "workflow"): "workflow",
    ("pass start", "workflow"): "workflow",
    ("workflow new", "like"): "workflow",
    ("engine check", "name"): "engine",
    ("find", "category"): "category",
    ("list", "category"): "category",
    ("story templates", "name"): "template",
    ("write", "name"): "writing",
    ("story edit", "template"): "template",
    ("watch", "on"): "ref",
    ("funny add", "on"): "ref",
    ("funny list", "on"): "ref",
    ("release scaffold", "subject"): "ref",
    ("checklist", "ref"): "ref",
    ("collection", "name"): "collection",
    ("collection", "old"): "collection",
    ("import", "collection"): "collection",
    ("lists", "name"): "list",
    ("lists", "old"): "list",
    ("reading-list", "name"): "reading-list",
    ("checklist", "name"): "checklist",
    ("reproduce", "ref"): "recipe",
    ("recipe show", "ref"): "recipe",
    ("recipe trust", "ref"): "recipe",
    ("runs compare", "a"): "run",
    ("runs compare", "b"): "run",
    ("sweep new", "ref"): "recipe",
    ("merge", "one"): "paper",
    ("merge", "other"): "paper",
    ("add", "ids"): "files",
    ("recipe check", "ref"): "recipe",
    ("recommend", "tag"): "tag",
}
_NEVER = {"feed", "collection new", "funny evidence"}
"""Where ID and NAME mean something else."""


@dataclass(slots=True)
class Word:
    """An option or an argument. ``values`` are fixed ones, ``kind`` says which of the desk's.

    ``takes`` is how many words an option takes; ``many`` says that more may follow.
    """

    names: list[str]
    help: str = ""
    takes: int = 1
    many: bool = False
    kind: str = ""
    values: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A command: its options, its arguments in order, and the commands below it."""

    help: str = ""
    options: list[Word] = field(default_factory=list)
    arguments: list[Word] = field(default_factory=list)
    commands: "dict[str, Page]" = field(default_factory=dict)


def page_of(cli: click.Group, name: str, folder: Path) -> Page | None:
    """The page of a command of ``cli``, out of ``folder`` where it is kept there."""
    path, stamp = folder / f"{name}.json", _stamp()
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = parse_json(path.read_text(encoding="utf-8"))
        if kept["stamp"] == stamp:
            return _page(kept["page"])
    command = cli.get_command(click.Context(cli), name)
    if command is None:
        return None
    made = describe(command, (name,))
    with suppress(OSError, BadInputError):
        _keep(path, json.dumps({"stamp": stamp, "page": asdict(made)}))
    return made


def describe(command: click.Command, path: Sequence[str]) -> Page:
    """The page of a command that stands under ``path``."""
    page = Page(command.get_short_help_str(80))
    context = click.Context(command)
    for param in command.get_params(context):
        if isinstance(param, click.Option):
            if not param.hidden:
                page.options.append(_option(param, path))
        else:
            page.arguments.append(_word(param, path))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                page.commands[name] = describe(below, (*path, name))
    return page


def option_names(command: click.Command) -> set[str]:
    """The names of all options of the command and of those below it, which it loads."""
    context = click.Context(command)
    found = {
        name
        for param in command.get_params(context)
        if isinstance(param, click.Option)
        for name in (*param.opts, *param.secondary_opts)
    }
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            found |= option_names(below) if below is not None else set()
    return found


def _option(param: click.Option, path: Sequence[str]) -> Word:
    word = _word(param, path)
    word.names = [*param.opts, *param.secondary_opts]
    word.help = (param.help or "").split(". ")[0].rstrip(".")
    word.takes = 0 if param.is_flag or param.count else param.nargs
    word.many = param.multiple and str(param.metavar or "").endswith("...")
    return word


def _word(param: click.Parameter, path: Sequence[str]) -> Word:
    word = Word([param.name or ""], many=param.nargs == -1)
    if isinstance(param.type, click.Choice):
        word.values = [str(choice) for choice in param.type.choices]
    elif isinstance(param.type, click.Path):
        word.kind = "files" if param.type.file_okay else "folders"
    else:
        word.kind = _kind(param, path)
    return word


def _kind(param: click.Parameter, path: Sequence[str]) -> str:
    names = "".join(c if c.isupper() else " " for c in str(param.metavar or "")).split()
    if len(names) == 1 and names[0] in _OF_ANY_TYPE:
        return _OF_ANY_TYPE[names[0]]
    places = (" ".join(path), path[0])
    if any(place in _NEVER for place in places):
        return ""
    for place in places:
        if (kind := _BY_PLACE.get((place, param.name or ""))) is not None:
            return kind
    if not isinstance(param.type, click.types.StringParamType):
        return ""
    if param.name == "query":
        return "search"
    return next((_BY_METAVAR[name] for name in names if name in _BY_METAVAR), "")


def _page(table: dict[str, Any]) -> Page:
    return Page(
        table["help"],
        [Word(**word) for word in table["options"]],
        [Word(**word) for word in table["arguments"]],
        {name: _page(below) for name, below in table["commands"].items()},
    )


def _stamp() -> str:
    """Changes with every release, and with every file of the command line."""
    with os.scandir(Path(__file__).parent) as files:
        newest = max(entry.stat().st_mtime_ns for entry in files if entry.name.endswith(".py"))
    return f"{__version__} {newest}"


def _keep(path: Path, text: str) -> None:
    make_private(path.parent)
    write_text(path, text)
