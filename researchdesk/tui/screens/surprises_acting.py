"""What is done about the marked surprise: evidence, explanations, states; each can be undone."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from researchdesk.domain.surprises import Case, Surprise, SurpriseState
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError
from researchdesk.services import becoming, doubts, explaining, refs, surprises
from researchdesk.services.desk import Desk
from researchdesk.tui import surprise_choices as choices
from researchdesk.tui.commands import keyed
from researchdesk.tui.days import day_in
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.dialogs.evidence import EvidenceDialog, EvidenceForm
from researchdesk.tui.dialogs.explanation import ExplanationDialog, ExplanationForm
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.undoing import Back, take_back

_WEEK = timedelta(days=7)


class ActingScreen(DeskScreen):
    """Shows a ``case``, which may still be that of the surprise marked before, and reads the log
    again with ``reload``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.case: Case | None = None
        self._done: list[Back] = []
        self._begun: dict[tuple[int, str], ExplanationForm] = {}

    def reload(self, prefer: int = 0) -> None:
        """Read the log again; the highlight goes to the number ``prefer``."""
        raise NotImplementedError

    @property
    def marked(self) -> Surprise | None:
        """The surprise under the cursor."""
        raise NotImplementedError

    def at_hand(self) -> Case | None:
        """The case of the marked surprise, whichever is shown still; what is wrong is told."""
        marked, shown = self.marked, self.case
        if marked is None or (shown is not None and shown.surprise.id == marked.id):
            return shown if marked else None
        with telling(self):
            return surprises.case_of(self.desk, marked.id)
        return None

    def _did(self, words: str, back: Callable[[], object]) -> None:
        """Tell what was done, and how it is taken back."""
        self._done.append((words, back))
        say(self, keyed("{words}\n{funny.undo} takes it back.", words=words))
        self.reload()

    def action_undo(self) -> None:
        """Take back what was done here last; else the last change of the marked one's state."""
        case = self.at_hand()
        with telling(self):
            if self._done:
                say(self, f"Taken back: {take_back(self._done)}")
            elif case is not None:
                now = surprises.undo_last(self.desk, case.surprise.id)
                say(self, f"{one_line(now.text)}: {now.state.value} again.", "Taken back")
        self.reload()

    # Evidence

    def action_evidence(self) -> None:
        if case := self.at_hand():
            known = partial(doubts.known_about, self.desk, case.surprise)
            self.app.push_screen(EvidenceDialog(case, known).saved_by(partial(self._file, case)))

    def _file(self, case: Case, form: EvidenceForm) -> None:
        number = case.surprise.id
        ref, words = refs.ref_and_words(self.desk, form.text)
        if form.known is not None:
            ref, words = form.known.ref, form.known.words
        kept = explaining.file_evidence(self.desk, number, form.about, form.side, ref, words)
        if kept.ref and not refs.is_here(self.desk, kept.ref):
            warn(self, f"Nothing on this desk answers to {kept.ref}; it counts once it does.")
        self._did(
            f"Filed {kept.side.value} {kept.about}: {kept.line}",
            lambda: explaining.withdraw_evidence(self.desk, number, kept.id),
        )

    def action_withdraw(self) -> None:
        case = self.at_hand()
        if case is None:
            return
        found = choices.about_evidence(case)
        if not found:
            say(self, keyed("There is no evidence yet; {funny.evidence} files some."))
            return
        title = "Which no longer counts, or counts again?"
        dialog = ChoiceDialog(title, found, about=case.surprise.text)
        self.app.push_screen(dialog, partial(self._withdraw, case))

    def _withdraw(self, case: Case, name: str | None) -> None:
        if name is None:
            return
        number = case.surprise.id
        withdrawn = name.startswith(choices.WITHDRAW)
        evidence = int(name.rpartition(" ")[2])
        away = partial(explaining.withdraw_evidence, self.desk, number, evidence)
        back = partial(explaining.give_back_evidence, self.desk, number, evidence)
        with telling(self):
            if withdrawn:
                away()
                self._did("Withdrawn; it is kept.", back)
            else:
                back()
                self._did("It counts again.", away)

    # Explanations

    def action_explain(self) -> None:
        """The first explanation at once; with one there, what can be done about them."""
        case = self.at_hand()
        if case is None:
            return
        if not case.explanations:
            self._explanation(case)
            return
        found = choices.about_explanations(case)
        dialog = ChoiceDialog("Explanations", found, about=case.surprise.text)
        self.app.push_screen(dialog, partial(self._about_explanation, case))

    def _about_explanation(self, case: Case, name: str | None) -> None:
        number = case.surprise.id
        if name == choices.NEW:
            self._explanation(case)
        elif name == choices.APART:
            question = "Which experiment would come out one way for one, another for the other?"
            dialog = QuestionDialog("What tells them apart?", question, case.surprise.apart)
            self.app.push_screen(dialog.saved_by(partial(self._tell_apart, case)))
        elif name and name.startswith(choices.CHANGE):
            self._explanation(case, name.removeprefix(choices.CHANGE))
        elif name and name.startswith(choices.RULE_OUT):
            letter = name.removeprefix(choices.RULE_OUT)
            dialog = QuestionDialog(f"Rule {letter} out", "What speaks against it?", "", "Rule out")
            self.app.push_screen(dialog.saved_by(partial(self._rule_out, number, letter)))
        elif name:
            letter = name.removeprefix(choices.STAND)
            with telling(self):
                why = explaining.let_stand(self.desk, number, letter)
                self._did(f"{letter} stands again.", partial(self._again_out, case, why.letter))

    def _explanation(self, case: Case, letter: str = "") -> None:
        begun = self._begun.get((case.surprise.id, letter))
        dialog = ExplanationDialog(case, case.explanation(letter), begun)
        self.app.push_screen(dialog, partial(self._explained, case, letter))

    def _explained(self, case: Case, letter: str, form: ExplanationForm | None) -> None:
        number = case.surprise.id
        if form is None:
            self._begun.pop((number, letter), None)
            return
        self._begun[number, letter] = form
        if not form.saved:
            return
        said = (form.text, form.predicts, form.refuted_by)
        with telling(self):
            if old := case.explanation(letter):
                explaining.change_explanation(self.desk, number, letter, *said)
                before = (old.text, old.predicts, old.refuted_by)
                self._did(
                    f"{letter} is changed.",
                    lambda: explaining.change_explanation(self.desk, number, letter, *before),
                )
            else:
                new = explaining.explain(self.desk, number, *said)
                why = "taken back"
                self._did(
                    f"Explanation {new.letter} is kept.",
                    lambda: explaining.rule_out(self.desk, number, new.letter, why),
                )
            self._begun.pop((number, letter), None)

    def _rule_out(self, number: int, letter: str, why: str) -> None:
        explaining.rule_out(self.desk, number, letter, why)
        back = partial(explaining.let_stand, self.desk, number, letter)
        self._did(f"{letter} is ruled out.", back)

    def _again_out(self, case: Case, letter: str) -> None:
        old = case.explanation(letter)
        if old is not None:
            explaining.rule_out(self.desk, case.surprise.id, letter, old.ruled_out)

    def _tell_apart(self, case: Case, text: str) -> None:
        number, before = case.surprise.id, case.surprise.apart
        explaining.set_apart(self.desk, number, text)
        back = partial(explaining.set_apart, self.desk, number, before)
        self._did(keyed("Kept. {funny.investigate} investigates it."), back)

    # States

    def action_resolve(self) -> None:
        if case := self.at_hand():
            title, found = "How far was it followed up?", choices.resolutions(case)
            dialog = ChoiceDialog(title, found, about=case.surprise.text)
            self.app.push_screen(dialog, partial(self._resolution, case))

    def _resolution(self, case: Case, name: str | None) -> None:
        """A state at once, or once its reason or its day is said."""
        if name is None:
            return
        item, about = case.surprise, one_line(case.surprise.text)
        if name.startswith(choices.EXPLAINED_BY):
            letter = name.removeprefix(choices.EXPLAINED_BY)
            with telling(self):
                self._resolve(item.id, SurpriseState.EXPLAINED, by=letter)
        elif name == choices.PUT_OFF:
            day = str(self.desk.today() + _WEEK)
            label = "Day to come back: YYYY-MM-DD, or +7 for in seven days"
            dialog = QuestionDialog(f"Put off: {about}", label, day, "Put off")
            self.app.push_screen(dialog.saved_by(partial(self._put_off, case)))
        elif name in (SurpriseState.EXPLAINED, SurpriseState.DROPPED):
            state = SurpriseState(name)
            asks = "What explains it?" if state is SurpriseState.EXPLAINED else "Why?"
            title = f"{state.value.capitalize()}: {about}"
            dialog = QuestionDialog(title, asks, "", "Resolve")
            self.app.push_screen(dialog.saved_by(partial(self._resolve, item.id, state)))
        elif name == SurpriseState.IDEA:
            with telling(self):
                _, idea = becoming.become_idea(self.desk, item.id)
                back = partial(surprises.undo_last, self.desk, item.id)
                self._did(
                    keyed("Idea {id} is kept, too: {app.ideas} shows the ideas.", id=idea.id), back
                )
        else:
            with telling(self):
                self._resolve(item.id, SurpriseState(name))

    def _put_off(self, case: Case, text: str) -> None:
        item, day = case.surprise, day_in(text, self.desk.today())
        if day is None:
            raise UsageProblemError(f"{text!r} is no day.", "Say 2027-01-31, or +7.")
        surprises.resolve(self.desk, item.id, item.state, item.why, again_on=day)
        self._did(f"Again on {day}.", partial(surprises.undo_last, self.desk, item.id))

    def _resolve(self, number: int, state: SurpriseState, why: str = "", *, by: str = "") -> None:
        now = surprises.resolve(self.desk, number, state, why, by=by)
        back = partial(surprises.undo_last, self.desk, number)
        self._did(f"{one_line(now.text)}: {now.state.value}.", back)
