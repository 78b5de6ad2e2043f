"""Keys are pressed in every screen: none is left out but by name and reason."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from textual.screen import Screen

sys.path.append(str(Path(__file__).parent))

from parts.walks import WALKS
from parts.walks_left_out import LEFT_OUT

from researchdesk.tui import dialogs, screens


def _below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def test_every_screen_has_a_walk_and_every_dialog_one_or_a_reason() -> None:
    for package in (dialogs, screens):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    ours = {one for one in _below(Screen) if one.__module__.startswith("researchdesk.tui.")}
    known = {one.__name__ for one in ours}
    shown = {one.__name__ for one in ours if not one.__subclasses__()}
    walked = {walk.screen for walk in WALKS}
    assert shown - walked - set(LEFT_OUT) == set()
    assert walked - known == {"CommandPalette"}, "a walk leads to no screen of the app"
    assert set(LEFT_OUT) - known == set(), "what is left out is no screen of the app"
    assert set(LEFT_OUT) & walked == set()
    assert all(name.endswith("Dialog") for name in LEFT_OUT)
    assert all(LEFT_OUT.values())
    assert len({walk.name for walk in WALKS}) == len(WALKS)
