"""The commands of the library."""

from researchdesk.tui.commands import Command

LIBRARY_VERBS = (
    Command("library.add", "a", "add", "Add", "Add a paper: arXiv id, address, or a PDF.", True),
    Command("library.find", "f", "find", "Find on arXiv", "Search arXiv and add from it.", True),
    Command("library.filter", "slash", "filter", "Filter", "Filter the list as you type.", True),
    Command("library.bench", "b", "bench", "Bench", "The paper's recipe and its runs.", True),
    Command("library.claims", "c", "claims", "Claims", "What the paper claims, to be accepted."),
    Command(
        "library.changes",
        "D",
        "changes",
        "Changes",
        "What changed between its versions here.",
        key_label="D",
    ),
    Command("library.export", "e", "export", "Export", "Export its notes as markdown.", True),
    Command("library.fetch", "g", "fetch", "Get PDF", "Fetch the PDF of the paper from arXiv."),
    Command(
        "library.remove",
        "d,delete",
        "remove",
        "Remove",
        "Take the paper off the desk; its notes stay, and ctrl+z brings it back.",
        True,
        key_label="d",
    ),
    Command("library.undo", "ctrl+z", "undo", "Undo", "Put the paper removed last back."),
    Command("library.back", "escape", "back", "All", "Out of the filter: all papers again."),
)
