"""What is around a paper: what it cites, what cites it, what is similar; and on from there."""

from dataclasses import replace

from textual import on
from textual.widgets import Input

from researchdesk.domain.citations import Relation
from researchdesk.domain.papers import Paper
from researchdesk.services import citations
from researchdesk.services.citations import Near
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import Fetch, OpenPaper
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.screens.citations_base import CitationsBase, Stop
from researchdesk.tui.screens.citations_verbs import CITATIONS_VERBS
from researchdesk.tui.widgets.citation_list import CitationList, near_key
from researchdesk.tui.widgets.citation_tabs import CitationTabs


class CitationsScreen(CitationsBase):
    """The keys: on, back, from list to list; to ask, to add, to read, to filter."""

    ABOUT = (
        "What the paper cites, what cites it, what is similar: papers on the desk first, with the "
        "sign of their reading, then by influence (★) and citations. {Citations.walk} walks on."
    )
    VERBS = CITATIONS_VERBS
    BINDINGS = bindings(CITATIONS_VERBS)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        near = self.marked()
        if action == "read":
            return near is not None and near.on_desk
        if action == "add":
            return self._to_add() is not None
        return bool(self.shown.works) if action == "filter" else True

    # From one to the next

    @on(CitationList.Walked)
    def walk(self, event: CitationList.Walked) -> None:
        """On to what is around this work."""
        near = event.near
        self._leave(near_key(near))
        with telling(self):
            of = citations.paper_near(self.desk, near) if near.on_desk else near
            self.trail.append(Stop(of))
            self.arrive()

    def _leave(self, at: str) -> None:
        self.trail[-1] = replace(self.stop, at=at)

    def action_back(self) -> None:
        """Out of the filter, then back the way one came, then out."""
        if self.query_one("#filter", Input).has_class("-shown"):
            self._end_filter()
        elif len(self.trail) > 1:
            self.trail.pop()
            self.arrive()
            self.query_one(CitationList).focus()
        else:
            self.dismiss(None)

    def action_show(self, relation: str) -> None:
        if Relation(relation) is not self.stop.relation:
            self.trail[-1] = replace(self.stop, relation=Relation(relation), at="")
            self.query_one(CitationList).cursor = 0
            self.show_list()

    def action_turn(self, by: int) -> None:
        order = list(Relation)
        self.action_show(order[(order.index(self.stop.relation) + by) % len(order)])

    @on(CitationTabs.Chosen)
    def choose(self, event: CitationTabs.Chosen) -> None:
        self.action_show(event.relation.value)

    # Asking

    def action_ask(self) -> None:
        self.shown.doing = "Asking Semantic Scholar …"
        self.show_state()
        self.ask(self.stop)

    def action_index(self) -> None:
        """Read the lists of all papers, while everything else goes on."""
        self.shown.doing = "Reading the papers' lists …"
        self.show_state()
        self.index()

    # The filter, and what is done with a work

    def action_filter(self) -> None:
        field_ = self.query_one("#filter", Input)
        field_.add_class("-shown")
        self.set_focus(field_)

    @on(Input.Changed, "#filter")
    def narrow(self, event: Input.Changed) -> None:
        self.trail[-1] = replace(self.stop, words=event.value)
        self.show_list()

    @on(Input.Submitted, "#filter")
    def to_list(self) -> None:
        self.query_one(CitationList).focus()

    def _end_filter(self) -> None:
        field_ = self.query_one("#filter", Input)
        field_.remove_class("-shown")
        field_.value = ""
        self.query_one(CitationList).focus()

    def _to_add(self) -> Near | Paper | None:
        """The marked work, where it is not on the desk; where the list is empty what is looked at,
        where its file is not here."""
        near = self.marked()
        if near is not None:
            return None if near.on_desk else near
        of = self.stop.of
        return None if isinstance(of, Paper) and of.held() else of

    def action_add(self) -> None:
        wanted = self._to_add()
        if wanted is None:
            say(self, keyed("It is on the desk already: {citations.read} reads it."))
        elif isinstance(wanted, Paper):
            self.post_message(Fetch((str(wanted.arxiv or wanted.name),)))
        elif wanted.id:
            self.post_message(Fetch((wanted.id,)))
        else:
            where = f"\nIts DOI is {wanted.work.doi}." if wanted.work.doi else ""
            warn(self, f"No arXiv id is known of {wanted.work.title}.{where}", "Not added")

    def action_read(self) -> None:
        near = self.marked()
        if near is not None and near.on_desk:
            self.post_message(OpenPaper(near.name))

    def show_fetching(self, fetching: Fetching) -> bool:
        """How far a paper is stands in the line of the state; one that came gets its sign."""
        if fetching.added is not None or fetching.error is not None:
            self.shown.doing = ""
            self.load(self.stop)
        else:
            self.shown.doing = fetching.words
        self.show_state()
        return False
