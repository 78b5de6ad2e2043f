"""One suggestion with all that speaks for and against it, at the side of the list."""

from textual.content import Content

from researchdesk.domain.recommending import Basis, Recommended, Suggestion, Word
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import keyed

FOR, AGAINST = "+", "−"
_QUIET = "$text-muted"
_BAR = 10
_NAMED = 4
_STATES = {
    "unread": "not read yet",
    "in pass": "in a pass",
    "read": "read",
    "feed": "waits in the feed; {recommended.open} puts it on the desk",
}


def bar(share: float, width: int) -> str:
    """A bar of ``share`` (0 to 1) of ``width`` cells, to the half of a cell; never none at all."""
    halves = max(1, round(max(0.0, min(share, 1.0)) * width * 2))
    whole, half = divmod(halves, 2)
    return ("━" * whole + "╸" * half).ljust(width)


def detail(item: Suggestion, alike: bool) -> Content:
    """All of it. ``alike`` is whether the words are those it shares with another paper."""
    year = f" · {item.year}" if item.year else ""
    state = keyed(_STATES[item.status]) if item.status in _STATES else item.status
    lines = [
        Content.styled(one_line(item.title), "bold"),
        *([Content(_authors(item.authors))] if item.authors else []),
        Content.assemble((f"{item.name}{year} · {state}", _QUIET)),
    ]
    strongest = max((abs(w.share) for w in (*item.words_for, *item.words_against)), default=1.0)
    if item.words_for:
        head = "Words of both" if alike else "What speaks for it"
        lines += [Content(""), Content.styled(head, _QUIET)]
        lines += [_word(word, FOR, "$text-success", strongest) for word in item.words_for]
    if item.words_against:
        lines += [Content(""), Content.styled("What speaks against it", _QUIET)]
        lines += [_word(word, AGAINST, "$text-error", strongest) for word in item.words_against]
    if not item.words_for and not item.words_against:
        lines += [Content(""), Content("None of its words says anything yet.")]
    if item.abstract:
        lines += [Content(""), Content(one_line(item.abstract))]
    return Content("\n").join(lines)


def stands_on(found: Recommended, like: str) -> Content:
    """What the order stands on, in a line."""
    if like:
        return Content.assemble(("Like ", _QUIET), (one_line(like), "bold"))
    of = f"the tag {found.tag}" if found.tag else "the whole desk"
    parts: list[Content | str | tuple[str, str]] = [("Up next  ", "bold"), f"By {of}"]
    if found.basis:
        parts += [(f"  {_basis(found.basis, found.tag)}", _QUIET)]
    return Content.assemble(*parts)


def _basis(basis: Basis, tag: str) -> str:
    said = [f"{basis.liked} {'tagged' if tag else 'liked'}", f"{basis.not_liked} not liked"]
    return f"{basis.method.value} · {' · '.join(said)} · {basis.background:,} others"


def _authors(authors: tuple[str, ...]) -> str:
    more = f" and {len(authors) - _NAMED} more" if len(authors) > _NAMED else ""
    return one_line(", ".join(authors[:_NAMED])) + more


def _word(word: Word, sign: str, colour: str, strongest: float) -> Content:
    drawn = bar(abs(word.share) / strongest, _BAR)
    return Content.assemble(
        (f"{sign} ", f"bold {colour}"), (f"{drawn} ", colour), one_line(word.text)
    )
