"""A paper's passes, notes, claims and verdicts as markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, NoteKind, ReadingPass
from researchdesk.domain.recipes import Claim
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.export import frontmatter, regions
from researchdesk.export.fences import closed

_SPECIAL = re.compile(r"([\\`*_\[\]<>|$~])")
_LEADING = re.compile(r"^(\s*)([#+-])|^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """A claim as the recipe of run ``run_id`` states it, and what that run says of it."""

    claim: Claim
    result: ClaimResult
    run_id: str
    quick: bool = False


@dataclass(frozen=True, slots=True)
class PaperExport:
    """All that is told of a paper."""

    paper: Paper
    status: str
    passes: Sequence[ReadingPass]
    notes: Sequence[Note]
    claims: Sequence[ClaimTold] = ()


def render(export: PaperExport, old: str, where: str) -> str:
    """The file's text: ``old`` with our front matter keys and regions brought up to date.

    Raises BadInputError, naming ``where``, when the marks in ``old`` do not pair.
    """
    bodies = {
        "paper": _paper(export.paper),
        "passes": _passes(export.passes),
        "notes": _notes(export.notes, export.paper.version),
        "claims": _claims(export.claims),
    }
    return frontmatter.merge(regions.merge(old, bodies, where), _front(export))


def escape(text: str) -> str:
    """Text from outside, such that markdown shows it as it stands."""
    return _LEADING.sub(_guarded, _SPECIAL.sub(r"\\\1", text))


def _guarded(match: re.Match[str]) -> str:
    """What would begin a heading or a list, with a backslash before its mark."""
    before, mark = (match[1], match[2]) if match[2] else (match[3], match[4])
    return f"{before}\\{mark}"


def _front(export: PaperExport) -> dict[str, Any]:
    words = export.paper.metadata
    moments = [item.ended_at or item.started_at for item in export.passes]
    values = {
        "id": export.paper.name,
        "key": export.paper.key,
        "version": words.version,
        "title": words.title,
        "authors": list(words.authors),
        "categories": list(words.categories),
        "status": export.status,
        "published": words.published.date() if words.published else None,
        "updated": words.updated.date() if words.updated else None,
        "added": export.paper.added_at.date(),
        "read": max(moments).date() if moments else None,
        "doi": words.doi or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _paper(paper: Paper) -> str:
    words = paper.metadata
    lines = [f"# {escape(words.title)}", "", escape(", ".join(words.authors))]
    if paper.arxiv:
        lines += ["", f"[arXiv:{paper.arxiv}](https://arxiv.org/abs/{paper.arxiv})"]
    if words.abstract:
        lines += ["", *_quoted(words.abstract)]
    return "\n".join(lines)


def _passes(passes: Sequence[ReadingPass]) -> str:
    lines = ["## Passes", ""]
    if not passes:
        return "\n".join([*lines, "Not read yet."])
    lines += [
        "| pass | workflow | version | state | started | ended | why | again |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for item in passes:
        cells = (
            str(item.number),
            item.workflow,
            f"v{item.version}",
            item.state.value,
            item.started_at.date().isoformat(),
            item.ended_at.date().isoformat() if item.ended_at else "",
            " ".join(escape(item.why).split()),
            item.again_on.isoformat() if item.again_on else "",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _notes(notes: Sequence[Note], version: int) -> str:
    lines = ["## Notes"]
    if not notes:
        lines += ["", "No notes yet."]
    number = 0
    for note in sorted(notes, key=lambda item: item.pass_number):
        if note.pass_number != number:
            number = note.pass_number
            lines += ["", f"### Pass {number}"]
        lines += ["", _note_head(note, version)]
        if note.quote:
            lines += ["", *_quoted(note.quote)]
        lines += ["", closed(regions.guard(note.text))]
    return "\n".join(lines)


def _note_head(note: Note, version: int) -> str:
    name = "trick or hack" if note.kind is NoteKind.TRICK else note.kind.value
    parts = [f"**{name}**"]
    if note.page is not None:
        parts.append(f"p. {note.page}")
    if note.step:
        parts.append(escape(note.step))
    if note.version != version:
        parts.append(f"v{note.version}")
    parts.append(note.created_at.date().isoformat())
    return " · ".join([*parts, f"note {note.id}"])


def _claims(claims: Sequence[ClaimTold]) -> str:
    lines = ["## Claims", ""]
    if not claims:
        return "\n".join([*lines, "No run yet."])
    lines += [
        "| claim | where | claimed | measured | n | verdict | run |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for told in claims:
        cells = (" ".join(cell.split()) for cell in _cells(told))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cells(told: ClaimTold) -> tuple[str, ...]:
    claim, result = told.claim, told.result
    unit = f" {claim.unit}" if claim.unit else ""
    spread = f" ± {result.sd:.4g}" if result.sd is not None and result.n > 1 else ""
    return (
        escape(claim.text),
        escape(claim.where),
        f"{claim.direction + ' ' if claim.direction else ''}{claim.claimed:g}{unit}",
        "" if result.mean is None else f"{result.mean:.6g}{spread}{unit}",
        str(result.n),
        f"{result.verdict.value}: {escape(result.why)}" if result.why else result.verdict.value,
        f"`{told.run_id}`{' (quick)' if told.quick else ''}",
    )


def _quoted(text: str) -> list[str]:
    return [f"> {line}".rstrip() for line in escape(text).splitlines()]
