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
THEME = Command(
    "app.theme", "f9", "app.change_theme", "Theme", "Choose light, dark or high contrast."
)
QUIT = Command("app.quit", "ctrl+q", "app.quit", "Quit", "End; everything is kept.", priority=True)
EVERYWHERE = (*SCREENS, NOTICE, LINKS, *OTHERS, THEME, QUIT)
