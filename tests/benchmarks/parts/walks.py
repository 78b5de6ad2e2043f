"""The screens and dialogs in which keys are pressed, and which keys."""

from dataclasses import dataclass

from parts.painting import CHARACTERS

TEXT = "the loss is lower, yet "


@dataclass(frozen=True, slots=True)
class Walk:
    """``go`` leads to ``screen`` (the name of its class) from wherever one is; there
    ``keys`` are pressed, ``settle_s`` seconds after it came."""

    name: str
    screen: str
    go: tuple[str, ...]
    keys: tuple[str, ...]
    settle_s: float = 0.3


def typed(text: str) -> tuple[str, ...]:
    """The keys of a text."""
    names = {letter: name for name, letter in CHARACTERS.items()}
    return tuple(names.get(letter, letter) for letter in text)


LIST = ("down",) * 12 + ("pagedown", "pageup") * 2 + ("up",) * 6
PAGES = ("down",) * 3 + ("up",) * 3
_WORDS = typed(TEXT)
WALKS = (
    Walk("home", "HomeScreen", ("f1",), ("down",) * 8 + ("up",) * 8),
    Walk("library", "LibraryScreen", ("f2",), LIST),
    Walk("library, search", "LibraryScreen", ("f2", "slash"), typed("noise batch")),
    Walk("library, tags", "LabelsDialog", ("f2", "t"), typed("warmup")),
    Walk("library, lists", "ListsDialog", ("f2", "l"), ("down",) * 4 + typed("la")),
    Walk("library, find", "FindDialog", ("f2", "f"), _WORDS),
    Walk("reader", "ReaderScreen", ("f3", "W"), ("pagedown",) * 8 + ("down",) * 8 + ("up",) * 8),
    Walk("reader, steps", "ReaderScreen", ("f3",), ("right", "left") * 6),
    Walk("reader, sentence", "ReaderScreen", ("f3", "W", "v"), ("down", "up") * 8),
    Walk("reader, note", "NoteDialog", ("f3", "n"), _WORDS),
    Walk("reader, figures", "ReaderScreen", ("f3", "F"), ("down", "up") * 5),
    Walk("large picture", "LargePicture", ("f3",), ("plus", "down", "up", "minus") * 3, 2.0),
    Walk("claims", "ClaimsScreen", ("f3", "c"), ("down", "up") * 8),
    Walk("bench", "BenchScreen", ("f4",), ("down",) * 8 + ("up",) * 8),
    Walk("bench, parts", "BenchScreen", ("f4",), ("tab",) * 6 + ("shift+tab",) * 6),
    Walk("bench, curves", "BenchScreen", ("f4",), ("m", "l", "a", "e") * 2),
    Walk("sweeps", "SweepsScreen", ("f4", "h"), ("down", "up", "x") * 4),
    Walk("table of a run", "TableScreen", ("f4", "t"), ("f", "k") * 6),
    Walk("runs compared", "CompareScreen", ("f4", "equals_sign", "enter"), ("m", "l") * 4, 1.0),
    Walk("data", "SamplesScreen", ("f4",), PAGES),
    Walk("errors", "ErrorsScreen", ("f4",), PAGES),
    Walk("ladder", "LadderScreen", ("f4",), PAGES),
    Walk("findings", "FindingsScreen", ("f4",), PAGES),
    Walk("surprises", "SurprisesScreen", ("f5",), LIST),
    Walk("surprises, find", "SurprisesScreen", ("f5", "slash"), typed("noise")),
    Walk("surprise dialog", "SurpriseDialog", ("f5", "a"), _WORDS),
    Walk("evidence dialog", "EvidenceDialog", ("f5", "e"), ("down",) * 4),
    Walk("story", "StoryScreen", ("f6", "enter"), (*_WORDS, "down", "pagedown", "enter", "up")),
    Walk("story, last draft", "StoryScreen", ("f6", "ctrl+l", "enter"), _WORDS),
    Walk("story, drafts", "DraftsDialog", ("f6", "ctrl+r"), ("down", "up") * 5),
    Walk("stories compared", "StoryCompareScreen", ("f6", "ctrl+b"), ("down", "up") * 6, 1.0),
    Walk("rehearsal", "RehearsalScreen", ("f6",), ("right", "left") * 5),
    Walk("tinker", "InvestigationsScreen", ("f7",), LIST),
    Walk("tinker, parts", "InvestigationsScreen", ("f7",), ("tab",) * 8),
    Walk("table of experiments", "ExperimentsTableScreen", ("f7", "T"), ("f", "m") * 6, 1.0),
    Walk("ideas", "IdeasScreen", ("f8",), LIST),
    Walk("idea dialog", "IdeaDialog", ("f8", "a"), _WORDS),
    Walk("what is new", "TriageScreen", ("f2", "N"), ("right", "left") * 5),
    Walk("up next", "RecommendedScreen", ("f2", "U"), ("down", "up") * 8, 3.0),
    Walk("around this", "CitationsScreen", ("f3", "A"), ("right", "left") * 4, 1.0),
    Walk("changes", "ChangesScreen", ("f3",), ("down", "up") * 6, 1.0),
    Walk("code", "CodeScreen", ("f3",), ("down", "up") * 4, 1.0),
    Walk("checklist", "ChecklistScreen", ("f6", "Y"), ("down", "up") * 6, 1.0),
    Walk("keys", "HelpDialog", ("f2", "question_mark"), ("pagedown", "pageup") * 3),
    Walk("commands", "CommandPalette", ("f2", "ctrl+p"), typed("bench")),
)
"""In this order in one app, each begun at its mode's own screen."""
