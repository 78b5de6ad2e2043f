"""A slide, its notes and what became of a rehearsal, as the screen says them."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from researchdesk.domain.clock import local_minute
from researchdesk.domain.rehearsal_pages import (
    compared_lines,
    overrun_lines,
    slide_rows,
    whole_line,
)
from researchdesk.domain.rehearsing import Rehearsal, bar
from researchdesk.domain.slides import Block, BlockKind, Slide, write_time

_BAR = 30


def slide_words(slide: Slide) -> Content:
    """What stands on the slide, its title first."""
    return Content("\n").join(_lines(slide)) if slide.blocks else Content("(nothing to read)")


def _lines(slide: Slide) -> Iterator[Content]:
    before: Block | None = None
    for block in slide.blocks:
        together = before is not None and before.kind is block.kind is BlockKind.ITEM
        if before is not None and not together:
            yield Content("")
        yield _line(block)
        before = block


def _line(block: Block) -> Content:
    if block.kind is BlockKind.HEADING:
        return Content.styled(block.shown, "bold $primary" if block.depth < 3 else "bold")
    if block.kind is BlockKind.ITEM:
        return Content(f"{'  ' * (block.depth - 1)}• {block.shown}")
    if block.kind is BlockKind.PICTURE:
        name = block.shown.rpartition("/")[2]
        return Content.styled(f"[ picture: {name} ]", "$text-muted")
    if block.kind is BlockKind.QUOTE:
        return Content(f"“{block.shown}”")
    return Content(block.shown)


def note_words(slide: Slide) -> Content:
    """What is to be said, for the speaker alone."""
    head = Content.styled("Notes", "$text-muted")
    if not slide.notes:
        return Content.assemble(head, "\n\n", ("none", "$text-muted"))
    lines = [
        Content.styled(line, "$text-warning") if "TODO" in line else Content(line)
        for line in slide.notes.splitlines()
    ]
    return Content("\n").join([head, Content(""), *lines])


def summary_words(rehearsal: Rehearsal, before: Sequence[Rehearsal], width: int = _BAR) -> Content:
    """What became of it: each slide, the longest overruns, against those before."""
    parts: list[Content] = [Content.styled(whole_line(rehearsal), "bold"), Content("")]
    for row in slide_rows(rehearsal, width):
        sign = "!" if row.over else " "
        cells = f"{sign} {row.number:>3}  {row.used:>6} of {row.planned:>6}  {row.against:<13}"
        style = "$text-error" if row.over else "$foreground"
        parts.append(
            Content.assemble(
                (cells, style), (row.picture.ljust(width), "$primary"), Content(f"  {row.title}")
            )
        )
    over = overrun_lines(rehearsal)
    if over:
        parts += [Content(""), Content.styled("Longest over their time", "bold")]
        parts += [Content(line) for line in over]
    parts += [Content(""), Content.styled("Against earlier rehearsals", "bold")]
    parts += [Content(line) for line in compared_lines(rehearsal, before)]
    parts += list(_history(rehearsal, before, width))
    return Content("\n").join(parts)


def _history(rehearsal: Rehearsal, before: Sequence[Rehearsal], width: int) -> Iterator[Content]:
    every = [rehearsal, *before[:5]] if before else []
    longest = max((max(one.used_s, one.planned_s) for one in every), default=0)
    for one in every:
        day = local_minute(one.began_at)
        share = max(one.used_s, one.planned_s) / longest if longest else 0
        picture = bar(one.used_s, one.planned_s, max(1, round(width * share)))
        yield Content(f"{day}  {write_time(one.used_s):>6}  {picture.ljust(width)}  {one.state}")
