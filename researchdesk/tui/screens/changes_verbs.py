"""The commands of the screen of changes."""

from researchdesk.tui.commands import Command

CHANGES_VERBS = (
    Command("changes.versions", "v", "versions", "Versions",
            "Choose the two versions to compare.", True),
    Command("changes.all", "s", "all", "All/changed",
            "Show the paragraphs that stayed the same too, or hide them.", True),
    Command("changes.next", "right_square_bracket", "to_change(1)", "Next",
            "The next section that changed.", True, key_label="[ ]"),
    Command("changes.last", "left_square_bracket", "to_change(-1)", "Last",
            "The section before that changed."),
    Command("changes.jump", "n", "jump", "To a note",
            "Go to a note or claim that quotes what changed.", True),
    Command("changes.get", "g", "get", "Get", "Fetch another version of this paper.", True),
    Command("changes.read", "r", "read", "Read", "Read the paper.", True),
    Command("changes.back", "escape", "back", "Back",
            "To the list of sections; from there out.", True),
)  # fmt: skip
