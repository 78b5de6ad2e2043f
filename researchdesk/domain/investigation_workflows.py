"""Workflows of investigations: the steps, read from TOML, and where one stands in them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from researchdesk.domain.investigations import Experiment, Investigation
from researchdesk.domain.toml_lines import Path
from researchdesk.domain.toml_tables import Problem, TableReader, read

KIND = "investigation"
"""The ``kind`` by which a file tells that it is none of reading."""

_TOP = ("kind", "name", "title", "source", "steps")
_STEP = ("key", "title", "question", "hint", "wants")


class Wants(StrEnum):
    """What a step asks for besides, or instead of, an answer in words."""

    WORDS = "words"
    BASELINE = "baseline"
    EXPERIMENTS = "experiments"


@dataclass(frozen=True, slots=True)
class InvestigationStep:
    key: str
    title: str
    question: str
    hint: str
    wants: Wants


@dataclass(frozen=True, slots=True)
class InvestigationWorkflow:
    name: str
    title: str
    source: str
    steps: tuple[InvestigationStep, ...]

    def step(self, key: str) -> InvestigationStep | None:
        return next((step for step in self.steps if step.key == key), None)


def kind_of(source: str) -> str:
    """The ``kind`` that a workflow's text names at its top; ``""`` where it names none."""
    try:
        kind = tomllib.loads(source).get("kind", "")
    except (ValueError, RecursionError):
        return ""
    return kind if isinstance(kind, str) else ""


def read_steps(source: str) -> tuple[InvestigationWorkflow | None, tuple[Problem, ...]]:
    """The workflow that a TOML text says, or None and every problem, in the order of the lines."""
    return read(source, _workflow)


def is_done(
    step: InvestigationStep, investigation: Investigation, experiments: Sequence[Experiment]
) -> bool:
    """Whether the step has what it wants."""
    answered = bool(investigation.answers.get(step.key))
    if step.wants is Wants.WORDS:
        return answered
    if step.wants is Wants.BASELINE:
        return answered and any(item.parent is None and item.is_run() for item in experiments)
    changes = [item for item in experiments if item.parent is not None]
    return bool(changes) and all(item.is_run() for item in changes)


def _workflow(reader: TableReader, table: Mapping[str, Any]) -> InvestigationWorkflow:
    reader.only(table, _TOP, ())
    name, title = (reader.text(table, key, ()) for key in ("name", "title"))
    source = reader.text(table, "source", (), needed=False)
    found = reader.tables(table, "steps", ())
    steps = [_step(reader, item, at) for item, at in found]
    keys = [(step.key, (*at, "key")) for step, (_, at) in zip(steps, found, strict=True)]
    reader.distinct(keys, "in one workflow")
    return InvestigationWorkflow(name, title, source, tuple(steps))


def _step(reader: TableReader, table: Mapping[str, Any], at: Path) -> InvestigationStep:
    reader.only(table, _STEP, at)
    key, title, question = (reader.text(table, name, at) for name in _STEP[:3])
    hint = reader.text(table, "hint", at, needed=False)
    wants = table.get("wants", Wants.WORDS.value)
    if wants not in list(Wants):
        reader.complain((*at, "wants"), f"{wants!r} is none of: {', '.join(Wants)}")
        wants = Wants.WORDS
    return InvestigationStep(key, title, question, hint, Wants(wants))
