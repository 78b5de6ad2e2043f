"""What a key does, said once: binding, footer, palette, tooltip and help come from it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual._context import active_app
from textual.binding import Binding, BindingType
from textual.keys import key_to_character

from researchdesk.tui.late import late

_NAMED = re.compile(r"\{([\^*]?)(\w+(?:\.[\w-]+)?)\}")
_SHIPPED: dict[str, "Command"] = {}
"""Every command whose module was loaded, by its id."""
_ELSEWHERE = {
    "bench": "tui.screens.bench_verbs",
    "changes": "tui.screens.changes_verbs",
    "funny": "tui.screens.surprises_verbs",
    "library": "tui.screens.library_verbs",
    "list": "tui.widgets.paper_list",
    "merge": "tui.dialogs.merge",
    "reader": "tui.screens.reader_verbs",
    "sweeps": "tui.screens.sweeps_verbs",
    "tinker": "tui.screens.investigations_verbs",
    "triage": "tui.screens.triage_verbs",
}
"""Where commands are that are named before the screen that has them is loaded."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a person can ask for.

    ``keys`` as Textual names them, separated by commas; ``key_label`` how they are shown, where
    Textual's own way would be too long. ``label`` stands in the footer where ``shown``; ``help``
    is a whole sentence for palette, tooltip and help. One that only ``moves`` is not in the
    palette. ``id`` is unique over the whole program. In ``help`` keys stand as ``keyed`` has them.
    """

    id: str
    keys: str
    action: str
    label: str
    help: str
    shown: bool = False
    key_label: str = ""
    priority: bool = False
    moves: bool = False

    def __post_init__(self) -> None:
        _SHIPPED[self.id] = self

    @property
    def binding(self) -> Binding:
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.shown,
            key_display=self.key_label or None,
            priority=self.priority,
            tooltip=self.help,
            id=self.id,
        )

    @property
    def key_words(self) -> str:
        """The keys that it comes with, as a person reads them."""
        return self.key_label or spoken(self.keys)


def key_words(app: object, command: Command, *, first: bool = False) -> str:
    """The keys that a command has in this app, as a person reads them: the user's own, if any.

    ``first``: only the first of one's own, where there is little room.
    """
    own: str | None = getattr(app, "own_keys", {}).get(command.id)
    if own is None:
        return command.key_words
    return spoken(own.split(",")[0] if first else own)


def keyed(text: str, **values: object) -> str:
    """A sentence with the keys that commands have in this app, and with values for other names.

    ``{bench.start}`` becomes the first key of that command, ``{Home.open}`` the same at the start
    of a sentence, ``{^story.beside}`` its short form (``^l``), ``{*note.take}`` all of its keys.
    Raises KeyError where there is no such command or value.
    """
    return with_keys(text, getattr(active_app.get(None), "own_keys", {}), values)


def with_keys(text: str, own: Mapping[str, str], values: Mapping[str, object]) -> str:
    """As ``keyed``, where no app runs; ``own`` are the keys of commands that have others."""

    def word(found: re.Match[str]) -> str:
        form, name = found.groups()
        if "." not in name:
            return str(values[name])
        keys = _keys_now(name[0].lower() + name[1:], own)
        said = spoken(keys if form == "*" else keys.split(",")[0])
        if form == "^":
            return said.replace("ctrl+", "^")
        return _at_start(said) if name[0].isupper() else said

    return _NAMED.sub(word, text)


def _keys_now(name: str, own: Mapping[str, str]) -> str:
    if name in own:
        return own[name]
    if name not in _SHIPPED and (module := _ELSEWHERE.get(name.partition(".")[0])):
        late(module)
    if name not in _SHIPPED:
        late("tui.own_keys").every_command()
    return _SHIPPED[name].keys


def _at_start(said: str) -> str:
    if len(said) == 1:
        return said
    return "Escape" if said == "esc" else said[0].upper() + said[1:]


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """The bindings of a screen or widget, from its commands."""
    return [command.binding for command in commands]


_SPOKEN = {
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "at": "@",
    "backslash": "\\",
    "underscore": "_",
    "escape": "esc",
    "delete": "del",
    "pageup": "pgup",
    "pagedown": "pgdn",
}


def spoken(keys: str) -> str:
    """Keys, divided by commas, as a person reads them."""
    return " or ".join(_spoken(key) for key in keys.split(","))


def _spoken(key: str) -> str:
    *modifiers, last = key.strip().split("+")
    sign = key_to_character(last) or ""
    name = last.upper() if last[:1] == "f" and last[1:].isdigit() else last
    return "+".join([*modifiers, _SPOKEN.get(last, sign.strip() or name)])
