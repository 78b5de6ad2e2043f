"""The commands of a checklist."""

from researchdesk.tui.commands import Command

CHECKLIST_VERBS = (
    Command("checklist.yes", "y", "answer('yes')", "Yes", "Answer yes, and say why.", True),
    Command("checklist.partly", "p", "answer('partly')", "Partly",
            "Answer partly, and say why.", True),
    Command("checklist.no", "n", "answer('no')", "No", "Answer no, and say why.", True),
    Command("checklist.not-applicable", "a", "answer('not applicable')", "n/a",
            "It does not apply here; say why.", True),
    Command("checklist.take-back", "u", "take_back", "Take back",
            "Take your answer back; the desk's own stays.", True),
    Command("checklist.other", "l", "other", "Other list", "Put another checklist to it.", True),
    Command("checklist.write", "w", "write", "Write",
            "Write it into a file, as markdown.", True),
    Command("checklist.look", "r", "look", "Look again",
            "Ask the desk again: runs, notes and stories may have changed.", True),
    Command("checklist.back", "escape", "back", "Back", "Back to where you came from.", True),
)  # fmt: skip
