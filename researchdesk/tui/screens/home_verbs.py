"""The commands of Home."""

from researchdesk.tui.commands import Command

_NUMBERS = tuple(
    Command(
        f"home.go{number}",
        str(number),
        f"go({number})",
        f"Row {number}",
        "Go to the thing with this number.",
        key_label="1 … 9",
        moves=True,
    )
    for number in range(1, 10)
)
HOME_VERBS = (
    *_NUMBERS,
    Command("home.celebrate", "c", "celebrate", "Celebrated",
            "Mark the finished paper as celebrated; its line then leads on.", True),
    Command("home.put-off", "p", "put_off", "Put off", "Put it off again, by seven days.", True),
    Command("home.let-go", "x", "let_go", "Not any more", "Do not bring it back any more.", True),
    Command("home.review", "r", "review", "Review", "Is it worth going on? Go on, park, or stop.",
            True),
    Command("home.seen", "s", "seen", "Seen", "Mark what changed about this paper as seen.", True),
    Command("home.all-seen", "S", "all_seen", "All seen", "Mark everything that changed as seen.",
            True, key_label="S"),
    Command("home.add", "a", "add", "Add", "Add a paper: arXiv id, address, or a PDF.", True),
    Command("home.find", "f", "find", "Find on arXiv", "Search arXiv and add from it.", True),
    Command("home.ask-arxiv", "n", "ask_arxiv", "Ask arXiv",
            "Ask arXiv for newer versions, withdrawals and publications of your papers.", True),
    Command("home.merge", "m", "merge", "Two records of one paper?",
            "Look for papers that may be one, and show them side by side."),
    Command("home.undo", "ctrl+z", "undo", "Undo", "Take back what was done here last."),
    Command("home.back", "escape", "app.mode('library')", "Library", "To the library.", True),
)  # fmt: skip
