"""The ladder of an experiment, as pages: where it stands, then rung after rung."""

from collections.abc import Sequence

from textual.content import Content

from researchdesk.domain.ladder import Ladder, Rung, RungState, Standing
from researchdesk.tui.looked_at import LookPage

_MARKS = {
    RungState.PASSED: ("✓", "$text-success"),
    RungState.FAILED: ("✗", "bold $text-error"),
    RungState.NOT_RUN: ("–", "$text-warning"),
}
_TOLD = {RungState.PASSED: "", RungState.FAILED: "!", RungState.NOT_RUN: "?"}
_KEY = "✓ passed    ✗ failed    – not run: nothing was found out"
_WIDTH = 32


def ladder_pages(ladder: Ladder) -> list[LookPage]:
    """Where the experiment stands, then a page for each rung."""
    return [_overview(ladder), *map(_page, ladder.rungs)]


def rung_pages(rungs: Sequence[Rung]) -> list[LookPage]:
    """Those that are done, while others are climbed."""
    lines = [_line(rung) for rung in rungs]
    so_far = LookPage("so-far", "So far", str(len(rungs)), text=Content("\n").join(lines))
    return [so_far, *map(_page, rungs)]


def _overview(ladder: Ladder) -> LookPage:
    lines: list[Content] = []
    for number, standing in enumerate(ladder.steps, start=1):
        own = [rung for rung in ladder.rungs if rung.kind.step is standing.step]
        lines += [_heading(number, standing, ladder, own), *map(_line, own), Content("")]
    lines.append(Content.styled(_KEY, "$text-muted"))
    counts = ", ".join(f"{ladder.count(state)} {state.value}" for state in RungState)
    mark = _TOLD[RungState.FAILED] if ladder.count(RungState.FAILED) else ""
    title = "Where it stands"
    head = Content.assemble((counts, "bold"), (f"  {ladder.seconds:.0f} s", "$text-muted"), "\n")
    return LookPage("ladder", title, str(len(ladder.rungs)), mark, text=Content("\n").join(
        [head, *lines]
    ))  # fmt: skip


def _heading(number: int, standing: Standing, ladder: Ladder, own: Sequence[Rung]) -> Content:
    here = "  ← here" if standing is ladder.here else ""
    words = "" if own else f"  {standing.words}"
    return Content.assemble(
        (f"{number}  {standing.step.value}", "bold"), (words, "$text-muted"), (here, "$text-accent")
    )


def _line(rung: Rung) -> Content:
    mark, style = _MARKS[rung.state]
    return Content.assemble(
        (f"   {mark} ", style), f"{rung.kind.title:<{_WIDTH}}", (f" {rung.figure}", "$text-muted")
    )


def _page(rung: Rung) -> LookPage:
    mark, style = _MARKS[rung.state]
    parts = [
        Content.assemble((f"{mark} {rung.state.value}", style), (f"  {rung.figure}", "bold")),
        Content.styled(rung.kind.asks, "$text-muted"),
        Content(rung.message),
    ]
    if rung.state is RungState.FAILED and rung.kind.mend:
        parts.append(Content.assemble(("What to do  ", "bold"), rung.kind.mend))
    parts.append(Content.styled(f"{rung.seconds:.1f} s", "$text-muted"))
    text = Content("\n\n").join([part for part in parts if part.plain])
    return LookPage(rung.name, rung.kind.title, mark, _TOLD[rung.state], text=text)
