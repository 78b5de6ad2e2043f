"""The commands of the screen of claims."""

from researchdesk.tui.commands import Command

CLAIMS_VERBS = (
    Command(
        "claims.accept",
        "space,a",
        "accept",
        "Accept",
        "Make the marked one a claim of yours; again: take it back.",
        True,
        key_label="space",
    ),
    Command("claims.add", "n", "add", "By hand", "Write a claim in your own words.", True),
    Command("claims.edit", "e", "edit", "Words", "Change the words of an accepted claim.", True),
    Command("claims.open", "enter", "open", "In the paper", "Read it where it stands.", True),
    Command("claims.filter", "slash", "filter", "Filter", "Filter the list as you type.", True),
    Command(
        "claims.view",
        "v",
        "view",
        "Accepted",
        "Only what is accepted; again: everything.",
        True,
    ),
    Command("claims.fetch", "g", "fetch", "Get PDF", "Fetch the PDF of this paper from arXiv."),
    Command("claims.undo", "ctrl+z", "undo", "Undo", "Take back what was done last here."),
    Command("claims.back", "escape", "back", "Back", "Out of the filter, then back.", True),
)
