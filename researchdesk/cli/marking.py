"""What is said of notes and claims whose version was withdrawn or replaced since."""

from collections.abc import Sequence

from researchdesk.cli import output

_ROOM = 56


def emit_marked(
    head: Sequence[str], rows: Sequence[Sequence[str]], marks: Sequence[str | None]
) -> None:
    """A table, with each row's mark before its last column where any row has one."""
    if not any(marks):
        output.emit_table(head, rows)
        return
    wider = [(*row[:-1], _cut(mark or ""), row[-1]) for row, mark in zip(rows, marks, strict=True)]
    output.emit_table((*head[:-1], "since", head[-1]), wider)


def _cut(text: str) -> str:
    return text if len(text) <= _ROOM else f"{text[: _ROOM - 1].rstrip()}…"
