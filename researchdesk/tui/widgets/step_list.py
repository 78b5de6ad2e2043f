"""The steps of a pass."""

from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.tui.position import Position
from researchdesk.tui.widgets.brief import Option


class StepList(OptionList):
    """Steps with a sign for noted, here, passed by and to come; enter or a click goes to one."""

    DEFAULT_CSS = """
    StepList { height: auto; max-height: 1fr; border: none; padding: 0; background: $background; }
    """

    @dataclass
    class Chosen(Message):
        step: int

    def __init__(self) -> None:
        super().__init__(id="steps", markup=False)
        self._prompts: list[Content] = []

    def show(self, position: Position) -> None:
        """The steps of this pass; what is the same stays as it is."""
        prompts = []
        for index, step in enumerate(position.plan.steps):
            style = "bold" if index == position.step else ""
            prompts.append(
                Content.assemble(f"{position.mark(index)} ", (f"{index + 1}. {step.title}", style))
            )
        if len(prompts) != len(self._prompts):
            self.clear_options()
            self.add_options([Option(prompt) for prompt in prompts])
        else:
            for index, prompt in enumerate(prompts):
                if prompt != self._prompts[index]:
                    self.replace_option_prompt_at_index(index, prompt)
        self._prompts = prompts
        self.highlighted = position.step

    @on(OptionList.OptionSelected)
    def announce(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(event.option_index))
