"""The steps of a pass."""

from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from researchdesk.tui.position import Position


class StepList(OptionList):
    """Steps with a sign for noted, here, passed by and to come; enter or a click goes to one."""

    DEFAULT_CSS = """
    StepList { height: auto; max-height: 1fr; border: none; padding: 0; background: $background; }
    """

    @dataclass
    class Chosen(Message):
        step: int

    def show(self, position: Position) -> None:
        self.clear_options()
        for index, step in enumerate(position.plan.steps):
            style = "bold" if index == position.step else ""
            words = Content.assemble(
                f"{position.mark(index)} ", (f"{index + 1}. {step.title}", style)
            )
            self.add_option(Option(words))
        self.highlighted = position.step

    @on(OptionList.OptionSelected)
    def announce(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(event.option_index))
