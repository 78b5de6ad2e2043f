"""The text of a storyline: markdown as it is written, its links and headings marked."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from rich.style import Style
from rich.text import Text

from researchdesk.domain.links import Link, links_in
from researchdesk.domain.story_lines import QUESTIONS
from researchdesk.tui.widgets.link_offers import LinkingText

Ink = Literal["red-thread", "heading", "question", "link", "sound", "news"]
_LEAD_ELSEWHERE = {"select_line", "select_all"}
"""What F6 and F7 do in a text area; on this desk they lead to another screen."""
_ASKED = (*(f"? {name}:" for name in QUESTIONS), "<!--")


class StoryText(LinkingText):
    """Soft-wrapped markdown. ``ink_of`` says in which ink the links to a thing are written."""

    COMPONENT_CLASSES = {
        "story-text--red-thread",
        "story-text--heading",
        "story-text--question",
        "story-text--link",
        "story-text--sound",
        "story-text--news",
    }
    DEFAULT_CSS = """
    StoryText {
        & .text-area--placeholder { color: $text-muted; }
        & > .story-text--red-thread { text-style: bold; color: $text-primary; }
        & > .story-text--heading { text-style: bold; }
        & > .story-text--question { text-style: italic; color: $text-muted; }
        & > .story-text--link { color: $text-accent; }
        & > .story-text--sound { color: $text-success; }
        & > .story-text--news { color: $text-error; text-style: bold underline; }
    }
    """

    def __init__(self, called: str, *, read_only: bool = False, placeholder: str = "") -> None:
        super().__init__(
            id=called,
            compact=True,
            soft_wrap=True,
            read_only=read_only,
            placeholder=placeholder,
            highlight_cursor_line=False,
        )
        self._red_thread = -1
        self._inks: Mapping[str, Ink] = {}
        self._styles: dict[Ink, Style] = {}

    def ink(self, inks: Mapping[str, Ink]) -> None:
        """Write the links to these things, by their refs, in these inks; others as plain links."""
        if inks != self._inks:
            self._inks = dict(inks)
            self.notify_style_update()
            self.refresh()

    def show_red_thread(self, line: int) -> None:
        """The red thread stands on this line (from 0; -1 for none)."""
        if line != self._red_thread:
            self._red_thread = line
            self.notify_style_update()
            self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in _LEAD_ELSEWHERE and super().check_action(action, parameters)

    def notify_style_update(self) -> None:
        self._styles = {}
        super().notify_style_update()

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        whole = self._whole(line.plain, line_index)
        if whole is not None:
            line.stylize(self._style(whole))
        for link in links_of_line(line.plain):
            line.stylize(self._style(self._inks.get(link.ref, "link")), link.start, link.end)
        return line

    def link_at_cursor(self) -> Link | None:
        """The link that the cursor is on, else the nearest one of its line; None without one."""
        row, column = self.cursor_location
        found = links_of_line(self.document.get_line(row))
        return min(found, key=lambda link: _away(link, column), default=None)

    def _style(self, ink: Ink) -> Style:
        if ink not in self._styles:
            self._styles[ink] = self.get_component_rich_style(f"story-text--{ink}", partial=True)
        return self._styles[ink]

    def _whole(self, line: str, at: int) -> Ink | None:
        if at == self._red_thread:
            return "red-thread"
        if line.startswith("#"):
            return "heading"
        return "question" if line.lstrip().casefold().startswith(_ASKED) else None


@lru_cache(maxsize=2048)
def links_of_line(line: str) -> tuple[Link, ...]:
    """The links of one line, where no code goes on over it from another."""
    return links_in(line) if "[[" in line else ()


def _away(link: Link, column: int) -> int:
    """How many columns lie between the cursor and the link."""
    return max(link.start - column, column - link.end, 0)
