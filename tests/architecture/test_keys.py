"""No sentence of the app names a key itself: keys can be changed, so it names the command."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import researchdesk
from researchdesk.tui.own_keys import every_command

TUI = Path(researchdesk.__file__).parent / "tui"
OF_FIELDS = {
    "dialogs/add.py",
    "dialogs/backlinks.py",
    "dialogs/code_find.py",
    "dialogs/evidence.py",
    "dialogs/find.py",
    "dialogs/followed.py",
    "dialogs/help.py",
    "dialogs/labels.py",
    "dialogs/lists.py",
    "dialogs/question.py",
    "dialogs/start_run.py",
    "dialogs/story_drafts.py",
    "dialogs/story_missing.py",
    "dialogs/story_states.py",
    "screens/code.py",
}
"""There enter, tab or space is of a field or a list as such, and no command of the app."""
NAMED_KEY = re.compile(
    r"(?<![\w-])(?:[Ee]nter|[Ss]pace|tab)(?= \w+s\b| choose|[.:;]?$)|press enter"
)
KEY = re.compile(
    r"""
    ctrl\+\w | shift\+\w | \^[a-z]\b | \bF\d{1,2}\b                 # ctrl+z, ^l, F5
    | (?<![\w'’./+=<>-])(?<!\d[ ])[B-HJ-Zb-hj-z](?![\w'’./+=-])     # s starts one
    | (?:^|[;:.,(]\ |\n)[aiI]\ +(?!hyp|less|pass)[a-z]+s\b(?!\ or\b)    # a adds one
    | [Pp]ress\ (?![0ew])\S                                         # press n
    | (?:^|[;:.(—]\ )[!?/*=]\ [a-z]+s\b                             # / searches
    | (?<!\w)(?:[Ee]sc|[Ee]scape|ctrl|delete)(?=\ \w+s\b|[.:;)]?$)  # escape leaves
    """,
    re.VERBOSE,
)
NO_KEYS = {
    "What watching training scripts found: ! is a bug, ? is likely one",
    "Two runs: where their settings, environments, claims and metrics differ. A is the first",
    "A  {}\nB  {}",
    "! is so    ? may be so, by a rule that the last page states: have a look",
    "Next part of the screen; shift+tab: the part before.",
    "p = {}",
}
"""Signs and letters that stand for something else on the screen, and a key that is nobody's own."""
COMMAND = re.compile(r"\{[\^*]?(\w+\.[\w-]+)\}")
SHOWN_KEYED = {"ABOUT", "HINT", "_MOVING"}
"""What the help and the dialogs pass through ``keyed``."""


@cache
def trees() -> dict[str, ast.Module]:
    return {
        path.relative_to(TUI).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(TUI.rglob("*.py"))
    }


def texts(node: ast.AST) -> Iterator[str]:
    """The strings below a node, without docstrings and what only names keys; f-strings whole."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.keyword) and child.arg == "key_label":
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        elif isinstance(child, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in child.values
            )
            for part in child.values:
                yield from texts(part) if isinstance(part, ast.FormattedValue) else ()
        else:
            yield from texts(child)


def named_keys(text: str, *, of_fields: bool) -> list[str]:
    """The keys that a sentence names; one word, or two that are keys, are no sentence."""
    if (
        text.startswith(tuple(NO_KEYS))
        or len(text.split()) < 2
        or re.fullmatch(r"\S+ (?:or|…) \S+", text)
    ):
        return []
    said = re.sub(r"%-?[a-zA-Z]", "", re.sub(r"\{[^{} ]*\}", "0", text))
    found = [match[0] for match in KEY.finditer(said)]
    return found if of_fields else found + [match[0] for match in NAMED_KEY.finditer(said)]


def test_no_sentence_names_a_key_itself() -> None:
    found = [
        f"{name}: {text!r} names {keys}"
        for name, tree in trees().items()
        for text in texts(tree)
        if (keys := named_keys(text, of_fields=name in OF_FIELDS))
    ]
    assert not found, "\n".join([*found, "name the command instead: see commands.keyed"])


@pytest.mark.parametrize(
    "text",
    [
        "There is no run yet; s starts one.",
        "Press a to keep one.",
        "; a fetches it",
        "a   adds one",
        "{}\nctrl+z takes it back.",
        " ^l puts it away",
        "Surprise {}; F5 shows it.",
        "Search for something first: / begins.",
        " · esc shows all",
        "enter begins the first pass",
        "Drop  x",
    ],
)
def test_such_sentences_are_found(text: str) -> None:
    assert named_keys(text, of_fields=False)


def keyed_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("keyed", "Command"):
            yield node


def test_commands_that_sentences_name_are_there_and_are_shown_as_keys() -> None:
    known = {item.command.id for item in every_command()}
    calls = [call for tree in trees().values() for call in keyed_calls(tree)]
    inside = {id(node) for call in calls for node in ast.walk(call)}
    names = SHOWN_KEYED | {
        node.id for call in calls for node in ast.walk(call) if isinstance(node, ast.Name)
    }
    for name, tree in trees().items():
        for statement in (node for node in ast.walk(tree) if isinstance(node, ast.stmt)):
            targets = getattr(statement, "targets", [getattr(statement, "target", None)])
            shown = bool(names & {getattr(target, "id", "") for target in targets})
            for node in ast.walk(statement) if not hasattr(statement, "body") else ():
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    ids = COMMAND.findall(node.value) if name != "commands.py" else []
                    wrong = {one[0].lower() + one[1:] for one in ids} - known
                    assert not wrong, f"{name}: {node.value!r} names {wrong}"
                    assert not ids or shown or id(node) in inside, f"{name}: {node.value!r}"
