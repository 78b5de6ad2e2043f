"""What is done about the marked surprise: evidence, explanations, states; each can be undone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from researchdesk.domain.surprises import Case, Surprise, SurpriseState
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError
from researchdesk.services import becoming, doubts, explaining, refs, surprise_back, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.way_back import with_way_back
from researchdesk.tui import surprise_choices as choices
from researchdesk.tui.begun import changes
from researchdesk.tui.commands import keyed
from researchdesk.tui.days import day_in
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.dialogs.evidence import EvidenceDialog, EvidenceForm
from researchdesk.tui.dialogs.explanation import ExplanationDialog, ExplanationForm, form_of
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.undoing import Back, take_back

Result = TypeVar("Result")
_WEEK = timedelta(days=7)
_NOT_KEPT = "The explanation is not kept; {funny.explain} goes on with it."


class ActingScreen(DeskScreen):
    """Shows a ``case``, which may still be that of the surprise marked before, and reads the log
    again with ``reload``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.case: Case | None = None
        self._done: list[Back] = []
        self._begun: dict[tuple[int, str], dict[str, Any]] = {}
        """By surprise and letter, ``""`` for a new one, what was written of an explanation and not
        kept: what it would change."""

    def reload(self, prefer: int = 0) -> None:
        """Read the log again; the highlight goes to the number ``prefer``."""
        raise NotImplementedError

    @property
    def marked(self) -> Surprise | None:
        """The surprise under the cursor."""
        raise NotImplementedError

    def at_hand(self) -> Case | None:
        """The case of the marked surprise as it is by now; what is wrong is told."""
        return self._case_of(self.marked.id) if self.marked else None

    def _case_of(self, number: int) -> Case | None:
        with telling(self):
            return surprises.case_of(self.desk, number)
        return None

    def _do(
        self, number: int, do: Callable[[], Result], words: str | Callable[[Result], str]
    ) -> Result:
        """Do something about a surprise so that it can be taken back, and tell it."""
        look = partial(surprise_back.parts_of, self.desk, number)
        put_back = partial(surprise_back.put_back, self.desk, number)
        result, back = with_way_back(self.desk, f"Surprise {number}", look, do, put_back)
        told = words if isinstance(words, str) else words(result)
        if back is None:
            say(self, "It was so already; nothing was changed.")
        else:
            self._done.append((told, back))
            say(self, keyed("{words}\n{funny.undo} takes it back.", words=told))
        self.reload()
        return result

    def action_undo(self) -> None:
        """Take back what was done here last; else the last change of the marked one's state."""
        marked, seen = self.marked, self.case
        with telling(self):
            if self._done:
                say(self, f"Taken back: {take_back(self._done)}")
            elif marked is not None:
                seen = seen if seen and seen.surprise.id == marked.id else None
                now = surprises.undo_last(self.desk, marked.id, seen)
                say(self, f"{one_line(now.text)}: {now.state.value} again.", "Taken back")
        if marked is not None:
            self.case = self._case_of(marked.id)  # what is shown comes later than the next key
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
        filing = partial(explaining.file_evidence, self.desk, number)
        kept = self._do(
            number,
            lambda: filing(form.about, form.side, ref, words),
            lambda kept: f"Filed {kept.side.value} {kept.about}: {kept.line}",
        )
        if kept.ref and not refs.is_here(self.desk, kept.ref):
            warn(self, f"Nothing on this desk answers to {kept.ref}; it counts once it does.")

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
        how = explaining.withdraw_evidence if withdrawn else explaining.give_back_evidence
        with telling(self):
            told = "Withdrawn; it is kept." if withdrawn else "It counts again."
            self._do(number, partial(how, self.desk, number, evidence), told)

    # Explanations

    def action_explain(self) -> None:
        """The first explanation at once; with one there, what can be done about them."""
        case = self.at_hand()
        if case is None:
            return
        if not case.explanations:
            self._explanation(case.surprise.id)
            return
        found = choices.about_explanations(case)
        dialog = ChoiceDialog("Explanations", found, about=case.surprise.text)
        self.app.push_screen(dialog, partial(self._about_explanation, case.surprise.id))

    def _about_explanation(self, number: int, name: str | None) -> None:
        if name == choices.NEW:
            self._explanation(number)
        elif name == choices.APART:
            self._ask_apart(number)
        elif name and name.startswith(choices.CHANGE):
            self._explanation(number, name.removeprefix(choices.CHANGE))
        elif name and name.startswith(choices.RULE_OUT):
            letter = name.removeprefix(choices.RULE_OUT)
            dialog = QuestionDialog(f"Rule {letter} out", "What speaks against it?", "", "Rule out")
            self.app.push_screen(dialog.saved_by(partial(self._rule_out, number, letter)))
        elif name:
            letter = name.removeprefix(choices.STAND)
            with telling(self):
                stands = partial(explaining.let_stand, self.desk, number, letter)
                self._do(number, stands, f"{letter} stands again.")

    def _explanation(self, number: int, letter: str = "") -> None:
        """Ask for one, or for another wording of one as it stands by now."""
        if case := self._case_of(number):
            old = case.explanation(letter)
            before, begun = form_of(old), self._begun.get((number, letter))
            form = replace(before, **begun) if begun else None
            dialog = ExplanationDialog(case, old, form)
            save = partial(self._explain, number, letter, before)
            left = partial(self._left, (number, letter), before)
            self.app.push_screen(dialog.saved_by(save), left)

    def _explain(
        self, number: int, letter: str, before: ExplanationForm, form: ExplanationForm
    ) -> None:
        new = changes(before, form)
        if letter:
            change = partial(explaining.change_explanation, self.desk, number, letter, **new)
            self._do(number, change, f"{letter} is changed.")
        else:
            explain = partial(explaining.explain, self.desk, number, **new)
            self._do(number, explain, lambda kept: f"Explanation {kept.letter} is kept.")

    def _left(
        self, key: tuple[int, str], before: ExplanationForm, form: ExplanationForm | None
    ) -> None:
        """What is kept, or is as it was before, was not begun."""
        self._begun.pop(key, None)
        if form is not None and not form.saved and (begun := changes(before, form)):
            self._begun[key] = begun
            say(self, keyed(_NOT_KEPT))

    def _rule_out(self, number: int, letter: str, why: str) -> None:
        out = partial(explaining.rule_out, self.desk, number, letter, why)
        self._do(number, out, f"{letter} is ruled out.")

    def _ask_apart(self, number: int) -> None:
        if case := self._case_of(number):
            question = "Which experiment would come out one way for one, another for the other?"
            before = case.surprise.apart
            dialog = QuestionDialog("What tells them apart?", question, before)
            self.app.push_screen(dialog.saved_by(partial(self._tell_apart, number, before)))

    def _tell_apart(self, number: int, before: str, text: str) -> None:
        if text != before:
            told = keyed("Kept. {funny.investigate} investigates it.")
            self._do(number, partial(explaining.set_apart, self.desk, number, text), told)

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
            self.app.push_screen(dialog.saved_by(partial(self._put_off, item.id)))
        elif name in (SurpriseState.EXPLAINED, SurpriseState.DROPPED):
            state = SurpriseState(name)
            asks = "What explains it?" if state is SurpriseState.EXPLAINED else "Why?"
            title = f"{state.value.capitalize()}: {about}"
            dialog = QuestionDialog(title, asks, "", "Resolve")
            self.app.push_screen(dialog.saved_by(partial(self._resolve, item.id, state)))
        elif name == SurpriseState.IDEA:
            with telling(self):
                become = partial(becoming.become_idea, self.desk, item.id)
                told = "Idea {id} is kept, too: {app.ideas} shows the ideas."
                self._do(item.id, become, lambda made: keyed(told, id=made[1].id))
        else:
            with telling(self):
                self._resolve(item.id, SurpriseState(name))

    def _put_off(self, number: int, text: str) -> None:
        day = day_in(text, self.desk.today())
        if day is None:
            raise UsageProblemError(f"{text!r} is no day.", "Say 2027-01-31, or +7.")
        self._do(number, partial(surprises.put_off, self.desk, number, day), f"Again on {day}.")

    def _resolve(self, number: int, state: SurpriseState, why: str = "", *, by: str = "") -> None:
        resolve = partial(surprises.resolve, self.desk, number, state, why, by=by)
        self._do(number, resolve, lambda now: f"{one_line(now.text)}: {now.state.value}.")
