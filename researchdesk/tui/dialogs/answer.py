"""The dialog that answers a question."""

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Label, TextArea

from researchdesk.domain.reading import Note
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.long_text import LongText


class AnswerDialog(Dialog[str]):
    """Ends with the answer, which is not empty."""

    AUTO_FOCUS = "#answer"
    ACCEPT_LABEL = "Resolve"

    def __init__(self, question: Note) -> None:
        super().__init__()
        self._question = question

    def heading(self) -> str:
        return "Answer this question"

    def compose_fields(self) -> ComposeResult:
        question = self._question
        parts = []
        if question.quote:
            page = f" (page {question.page})" if question.page else ""
            parts.append(Content.styled(f"“{question.quote}”{page}", "italic"))
        if question.text:
            parts.append(Content(question.text))
        yield Static(Content("\n").join(parts), classes="asked")
        yield Label("What you know now", classes="label")
        yield LongText("", id="answer", compact=True, soft_wrap=True)

    def unsaved(self) -> str:
        if self.query_one("#answer", TextArea).text.strip():
            return self.not_yet("The answer is not kept yet", "keeps it", "leaves it")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def action_accept(self) -> None:
        text = self.query_one("#answer", TextArea).text
        if text.strip():
            self.end_with(text)
        else:
            self.complain(
                keyed("Say in a few words what you know now; or leave with {dialog.cancel}.")
            )
