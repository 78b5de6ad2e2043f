"""What changed between two drafts, word by word, with their paragraphs kept."""

import re
from collections.abc import Sequence

from researchdesk.domain.paragraphs import Paragraph, align
from researchdesk.domain.word_diff import How, Piece, common

_FENCE = re.compile(r" {0,3}(```|~~~)")
_OWN_LINE = re.compile(
    r"\s*(?:#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|>|\||\?\s?(?:proof|refuted by|mechanism|weak)\s*:)", re.I
)
_APART, _NEXT = "\ue000", "\ue001"
"""Of the private use area: an empty line, and the end of a line that is not wrapped."""
_MARKS = {_APART: "\n\n", _NEXT: "\n"}
_MARK = re.compile(f"\\s*([{_APART}{_NEXT}])\\s*")


def text_diff(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces that lead from one text to the other, ``SAME``, ``REMOVED`` or ``ADDED``.

    Paragraphs, headings, items and lines of code are laid side by side first, then compared word by
    word; each but the first begins with a line break, or two. The words of ``SAME`` and ``ADDED``
    pieces are those of ``after``. A line that is wrapped elsewhere is no change, nor is a break.
    """
    pieces: list[Piece] = []
    for change in align(_paragraphs(before), _paragraphs(after)):
        if change.how is How.CHANGED:
            pieces += change.pieces
        else:
            pieces.append(Piece(change.how, change.after or change.before))
    return _joined(pieces)


def brief_change(before: str, after: str, room: int = 60) -> tuple[Piece, ...]:
    """What was taken out and put in between the first word that differs and the last, each in one
    line of ``room`` characters at most; nothing where both have the same words."""
    old, new = before.split(), after.split()
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    spans = ((How.REMOVED, old[head : len(old) - tail]), (How.ADDED, new[head : len(new) - tail]))
    return tuple(Piece(how, shortened(" ".join(words), room)) for how, words in spans if words)


def shortened(text: str, room: int) -> str:
    """``text`` in ``room`` characters at most; a longer one ends with an ellipsis."""
    return text if len(text) <= room else f"{text[: room - 1]}…"


def carried(before: str, after: str, at: int) -> int:
    """Where in ``after`` the place is that was ``at`` (from 0) in ``before``.

    It stays between the characters that it was between, and at the end of the last line where it
    was there; in what was put in the place of other words it is at their end.
    """
    bare = before.rstrip("\n")
    if at <= len(bare):
        before, after = bare, after.rstrip("\n")
    head = common(before, after)
    tail = common(before[head:][::-1], after[head:][::-1])
    behind = len(before) - at
    if behind <= tail:
        return len(after) - behind
    return at if at <= head else len(after) - tail


def _paragraphs(text: str) -> list[Paragraph]:
    """Each block of a markdown text in one line, behind the mark of what parts it from the last."""
    bare = text.replace(_APART, "").replace(_NEXT, "")
    found: list[list[str]] = []
    code = open_ = False
    mark = _APART
    for line in bare.splitlines():
        fence = _FENCE.match(line) is not None
        alone = code or fence or _OWN_LINE.match(line) is not None
        if not line.strip() and not code:
            mark, open_ = _APART, False
        elif open_ and not alone:
            found[-1].append(line)
        else:
            found.append([mark, line])
            mark, open_ = _NEXT, not alone or _goes_on(line)
        code = code != fence
    return [Paragraph(" ".join(" ".join(lines).split()), 0) for lines in found]


def _goes_on(line: str) -> bool:
    """Whether what begins on this line can be wrapped: all but headings, tables and code."""
    return _FENCE.match(line) is None and not line.lstrip().startswith(("#", "|"))


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind as one piece, with line breaks for their marks."""
    made: list[Piece] = []
    for piece in pieces:
        how, text = piece.how, _MARK.sub(lambda match: _MARKS[match[1]], piece.text)
        if not text.strip():
            if how is How.REMOVED:
                continue
            how = How.SAME
        if not made:
            text = text.lstrip("\n")
        elif made[-1].text.endswith("\n") and made[-1].how in (How.SAME, how):
            text = text.lstrip(" ")
        if made and made[-1].how is how:
            made[-1] = Piece(how, made[-1].text + text)
        elif text:
            made.append(Piece(how, text))
    return tuple(made)
