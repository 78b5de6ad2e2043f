"""What became of a paper since it was put on the desk: versions, withdrawal, publication."""

from collections.abc import Iterator, Sequence
from typing import Any

from researchdesk.cli import output
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note
from researchdesk.services.desk import Desk
from researchdesk.services.version_marks import mark_of, marks_of


def since_record(desk: Desk, paper: Paper, notes: Sequence[Note]) -> dict[str, Any]:
    """The keys of ``show --json`` about it; each note has its mark."""
    marks = marks_of(desk, [(note.paper_id, note.version) for note in notes])
    words = paper.metadata
    return {
        "venue": words.venue,
        "latest_version": paper.latest,
        "withdrawn_version": paper.withdrawn,
        "mark": mark_of(desk, paper.id, paper.version),
        "notes": [
            {**output.plain(note), "mark": marks.get((note.paper_id, note.version))}
            for note in notes
        ],
    }


def since_lines(desk: Desk, paper: Paper, notes: Sequence[Note]) -> Iterator[str]:
    """Lines for a person: where it was published, what is newer, which notes are older."""
    words = paper.metadata
    doi = f"doi:{words.doi}" if words.doi else ""
    where = "  ".join(part for part in (words.journal_ref or words.venue, doi) if part)
    if where:
        yield f"published: {where}"
    mark = mark_of(desk, paper.id, paper.version)
    if paper.withdrawn is not None and mark:
        yield f"! {mark}"
        return
    if mark:
        yield f"! v{paper.latest} is out; v{paper.version} is at hand"
    marks = marks_of(desk, [(note.paper_id, note.version) for note in notes])
    older = sum((note.paper_id, note.version) in marks for note in notes)
    if older:
        yield f"! {older} of {len(notes)} notes {'is' if older == 1 else 'are'} of an older version"
