"""What was not understood: marked in the text, answered, let go, opened again."""

from functools import partial

from textual import on

from researchdesk.domain.reading import Note
from researchdesk.services import notes
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.answer import AnswerDialog
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.reader_base import ReaderBase
from researchdesk.tui.widgets.question_list import QuestionList


class Questioning(ReaderBase):
    """The part of the reader that has to do with questions."""

    def action_unclear(self) -> None:
        """Keep what is marked or selected as not understood, at once."""
        if self.position is None:
            return
        taken = self.text.taken()
        if not taken.quote:
            say(
                self,
                keyed(
                    "Mark a sentence first: {text.mark}, or the mouse. Then {reader.unclear} "
                    "keeps it as not understood."
                ),
            )
            return
        with telling(self):
            note = notes.mark(
                self.desk,
                self.position.paper,
                self.position.plan.number,
                taken.quote,
                taken.page,
                self.position.current.key,
                version=self.position.paper.version,
            )
            self.text.let_go()
            self.after_change(note)
            say(self, keyed("{reader.questions} shows all of them."), "Kept as not understood")

    @on(QuestionList.Asked)
    def do_with_question(self, event: QuestionList.Asked) -> None:
        event.stop()
        {
            "go": self.go_to_note,
            "edit": self.edit_note,
            "resolve": self._resolve,
            "toggle": self._toggle_question,
        }[event.what](event.note)

    def _resolve(self, question: Note) -> None:
        self.app.push_screen(AnswerDialog(question).saved_by(partial(self._answered, question)))

    def _answered(self, question: Note, text: str) -> None:
        answer = notes.resolve(self.desk, question.id, text)
        self.show_notes(answer.id if answer else None)

    def _toggle_question(self, question: Note) -> None:
        with telling(self):
            if question.resolved_at is None:
                notes.resolve(self.desk, question.id)
                say(self, keyed("{Question.toggle} opens it again."), "Let go")
            else:
                notes.reopen(self.desk, question.id)
            self.show_notes()
