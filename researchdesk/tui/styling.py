"""Styles without work done twice: on a desk with many screens that is most of opening one."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App
from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen

_SOURCES = 1024
_THEMES = 8
_HERE = Path(__file__).parent
_FIRST = (_HERE / "app.tcss", _HERE / "screens" / "base.tcss")
_SECOND = _HERE / "dialogs" / "dialogs.tcss"
"""Read before all others: what they say is overruled by those. So is what ``_SECOND`` says."""


_parsed: LRUCache[frozenset[tuple[str, str]], LRUCache[tuple[Any, ...], list[RuleSet]]]
_parsed = LRUCache(_THEMES)
"""The rules of each source, by the variables that it was parsed with."""


class DeskStylesheet(Stylesheet):
    """A source is parsed once for the same variables. Textual's own parses all of them anew
    whenever one is added, or another theme is looked at."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._known: Mapping[str, str] = dict(variables or {})
        self._parse_cache = _rules_with(self._known)
        self._narrowed: list[RuleSet] | None = None
        self._by_names: dict[frozenset[str], list[RuleSet]] = {}
        self._all: list[RuleSet] | None = None
        self._places: dict[int, int] = {}

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._known:
            self._known = dict(variables)
            self._parse_cache = LRUCache(1)
            super().set_variables(variables)
            self._parse_cache = _rules_with(self._known)

    def reparse(self) -> None:
        self.parse()

    @property
    def rules(self) -> list[RuleSet]:
        return super().rules if self._narrowed is None else self._narrowed

    def apply(
        self,
        node: DOMNode,
        *,
        animate: bool = False,
        cache: dict[tuple[Any, ...], RulesMap] | None = None,
    ) -> None:
        """Style a node, of all rules by those only that name something of it."""
        before, self._narrowed = self._narrowed, None
        self._narrowed = self._rules_for(node)
        try:
            super().apply(node, animate=animate, cache=cache)
        finally:
            self._narrowed = before

    def _rules_for(self, node: DOMNode) -> list[RuleSet]:
        rules = self.rules
        if rules is not self._all:
            self._all, self._by_names = rules, {}
            self._places = {id(rule): place for place, rule in enumerate(rules)}
        names = frozenset(self.rules_map.keys() & node._selector_names)
        found = self._by_names.get(names)
        if found is None:
            wanted = {self._places[id(rule)] for name in names for rule in self.rules_map[name]}
            found = self._by_names[names] = [rules[place] for place in sorted(wanted)]
        return found


def _rules_with(variables: Mapping[str, str]) -> LRUCache[tuple[Any, ...], list[RuleSet]]:
    names = frozenset(variables.items())
    found = _parsed.get(names)
    if found is None:
        found = _parsed[names] = LRUCache(_SOURCES)
    return found


class QuickStyles(App[None]):
    """An app whose screens open without the styles of all others being made again.

    The first screen brings its own file of styles; all others are read at once, soon after it or
    with the next, so that none comes with a screen. All is styled anew only where the theme
    changed, not each time that a screen is shown first; and a whole screen only where its classes
    did: what changes of a part of it is that part's to tell.
    """

    CSS_PATH = list(_FIRST)

    def __init__(self) -> None:
        super().__init__()
        self._styles_begun = self._styles_read = False
        self.stylesheet = DeskStylesheet(variables=self.get_css_variables())
        self._shown_variables: Mapping[str, str] = {}
        self._styled: WeakKeyDictionary[DOMNode, Hashable] = WeakKeyDictionary()

    def read_styles(self) -> None:
        """Read the styles of every screen and dialog, once."""
        if not self._styles_read:
            self._styles_read = True
            rest = [_SECOND, *sorted(set(_HERE.rglob("*.tcss")) - {*_FIRST, _SECOND})]
            known = {path for path, _ in self.stylesheet.source}
            self.stylesheet.read_all([path for path in rest if str(path) not in known])
            self.stylesheet.parse()

    def _load_screen_css(self, screen: Screen[object]) -> None:
        if self._styles_begun:
            self.read_styles()
        self._styles_begun = self._styles_begun or bool(screen.css_path)
        super()._load_screen_css(screen)

    def refresh_css(self, animate: bool = True) -> None:
        variables = self.get_css_variables()
        if variables != self._shown_variables:
            self._shown_variables = variables
            self._styled.clear()
            super().refresh_css(animate)

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:
        if isinstance(node, Screen):
            state = (node.classes, frozenset(node.pseudo_classes), frozenset(self.pseudo_classes))
            if self._styled.get(node) == state:
                return
            self._styled[node] = state
        super().update_styles(node, animate)
