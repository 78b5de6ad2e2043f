"""The commands of the log of surprises."""

from researchdesk.tui.commands import Command

SURPRISES_VERBS = (
    Command("funny.add", "a", "app.add_surprise", "Add", "Keep a surprise.", True),
    Command(
        "funny.evidence",
        "e",
        "evidence",
        "Evidence",
        "File evidence: for or against a question, or an explanation.",
        True,
    ),
    Command(
        "funny.explain",
        "x",
        "explain",
        "Explain",
        "Put an explanation beside the others, change one, rule one out, tell them apart.",
        True,
    ),
    Command("funny.resolve", "r", "resolve", "Resolve", "Say how far it was followed up.", True),
    Command(
        "funny.investigate",
        "v",
        "investigate",
        "Investigate",
        "Follow it up, one change at a time.",
        True,
    ),
    Command("funny.filter", "slash", "filter", "Find", "Find by words, as you type.", True),
    Command("funny.all", "o", "all", "All/open", "Show those that are closed, too.", True),
    Command(
        "funny.findings",
        "W",
        "findings",
        "Watched",
        "What watching training scripts found: is the experiment to be trusted?",
        True,
    ),
    Command(
        "funny.links", "g", "links", "Links", "Go to one of the things that its evidence links."
    ),
    Command(
        "funny.withdraw",
        "w",
        "withdraw",
        "Withdraw",
        "Withdraw a piece of evidence, or let it count again; it is kept.",
    ),
    Command(
        "funny.undo",
        "ctrl+z",
        "undo",
        "Undo",
        "Take back what was done here last, or the last change of state.",
    ),
    Command("funny.back", "escape", "back", "Back", "Out of the finding, to all of them.", True),
)
