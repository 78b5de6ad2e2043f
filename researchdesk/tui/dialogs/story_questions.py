"""The four questions that a scientific statement can carry."""

from dataclasses import fields

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Label, TextArea

from researchdesk.domain.statements import Questions, Statement
from researchdesk.domain.text import one_line
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.long_text import LongText

_ASKED = {
    "proof": "How is it proved?",
    "refuted_by": "What would refute it?",
    "mechanism": "By what mechanism does it work?",
    "weak": "Where is it weak?",
}


class QuestionsDialog(Dialog[dict[str, str]]):
    """Ends with the answers, by the names of Questions; an empty one takes the question away."""

    HEADING = "Four questions"
    AUTO_FOCUS = "#proof"
    CSS_PATH = ["dialogs.tcss", "story.tcss"]

    def __init__(self, statement: Statement) -> None:
        super().__init__()
        self._statement = statement

    def compose_fields(self) -> ComposeResult:
        yield Static(Content.styled(f"“{self._statement.text}”", "italic"), classes="asked")
        for name, words in _ASKED.items():
            yield Label(Content(words), classes="label")
            answer = getattr(self._statement.questions, name)
            yield LongText(answer, id=name, compact=True, soft_wrap=True)

    def unsaved(self) -> str:
        if self._read() != {
            field.name: getattr(self._statement.questions, field.name)
            for field in fields(Questions)
        }:
            return self.not_yet("The answers are not kept yet", "keeps them", "lets them go")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def action_accept(self) -> None:
        self.end_with(self._read())

    def _read(self) -> dict[str, str]:
        return {name: one_line(self.query_one(f"#{name}", TextArea).text) for name in _ASKED}
