"""Whose code may run: what a person is shown before it does, and the yes that is kept."""

import hashlib
import json
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from researchdesk.domain.clock import stamp
from researchdesk.domain.recipes import Arm, Command, Recipe
from researchdesk.errors import BusyError, UsageProblemError
from researchdesk.harness.recipes import digest_of, recipe_files
from researchdesk.services.desk import Desk
from researchdesk.services.kept_yeses import changing_yeses, kept_yeses


@dataclass(frozen=True, slots=True)
class CodeOnDesk:
    """What a person is shown before a recipe's code may run."""

    folder: Path
    files: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class AuthorsCode:
    """A command of the paper's authors, as a person is shown it before it may run.

    ``setup`` and ``run`` are written as for a shell, with the arm's settings filled in; ``digest``
    is the SHA-256 over repository, commit, setup, run, interpreter and where metrics are read.
    """

    arms: tuple[str, ...]
    repository: str
    commit: str
    setup: tuple[str, ...]
    run: str
    digest: str


@dataclass(frozen=True, slots=True)
class WhatRuns:
    """Code that is not ours and that a reproduction would run. ``code``: the recipe's own."""

    recipe: str
    code: CodeOnDesk | None
    authors: tuple[AuthorsCode, ...]

    @property
    def anything(self) -> bool:
        return self.code is not None or bool(self.authors)


