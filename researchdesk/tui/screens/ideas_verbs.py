"""The commands of the screen of ideas."""

from researchdesk.tui.commands import Command

IDEAS_VERBS = (
    Command("idea.add", "a", "add", "Add", "Keep an idea.", True),
    Command("idea.edit", "e", "edit", "Edit", "Change the marked idea."),
    Command("idea.up", "K,shift+up", "shift(-1)", "Move",
            "Put it above the one before: your own order.", True, key_label="K J"),
    Command("idea.down", "J,shift+down", "shift(1)", "Move down",
            "Put it below the next: your own order.", key_label="J"),
    Command("idea.top", "T", "top", "To the top", "Put it before all others: your own order."),
    Command("idea.by-score", "o", "by_score", "Score", "Back to the score's order, all of them.",
            True),
    Command("idea.settle", "s", "settle_idea", "Settle", "Done, parked until a day, or stopped.",
            True),
    Command("idea.review", "r", "review_idea", "Review",
            "What it brought, what it cost: go on, park, or stop?", True),
    Command("idea.investigate", "v", "investigate", "Investigate",
            "Follow it up, one change at a time.", True),
    Command("idea.source", "g", "go", "Where from", "Go to what it came from."),
    Command("idea.closed", "c", "closed", "Closed too", "Those stopped and done, too; again: not."),
    Command("idea.undo", "ctrl+z", "undo", "Undo",
            "Take back what was moved, settled or edited last."),
    Command("idea.back", "escape", "app.mode('library')", "Library", "Back to the library.", True),
)  # fmt: skip
