"""Rows of Home for notes that were begun and not kept."""

from textual.content import Content

from researchdesk.services import library
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.draft_files import DraftFiles
from researchdesk.tui.home_row import HALF_DONE, Row, facts_line
from researchdesk.tui.messages import OpenPaper
from researchdesk.tui.widgets.bench_words import ago

_OF_PAPER = "paper-"
_GO_ON = "{Home.open} opens the paper; there {reader.note} goes on with the note."


def begun_notes(desk: Desk) -> list[Row]:
    """A row for each paper with a new note that was begun; the words stay where they are."""
    files = DraftFiles(desk.root / "drafts")
    rows = []
    for name in files.names(_OF_PAPER):
        number = name.removeprefix(_OF_PAPER)
        paper = library.paper_of(desk, int(number)) if number.isdecimal() else None
        written = files.written_at(name)
        if paper is None or written is None:
            continue
        when = ago(written, desk.clock())
        rows.append(
            Row(
                f"draft:{name}",
                HALF_DONE,
                f"A note begun on {paper.title}",
                facts_line(paper.name, f"written {when}", "not kept yet"),
                OpenPaper(paper.name),
                Content("\n").join(
                    [Content.styled(paper.title, "bold"), Content(""), Content(keyed(_GO_ON))]
                ),
                paper.name,
            )
        )
    return rows