class UntrustedError(UsageProblemError):
    """The recipe's own code waits for a yes; nothing was run."""

    def __init__(self, recipe: Recipe, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.recipe = recipe


@dataclass(frozen=True, slots=True)
class Yes:
    """A yes that is kept. ``of`` is what it was said to, ``at`` when (ISO 8601, UTC).

    ``holds``: the code is still what it was said to; None where the recipe is not looked at.
    """

    digest: str
    recipe: str
    of: str
    at: str
    holds: bool | None = None


def code_of(recipe: Recipe) -> CodeOnDesk:
    """The recipe's code as a person should see it before saying yes."""
    files = tuple(path.as_posix() for path in recipe_files(recipe.folder))
    return CodeOnDesk(recipe.folder, files, recipe.digest)


def what_would_run(recipe: Recipe, arms: Collection[str] = ()) -> WhatRuns:
    """All code that is not ours: of a recipe that is not bundled, and of the paper's authors.

    ``arms``: these only, else all.
    """
    found: dict[str, list[Arm]] = {}
    for arm in recipe.arms:
        if arm.command and (not arms or arm.name in arms):
            found.setdefault(command_digest(arm), []).append(arm)
    authors = tuple(_authors_code(digest, group) for digest, group in found.items())
    return WhatRuns(recipe.name, None if recipe.bundled else code_of(recipe), authors)


def awaiting_yes(desk: Desk, recipe: Recipe, arms: Collection[str] = ()) -> WhatRuns:
    """Of ``what_would_run`` that which the user has not said yes to."""
    kept, would = kept_yeses(desk.settings), what_would_run(recipe, arms)
    code = would.code if would.code and would.code.digest not in kept else None
    authors = tuple(item for item in would.authors if item.digest not in kept)
    return WhatRuns(would.recipe, code, authors)


def shown(what: WhatRuns) -> str:
    """What would run, in words, for the question and for who wants to know."""
    parts = []
    if what.code:
        parts.append(
            f"The recipe {what.recipe} is code that did not come with this program; it runs with "
            f"your rights.\nFolder: {what.code.folder}\nFiles:  {', '.join(what.code.files)}\n"
            f"SHA-256 {what.code.digest}"
        )
    for item in what.authors:
        lines = [
            f"The arm {', '.join(item.arms)} of {what.recipe} is code of the paper's authors; it "
            "is fetched, and runs with your rights.",
            f"Repository: {item.repository}",
            f"Commit:     {item.commit}",
            *(f"Setup:      {line}" for line in item.setup),
            f"Command:    {item.run}",
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def is_trusted(desk: Desk, recipe: Recipe) -> bool:
    """Whether the recipe's code may run: it is bundled, or the user said yes to this content.

    Commands of authors have a yes of their own: ``is_command_trusted``.
    """
    return recipe.bundled or recipe.digest in kept_yeses(desk.settings)


def is_command_trusted(desk: Desk, arm: Arm) -> bool:
    """Whether the user said yes to the arm's command as it is; also where it has none."""
    return arm.command is None or command_digest(arm) in kept_yeses(desk.settings)


def trust(desk: Desk, recipe: Recipe, arms: Collection[str] = ()) -> None:
    """Keep the user's yes to what ``what_would_run`` of these arms shows; a change asks anew.

    Raises BusyError where the files changed meanwhile, DeskError where the yes cannot be kept.
    """
    if digest_of(recipe.folder) != recipe.digest:
        raise BusyError(
            f"The recipe at {recipe.folder} changed while it was looked at.", "Look at it again."
        )
    would = what_would_run(recipe, arms)
    known = {"name": recipe.name, "at": stamp(desk.clock())}
    new = {item.digest: {**known, "of": _what(item)} for item in would.authors}
    if would.code:
        new[would.code.digest] = {**known, "of": f"the recipe in {would.code.folder}"}
    if new.keys() - kept_yeses(desk.settings).keys():
        with changing_yeses(desk.settings) as kept:
            kept.update(new)


def yeses(desk: Desk, recipe: Recipe | None = None) -> list[Yes]:
    """Every yes that is kept (to a recipe), the oldest first."""
    would = what_would_run(recipe) if recipe else None
    current = {item.digest for item in would.authors} if would else set()
    if would and would.code:
        current.add(would.code.digest)
    found = []
    for digest, entry in kept_yeses(desk.settings).items():
        name = str(entry.get("name", ""))
        if recipe is None or digest in current or name == recipe.name:
            of, at = str(entry.get("of", "the recipe")), str(entry.get("at", ""))
            found.append(Yes(digest, name, of, at, digest in current if recipe else None))
    return sorted(found, key=lambda yes: yes.at)


def forget(desk: Desk, recipe: Recipe) -> list[Yes]:
    """Take back every yes to the recipe and its authors' commands; they are given back."""
    gone = yeses(desk, recipe)
    if gone:
        with changing_yeses(desk.settings) as kept:
            for yes in gone:
                kept.pop(yes.digest, None)
    return gone


def require_trust(desk: Desk, recipe: Recipe) -> None:
    """Raise UntrustedError with what would run and how to say yes, unless it is trusted.

    Of the recipe's own code only: an authors' command without a yes is left untested.
    """
    if is_trusted(desk, recipe):
        return
    code = code_of(recipe)
    raise UntrustedError(
        recipe,
        f"The recipe {recipe.name} is code that did not come with this program, and runs with your "
        f"rights. It is in {code.folder}: {', '.join(code.files)} (SHA-256 {code.digest}). "
        "Nothing was run.",
        "Read it, then say yes; in a terminal with `--trust`. The yes holds until a file of it "
        "changes.",
    )


def command_digest(arm: Arm) -> str:
    """SHA-256 over what the arm's command is, in hexadecimal. The arm has one."""
    command = _command(arm)
    parts = {
        "repository": command.repository,
        "commit": command.commit,
        "setup": [_filled(line, arm) for line in command.setup],
        "run": _filled(command.run, arm),
        "quick": _filled(command.run, arm, quick=True),
        "interpreter": command.interpreter,
        "patterns": dict(command.patterns),
        "metrics_file": command.metrics_file,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def filled(word: str, settings: Mapping[str, Any]) -> str:
    """A word of a command with its ``{setting:NAME}`` filled in."""
    for name, value in settings.items():
        word = word.replace(f"{{setting:{name}}}", str(value))
    return word


def _filled(words: tuple[str, ...], arm: Arm, *, quick: bool = False) -> list[str]:
    settings = {**arm.settings, **arm.quick} if quick else arm.settings
    return [filled(word, settings) for word in words]


def _command(arm: Arm) -> Command:
    if arm.command is None:
        raise ValueError(f"the arm {arm.name} has no command")
    return arm.command


def _authors_code(digest: str, arms: list[Arm]) -> AuthorsCode:
    arm, command = arms[0], _command(arms[0])
    return AuthorsCode(
        arms=tuple(item.name for item in arms),
        repository=command.repository,
        commit=command.commit,
        setup=tuple(shlex.join(_filled(line, arm)) for line in command.setup),
        run=shlex.join(_filled(command.run, arm)),
        digest=digest,
    )


def _what(item: AuthorsCode) -> str:
    return f"{item.run} in {item.repository} at {item.commit}"
