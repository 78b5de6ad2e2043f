"""Every error says what to do next, and what it names is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

import researchdesk
from researchdesk.cli.main import COMMANDS, cli

PACKAGE = Path(researchdesk.__file__).parent
NEVER_TOLD = {("services/clone_files.py", "wanted"), ("services/evidence.py", "_GONE")}
"""Errors that are caught beside where they are raised: their words are not shown as such."""
ERRORS = re.compile(
    r"(?:Desk|UsageProblem|NotOnDesk|Source|Engine|BadInput|Busy|Status|Stopped|DamagedDesk)Error"
)
RAISED = re.compile(rf"{ERRORS.pattern}\(")
NAMED = re.compile(r"researchdesk((?: (?:--?)?[a-z][a-z0-9-]*)+)")


def sources(of: re.Pattern[str]) -> Iterator[tuple[str, ast.Module]]:
    """The modules whose text has ``of`` in it; to parse all of them takes seconds."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if of.search(text := path.read_text("utf-8")):
            yield path.relative_to(PACKAGE).as_posix(), ast.parse(text)


def without_hint(call: ast.Call) -> bool:
    hint = call.args[1] if len(call.args) > 1 else None
    for keyword in call.keywords:
        hint = keyword.value if keyword.arg in ("hint", None) else hint
    ways = [hint.body, hint.orelse] if isinstance(hint, ast.IfExp) else [hint]
    return any(way is None or (isinstance(way, ast.Constant) and not way.value) for way in ways)


def test_every_error_has_a_hint() -> None:
    found = [
        f"{file}:{call.lineno}"
        for file, tree in sources(RAISED)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ERRORS.fullmatch(getattr(call.func, "id", getattr(call.func, "attr", "")))
        and call.args
        and (file, ast.unparse(call.args[0])) not in NEVER_TOLD
        and without_hint(call)
    ]
    assert found == []


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts as they are shown, ``X`` for what is filled in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (
                str(one.value) if isinstance(one, ast.Constant) else "X" for one in node.values
            )
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@cache
def command(names: tuple[str, ...]) -> click.Command | None:
    found: click.Command | None = cli
    for name in names:
        if not isinstance(found, click.Group):
            return found
        found = found.get_command(click.Context(found), name)
    return found


def is_there(words: list[str]) -> bool:
    """Whether the words begin with a command, and all options behind it are the command's."""
    names = [word for word in words if not word.startswith("-")]
    found = command(tuple(names[:1]))
    if isinstance(found, click.Group) and names:
        found = command(tuple(names[:2]))
    if found is None:
        return False
    known = {"--help", "--version"}
    for param in (*found.params, *cli.params):
        known |= {*param.opts, *param.secondary_opts}
    return all(word in known for word in words if word.startswith("-"))


@pytest.mark.slow
def test_every_command_that_is_named_is_there() -> None:
    found = [
        f"{file}:{line}: {match[0]}"
        for file, tree in sources(NAMED)
        for line, text in texts(tree)
        for match in NAMED.finditer(text)
        if text[: match.start()].endswith(("`", ": ")) or match[1].split()[0] in COMMANDS
        if not is_there(match[1].split())
    ]
    assert found == []
