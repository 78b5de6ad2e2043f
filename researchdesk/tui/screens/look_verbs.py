"""The commands of the screens on which something is looked at page by page."""

from researchdesk.tui.commands import Command

_IN = Command("look.in", "enter,right,l,tab", "enter", "Into it", "Move about in the page.", True,
              key_label="enter")  # fmt: skip
_BACK = Command(
    "look.back", "escape", "back", "Back", "To the list of pages; from there out.", True
)
_STOP = Command("look.stop", "x", "stop", "Stop", "Stop what is being looked at.", True)

SAMPLES_VERBS = (
    _IN,
    Command("samples.arm", "a", "other", "Arm", "The data of the recipe's next arm.", True),
    _STOP,
    _BACK,
)
ERRORS_VERBS = (
    _IN,
    Command("errors.seed", "s", "other", "Seed", "The next seed that has a trained model.", True),
    _STOP,
    _BACK,
)
LADDER_VERBS = (
    _IN,
    Command("ladder.again", "r", "again", "Again", "Climb the ladder anew.", True),
    Command("ladder.arm", "a", "other", "Arm", "The ladder of the recipe's next arm.", True),
    _STOP,
    _BACK,
)
FINDINGS_VERBS = (
    _IN,
    Command("findings.report", "right_square_bracket", "to_report(1)", "Report",
            "The next report.", True, key_label="[ ]"),
    Command("findings.before", "left_square_bracket", "to_report(-1)", "Report before",
            "The report before."),
    Command("findings.again", "r", "again", "Again",
            "Read the reports again: a script may have been watched meanwhile.", True),
    _BACK,
)  # fmt: skip
