"""What a release says of each run: its claims in words, its commands, its machine and versions."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from researchdesk import files
from researchdesk.domain import figures
from researchdesk.domain.durations import in_words
from researchdesk.domain.folder_checks import PLACEHOLDER
from researchdesk.domain.investigations import LATE
from researchdesk.domain.recipes import Claim, Recipe
from researchdesk.domain.references import Name
from researchdesk.domain.text import one_line, sheet_cell
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.errors import BadInputError, DeskError
from researchdesk.export.ablation import write_tables
from researchdesk.harness.history import RunConfig
from researchdesk.services import report_again
from researchdesk.services.ablation import table_of
from researchdesk.services.checklist_facts import CITATION, citation_of
from researchdesk.services.reports import Report

_DECIDED = (Verdict.REPRODUCED, Verdict.DIFFERENT)
_DESK = "researchdesk"
_LOCAL = re.compile(r"\+(cpu|cu\d+|rocm[\d.]+|xpu)$")
_INDEX = "https://download.pytorch.org/whl/"


@dataclass(frozen=True, slots=True)
class Released:
    """A run in a release; ``folder`` is the name of its recipe's folder there. ``ours``: its code
    ships with researchdesk. ``late`` are its arms whose hypothesis was written after the result,
    ``noticed`` what became of the surprises about a claim, by its id."""

    report: Report
    config: RunConfig
    folder: str
    ours: bool
    late: frozenset[str] = frozenset()
    noticed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def recipe(self) -> Recipe:
        return self.report.recipe


def authors_in(folder: Path) -> list[Name]:
    """The people whom the citation file of a release names already; none where it is filled in by
    nobody yet."""
    try:
        text = files.read_text(folder / CITATION)
    except BadInputError:
        return []
    people = (citation_of(text) or {}).get("authors")
    told = [one for one in people if isinstance(one, dict)] if isinstance(people, list) else []
    names = [
        Name(one_line(str(family)), one_line(str(one.get("given-names") or "")))
        for one in told
        if (family := one.get("family-names") or one.get("name"))
    ]
    return [] if PLACEHOLDER in text or len(names) != len(told) else names


def told(one: Released) -> dict[str, Any]:
    """The values of a run that the README's template is filled with."""
    rows = [
        {
            **_row(claim, result, claim.arm in one.late),
            "noticed": [one_line(words) for words in one.noticed.get(claim.id, ())],
        }
        for claim, result in _claims(one)
    ]
    run, recipe = one.report.run, one.recipe
    return {
        "run": run.id,
        "quick": run.quick,
        "title": one_line(recipe.title or recipe.name),
        "summary": one_line(recipe.summary or recipe.title or recipe.name),
        "time": _time(one),
        "command": command(one),
        "claims": rows,
        "singles": _singles(one),
        "different": [row for row in rows if row["verdict"] == Verdict.DIFFERENT.value],
        "undecided": [row for row in rows if row["verdict"] not in [str(v) for v in _DECIDED]],
        "arms": _arms(one),
        "notes": [one_line(note) for note in recipe.notes],
    }


def command(one: Released, arms: Sequence[str] = ()) -> str:
    """What to type in the release's folder to make the run again, or so many of its arms."""
    words = shlex.split(report_again.commands(one.report, one.config)[0])
    if arms:
        words = _without(words, "--arm")
        words += [word for arm in arms for word in ("--arm", arm)]
    rest = [word for word in words[3:] if word != "--trust"]
    return shlex.join(["researchdesk", "--desk", ".", "reproduce", one.folder, *rest, "--trust"])


def data_lines(released: Iterable[Released]) -> list[str]:
    """Each source of data, and what stood in for it; nothing twice."""
    lines: list[str] = []
    for one in released:
        for name, source, taken in report_again.data_taken(one.report):
            lines.append(f"{name}: {source} ({taken})")
        if not one.recipe.data:
            note = one_line(one.recipe.data_note) or "the recipe does not say what data it needs"
            lines.append(f"{one.folder}: {note}")
    return list(dict.fromkeys(lines))


def machine_lines(released: Iterable[Released]) -> list[str]:
    """The machine of each run, and the time that it took."""
    lines = []
    for one in released:
        known = one.report.environment
        parts = [known.get("gpu"), known.get("cpu"), f"{known.get('cpus', '?')} cores",
                 known.get("platform"), f"Python {known.get('python', '?')}"]  # fmt: skip
        said = one_line(", ".join(str(part) for part in parts if part))
        lines.append(f"{one.report.run.id}: {said}; {_time(one) or 'no seed finished'}")
    return lines


@dataclass(frozen=True, slots=True)
class Requirements:
    """The lines of requirements.txt; ``index`` is where builds of PyTorch lie that PyPI has not;
    ``others`` tell of runs that had another version."""

    python: str
    lines: tuple[str, ...]
    index: str = ""
    others: tuple[str, ...] = ()
    desk_version: str = ""


