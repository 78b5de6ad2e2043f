"""An item of a checklist, its evidence and its answers, as the terminal shows them."""

from textual.content import Content

from researchdesk.domain.checklists import MARKS, Answer, Answered, Sheet
from researchdesk.domain.clock import local_minute

COLOURS = {
    Answer.YES: "$text-success",
    Answer.PARTLY: "$text-warning",
    Answer.NO: "$text-error",
    Answer.UNKNOWN: "$text-muted",
    Answer.NOT_APPLICABLE: "$text-muted",
}


def row_words(item: Answered) -> Content:
    """One line of the list: mark, question, and whose answer it is."""
    mark = Content.styled(MARKS[item.answer], COLOURS[item.answer])
    against = Content.styled(" ! the desk: " + item.found.answer.value, "$text-error")
    return Content.assemble(
        mark,
        f" {item.item.question}",
        (" (you)", "$text-accent") if item.is_own else "",
        against if item.contradicts else "",
    )


def sheet_words(sheet: Sheet) -> Content:
    """The line over the list: which checklist, of what, how it stands."""
    counts = [
        Content.styled(f"{MARKS[answer]} {number}", COLOURS[answer])
        for answer, number in sheet.counts.items()
        if number
    ]
    return Content.assemble(
        (sheet.checklist.title, "$primary"), " · ", Content("  ").join(counts), f" · {sheet.title}"
    )


def detail_words(item: Answered) -> Content:
    """All about an item: what it asks and why, what is known, what mends it, what was said."""
    lines: list[Content] = [
        Content.styled(item.item.question, "bold"),
        Content.styled(item.item.why, "$text-muted"),
        Content(),
    ]
    if item.is_own and item.own is not None:
        said = f"You: {item.answer.value}"
        lines.append(Content.styled(said, f"bold {COLOURS[item.answer]}"))
        lines += [Content(item.own.why)] if item.own.why else []
        lines.append(Content())
    found = item.found.answer
    lines.append(Content.styled(f"The desk: {found.value}", f"bold {COLOURS[found]}"))
    if not item.item.answered_by:
        lines.append(Content("Nothing on the desk can tell; you answer."))
    for evidence in item.found.evidence:
        ref = f"  {evidence.ref}" if evidence.ref else ""
        lines.append(Content.assemble(f"• {evidence.text}", (ref, "$text-muted")))
    lines += [Content.assemble(("Lacking: ", "$text-warning"), one) for one in item.found.lacks]
    mend = item.found.mend or ((item.item.help,) if item.item.help else ())
    if mend and item.answer not in (Answer.YES, Answer.NOT_APPLICABLE):
        lines += [Content(), Content.styled("To do", "bold"), *map(Content, mend)]
    if item.earlier:
        lines += [Content(), Content.styled("You said before", "bold")]
    for old in reversed(item.earlier):
        answer = old.answer.value if old.answer else "taken back"
        lines.append(Content(f"{local_minute(old.answered_at)}  {answer}  {old.why}".rstrip()))
    return Content("\n").join(lines)
