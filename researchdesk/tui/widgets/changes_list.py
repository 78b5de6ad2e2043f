"""What changed, as a list: notes and claims, numbers, then section by section."""

from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.changes import SectionChange, VersionChanges
from researchdesk.domain.word_diff import How
from researchdesk.tui.widgets.brief import Option
from researchdesk.tui.widgets.changes_words import SIGNS, STYLES, title_of

Topic = str | SectionChange
"""``"pinned"``, ``"numbers"``, or a section."""


class ChangesList(OptionList):
    """The mark shows its topic at the right; enter goes there."""

    DEFAULT_CSS = """
    ChangesList { height: 1fr; border: none; padding: 0; background: $background; }
    """

    @dataclass
    class Looked(Message):
        topic: Topic

    @dataclass
    class Entered(Message):
        """The topic is to be read."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._topics: list[Topic] = []

    @property
    def topic(self) -> Topic | None:
        """What is marked."""
        at = self.highlighted
        return self._topics[at] if at is not None and at < len(self._topics) else None

    def show(self, found: VersionChanges) -> None:
        """Show these; the mark goes to the first thing that changed."""
        pinned = [*found.notes, *found.claims]
        touched = sum(item.how is not How.SAME for item in pinned)
        self._topics = ["pinned", "numbers", *found.sections]
        self.clear_options()
        heads = (
            Content(f"✎ Notes and claims: {touched} of {len(pinned)} touched"),
            Content(f"# Numbers: {len(found.numbers)} changed"),
        )
        self.add_options([Option(head) for head in heads])
        self.add_options([Option(_prompt(section)) for section in found.sections])
        first = next((at for at, topic in enumerate(self._topics) if _changed(topic)), 2)
        self.highlighted = 0 if touched else min(first, len(self._topics) - 1)

    def show_numbers(self, found: VersionChanges) -> None:
        """Show how many numbers are known to have changed by now."""
        if self.option_count > 1:
            count = Content(f"# Numbers: {len(found.numbers)} changed")
            self.replace_option_prompt_at_index(1, count)

    def step(self, by: int) -> bool:
        """Mark the next section that changed, or the one before; False where there is none."""
        at = self.highlighted or 0
        way = range(at + 1, len(self._topics)) if by > 0 else range(at - 1, -1, -1)
        found = next((place for place in way if _changed(self._topics[place])), None)
        if found is not None:
            self.highlighted = found
        return found is not None

    @on(OptionList.OptionHighlighted)
    def look(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_index < len(self._topics):
            self.post_message(self.Looked(self._topics[event.option_index]))

    @on(OptionList.OptionSelected)
    def enter(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Entered())


def _changed(topic: Topic) -> bool:
    return isinstance(topic, SectionChange) and topic.how is not How.SAME


def _prompt(section: SectionChange) -> Content:
    counted = section.how in {How.CHANGED, How.MOVED} and section.count
    count = f"  {section.count} of {len(section.diff)}" if counted else ""
    title = title_of(section)
    if section.how is How.SAME:
        return Content.styled(f"  {title}", "$text-muted")
    style = STYLES[section.how]
    return Content.assemble((f"{SIGNS[section.how]} ", f"bold {style}"), title, (count, style))
