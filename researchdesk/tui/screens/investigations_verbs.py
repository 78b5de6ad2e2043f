"""The commands of the screen of investigations."""

from researchdesk.tui.commands import Command

TINKER_VERBS = (
    Command("tinker.new", "a", "new", "New", "Begin an investigation.", True),
    Command("tinker.try", "t", "try", "Try",
            "Change one setting of the marked experiment, else of the baseline.", True),
    Command("tinker.expect", "x", "expect", "Expect",
            "Say what you expect of the marked experiment, before it is run.", True),
    Command("tinker.run", "R", "run", "Run",
            "Run the experiments that are not run yet; they go on in the background.", True),
    Command("tinker.cancel", "c", "cancel", "Cancel",
            "Stop the run; finished seeds are kept, and {tinker.run} goes on from there.", True),
    Command("tinker.table", "T", "table", "Table",
            "The ablation table over the whole screen: text, markdown, LaTeX.", True),
    Command("tinker.settle", "p", "settle_it", "Park, settle",
            "Say where it stands: open, parked until a day, stopped, done.", True),
    Command("tinker.review", "r", "review_it", "Review",
            "Is it worth going on? Progress, time, what waits: go on, park, or stop.", True),
    Command("tinker.follow", "f", "follow", "Its surprise",
            "Go to the surprise or the idea that it is of.", True),
    Command("tinker.baseline", "b", "baseline", "Baseline",
            "Name the recipe and the arm that the others are held against."),
    Command("tinker.drop", "d,delete", "drop", "Drop",
            "Take the marked experiment off the list; its runs stay.", key_label="d"),
    Command("tinker.next", "tab", "next_part", "Next part", "The next part of the screen.",
            moves=True),
    Command("tinker.back", "escape", "back", "Back", "Back to the list; from there to Home."),
)  # fmt: skip
