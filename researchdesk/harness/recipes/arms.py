"""The arms of a recipe file: whole settings, one change of an ablation, the authors' commands."""

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from researchdesk.domain.code import parse_repository
from researchdesk.domain.recipes import MOST_SEEDS, Arm, ArmKind, Command
from researchdesk.domain.text import clean
from researchdesk.errors import UsageProblemError
from researchdesk.harness.recipes.fields import Table, unique

BASELINE = "baseline:"
"""What the name of an arm begins with that is made from ``baselines``."""

BASELINES = {
    "majority": "the commonest class of the training data, always",
    "1-nn": "the class of the nearest neighbour",
    "logistic": "logistic regression",
    "mlp": "a small multi-layer perceptron",
}

_DRAWN = ("mlp",)
_KEYS = (
    *("name", "description", "deterministic", "kind", "parent", "change", "seeds", "needs"),
    *("settings", "quick", "command", "needs_minutes", "needs_gpu"),
)
_COMMAND = (*("repository", "commit", "run", "setup", "interpreter", "patterns", "metrics_file"),)
_PROTOCOLS = ("https", "file")
_SETTING = re.compile(r"\{setting:([^}]*)\}")
_NAME = re.compile(r"[^\W_][^/\\:\x00-\x1f]{0,79}")


def read_arms(tables: Sequence[Table], needs: Sequence[str]) -> tuple[Arm, ...]:
    """All ``[[arms]]``; what is wrong is noted. ``needs`` are the names of the recipe's data."""
    arms = [_arm(table, needs) for table in tables]
    unique(tables, [arm.name for arm in arms], "name")
    by_name = {arm.name: (arm, table) for arm, table in zip(arms, tables, strict=True)}
    whole = tuple(
        _with_parent(arm, table, by_name) for arm, table in zip(arms, tables, strict=True)
    )
    for arm, table in zip(whole, tables, strict=True):
        _check_settings(arm, table)
    return whole


def baseline_arms(
    names: Sequence[str], arms: Sequence[Arm], varies: Sequence[str] = ()
) -> tuple[Arm, ...]:
    """The arms of the baselines that come free; they work on the data of the first arm of ours.

    They are run once, unless the seed decides what they give: that of ``mlp`` draws its weights,
    and where ``varies`` has ``split``, all are fitted to the data that the seed splits.
    """
    like = next((arm for arm in arms if arm.command is None), Arm(""))
    return tuple(
        Arm(
            name=f"{BASELINE}{name}",
            description=BASELINES[name],
            deterministic=name not in _DRAWN and "split" not in varies,
            settings=like.settings,
            quick=like.quick,
            kind=ArmKind.BASELINE,
            needs=like.needs,
        )
        for name in names
    )


def _arm(table: Table, needs: Sequence[str]) -> Arm:
    table.only(*_KEYS)
    arm = Arm(
        name=table.text("name", needed=True),
        description=table.text("description"),
        deterministic=table.flag("deterministic"),
        settings=table.table("settings").plain(),
        quick=table.table("quick").plain(),
        kind=ArmKind(table.one_of("kind", list(ArmKind)) or ArmKind.OURS),
        parent=table.text("parent"),
        change=table.text("change"),
        seeds=table.whole("seeds", least=1, most=MOST_SEEDS),
        needs=table.some_of("needs", needs),
        command=_command(table.table("command")) if table.has("command") else None,
        needs_minutes=table.number("needs_minutes", least=0),
        needs_gpu=table.flag("needs_gpu"),
    )
    if arm.name and not _NAME.fullmatch(arm.name):
        table.problem("name", "begins with a letter or digit, has no / \\ or :, and is not long")
    if arm.deterministic and (arm.seeds or 1) > 1:
        table.problem("seeds", "has no meaning for a deterministic arm, which runs once")
    if arm.command and arm.kind is not ArmKind.AUTHORS:
        table.problem("kind", "is 'authors' for an arm with a command")
    if arm.kind is ArmKind.AUTHORS and arm.command is None:
        table.problem("command", "is missing: the authors' arm is a command of theirs")
    if arm.change and not arm.parent:
        table.problem("change", "has no meaning for an arm without a parent")
    return arm


def _with_parent(arm: Arm, table: Table, by_name: Mapping[str, tuple[Arm, Table]]) -> Arm:
    """The arm with the settings it has from its parents."""
    line = _line_of(arm, table, by_name)
    if arm.kind is ArmKind.ABLATION and not arm.parent:
        table.problem("parent", "is missing: an ablation is one change against its parent")
    settings: dict[str, Any] = {}
    quick: dict[str, Any] = {}
    for above in reversed(line):
        settings |= above.settings
        quick |= above.quick
    own = {key: value for key, value in arm.settings.items() if _differs(settings, key, value)}
    if arm.kind is ArmKind.ABLATION and line:
        _check_one_change(table, arm, own)
        _check_quick(table, arm, own, settings | quick)
    words = ", ".join(f"{key} = {_shown(value)}" for key, value in own.items())
    needs = next((one.needs for one in (arm, *line) if one.needs), ())
    return replace(
        arm,
        settings=settings | dict(arm.settings),
        quick=quick | dict(arm.quick),
        change=arm.change or (words if line else ""),
        needs=needs,
    )


