"""The notes of a paper in a vault: by pass, answers under their questions."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote, urlsplit

from researchdesk.domain.clock import utc_day
from researchdesk.domain.reading import CodePlace, Note, NoteKind
from researchdesk.export.vault.blocks import Block, heading
from researchdesk.export.vault.pen import Pen

_FORGES = {"github.com": "blob", "codeberg.org": "src/commit", "gitlab.com": "-/blob"}
_COMMIT_SHOWN = 12


def notes_blocks(notes: Sequence[Note], version: int, pen: Pen) -> tuple[Block, ...]:
    """All notes; ``version`` is that of the paper, and notes on another one say so."""
    if not notes:
        return (heading(2, "Notes", Block("No notes yet.")),)
    known = {note.id for note in notes}
    answers: dict[int, list[Note]] = {}
    for note in notes:
        if note.answers in known:
            answers.setdefault(note.answers or 0, []).append(note)
    by_pass: dict[int, list[Block]] = {}
    for note in sorted(notes, key=lambda item: item.pass_number):
        if note.answers not in known:
            number = note.pass_number
            by_pass.setdefault(number, []).extend(_thread(note, number, version, answers, pen))
    passes = [heading(3, f"Pass {number}", *blocks) for number, blocks in by_pass.items()]
    return (heading(2, "Notes", *passes),)


def _thread(
    note: Note, number: int, version: int, answers: Mapping[int, Sequence[Note]], pen: Pen
) -> Iterator[Block]:
    """A note, and after it those that answer it."""
    under = []
    if note.code:
        under.append(Block(_code(note.code, pen)))
    if note.quote:
        under.append(Block(pen.quoted(note.quote)))
    if note.text:
        under.append(Block(pen.own(note.text)))
    yield Block(_head(note, number, version, pen), anchor=f"note:{note.id}", under=tuple(under))
    for answer in answers.get(note.id, ()):
        yield from _thread(answer, number, version, answers, pen)


def _head(note: Note, number: int, version: int, pen: Pen) -> str:
    name = "trick or hack" if note.kind is NoteKind.TRICK else note.kind.value
    if note.answers is not None:
        name = f"answer to note {note.answers}"
    parts = [f"**{name}**"]
    if note.kind is NoteKind.QUESTION:
        resolved = note.resolved_at
        parts.append(f"resolved {utc_day(resolved).isoformat()}" if resolved else "open")
    if note.pass_number != number:
        parts.append(f"pass {note.pass_number}")
    if note.page is not None:
        parts.append(f"p. {note.page}")
    if note.step:
        parts.append(pen.safe(note.step))
    if note.version != version:
        parts.append(f"v{note.version}")
    parts += [utc_day(note.created_at).isoformat(), f"note {note.id}"]
    return " · ".join(parts)


def _code(place: CodePlace, pen: Pen) -> str:
    """The line of code, as a link where its forge shows files by commit."""
    named = pen.safe(f"{place.path}:{place.line}" if place.line else place.path)
    commit = f" at `{place.commit[:_COMMIT_SHOWN]}`" if place.commit.isalnum() else ""
    base = place.repository.removesuffix(".git").rstrip("/")
    blob = _FORGES.get(urlsplit(base).netloc.lower()) if base.startswith("https://") else None
    if blob is None or not commit:
        return f"Code: {named}{commit} of {pen.safe(place.repository)}"
    line = f"#L{place.line}" if place.line else ""
    url = f"{quote(base, safe=':/')}/{blob}/{place.commit}/{quote(place.path)}{line}"
    return f"Code: [{named}](<{url}>){commit}"
