"""What is followed: choose whose papers are shown, follow more, drop one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, OptionList

from researchdesk.domain.feeds import Feed
from researchdesk.services import feeds
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.base import ACCEPT, CANCEL, Dialog, button
from researchdesk.tui.notices import telling
from researchdesk.tui.widgets.brief import Option, Static

_ALL = "0"
_DROP = Command("followed.drop", "x,delete", "drop", "Drop", "Follow the marked one no longer.")
_MORE = Command("followed.more", "a", "more", "Follow more", "Follow something else as well.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """``feed`` is whose papers are to be shown, None for all. ``more``: something is to be
    followed. ``dropped``: something is followed no longer."""

    feed: Feed | None = None
    more: bool = False
    dropped: bool = False


class FollowedDialog(Dialog[Chosen]):
    """The feeds, each with how many papers of it wait, when it was asked, what went wrong."""

    HEADING: ClassVar[str] = "What you follow"
    AUTO_FOCUS = "#followed"
    VERBS = (ACCEPT, CANCEL, _DROP, _MORE)
    BINDINGS = bindings((_DROP, _MORE))

    def __init__(self, desk: Desk, shown: Feed | None) -> None:
        super().__init__()
        self._desk, self._shown = desk, shown
        self._feeds: dict[str, Feed] = {}
        self._asked = ""
        self._dropped = False

    def compose_fields(self) -> ComposeResult:
        yield OptionList(id="followed", markup=False)
        yield Static("", id="asked", markup=False)

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", "Show  enter", "Show what this one brought.", "primary")
        yield button("more", keyed("Follow more  {followed.more}"), _MORE.help)
        yield button("drop", keyed("Drop  {followed.drop}"), _DROP.help)
        yield button("cancel", self.leaving("Close"), CANCEL.help)

    def on_mount(self) -> None:
        super().on_mount()
        self._fill(str(self._shown.id) if self._shown else _ALL)

    async def action_accept(self) -> None:
        self.dismiss(Chosen(self._feeds.get(self._marked), dropped=self._dropped))

    def action_cancel(self) -> None:
        self.dismiss(Chosen(self._shown, dropped=True) if self._dropped else None)

    def action_more(self) -> None:
        self.dismiss(Chosen(self._shown, more=True, dropped=self._dropped))

    def action_drop(self) -> None:
        """Asked for twice the marked feed is followed no longer."""
        feed = self._feeds.get(self._marked)
        if feed is None:
            return
        if self._asked != self._marked:
            self._asked = self._marked
            words = (
                "{followed.drop} again drops {name}; what waits that only it brought goes with it."
            )
            self._say(keyed(words, name=feed.name))
            return
        with telling(self):
            feeds.unfollow(self._desk, str(feed.id))
            self._dropped = True
            if self._shown == feed:
                self._shown = None
            self._fill(_ALL)
            self._say(f"{feed.name} is followed no longer.")

    @on(OptionList.OptionHighlighted)
    def forget_question(self) -> None:
        if self._asked and self._asked != self._marked:
            self._asked = ""
            self._say("")

    @on(OptionList.OptionSelected)
    async def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_accept()

    @on(Button.Pressed, "#more")
    def _more(self) -> None:
        self.action_more()

    @on(Button.Pressed, "#drop")
    def _drop(self) -> None:
        self.action_drop()

    @property
    def _marked(self) -> str:
        found = self.query_one("#followed", OptionList)
        at = found.highlighted
        return "" if at is None else found.get_option_at_index(at).id or ""

    def _fill(self, marked: str) -> None:
        waiting = feeds.waiting_by_feed(self._desk)
        self._feeds = {str(feed.id): feed for feed in feeds.feeds(self._desk)}
        found = self.query_one("#followed", OptionList)
        every = Content.assemble(("All feeds", "bold"), f"  {feeds.count_waiting(self._desk)} wait")
        options = [Option(_prompt(feed, waiting), id=key) for key, feed in self._feeds.items()]
        found.set_options([Option(every, id=_ALL), *options])
        found.highlighted = found.get_option_index(marked if marked in self._feeds else _ALL)
        self._asked = ""

    def _say(self, words: str) -> None:
        self.query_one("#asked", Static).update(Content(words))


def _prompt(feed: Feed, waiting: Mapping[int, int]) -> Content:
    when = f"asked {feed.checked_at.astimezone():%a %H:%M}" if feed.checked_at else "not asked yet"
    below = f"⚠ {feed.problem}" if feed.problem else f"{feed.kind.value} · {when}"
    count = waiting.get(feed.id, 0)
    wait = f"  {count} wait{'s' if count == 1 else ''}" if count else ""
    return Content.assemble((feed.name, "bold"), wait, "\n", below)
