"""The commands that hold everywhere."""

from researchdesk.tui.commands import Command

SCREENS = (
    Command("app.home", "f1", "app.mode('home')", "Home", "What there is to do today."),
    Command("app.library", "f2", "app.mode('library')", "Library", "The papers on the desk."),
    Command("app.reader", "f3", "app.mode('reader')", "Reader", "The paper that is being read."),
    Command("app.bench", "f4", "app.mode('bench')", "Bench", "Recipes, runs and their verdicts."),
    Command(
        "app.funny", "f5", "app.mode('funny')", "Surprises", "What was expected, what was observed."
    ),
    Command("app.story", "f6", "app.mode('story')", "Story", "Storylines and their drafts."),
)
SELDOM = (
    Command(
        "app.tinker",
        "f7",
        "app.mode('tinker')",
        "Tinker",
        "Investigations: one change at a time, each with its run.",
    ),
    Command(
        "app.ideas", "f8", "app.mode('ideas')", "Ideas", "Ideas in their order, and when to stop."
    ),
)
"""Screens whose names stand in the bar where there is room for them."""
HELP = Command(
    "app.help",
    "question_mark",
    "app.help",
    "Help",
    "Every key of this screen, with what it does.",
    key_label="?",
)
PALETTE = Command(
    "app.palette",
    "ctrl+p",
    "app.command_palette",
    "Commands",
    "Find any command by its name.",
    key_label="^p",
)
OTHERS = (HELP, PALETTE)
NOTICE = Command(
    "app.add-surprise",
    "exclamation_mark",
    "app.add_surprise",
    "That's funny…",
    "Keep a surprise: what you expected and what you observed.",
)
LINKS = Command(
    "app.backlinks",
    "L",
    "app.backlinks",
    "Links here",
    "The notes that link to the paper that is looked at.",
    key_label="L",
)
CHECKLIST = Command(
    "app.checklist",
    "Y",
    "app.checklist",
    "Checklist",
    "Questions before work is shown, put to the story, run or paper that is looked at.",
    key_label="Y",
)
DISCOVER = (
    Command(
        "app.triage",
        "N",
        "app.triage",
        "What is new",
        "New papers of what you follow, one at a time: keep, later, no.",
        key_label="N",
    ),
    Command(
        "app.recommended",
        "U",
        "app.recommended",
        "Up next",
        "What to read next: papers ranked by what you read, tagged and left.",
        key_label="U",
    ),
    Command(
        "app.similar",
        "M",
        "app.similar",
        "More like this",
        "Papers like the one that is looked at.",
        key_label="M",
    ),
    Command(
        "app.citations",
        "A",
        "app.citations",
        "Around this",
        "What the paper cites, and what cites it.",
        key_label="A",
    ),
)
"""Ways to further papers."""
THEME = Command(
    "app.theme", "f9", "app.change_theme", "Theme", "Choose light, dark or high contrast."
)
QUIT = Command("app.quit", "ctrl+q", "app.quit", "Quit", "End; everything is kept.", priority=True)
EVERYWHERE = (*SCREENS, *SELDOM, *DISCOVER, NOTICE, LINKS, CHECKLIST, *OTHERS, THEME, QUIT)