def _line_of(arm: Arm, table: Table, by_name: Mapping[str, tuple[Arm, Table]]) -> list[Arm]:
    """The arm's parent, its parent, and so on, the nearest first."""
    line: list[Arm] = []
    seen, name = {arm.name}, arm.parent
    while name:
        if name not in by_name:
            if not line:
                known = ", ".join(by_name)
                table.problem("parent", f"names the arm {name!r}, which is not among {known}")
            break
        if name in seen:
            table.problem("parent", f"leads in a circle over {name!r}")
            return []
        seen.add(name)
        line.append(by_name[name][0])
        name = line[-1].parent
    return line


def _differs(settings: Mapping[str, Any], key: str, value: object) -> bool:
    """Whether it is another value; 1, 1.0 and true are three."""
    return key not in settings or repr(settings[key]) != repr(value)


def _check_one_change(table: Table, arm: Arm, own: Mapping[str, Any]) -> None:
    if not own:
        table.problem("settings", f"changes nothing against the parent {arm.parent!r}")
    elif len(own) > 1:
        names = " and ".join(own)
        table.problem(
            "settings",
            f"changes {names} at once against the parent {arm.parent!r}: an ablation is one "
            "change; make an arm of each",
        )


def _check_quick(
    table: Table, arm: Arm, own: Mapping[str, Any], parents: Mapping[str, Any]
) -> None:
    """``parents``: what the parent is run with when it is quick."""
    quick = table.table("quick")
    for key, value in arm.quick.items():
        if key in parents and key not in own and _differs(parents, key, value):
            quick.problem(
                key,
                f"is {_shown(value)}, and {_shown(parents[key])} in a quick run of the parent "
                f"{arm.parent!r}: a second change; set it in the parent's quick values",
            )


def _check_settings(arm: Arm, table: Table) -> None:
    quick = table.table("quick")
    for key in arm.quick:
        if key not in arm.settings and quick.has(key):
            quick.problem(key, "overrides a setting that the arm does not have")
    if arm.command is None:
        return
    command = table.table("command")
    words = [("run", word) for word in arm.command.run]
    words += [("setup", word) for line in arm.command.setup for word in line]
    words += [("metrics_file", arm.command.metrics_file)]
    for key, word in words:
        for name in _SETTING.findall(word):
            if name not in arm.settings:
                command.problem(key, f"wants the setting {name!r}, which the arm does not have")
            elif not all(
                _is_word(part[name]) for part in (arm.settings, arm.quick) if name in part
            ):
                command.problem(key, f"wants the setting {name!r}, which is no single plain word")


def _is_word(value: object) -> bool:
    """Whether a setting can be filled into a command, and into the question, as one word."""
    text = value if isinstance(value, str) else ""
    return isinstance(value, str | int | float) and text == clean(text) and "\n" not in text


def _command(table: Table) -> Command:
    table.only(*_COMMAND)
    command = Command(
        repository=table.text("repository", needed=True),
        commit=table.text("commit", needed=True),
        run=table.words("run"),
        setup=table.lines_of_words("setup"),
        interpreter=_path(table, "interpreter"),
        patterns=_patterns(table.table("patterns")),
        metrics_file=_path(table, "metrics_file"),
    )
    if command.repository:
        try:
            parse_repository(command.repository, _PROTOCOLS)
        except UsageProblemError as error:
            table.problem("repository", error.message)
    if command.commit and not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", command.commit):
        table.problem("commit", "is no commit's full name: 40 hexadecimal digits in lower case")
    if not table.has("run"):
        table.problem("run", "is missing: the words of the command")
    if not command.patterns and not command.metrics_file:
        table.problem("patterns", "is missing: say where metrics are read, or name a metrics_file")
    return command


def _path(table: Table, key: str) -> str:
    """A path inside of the checkout."""
    given = table.exact(key)
    path = PurePosixPath(given)
    if given and (path.is_absolute() or ".." in path.parts or "\\" in given):
        table.problem(key, "leads out of the checkout: give a path relative to it")
        return ""
    return given


def _patterns(table: Table) -> dict[str, str]:
    found = {}
    for metric in table.values:
        pattern = table.exact(metric, needed=True)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                groups = re.compile(pattern).groups
        except (re.error, OverflowError, RecursionError) as error:
            table.problem(metric, f"is no regular expression: {error}")
            continue
        if pattern and groups != 1:
            table.problem(metric, f"has {groups} groups; the one group is the number")
        found[metric] = pattern
    return found


def _shown(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
