"""The notes of a paper as markdown: by pass, answers under their questions, links that lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from researchdesk.domain.links import Link, LinkKind, links_in
from researchdesk.domain.reading import CodePlace, Note, NoteKind
from researchdesk.export import regions
from researchdesk.export.escaping import escape, quoted
from researchdesk.export.fences import closed

_FORGES = {"github.com": "blob", "codeberg.org": "src/commit", "gitlab.com": "-/blob"}
_COMMIT_SHOWN = 12


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link's target stands: a file, relative to the folder of export, and its title."""

    file: str
    title: str = ""


Targets = Mapping[tuple[LinkKind, str], LinkTarget]


def notes_region(notes: Sequence[Note], version: int, targets: Targets) -> str:
    """All notes; ``version`` is that of the paper, and notes on another one say so."""
    lines = ["## Notes"]
    if not notes:
        lines += ["", "No notes yet."]
    known = {note.id for note in notes}
    answers: dict[int, list[Note]] = {}
    for note in notes:
        if note.answers in known:
            answers.setdefault(note.answers or 0, []).append(note)
    number = 0
    for note in sorted(notes, key=lambda item: item.pass_number):
        if note.answers in known:
            continue
        if note.pass_number != number:
            number = note.pass_number
            lines += ["", f"### Pass {number}"]
        lines += _thread(note, number, version, answers, targets)
    return "\n".join(lines)


def linked(text: str, targets: Targets) -> str:
    """``text`` with every link whose target is exported as a markdown link; others stay."""
    done, end = "", 0
    for link in links_in(text):
        target = targets.get((link.kind, link.target))
        if target is not None:
            done += text[end : link.start] + _markdown(link, target)
            end = link.end
    return done + text[end:]


def anchor(kind: LinkKind, target: str) -> str:
    """The mark of a note or claim in its file, for links to it."""
    return f'<a id="{kind.value}-{target}"></a>'


def _thread(
    note: Note, number: int, version: int, answers: Mapping[int, Sequence[Note]], targets: Targets
) -> list[str]:
    """A note, and under it those that answer it."""
    lines = ["", _head(note, number, version)]
    if note.code:
        lines += ["", _code(note.code)]
    if note.quote:
        lines += ["", *quoted(note.quote)]
    if note.text:
        lines += ["", closed(regions.guard(linked(note.text, targets)))]
    for answer in answers.get(note.id, ()):
        lines += _thread(answer, number, version, answers, targets)
    return lines


def _head(note: Note, number: int, version: int) -> str:
    name = "trick or hack" if note.kind is NoteKind.TRICK else note.kind.value
    if note.answers is not None:
        name = f"answer to note {note.answers}"
    parts = [f"**{name}**"]
    if note.kind is NoteKind.QUESTION:
        resolved = note.resolved_at
        parts.append(f"resolved {resolved.date().isoformat()}" if resolved else "open")
    if note.pass_number != number:
        parts.append(f"pass {note.pass_number}")
    if note.page is not None:
        parts.append(f"p. {note.page}")
    if note.step:
        parts.append(escape(note.step))
    if note.version != version:
        parts.append(f"v{note.version}")
    parts += [note.created_at.date().isoformat(), f"note {note.id}"]
    return anchor(LinkKind.NOTE, str(note.id)) + " · ".join(parts)


def _code(place: CodePlace) -> str:
    """The line of code, as a link where its forge shows files by commit."""
    named = escape(f"{place.path}:{place.line}" if place.line else place.path)
    commit = f" at `{place.commit[:_COMMIT_SHOWN]}`" if place.commit.isalnum() else ""
    base = place.repository.removesuffix(".git").rstrip("/")
    blob = _FORGES.get(urlsplit(base).netloc.lower()) if base.startswith("https://") else None
    if blob is None or not commit:
        return f"Code: {named}{commit} of {escape(place.repository)}"
    line = f"#L{place.line}" if place.line else ""
    url = f"{quote(base, safe=':/')}/{blob}/{place.commit}/{quote(place.path)}{line}"
    return f"Code: [{named}](<{url}>){commit}"


def _markdown(link: Link, target: LinkTarget) -> str:
    named = link.target if link.kind is LinkKind.PAPER else f"{link.kind.value} {link.target}"
    place = "" if link.kind is LinkKind.PAPER else f"#{link.kind.value}-{link.target}"
    shown = escape(link.label or named)
    title = f' "{_in_quotes(target.title)}"' if target.title else ""
    return f"[{shown}]({quote(target.file)}{place}{title})"


def _in_quotes(text: str) -> str:
    return escape(" ".join(text.split())).replace('"', '\\"')
