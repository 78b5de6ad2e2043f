"""What the draft links: what it says now, beside its line; followed, offered, seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea
from textual.worker import get_current_worker

from researchdesk.domain.links import Link, LinkKind
from researchdesk.domain.statements import red_thread
from researchdesk.domain.story_evidence import SIGNS
from researchdesk.domain.story_lines import without_comments
from researchdesk.errors import DeskError
from researchdesk.services import story_evidence
from researchdesk.services.desk import Desk
from researchdesk.services.story_evidence import Linked, LinkedLine, Mark
from researchdesk.tui.at_hand import of_ref
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.link_targets import link_targets
from researchdesk.tui.messages import Follow
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.story_base import StoryBase
from researchdesk.tui.story_rows import lines_of
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.link_offers import TAKING, LinkOffers
from researchdesk.tui.widgets.story_margin import StoryMargin
from researchdesk.tui.widgets.story_text import Ink, StoryText

_PAUSE = 0.4
_LOOK_AGAIN = 20.0
_OFFERED = 5
_NO_LINK = "No link on this line. [[ offers papers, claims, runs, surprises, ideas."
_INKS: Mapping[Mark, Ink] = {
    Mark.HOLDS: "sound",
    Mark.CHANGED: "news",
    Mark.CONTRADICTED: "news",
    Mark.GONE: "news",
}


class StoryLinking(StoryBase):
    """The part of the storyline's screen that has to do with what is linked."""

    @dataclass
    class Told(Message):
        """What a text links, and what is told of it; ``red_thread`` is that line, -1 for none."""

        slug: str
        lines: Sequence[LinkedLine]
        red_thread: int
        thread: str
        words: int

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.offers = LinkOffers(self.text, partial(link_targets, desk), _OFFERED)
        self.told: dict[str, Linked] = {}
        self.thread = ""
        self.thread_line = -1
        self.words = 0
        self._shown = Content()
        self._pause: Timer | None = None

    def compose_text(self) -> ComposeResult:
        """The text with its margin."""
        yield self.text
        yield StoryMargin(self.text)

    @property
    def margin(self) -> StoryMargin:
        return self.query_one(StoryMargin)

    def on_mount(self) -> None:
        self.set_interval(_LOOK_AGAIN, self._look_again)

    def _look_again(self) -> None:
        """A run may have ended meanwhile, here or elsewhere."""
        if self.is_current and self.margin.refs:
            self.read_evidence()

    # What is looked at

    def _link_here(self) -> Link | None:
        area = self.focused if isinstance(self.focused, StoryText) else self.text
        return area.link_at_cursor()

    def paper_at_hand(self) -> str:
        link = self._link_here()
        return link.target if link is not None and link.kind is LinkKind.PAPER else ""

    def surprise_at_hand(self) -> SurpriseForm:
        link = self._link_here()
        if link is not None and link.kind is LinkKind.CLAIM:
            return SurpriseForm(on=link.ref)
        return of_ref(self.desk, link.ref if link else "", self.paper_at_hand())

    # What it says

    @on(TextArea.Changed, "#text")
    def read_soon(self) -> None:
        self.margin.place()
        self.offers.offer()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE, self.read_evidence)

    def read_evidence(self) -> None:
        """Ask, away from the keys, what the linked things say now."""
        if self.story is not None:
            self._read_evidence(self.story.slug, self.text.text)

    @work(thread=True, exclusive=True, group="evidence", exit_on_error=False)
    def _read_evidence(self, slug: str, text: str) -> None:
        worker = get_current_worker()
        try:
            lines = story_evidence.lines_with_evidence(self.desk, slug, text)
        except DeskError:  # the story is gone; whoever writes in it is told so
            lines = []
        thread = red_thread(text)
        line, said = (thread.line, thread.text) if thread else (-1, "")
        words = len(without_comments(text).split())
        if not worker.is_cancelled:
            self.post_message(self.Told(slug, lines, line, said, words))

    @on(Told)
    def show_told(self, message: Told) -> None:
        if self.story is None or self.story.slug != message.slug:
            return
        self.told = {item.ref: item for line in message.lines for item in line.links}
        self.thread, self.thread_line = message.thread, message.red_thread
        self.words = message.words
        self.margin.tell(self.told)
        self.text.ink({ref: _INKS.get(item.mark, "link") for ref, item in self.told.items()})
        self.text.show_red_thread(message.red_thread)
        self.show_heading()
        self.show_status()
        self.refresh_bindings()

    @on(TextArea.SelectionChanged, "#text")
    def follow_cursor(self) -> None:
        self.offers.offer()
        self.show_status()

    def show_status(self) -> None:
        """Say below the text what is linked on the cursor's line."""
        status = self._status()
        if status != self._shown:
            self._shown = status
            self.query_one("#status", Static).update(status, layout=False)

    def _status(self) -> Content:
        if self.offers.offering:
            return Content.styled(keyed(TAKING), "$text-muted")
        here = self.text.link_at_cursor()
        refs = [anchor.ref for anchor in self.margin.anchors_of(self.text.cursor_location[0])]
        found = [self.told[ref] for ref in dict.fromkeys(refs) if ref in self.told]
        if here is not None:
            found.sort(key=lambda item: item.ref != here.ref)
        if not found:
            return Content.styled("Reading …" if refs else _NO_LINK, "$text-muted")
        return Content("   ").join(_told_in_line(item) for item in found)

    # Followed, offered, seen

    def action_go(self) -> None:
        link = self._link_here()
        if link is None:
            say(self, "There is no link on this line; [[ offers what can be linked.")
        else:
            self.post_message(Follow(link.ref))

    @on(StoryMargin.Chosen)
    def go_to_linked(self, event: StoryMargin.Chosen) -> None:
        event.stop()
        self.text.move_cursor((event.anchor.line, event.anchor.column))
        self.text.focus()
        if event.opened:
            self.post_message(Follow(event.anchor.ref))

    @on(LinkOffers.Changed)
    def show_offers(self, event: LinkOffers.Changed) -> None:
        self.set_class(event.offered, "-offering")
        self.show_status()
        self.refresh_bindings()

    def action_link(self) -> None:
        self.text.focus()
        self.text.insert("[[")

    @property
    def news(self) -> list[str]:
        """What the draft links that changed, was contradicted or is gone, and was not seen yet."""
        refs = [ref for ref in self.margin.refs if ref in self.told]
        return [ref for ref in refs if self.told[ref].news]

    def action_seen(self) -> None:
        news = self.news
        line = {anchor.ref for anchor in self.margin.anchors_of(self.text.cursor_location[0])}
        here = [ref for ref in news if ref in line]
        if here:
            self._acknowledge(here, True)
        elif news:
            words = Content("\n").join(_told_in_line(self.told[ref]) for ref in news)
            dialog = ConfirmDialog("Seen, all of it?", words, "Yes, seen")
            self.app.push_screen(dialog, partial(self._acknowledge, news))
        else:
            say(self, "Nothing changed behind this story since you wrote it.")

    def _acknowledge(self, refs: Sequence[str], yes: bool | None) -> None:
        if yes and self.story is not None:
            with telling(self):
                seen = story_evidence.acknowledge(self.desk, self.story.slug, refs)
                say(self, f"{', '.join(seen)}: it is news no more.", "Seen")
            self.read_evidence()


def _told_in_line(item: Linked) -> Content:
    said, *others = lines_of(item)
    ink = {Mark.HOLDS: "$text-success", Mark.OPEN: "$text-accent", Mark.PLAIN: ""}
    sign = Content.styled(f"{SIGNS[item.mark]} {said}", ink.get(item.mark, "bold $text-error"))
    return Content.assemble(sign, *(f" · {words}" for words in (*others, item.ref)))
