"""The commands of triage."""

from researchdesk.tui.commands import Command

TRIAGE_VERBS = (
    Command("triage.keep", "k", "decide('kept')", "Keep",
            "Put it on the desk; its PDF is fetched meanwhile.", True),
    Command("triage.later", "l", "decide('later')", "Later", "It comes back tomorrow.", True),
    Command("triage.no", "n", "decide('no')", "No", "It does not come again.", True),
    Command("triage.undo", "u,ctrl+z", "undo", "Undo",
            "Take back what was decided here last; again: the one before.", True, key_label="u"),
    Command("triage.next", "right,j", "step(1)", "Next", "Look at the next one; this one waits.",
            True, key_label="→"),
    Command("triage.before", "left", "step(-1)", "Before", "Back to the one before.",
            key_label="←"),
    Command("triage.browser", "o", "browser", "Open",
            "Open its page at arXiv in the browser.", True),
    Command("triage.filter", "slash,f", "feeds", "Feeds",
            "What is followed: show what one feed brought, follow more, drop one.", True,
            key_label="/"),
    Command("triage.refresh", "r", "refresh", "Refresh", "Ask for what is new.", True),
    Command("triage.follow", "a", "follow", "Follow",
            "Follow categories, authors, searches, or a feed by its address.", True),
    Command("triage.keep-why", "K", "explain('kept')", "With a reason",
            "As {triage.keep}, {triage.later}, {triage.no}, and say why; with tags, or a day.",
            True, key_label="K L N"),
    Command("triage.later-why", "L", "explain('later')", "Later, and when",
            "Put it off to a day, with a reason.", key_label="L"),
    Command("triage.no-why", "N", "explain('no')", "No, and why",
            "It does not come again; say why.", key_label="N"),
    Command("triage.back", "escape", "back", "Back", "Back to where you came from.", True),
)  # fmt: skip
