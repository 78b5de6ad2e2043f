"""What a person set for themselves: the theme, keys, and whether the terminal has ASCII alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textual import work
from textual.binding import Binding
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

from researchdesk.assets import folder
from researchdesk.config import config_path
from researchdesk.services.desk import Desk
from researchdesk.tui.clean_lines import CleanLines
from researchdesk.tui.going import GoingApp
from researchdesk.tui.late import late
from researchdesk.tui.notices import telling, warn
from researchdesk.tui.theme_memory import keep_theme, kept_theme
from researchdesk.tui.themes import load_theme, load_themes
from researchdesk.tui.widgets.mode_bar import ModeBar


class PreferringApp(GoingApp):
    """Looks as it was told to. What the first screen does not need is read in ``prefer_rest``."""

    def __init__(self, desk: Desk, *, only_ascii: bool = False) -> None:
        self._ascii: Any = None
        self._clean = CleanLines()
        super().__init__(desk)
        self.only_ascii = only_ascii or desk.settings.ascii is True
        """Whether all that is drawn is written in ASCII."""
        if self.only_ascii:
            self._ascii = late("tui.ascii_screen").AsciiFilter(self)
        self.own_keys: Mapping[str, str] = {}
        """Keys by the ids of commands, where they are not those that they come with."""
        if desk.settings.keys:
            self.own_keys = late("tui.own_keys").read(desk.settings.keys).keymap
        self._load_theme()

    async def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        if self.own_keys:
            self.set_keymap(dict(self.own_keys))

    def prefer_rest(self) -> None:
        """Read what can wait until the first screen stands; tell what is wrong with it."""
        if problems := self._load_themes():
            warn(self, "\n".join(problems), "Themes left out; the rest are there")
        if self.desk.settings.keys:
            self._check_keys()

    @work(thread=True, group="rest", exit_on_error=False)
    def _check_keys(self) -> None:
        """Runs in a thread: to know every command is to load every screen."""
        found = late("tui.own_keys").check(self.desk.settings.keys)
        self.call_from_thread(self._use_keys, found.keymap)
        if found.problems:
            told = "\n".join(problem.words for problem in found.problems)
            self.call_from_thread(
                warn, self, f"{told}\n{config_path()}", "Keys left out; the rest hold"
            )

    def _use_keys(self, keymap: Mapping[str, str]) -> None:
        if keymap != self.own_keys:
            self.own_keys = keymap
            self.set_keymap(dict(keymap))
            for bar in self.query(ModeBar):
                bar.refresh()

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = [*super().get_line_filters(), self._clean]
        return filters if self._ascii is None else [self._ascii, *filters]

    def get_key_display(self, binding: Binding) -> str:
        shown = super().get_key_display(binding)
        if self._ascii is None or binding.key_display or shown.isascii():
            return shown
        return binding.key

    @property
    def _theme_folders(self) -> list[Path]:
        return [folder("themes"), self.desk.root / "themes"]

    def _load_theme(self) -> None:
        """That which is begun with; the others come later."""
        theme = load_theme(self._theme_folders, kept_theme(self.desk.settings))
        if theme is None:
            self._load_themes()
        else:
            self.register_theme(theme)
            self.theme = theme.name

    def _load_themes(self) -> list[str]:
        """All that there are; what is wrong with the others."""
        themes, problems = load_themes(self._theme_folders)
        for theme in themes:
            self.register_theme(theme)
        wanted = kept_theme(self.desk.settings)
        if wanted in self.available_themes:
            self.theme = wanted
        else:
            names = ", ".join(theme.name for theme in themes)
            problems.append(f"There is no theme {wanted!r}; there are: {names}.")
            self.theme = themes[0].name if themes else self.theme
        for name in BUILTIN_THEMES:
            if themes and name not in {theme.name for theme in themes}:
                self.unregister_theme(name)
        return problems

    def _keep_theme(self, theme: Theme) -> None:
        if theme.name != kept_theme(self.desk.settings):
            with telling(self):
                keep_theme(self.desk.settings, theme.name)