def requirements(released: Sequence[Released]) -> Requirements:
    """The versions as they were recorded; where runs differ, those of the newest one."""
    newest = sorted(released, key=lambda one: one.report.run.started_at, reverse=True)
    found: dict[str, str] = {}
    others: list[str] = []
    for one in newest:
        for name, version in _packages(one.report.environment):
            if found.setdefault(name, version) != version:
                others.append(f"{one.report.run.id} ran with {name} {version}")
    local = [match[1] for version in found.values() if (match := _LOCAL.search(version))]
    python = str(newest[0].report.environment.get("python", "")) if newest else ""
    return Requirements(
        python=one_line(python) or "of a version that was not recorded",
        lines=tuple(f"{name}=={found[name]}" for name in sorted(found) if name != _DESK),
        index=f"{_INDEX}{local[0]}" if local else "",
        others=tuple(others),
        desk_version=found.get(_DESK, ""),
    )


def record(one: Released) -> dict[str, Any]:
    """A run with its claims and every number, for results.json."""
    run = one.report.run
    return {
        "run": run.id,
        "recipe": one.folder,
        "recipe_sha256": run.recipe_digest,
        "paper": run.arxiv_id or None,
        "quick": run.quick,
        "command": command(one),
        "claims": [
            {**_plain(claim), **_judged(result), "late": claim.arm in one.late}
            for claim, result in _claims(one)
        ],
        "seeds": [
            {**asdict(result.task), "seconds": result.seconds, "metrics": dict(result.metrics)}
            for result in run.results
        ],
        "environment": dict(one.report.environment),
    }


def rows(one: Released) -> Iterator[tuple[object, ...]]:
    """Each number: run, arm, seed, what was varied, metric, value."""
    for result in one.report.run.results:
        task = result.task
        for name, value in result.metrics.items():
            run, arm, vary, metric = map(sheet_cell, (one.report.run.id, task.arm, task.vary, name))
            yield run, arm, task.seed, vary, metric, value


def _claims(one: Released) -> list[tuple[Claim, ClaimResult]]:
    known = {claim.id: claim for claim in one.recipe.claims}
    return [(known[result.claim_id], result) for result in one.report.claims]


def _row(claim: Claim, result: ClaimResult, late: bool) -> dict[str, Any]:
    return {
        "id": one_line(claim.id),
        "text": one_line(f"{claim.text} ({LATE})" if late else claim.text),
        "where": one_line(claim.where),
        "claimed": one_line(figures.claimed(claim)),
        "measured": one_line(figures.measured(claim, result)) or "not measured",
        "verdict": result.verdict.value,
        "why": one_line(result.why),
        "causes": [one_line(cause) for cause in result.causes],
    }


def _singles(one: Released) -> list[dict[str, str]]:
    """The command of each result by itself, where that is less than the whole run."""
    by_arms: dict[tuple[str, ...], list[str]] = {}
    for claim, result in _claims(one):
        if result.mean is not None:
            arms = tuple(filter(None, (claim.arm, claim.versus)))
            by_arms.setdefault(arms, []).append(one_line(claim.id))
    if len(by_arms) < 2:
        return []
    known = {arm.name for arm in one.recipe.arms}
    return [
        {"ids": ", ".join(ids), "command": command(one, arms)}
        for arms, ids in by_arms.items()
        if known.issuperset(arms)
    ]


def _arms(one: Released) -> str:
    """The table of arms as markdown, where arms are changed from others or no claim is made."""
    arms = {result.task.arm for result in one.report.run.results}
    changed = any(arm.parent in arms for arm in one.recipe.arms if arm.name in arms)
    if len(arms) < 2 or not (changed or not one.recipe.claims):
        return ""
    try:
        return write_tables(table_of(one.report), "markdown").strip()
    except DeskError:
        return ""


def _time(one: Released) -> str:
    seconds = [result.seconds for result in one.report.run.results]
    if not seconds:
        return ""
    seeds = f"{len(seconds)} seed{'' if len(seconds) == 1 else 's'}"
    return f"{seeds}, {in_words(sum(seconds))} of computing in all"


def _packages(environment: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("packages", "imports"):
        known = environment.get(key)
        for name, version in known.items() if isinstance(known, Mapping) else ():
            yield one_line(str(name)), one_line(str(version))


def _plain(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "text": claim.text,
        "where": claim.where,
        "metric": claim.metric,
        "arm": claim.arm,
        "versus": claim.versus or None,
        "unit": claim.unit,
        "claimed": claim.claimed,
        "tolerance": claim.tolerance,
    }


def _judged(result: ClaimResult) -> dict[str, Any]:
    between = result.interval
    return {
        "verdict": result.verdict.value,
        "why": result.why,
        "mean": result.mean,
        "sd": result.sd,
        "n": result.n,
        "interval": [between.low, between.high] if between else None,
        "interval_level": result.level if between else None,
        "test": result.test or None,
        "p": result.p,
        "p_holm": result.p_adjusted,
    }


def _without(words: Sequence[str], option: str) -> list[str]:
    """The words without an option and what stands after it."""
    skip = {at for at, word in enumerate(words) if word == option}
    return [word for at, word in enumerate(words) if at not in skip and at - 1 not in skip]
