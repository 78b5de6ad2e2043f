"""Changes as text to be shown: signs and marks say it, colour says it again."""

from collections.abc import Sequence

from textual.content import Content
from textual.style import Style

from researchdesk.domain.changes import Affected, NumberChange, SectionChange, VersionChanges
from researchdesk.domain.paragraphs import ParagraphChange
from researchdesk.domain.text import one_line
from researchdesk.domain.word_diff import How, Piece
from researchdesk.tui.commands import keyed

SIGNS = {How.SAME: "=", How.CHANGED: "~", How.ADDED: "+", How.REMOVED: "−", How.MOVED: "»"}
STYLES = {
    How.SAME: "$text-muted",
    How.CHANGED: "$text-warning",
    How.ADDED: "$text-success",
    How.REMOVED: "$text-error",
    How.MOVED: "$text-accent",
}
_WORDS = {
    How.SAME: "the same",
    How.CHANGED: "changed",
    How.ADDED: "new",
    How.REMOVED: "gone",
    How.MOVED: "moved",
}
_QUOTED = {How.SAME: "stands as it was", How.CHANGED: "changed", How.REMOVED: "gone"}
_MARKS = {How.ADDED: ("{+", "+}"), How.REMOVED: ("[-", "-]")}
_INK = {How.ADDED: "$text-success underline", How.REMOVED: "$text-error strike"}


def title_of(section: SectionChange) -> str:
    return one_line(section.title) or "Before the first heading"


def section_words(section: SectionChange, whole: bool) -> Content:
    """A section's paragraphs: those that changed, and the rest too where ``whole``."""
    head = f"{SIGNS[section.how]} {_WORDS[section.how]}"
    if section.before and section.renamed:
        head += f"; it was “{one_line(section.before.title)}”"
    parts = [
        Content.assemble(
            (title_of(section), "bold $text-primary"), "\n", (head, STYLES[section.how])
        )
    ]
    same = 0
    for item in (*section.diff, None):
        if item is not None and item.how is How.SAME and not whole:
            same += 1
            continue
        if same:
            parts.append(Content.styled(_same_words(same), "$text-muted"))
            same = 0
        if item is not None:
            parts.append(_paragraph(item))
    return Content("\n\n").join(parts)


def number_words(numbers: Sequence[NumberChange], waiting: bool) -> Content:
    """The numbers that changed; ``waiting``: tables are still being compared."""
    parts = [Content.styled("Numbers that changed", "bold $text-primary")]
    for number in numbers:
        page = f", page {number.page}" if number.page else ""
        pair = (Piece(How.REMOVED, number.before), Piece(How.ADDED, number.after))
        parts.append(
            Content.assemble(
                (f"{one_line(number.where)}{page}: ", "bold"),
                _pieces(pair),
                "\n",
                one_line(number.what),
            )
        )
    if waiting:
        parts.append(Content.styled("The tables are still being compared …", "$text-muted"))
    elif not numbers:
        parts.append(Content("None was found in abstract, conclusion, captions and tables."))
    return Content("\n\n").join(parts)


def by_harm(found: VersionChanges) -> list[Affected]:
    """The notes and claims, those whose words are gone first."""
    order = [How.REMOVED, How.CHANGED, How.SAME]
    return sorted((*found.notes, *found.claims), key=lambda item: order.index(item.how))


def link_to(item: Affected) -> str:
    """What a link to the note or claim says: ``note:5``, ``claim:slug``."""
    if item.note is not None:
        return f"note:{item.note.id}"
    return f"claim:{item.claim.slug}" if item.claim else ""


def head_of(item: Affected) -> str:
    """How the quoted words stand, and whose they are, in a line."""
    return f"{SIGNS[item.how]} {_QUOTED[item.how]}  {_name(item)}"


def words_about(item: Affected) -> str:
    """What the note or claim says, else what it quotes, in a line."""
    pinned = item.note or item.claim
    return one_line(pinned.text or pinned.quote) if pinned else ""


def pinned_words(found: VersionChanges) -> Content:
    """The notes and claims, those whose words are gone first; a click on one goes there."""
    items = by_harm(found)
    parts = [Content.styled("Notes and claims that quote another version", "bold $text-primary")]
    parts += [_pinned(item) for item in items]
    if items:
        parts.append(
            Content.styled(keyed("{changes.jump}, or a click, goes to one."), "$text-muted")
        )
    else:
        parts.append(Content("No note and no claim quotes words of another version than this."))
    return Content("\n\n").join(parts)


def _name(item: Affected) -> str:
    if item.note is not None:
        return f"✎ note {item.note.id}, pass {item.note.pass_number}"
    return f"◆ claim {item.claim.slug}" if item.claim else ""


def _pinned(item: Affected) -> Content:
    pinned = item.note or item.claim
    if pinned is None:
        return Content("")
    was = f"page {pinned.page}" if pinned.page else "no page"
    now = f", now page {item.page}" if item.page and item.page != pinned.page else ""
    parts = [
        Content.assemble(
            (f"{SIGNS[item.how]} {_QUOTED[item.how]}", f"bold {STYLES[item.how]}"),
            f"  {_name(item)}, {was}{now}",
        ),
        Content.styled(f"  “{one_line(pinned.quote)}”", "italic"),
    ]
    if item.how is How.CHANGED and item.now:
        parts.append(Content.assemble(("  now: ", "$text-warning"), one_line(item.now)))
    if pinned.text:
        parts.append(Content(f"  {one_line(pinned.text)}"))
    return Content("\n").join(parts).stylize(Style.from_meta({"follow": link_to(item)}))


def _same_words(count: int) -> str:
    return f"= {count} paragraph{'' if count == 1 else 's'} the same"


def _paragraph(item: ParagraphChange) -> Content:
    pages = [page for page in (item.before_page, item.after_page) if page]
    place = " → ".join(dict.fromkeys(f"page {page}" for page in pages))
    word = _WORDS[item.how]
    if item.how is How.MOVED:
        word = "moved here" if item.after else "moved away"
    head = Content.styled(f"{SIGNS[item.how]} {word}  {place}", STYLES[item.how])
    return Content.assemble(head, "\n", _text(item))


def _text(item: ParagraphChange) -> Content:
    if item.pieces:
        return _pieces(item.pieces)
    text = one_line(item.after or item.before)
    if item.how in _MARKS:
        return _pieces((Piece(item.how, text),))
    return Content.styled(text, "$text-muted" if item.how is How.SAME or not item.after else "")


def _pieces(pieces: Sequence[Piece]) -> Content:
    parts: list[Content] = []
    for piece in pieces:
        text = one_line(piece.text)
        gap = " " if parts and piece.text[:1].isspace() else ""
        if piece.how is How.SAME:
            parts.append(Content(f"{gap}{text}"))
        else:
            before, behind = _MARKS[piece.how]
            parts.append(Content.assemble(gap, (f"{before}{text}{behind}", _INK[piece.how])))
    return Content("").join(parts)
