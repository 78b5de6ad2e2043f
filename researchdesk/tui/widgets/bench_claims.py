"""The claims of a recipe and what a run says of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.figures import claimed, interval, interval_name, measured
from researchdesk.domain.recipes import Claim, Recipe, ToleranceRule
from researchdesk.domain.text import clean, one_line
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.bench_columns import Column, Columns
from researchdesk.tui.widgets.bench_words import verdict_words
from researchdesk.tui.widgets.brief import Option, Static

_COLUMNS = (
    Column(22, 5),
    Column(14, 3, lines=2),
    Column(10, 1),
    Column(22),
    Column(17),
    Column(21),
)
_HEADS = ("claim", "where in the paper", "claimed", "measured", "95 % interval", "verdict")


class ClaimsPane(Vertical):
    """The claims table; below or beside it how the highlighted one was come to."""

    @dataclass
    class Looked(Message):
        """The highlight went to this claim."""

        claim: Claim

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.border_title = "Claims"
        self._rows: list[tuple[Claim, ClaimResult]] = []
        self._moved = False

    def compose(self) -> ComposeResult:
        with Vertical(id="claims-table"):
            heads = [Content.styled(head, "bold $text-muted") for head in _HEADS]
            narrow = Content.styled("verdict · claim", "bold $text-muted")
            yield Static(Columns(_COLUMNS, heads, narrow), id="claims-head")
            yield OptionList(id="claims", markup=False, compact=True)
        with VerticalScroll(id="claim-detail", can_focus=True):
            yield Static(id="claim-words", markup=False)

    def show(self, recipe: Recipe | None, results: Sequence[ClaimResult]) -> None:
        """Show the claims with these results; a claim without one is untested."""
        by_id = {result.claim_id: result for result in results}
        claims = recipe.claims if recipe else ()
        rows = [(claim, by_id.get(claim.id) or _nothing(claim)) for claim in claims]
        if rows == self._rows:
            return
        same = [claim for claim, _ in rows] == [claim for claim, _ in self._rows]
        self._rows = rows
        table = self.query_one("#claims", OptionList)
        if same:
            for index, row in enumerate(rows):
                table.replace_option_prompt_at_index(index, _prompt(*row))
            if not self._moved:
                self._mark_first()
            self._unfold(table.highlighted)
            return
        self._moved = False
        with self.prevent(OptionList.OptionHighlighted):
            table.set_options([Option(_prompt(*row)) for row in rows])
        self._mark_first()
        self._unfold(table.highlighted)

    def _mark_first(self) -> None:
        """The first claim that is different, else the first, until a person chose one."""
        odd = (i for i, (_, found) in enumerate(self._rows) if found.verdict is Verdict.DIFFERENT)
        table = self.query_one("#claims", OptionList)
        with self.prevent(OptionList.OptionHighlighted):
            table.highlighted = next(odd, 0) if self._rows else None

    @property
    def current(self) -> Claim | None:
        """The claim that is unfolded."""
        index = self.query_one("#claims", OptionList).highlighted
        return None if index is None else self._rows[index][0]

    @on(OptionList.OptionHighlighted, "#claims")
    def look(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._moved = True
        self._unfold(event.option_index)
        self.post_message(self.Looked(self._rows[event.option_index][0]))

    @on(OptionList.OptionSelected, "#claims")
    def read(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Looked(self._rows[event.option_index][0]))
        self.query_one("#claim-detail").focus()

    def _unfold(self, index: int | None) -> None:
        words = self.query_one("#claim-words", Static)
        words.update(Content("") if index is None else _detail(*self._rows[index]))
        self.query_one("#claim-detail", VerticalScroll).scroll_home(animate=False)


def _nothing(claim: Claim) -> ClaimResult:
    return ClaimResult(
        claim.id, Verdict.UNTESTED, keyed("Nothing has run yet: {bench.start} starts it.")
    )


def _prompt(claim: Claim, result: ClaimResult) -> Columns:
    verdict = verdict_words(result.verdict)
    found = measured(claim, result)
    cells = (
        Content(one_line(claim.text)),
        Content.styled(one_line(claim.where), "$text-muted"),
        Content(claimed(claim, unit=False)),
        Content(measured(claim, result, unit=False)),
        Content(interval(claim, result)),
        verdict,
    )
    numbers = f"claimed {claimed(claim)}" + (f", measured {found}" if found else "")
    narrow = Content.assemble(
        verdict, " ", (one_line(claim.text), "bold"), "\n  ", (numbers, "$text-muted")
    )
    return Columns(_COLUMNS, cells, narrow)


def _detail(claim: Claim, result: ClaimResult) -> Content:
    lines = [
        Content.assemble(verdict_words(result.verdict), " ", (one_line(claim.text), "bold")),
        Content(one_line(result.why)),
        _numbers(claim, result),
        *_unfolded(result),
        Content(""),
        _quote(claim),
        Content.styled(one_line(claim.where), "$text-muted"),
        *_tolerance(claim),
    ]
    return Content("\n").join(lines)


def _unfolded(result: ClaimResult) -> list[Content]:
    """The arithmetic, line by line, and what more seeds or checks would say."""
    lines = []
    if result.arithmetic:
        lines = [Content(""), Content.styled("How it was come to", "bold")]
        lines += [Content(f"  {one_line(line)}") for line in result.arithmetic]
    if result.more_seeds is not None:
        lines.append(Content(f"About {result.more_seeds} seeds in all would decide."))
    if result.causes:
        lines += [Content(""), Content.styled("Likely causes, by the checks", "bold")]
        lines += [Content(f"  • {one_line(cause)}") for cause in result.causes]
    return lines


def _tolerance(claim: Claim) -> list[Content]:
    if not claim.tolerance_rule:
        return []
    chosen = claim.tolerance_rule is ToleranceRule.CHOSEN
    reason = f": {one_line(claim.tolerance_reason)}" if claim.tolerance_reason else ""
    words = f"Tolerance, set beforehand by the rule “{claim.tolerance_rule.value}”{reason}"
    return [Content.styled(words, "$text-warning" if chosen else "$text-muted")]


def _numbers(claim: Claim, result: ClaimResult) -> Content:
    found, between = measured(claim, result), interval(claim, result)
    versus = f" against {claim.versus}" if claim.versus else ""
    parts = [f"{claim.metric} of {claim.arm}{versus}", f"claimed {claimed(claim)}"]
    parts += [f"measured {found}"] if found else []
    parts += [f"{interval_name(claim, result)} {between}"] if between else []
    parts += [one_line(result.test)] if result.test else []
    parts += [f"p = {result.p:.3g}"] if result.p is not None else []
    return Content(one_line(" · ".join(parts)))


def _quote(claim: Claim) -> Content:
    if not claim.quote:
        return Content.styled("No quote: the claim is read off the figure or table.", "$text-muted")
    held = (
        ("✓ quote checked against the paper's text, says the recipe", "$text-success")
        if claim.verified
        else ("? quote not checked against the paper's text", "$text-warning")
    )
    return Content.assemble((f"“{clean(claim.quote)}”", "italic"), "  ", held)
