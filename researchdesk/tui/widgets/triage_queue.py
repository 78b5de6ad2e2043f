"""The papers that wait, beside the one that is looked at, where there is room."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.feeds import FeedEntry
from researchdesk.tui.widgets.brief import Option

_MOST = 200


class TriageQueue(OptionList, can_focus=False):
    """The titles in their order; a click goes to one."""

    DEFAULT_CSS = """
    TriageQueue {
        height: 1fr; text-wrap: nowrap; text-overflow: ellipsis;
        & > .option-list--option-disabled { color: $text-muted; }
    }
    """

    @dataclass
    class Chosen(Message):
        entry_id: int

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(self, entries: Sequence[FeedEntry], at: int) -> None:
        """Show these; the one at ``at`` is marked."""
        options = [
            Option(
                Content.assemble(
                    (entry.title, "bold"), f"\n  {_first(entry)} · {entry.kind_words}"
                ),
                id=str(entry.id),
            )
            for entry in entries[:_MOST]
        ]
        if len(entries) > _MOST:
            options.append(Option(f"and {len(entries) - _MOST} more", disabled=True))
        self.set_options(options)
        self.mark(at)

    def mark(self, at: int) -> None:
        """Mark the one at ``at``."""
        self.highlighted = at if at < min(self.option_count, _MOST) else None
        if self.highlighted is not None:
            self.call_after_refresh(self.scroll_to_highlight)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Chosen(int(event.option_id)))


def _first(entry: FeedEntry) -> str:
    names = entry.words.authors
    if not names:
        return "authors unknown"
    return f"{names[0]} et al." if len(names) > 1 else names[0]
