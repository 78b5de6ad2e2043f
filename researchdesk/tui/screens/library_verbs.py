"""The commands of the library."""

from functools import partial

from researchdesk.tui.commands import Command

_stars = partial(Command, key_label="0–5", help="Give stars, 0 to 5.")

LIBRARY_VERBS = (
    Command(
        "library.filter",
        "slash",
        "filter",
        "Search",
        "Search as you type, by words and by fields such as author: and year:.",
        True,
    ),
    Command("library.add", "a", "add", "Add", "Add a paper: arXiv id, address, or a PDF.", True),
    Command("library.find", "f", "find", "Find on arXiv", "Search arXiv and add from it.", True),
    Command(
        "library.lists",
        "l",
        "lists",
        "Lists",
        "Go to a smart list, a collection or a tag.",
        True,
    ),
    Command("library.tag", "t", "tag", "Tag", "Put tags on papers, or take them off.", True),
    Command(
        "library.collect", "p", "collect", "Put in", "Put papers in a collection, or take them out."
    ),
    Command("library.bench", "b", "bench", "Bench", "The paper's recipe and its runs.", True),
    Command("library.sort", "s", "sort", "Sort", "The next order: by year, by stars …"),
    Command(
        "library.remove",
        "d,delete",
        "remove",
        "Remove",
        "Take papers off the desk; their notes stay, and {library.undo} brings them back.",
        key_label="d",
    ),
    Command("library.undo", "ctrl+z", "undo", "Undo", "Take the last change of papers back."),
    Command("library.redo", "ctrl+y", "redo", "Redo", "Make it again."),
    *(
        _stars(f"library.stars-{n}", str(n), f"stars({n})", f"{n} stars" if n != 1 else "1 star")
        for n in range(6)
    ),
    Command(
        "library.more-urgent",
        "plus",
        "priority(1)",
        "Priority up",
        "Raise the priority: ! to !!!, read next.",
        key_label="+",
    ),
    Command(
        "library.less-urgent",
        "minus",
        "priority(-1)",
        "Priority down",
        "Lower the priority.",
        key_label="-",
    ),
    Command(
        "library.mark-all",
        "asterisk",
        "mark_all",
        "Mark all",
        "Mark all papers that are found; again: none.",
        key_label="*",
    ),
    Command(
        "library.keep",
        "ctrl+s",
        "keep",
        "Keep search",
        "Keep this search under a name, as a smart list.",
        key_label="^s",
    ),
    Command(
        "library.merge",
        "m",
        "merge",
        "One paper",
        "Make one paper of two that are marked, after a look at both.",
    ),
    Command("library.claims", "c", "claims", "Claims", "What the paper claims, to be accepted."),
    Command(
        "library.changes",
        "D",
        "changes",
        "Changes",
        "What changed between its versions here.",
        key_label="D",
    ),
    Command(
        "library.export",
        "e,X",
        "export",
        "Export notes…",
        "Write papers with their notes into a folder: plain, Obsidian or Logseq.",
        key_label="e or X",
    ),
    Command(
        "library.write",
        "R",
        "write",
        "Write a review",
        "Write a review from your notes on it, or a rebuttal.",
        key_label="R",
    ),
    Command("library.fetch", "g", "fetch", "Get PDF", "Fetch the PDFs of papers from arXiv."),
    Command(
        "library.back",
        "escape",
        "back",
        "All",
        "Marks away; else out of the search: all papers again.",
        True,
    ),
)
