"""Why an answer is what it is."""

from textual.widgets import Input

from researchdesk.tui.dialogs.question import QuestionDialog


class WhyDialog(QuestionDialog):
    """Ends with the reason; that may be empty."""

    async def action_accept(self) -> None:
        self.end_with(self.query_one("#answer", Input).value.strip())
