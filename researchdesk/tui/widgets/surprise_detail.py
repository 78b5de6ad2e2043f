"""The surprise under the cursor: its delta, the two questions, its explanations, its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content

from researchdesk.domain.surprises import Case, Doubt, Explanation, lacks, state_said, unfounded
from researchdesk.domain.text import one_line
from researchdesk.domain.watching import WatchReport
from researchdesk.tui.commands import keyed
from researchdesk.tui.surprise_words import (
    QUIET,
    States,
    evidence_lines,
    facts,
    happening_words,
    link_words,
    linked,
    next_step,
    question_title,
    said_now,
)
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.surprise_delta import DeltaPicture

_STACKED_BELOW = 64
_FIRST = (
    "{funny.explain} says what may explain it. Two that oppose each other are held side by side."
)
_RIVAL = "What else might explain it? {funny.explain} puts a rival beside the other."


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with what its refs say now, what it led to, and the watched scripts it belongs to."""

    case: Case
    states: States
    followed_up: Sequence[str]
    watched: Sequence[WatchReport]


class SurpriseDetail(VerticalScroll):
    """Scrolls; narrow, the columns stand one below the other."""

    def compose(self) -> ComposeResult:
        yield Static(id="detail-text", markup=False)
        yield DeltaPicture()
        yield Static(id="next", markup=False)
        with Container(id="questions", classes="columns"):
            for doubt in Doubt:
                yield Static(id=f"about-{doubt.value}", classes="card", markup=False)
        with Container(id="explanations", classes="columns"):
            yield Static(classes="card explanation", markup=False)
            yield Static(classes="card explanation", markup=False)
        yield Static(id="apart", markup=False)
        yield Static(id="followed-up", markup=False)
        yield Static(id="watched", markup=False)
        yield Static(id="history", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < _STACKED_BELOW, "-stacked")

    def clear(self) -> None:
        """Nothing is under the cursor."""
        self.set_class(True, "-nothing")

    def show(self, shown: Shown, now: datetime, *, again: bool) -> None:
        """Show a case; ``again``: it is the one that was shown, so that the scroll stays."""
        self.set_class(False, "-nothing")
        case, states = shown.case, shown.states
        item = case.surprise
        self._put("#detail-text", _head(case, states, now))
        self.query_one(DeltaPicture).show(item.delta)
        key, words = next_step(case)
        self._put(
            "#next", Content.assemble(("Next  ", QUIET), (key, "bold $text-accent"), f" {words}")
        )
        for doubt in Doubt:
            card = self.query_one(f"#about-{doubt.value}", Static)
            card.border_title = question_title(case, doubt)
            card.update(_question(case, doubt, states))
        self._explanations(case, states)
        self._put("#apart", _apart(case))
        self._put("#followed-up", _followed_up(shown.followed_up, states))
        self._put("#watched", _watched(shown.watched))
        lines = [happening_words(happening) for happening in reversed(case.history)]
        self._put("#history", Content("\n").join([Content.styled("History", "bold"), *lines]))
        if not again:
            self.scroll_home(animate=False)

    def _put(self, selector: str, words: Content) -> None:
        widget = self.query_one(selector, Static)
        widget.update(words)
        widget.display = bool(words.plain)

    def _explanations(self, case: Case, states: States) -> None:
        cards = list(self.query(".explanation").results(Static))
        wanted = max(2, len(case.explanations))
        if len(cards) < wanted:
            more = [
                Static(classes="card explanation", markup=False) for _ in range(wanted - len(cards))
            ]
            self.query_one("#explanations").mount(*more)
            cards += more
        for place, card in enumerate(cards):
            card.display = place < wanted
            if place < len(case.explanations):
                _fill(card, case, case.explanations[place], states)
            elif place < wanted:
                card.border_title = Content("A" if place == 0 else "a rival")
                card.set_class(False, "-ruled-out")
                words = keyed(_FIRST if not case.explanations and place == 0 else _RIVAL)
                card.update(Content.styled(words, QUIET))


def _head(case: Case, states: States, now: datetime) -> Content:
    item = case.surprise
    lines = [Content.styled(item.text, "bold"), facts(replace(item, on=""), now)]
    if unfounded(case):
        lines.append(Content.styled(f"now  {state_said(case)}", "$text-warning"))
    if item.why:
        lines.append(Content.assemble(("because ", QUIET), linked(one_line(item.why))))
    if item.on:
        lines.append(Content.assemble(("met on  ", QUIET), _told(item.on, states)))
    lines += [
        Content.assemble(("expected  ", QUIET), item.expected),
        Content.assemble(("observed  ", QUIET), item.observed),
    ]
    return Content("\n").join(lines)


def _told(ref: str, states: States) -> Content:
    """A ref in full, what it names, and what that says now."""
    state = states.get(ref)
    if state is None:
        return link_words(ref, whole=True)
    title = "" if state.title == ref else f"  {state.title}"
    return Content.assemble(link_words(ref, whole=True), title, said_now(state))


def _followed_up(refs: Sequence[str], states: States) -> Content:
    if not refs:
        return Content("")
    lines = [_told(ref, states) for ref in refs]
    return Content("\n").join([Content.styled("Followed up", "bold"), *lines])


def _question(case: Case, doubt: Doubt, states: States) -> Content:
    lines = [Content.styled(doubt.question, "bold"), *evidence_lines(case, doubt.value, states)]
    lack = next((item for item in lacks(case) if item.doubt is doubt), None)
    if lack is not None:
        lines.append(Content.assemble((lack.words, QUIET), ("  e", "bold $text-accent"), " files"))
    return Content("\n").join(lines)


def _fill(card: Static, case: Case, item: Explanation, states: States) -> None:
    card.border_title = Content(f"{item.letter}, ruled out" if item.ruled_out else item.letter)
    card.set_class(bool(item.ruled_out), "-ruled-out")
    lines = [Content.styled(item.text, "" if item.ruled_out else "bold")]
    if item.ruled_out:
        lines.append(Content.assemble(("ruled out: ", "$text-error"), item.ruled_out))
    lines += [
        _said("predicts", item.predicts),
        _said("refuted by", item.refuted_by),
        *evidence_lines(case, item.letter, states),
    ]
    card.update(Content("\n").join(lines))


def _said(name: str, words: str) -> Content:
    if words:
        return Content.assemble((f"{name}  ", QUIET), words)
    return Content.assemble((f"{name}  ", QUIET), ("not said yet", "$text-warning"))


def _apart(case: Case) -> Content:
    one_other = [item.letter for item in case.rivals[:2]]
    if case.surprise.apart:
        head = Content.styled("What tells them apart", "bold")
        return Content("\n").join([head, Content(case.surprise.apart)])
    if len(one_other) < 2:
        return Content("")
    return Content.assemble(
        ("Not said yet: ", "$text-warning"),
        "which experiment would tell {} from {}?".format(*one_other),
        ("  x", "bold $text-accent"),
        " says it",
    )


def _watched(reports: Sequence[WatchReport]) -> Content:
    if not reports:
        return Content("")
    lines = [Content(f"{one_line(report.name)}: {report.counts}") for report in reports]
    head = Content.assemble(
        ("Watched", "bold"), ("  W", "bold $text-accent"), " shows what was found"
    )
    return Content("\n").join([head, *lines])
