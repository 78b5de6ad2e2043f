"""The commands of the screen of sweeps."""

from researchdesk.tui.commands import Command

SWEEPS_VERBS = (
    Command("sweeps.start", "s", "start", "Start",
            "Try many settings of a recipe's arm, and choose one on validation.", True),
    Command("sweeps.resume", "r", "resume", "Resume",
            "Go on with the marked sweep; what ended is kept. One that is away is followed.", True),
    Command("sweeps.extend", "e", "extend", "Extend",
            "Give the marked sweep a larger number of trials, and go on with it.", True),
    Command("sweeps.cancel", "c", "cancel", "Cancel",
            "Stop the marked sweep, wherever its trials are; what ended is kept.", True),
    Command("sweeps.test", "t", "test", "Test",
            "Look at the test metric of the trial that validation chose; asks first, and counts.",
            True),
    Command("sweeps.settings", "i", "settings", "Settings",
            "Which settings matter: the value of the trials against each; again: the curve.", True),
    Command("sweeps.turn", "x", "turn", "Trials or time",
            "Count the curve's budget in trials, in time, or in GPU-hours.", True),
    Command("sweeps.write", "w", "write", "To a file",
            "Draw the curve into a file, .pdf, .svg or .png."),
    Command("sweeps.remove", "d,delete", "remove", "Remove",
            "Remove the marked sweep and all it kept, for good; asks first.", key_label="d"),
    Command("sweeps.next", "tab", "next_pane", "Next part", "The next part of the screen."),
    Command("sweeps.last", "shift+tab", "last_pane", "Part before", "The part before."),
    Command("sweeps.back", "escape", "back", "Back",
            "Back to the list of sweeps; from there to the bench.", True),
)  # fmt: skip
