"""What is done to ideas on their screen, and taken back."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial

from researchdesk.domain.ideas import Idea, IdeaState
from researchdesk.domain.text import one_line
from researchdesk.services import ideas
from researchdesk.services.desk import Desk
from researchdesk.services.way_back import with_way_back
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.settle import PARK, Settled, SettleDialog, Way
from researchdesk.tui.notices import say, telling
from researchdesk.tui.reviewing import Reviewing
from researchdesk.tui.undoing import Back, take_back

_STATES = {
    "done": IdeaState.DONE,
    "park": IdeaState.PARKED,
    "stop": IdeaState.STOPPED,
    "open": IdeaState.OPEN,
}
_DONE, _STOP = Way("done", "Done"), Way("stop", "Stop: it is not worth it any more", reason=True)
_OPEN = Way("open", "Open it again")
_ORDER = "order"


class IdeasDoing(Reviewing):
    """Moves, settles and takes back. A subclass shows ``ideas`` in ``reload`` and knows which is
    ``current``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ideas: list[Idea] = []
        self._undo: list[Back] = []

    @property
    def current(self) -> Idea | None:
        """The marked idea."""
        raise NotImplementedError

    def reload(self, prefer: int = 0) -> None:
        """Read the ideas again; the cursor stays on its idea, or goes to the number ``prefer``."""
        raise NotImplementedError

    def reviewed(self) -> None:
        self.reload()

    def action_shift(self, by: int) -> None:
        """Put the marked idea above the one before, or below the next."""
        order = [idea.id for idea in self.ideas if idea.is_at_hand(self.desk.today())]
        idea = self.current
        if idea is None or idea.id not in order:
            return
        at = order.index(idea.id)
        if 0 <= at + by < len(order):
            pair = (idea.id, order[at + by]) if by < 0 else (order[at + by], idea.id)
            self._move(idea, lambda: ideas.move_idea(self.desk, *pair))

    def action_top(self) -> None:
        idea = self.current
        order = [item.id for item in self.ideas]
        if idea is not None and order:
            self._move(idea, lambda: ideas.move_idea(self.desk, idea.id, order[0]))

    def action_by_score(self) -> None:
        """All ideas back to the score's order."""
        told = keyed("{idea.undo} brings your own order back.")
        self._move(self.current, lambda: ideas.set_own_order(self.desk, ()), told)

    def _move(self, idea: Idea | None, how: Callable[[], object], told: str = "") -> None:
        with telling(self):
            _, back = with_way_back(self.desk, "Your own order", self._order, how, self._put_order)
            if back is not None:
                self._undo.append(("The order is as it was", back))
            if told:
                say(self, told if back else "The score places them all already.", "By score")
            self.reload(idea.id if idea else 0)

    def _order(self) -> dict[str, Hashable]:
        return {_ORDER: tuple(ideas.own_order(self.desk))}

    def _put_order(self, was: dict[str, Sequence[int]]) -> None:
        ideas.set_own_order(self.desk, was[_ORDER])

    def action_settle_idea(self) -> None:
        idea = self.current
        if idea is None:
            return
        away = not idea.is_at_hand(self.desk.today())
        ways: Sequence[Way] = (_OPEN, _DONE, PARK, _STOP) if away else (_DONE, PARK, _STOP)
        title = one_line(idea.text)
        dialog = SettleDialog(f"Settle idea {idea.id}", title, ways, self.desk.today())
        self.app.push_screen(dialog.saved_by(partial(self._settle, idea)))

    def _settle(self, idea: Idea, given: Settled) -> None:
        state = _STATES[given.name]
        self.do(
            f"Idea {idea.id} is {state.value}",
            idea,
            lambda: ideas.settle_idea(self.desk, idea.id, state, given.why, given.until),
        )

    def do(self, what: str, idea: Idea, how: Callable[[], object]) -> None:
        """Do something to an idea so that it can be taken back. Raises what ``how`` does."""
        _, back = with_way_back(
            self.desk,
            f"Idea {idea.id} or its place in your own order",
            partial(ideas.parts_of, self.desk, idea.id),
            how,
            partial(ideas.put_back, self.desk, idea.id),
        )
        self.reload()
        if back is None:
            say(self, one_line(idea.text), f"Idea {idea.id} is as it was before")
            return
        self._undo.append((f"Idea {idea.id} is as it was", back))
        say(self, keyed("{idea}\n{idea.undo} takes it back.", idea=one_line(idea.text)), what)

    def action_undo(self) -> None:
        if not self._undo:
            say(self, "Nothing was moved, settled or edited here.")
            return
        with telling(self):
            say(self, take_back(self._undo))
        self.reload()
