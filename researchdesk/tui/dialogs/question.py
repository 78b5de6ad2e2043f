"""One question with one line for the answer."""

from textual.app import ComposeResult
from textual.widgets import Input, Label

from researchdesk.tui.dialogs.base import CANCEL, Dialog, button


class QuestionDialog(Dialog[str]):
    """Ends with the answer, which is not empty."""

    def __init__(self, title: str, question: str, answer: str = "", accept: str = "Save") -> None:
        super().__init__()
        self._title, self._question = title, question
        self._answer, self._accept = answer, accept

    def heading(self) -> str:
        return self._title

    def compose_fields(self) -> ComposeResult:
        yield Label(self._question, classes="label", markup=False)
        yield Input(self._answer, id="answer", compact=True)

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", f"{self._accept}  enter", "Do it.", "primary")
        yield button("cancel", self.leaving("Cancel"), CANCEL.help)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        answer = self.query_one("#answer", Input).value.strip()
        if answer:
            self.end_with(answer)
        else:
            self.complain(f"An answer is wanted; {self.cancel_key} leaves.")
