"""A paper's claims: printed numbers that may be one, accepted with one key, and one's own."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import get_current_worker

from researchdesk.domain.claims import ClaimCandidate, PaperClaim
from researchdesk.domain.papers import Paper
from researchdesk.errors import DeskError
from researchdesk.services import claims, documents, library
from researchdesk.services.desk import Desk
from researchdesk.services.version_marks import marks_of
from researchdesk.services.way_back import with_way_back
from researchdesk.tui.at_hand import of_row
from researchdesk.tui.claim_rows import ClaimRow, claim_rows
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.claim import ClaimDialog, ClaimForm
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import Fetch, OpenPaper
from researchdesk.tui.notices import say, telling, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.claims_verbs import CLAIMS_VERBS
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.undoing import Back, take_back
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.claim_detail import ClaimDetail
from researchdesk.tui.widgets.claim_list import ClaimList

Result = TypeVar("Result")
_PAUSE = 0.12
_DOING = (
    "Looking for printed numbers; tables take a moment. {Claims.back} leaves, the work goes on. "
    "{seconds} s"
)
_NONE = "No printed number of this paper looks like a claim."
_NOTHING = "{problem}\n\nPress {claims.add} to write a claim in your own words."


class ClaimsScreen(DeskScreen):
    """Candidates and claims at the left, the words of the marked one at the right."""

    ABOUT = (
        "What the paper claims. Nothing becomes a claim by itself: {claims.accept} accepts "
        "the marked one."
    )
    VERBS = CLAIMS_VERBS
    BINDINGS = bindings(CLAIMS_VERBS)
    CSS_PATH = ["base.tcss", "claims.tcss"]

    @dataclass
    class Found(Message):
        """The candidates, or why there are none."""

        candidates: tuple[ClaimCandidate, ...]
        problem: str = ""

    def __init__(self, desk: Desk, ref: str, slug: str = "") -> None:
        """``slug`` is the claim to go to, if one is wanted."""
        super().__init__(desk)
        self._paper: Paper = library.get_paper(desk, ref)
        self._candidates: tuple[ClaimCandidate, ...] = ()
        self._problem = ""
        self._prefer = slug
        self._only_accepted = False
        self._undo: list[Back] = []
        self._soon: Timer | None = None
        self._seconds = 0
        self._busy = True

    def compose_body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        yield Static("", id="doing", markup=False)
        yield Input(placeholder="words, a number, Table 2", id="filter", compact=True)
        yield Static("", id="nothing", markup=False)
        with Horizontal(id="columns"):
            yield ClaimList()
            yield ClaimDetail()

    def on_mount(self) -> None:
        self.query_one(ClaimList).focus()
        self.set_interval(1, self._tick)
        self._seconds = -1
        self._tick()
        self.reload()
        self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        row = self._current()
        if action == "accept":
            return row is not None
        if action == "edit":
            return row is not None and row.accepted
        if action == "open":
            return row is not None and bool(row.page or row.quote)
        return True

    def paper_at_hand(self) -> str:
        return self._paper.name

    def surprise_at_hand(self) -> SurpriseForm:
        row = self._current()
        return of_row(row, self._paper.name) if row else super().surprise_at_hand()

    # What was found

    @work(thread=True, exclusive=True, group="candidates", exit_on_error=False)
    def _look(self) -> None:
        try:
            found = self.Found(documents.candidates_of(self.desk, self._paper))
        except DeskError as error:
            found = self.Found((), words_of(error))
        if not get_current_worker().is_cancelled:
            self.post_message(found)

    @on(Found)
    def take(self, message: Found) -> None:
        self._candidates, self._problem = message.candidates, message.problem
        self._busy = False
        self.reload()

    def _tick(self) -> None:
        self._seconds += 1
        self.set_class(self._busy, "-busy")
        if self._busy:
            self.query_one("#doing", Static).update(Content(keyed(_DOING, seconds=self._seconds)))

    def reload(self) -> None:
        """Read the claims again; the cursor stays on its row."""
        self.set_class(self._busy, "-busy")
        with telling(self):
            taken = claims.claims_of(self.desk, self._paper)
            rows = claim_rows(self._candidates, taken)
            pinned = [(claim.paper_id, claim.version) for claim in taken]
            self.query_one(ClaimList).marks = marks_of(self.desk, pinned)
            words = self.query_one("#filter", Input).value.casefold().split()
            shown = [
                row for row in rows if row.has(words) and (row.accepted or not self._only_accepted)
            ]
            self.query_one(ClaimList).put(shown, self._wanted(rows))
            self._say_counts(rows, shown)
            self.set_class(not rows and not self._busy, "-empty")
            nothing = keyed(_NOTHING, problem=self._problem or _NONE)
            self.query_one("#nothing", Static).update(Content(nothing))
            self.refresh_bindings()

    def _wanted(self, rows: list[ClaimRow]) -> str:
        """The row of the claim that is to be gone to, once it is there."""
        found = (row for row in rows if row.claim and row.claim.slug == self._prefer)
        row = next(found, None) if self._prefer else None
        if row is not None and not self._busy:
            self._prefer = ""
        return row.key if row else ""

    def _say_counts(self, rows: list[ClaimRow], shown: list[ClaimRow]) -> None:
        accepted = sum(row.accepted for row in rows)
        found = len(self._candidates)
        parts = [f"{accepted} accepted", f"{found} found" if not self._busy else ""]
        if len(shown) < len(rows):
            parts.append(keyed("{count} shown — {claims.back} shows all", count=len(shown)))
        counts = " · ".join(part for part in parts if part)
        self.query_one("#about", Static).update(
            Content.assemble((f"Claims of {self._paper.name}", "bold"), f"  {counts}  ",
                             (self._paper.title, "$text-muted"))
        )  # fmt: skip

    @on(ClaimList.Highlighted)
    def look(self, event: ClaimList.Highlighted) -> None:
        since = self.query_one(ClaimList).since(event.row) if event.row else ""
        self.query_one(ClaimDetail).show(event.row, since)
        self.refresh_bindings()

    def _current(self) -> ClaimRow | None:
        found = self.query(ClaimList)
        return found.first().current if found else None

    # Accepted, taken back, written

    @on(ClaimList.Toggled)
    def action_accept(self) -> None:
        """Make the marked one a claim, or take that back."""
        row = self._current()
        if row is None:
            return
        with telling(self):
            if row.claim is not None:
                self._do("Taken back", partial(claims.remove_claim, self.desk, row.claim.slug))
            elif row.candidate is not None:
                self._do("Accepted", partial(claims.accept, self.desk, self._paper, row.candidate))
            self.reload()

    def action_add(self) -> None:
        self.app.push_screen(ClaimDialog().saved_by(self._keep))

    def _keep(self, form: ClaimForm) -> None:
        add = partial(claims.add_claim, self.desk, self._paper, **asdict(form))
        kept = self._do("Written", add)
        self._prefer = kept.slug
        self.reload()
        say(self, f"Kept. Notes can link to it: [[claim:{kept.slug}]]")

    def action_edit(self) -> None:
        row = self._current()
        if row is None or row.claim is None:
            return
        with telling(self):
            claim = claims.get_claim(self.desk, row.claim.slug)
            asked = "What is claimed, in your words"
            dialog = QuestionDialog(f"Claim {claim.slug}", asked, claim.text)
            self.app.push_screen(dialog.saved_by(partial(self._reword, claim)))

    def _reword(self, claim: PaperClaim, text: str) -> None:
        if text != claim.text:
            self._do("Reworded", partial(claims.reword_claim, self.desk, claim.slug, text))
            self.reload()

    def _do(self, words: str, how: Callable[[], Result]) -> Result:
        """Do something to claims so that it can be taken back. Raises what ``how`` does."""

        def look() -> dict[str, str]:
            return {item.slug: item.text for item in claims.claims_of(self.desk, self._paper)}

        put_back = partial(claims.put_back, self.desk)
        done, back = with_way_back(self.desk, "The claim", look, how, put_back)
        if back is not None:
            self._undo.append((words, back))
        return done

    def action_undo(self) -> None:
        if not self._undo:
            say(self, "Nothing was done here yet.")
            return
        with telling(self):
            say(self, f"Undone: {take_back(self._undo).lower()}.")
        self.reload()

    # Around it

    def action_open(self) -> None:
        """Read the marked one where it stands in the paper."""
        if row := self._current():
            place = OpenPaper(self._paper.name, quote=row.quote, page=row.page)
            self.app.post_message(place)

    def action_filter(self) -> None:
        field = self.query_one("#filter", Input)
        field.add_class("-shown")
        self.set_focus(field)

    @on(Input.Changed, "#filter")
    def filter_soon(self) -> None:
        if self._soon is not None:
            self._soon.stop()
        self._soon = self.set_timer(_PAUSE, self.reload)

    @on(Input.Submitted, "#filter")
    def to_list(self) -> None:
        self.query_one(ClaimList).focus()

    def action_view(self) -> None:
        self._only_accepted = not self._only_accepted
        self.reload()

    def action_fetch(self) -> None:
        self.post_message(Fetch((str(self._paper.arxiv or self._paper.name),)))

    def show_fetching(self, fetching: Fetching) -> bool:
        """Look for numbers as soon as the PDF is there."""
        if fetching.added is not None and fetching.added.paper.id == self._paper.id:
            self._paper, self._busy, self._seconds = fetching.added.paper, True, 0
            self.reload()
            self._look()
        return False

    def action_back(self) -> None:
        """Out of the filter and of the view, then to where one came from."""
        field = self.query_one("#filter", Input)
        if field.has_class("-shown") or self._only_accepted:
            field.remove_class("-shown")
            field.value = ""
            self._only_accepted = False
            self.query_one(ClaimList).focus()
            self.reload()
        else:
            self.dismiss()
