"""The commands of the screen of what to read next."""

from researchdesk.tui.commands import Command

RECOMMENDED_VERBS = (
    Command("recommended.tag", "t", "tag", "By a tag",
            "Rank by the papers of a tag, or by the whole desk.", True),
    Command("recommended.like", "m", "like", "More like it",
            "The papers of the desk that are most like the marked one.", True),
    Command("recommended.all", "a", "all", "All",
            "Also papers that were read, starred, noted or tagged; again: without them.", True),
    Command("recommended.again", "r", "again", "Again",
            "Rank again by what is on the desk now.", True),
    Command("recommended.back", "escape", "back", "Back",
            "To the list before; from the first one out.", True),
)  # fmt: skip
