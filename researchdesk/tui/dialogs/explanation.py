"""The dialog for one of the explanations of a surprise."""

from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Label, TextArea

from researchdesk.domain.surprises import Case, Explanation
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.long_text import LongText

_FIELDS = (
    ("text", "What explains it?"),
    ("predicts", "What does that predict? What would be seen if it were so?"),
    ("refuted_by", "What would refute it?"),
)


@dataclass(frozen=True, slots=True)
class ExplanationForm:
    """What was filled in; only the text has to be. ``saved``: the person said to keep it."""

    text: str = ""
    predicts: str = ""
    refuted_by: str = ""
    saved: bool = False


class ExplanationDialog(Dialog[ExplanationForm]):
    """An explanation, what it predicts, and what would refute it, beside those there are.

    With ``old`` that one is said in other words; ``begun`` is what was written and not kept. Left
    with escape it ends with the form, not ``saved``.
    """

    AUTO_FOCUS = "#text"

    def __init__(
        self, case: Case, old: Explanation | None = None, begun: ExplanationForm | None = None
    ) -> None:
        super().__init__()
        self._case, self._old = case, old
        self._before, self._begun = form_of(old), begun

    def heading(self) -> str:
        if self._old is not None:
            title = f"Explanation {self._old.letter}"
        else:
            title = "A rival explanation" if self._case.rivals else "What may explain it?"
        return f"{title}, begun and not kept" if self._begun else title

    def compose_fields(self) -> ComposeResult:
        others = [item for item in self._case.rivals if item != self._old]
        about = [Content.styled(one_line(self._case.surprise.text), "bold")]
        about += [Content(f"against {item.letter}: {one_line(item.text)}") for item in others]
        yield Static(Content("\n").join(about), classes="asked")
        for name, label in _FIELDS:
            yield Label(label, classes="label")
            yield LongText(
                getattr(self._begun or self._before, name),
                id=name,
                compact=True,
                soft_wrap=True,
                tab_behavior="focus",
            )

    def unsaved(self) -> str:
        if self._form() != self._before:
            return self.not_yet("The explanation is not kept yet", "keeps it", "lets it go")
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def action_accept(self) -> None:
        form = self._form()
        if form.text:
            self.end_with(replace(form, saved=True))
        else:
            self.complain(
                keyed("Say in a few words what may explain it; or leave with {dialog.cancel}.")
            )

    def action_cancel(self) -> None:
        self.dismiss(self._form())

    def _form(self) -> ExplanationForm:
        text, predicts, refuted_by = (
            self.query_one(f"#{name}", TextArea).text.strip() for name, _ in _FIELDS
        )
        return ExplanationForm(text, predicts, refuted_by)


def form_of(old: Explanation | None) -> ExplanationForm:
    """An explanation as the dialog shows it; an empty one where there is none yet."""
    return ExplanationForm(old.text, old.predicts, old.refuted_by) if old else ExplanationForm()
