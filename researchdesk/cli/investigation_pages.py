"""Investigations and their experiments, printed and as records."""

from collections.abc import Iterator, Sequence
from typing import Any

from researchdesk.cli import output
from researchdesk.domain import figures
from researchdesk.domain.clock import local_day
from researchdesk.domain.investigation_workflows import InvestigationStep, Wants, is_done
from researchdesk.domain.investigations import (
    LATE,
    Experiment,
    Hypothesis,
    Investigation,
    LinkedRun,
    OutcomeKind,
    as_tree,
)
from researchdesk.domain.next_steps import NextStep, ToDo, next_step
from researchdesk.domain.text import clean, one_line
from researchdesk.services import experiments, investigations
from researchdesk.services.desk import Desk
from researchdesk.services.evidence import state_of
from researchdesk.services.experiment_claims import claim_of, mean_of

MARKS = {
    OutcomeKind.HELD: "✓",
    OutcomeKind.REFUTED: "✗",
    OutcomeKind.UNDECIDED: "≈",
    OutcomeKind.NOT_TESTED: "·",
}
_COMMANDS = {
    ToDo.ANSWER: "researchdesk investigate answer {number} {about} TEXT",
    ToDo.BASELINE: "researchdesk investigate baseline {number} --recipe R [--arm A]",
    ToDo.RUN: "researchdesk investigate run {number}",
    ToDo.TRY: 'researchdesk investigate try {number} --set KEY=VALUE --expect "METRIC higher"',
    ToDo.EXPECT: 'researchdesk investigate expect {about} "METRIC higher"',
    ToDo.CONCLUDE: 'researchdesk investigate settle {number} done --why "…"',
}


def print_list(found: Sequence[Investigation]) -> None:
    rows = [
        (
            str(item.id),
            item.state.value,
            str(local_day(item.touched_at)),
            item.of or "–",
            item.title,
        )
        for item in found
    ]
    if rows:
        output.emit_table(("n", "state", "last", "of", "title"), rows)


def print_investigation(desk: Desk, item: Investigation) -> None:
    """The whole of it: steps, experiments as a tree, and what comes next."""
    steps = investigations.steps_of(desk, item)
    found = experiments.experiments_of(desk, item.id)
    of = f"{item.of}  {state_of(desk, item.of).title}" if item.of else ""
    for line in (*_head(item, of), "", *_steps(item, steps, found), "", *_experiments(found)):
        output.emit(line)
    output.emit()
    for line in next_lines(item, next_step(item, steps, found)):
        output.emit(line)


def next_lines(item: Investigation, step: NextStep) -> Iterator[str]:
    """What comes next, and the command for it."""
    yield f"Next: {step.words}"
    if step.to_do in _COMMANDS:
        about = step.about[0] if step.about else ""
        yield f"      {_COMMANDS[step.to_do].format(number=item.id, about=about)}"


def experiment_lines(item: Experiment, indent: str = "") -> Iterator[str]:
    """An experiment with what is expected of it, what came out, and its runs."""
    yield f"{indent}{item.name}  {one_line(item.label)}{_of_arm(item)}"
    if item.title and item.changed:
        yield f"{indent}     {one_line(item.changed)}"
    if item.hypothesis:
        yield f"{indent}     expected: {hypothesis_words(item.hypothesis)}"
        yield f"{indent}     {MARKS[item.outcome.kind]} {one_line(item.outcome.words)}"
    for run in item.runs:
        yield f"{indent}     {run_words(run)}"


def hypothesis_words(found: Hypothesis) -> str:
    text = f" ({one_line(found.text)})" if found.text else ""
    late = f"  [{LATE}]" if found.late else ""
    return f"{found.words}{text}, stated {local_day(found.stated_at)}{late}"


def run_words(run: LinkedRun) -> str:
    if run.state is None:
        return f"run {run.run_id}: it is gone"
    quick = ", quick" if run.quick else ""
    return f"run {run.run_id}: {run.state.value}, {run.done} of {run.planned} seeds{quick}"


def print_hypotheses(found: Sequence[Experiment]) -> None:
    """What was expected, what was measured, and what that says, for each that was run."""
    rows = []
    for item in found:
        stated, of = item.hypothesis, item.outcome.measured
        mean = f"{mean_of(item)} (n={of.n})" if of else ""
        late = f" [{LATE}]" if item.is_late else ""
        expected = f"{stated.words}{late}" if stated else "–"
        said = f"{MARKS[item.outcome.kind]} {item.outcome.kind.value}" if stated else "–"
        rows.append((item.name, item.label, expected, mean, *_gap(item), said))
    heads = (
        "experiment",
        "what",
        "expected",
        "measured",
        "Δ to parent",
        "95 % interval",
        "outcome",
    )
    output.emit_table(heads, rows)
    for item in found:
        if item.hypothesis:
            basis = f" ({item.outcome.basis})" if item.outcome.basis else ""
            why = f"{one_line(item.outcome.why)}{basis}"
            output.emit(f"{MARKS[item.outcome.kind]} {item.name}: {why}")


def _gap(item: Experiment) -> tuple[str, str]:
    """The difference to the parent, where that is what is expected, and the 95 % interval: then of
    the difference."""
    result = item.outcome.result
    gap = result.mean if result and item.outcome.is_of_difference(item.hypothesis) else None
    claim = claim_of(item)
    interval = figures.interval(claim, result) if claim and result else ""
    of = f"Δ {interval}" if interval and gap is not None else interval
    return "" if gap is None else f"{gap:+.4g}", of


def investigation_record(desk: Desk, item: Investigation) -> dict[str, Any]:
    """The whole of it as JSON has it."""
    steps = investigations.steps_of(desk, item)
    found = experiments.experiments_of(desk, item.id)
    step = next_step(item, steps, found)
    return {
        **short_record(item),
        "steps": [
            {
                "key": one.key,
                "title": one.title,
                "question": one.question,
                "wants": one.wants,
                "done": is_done(one, item, found),
                "answer": item.answers.get(one.key),
            }
            for one in steps
        ],
        "experiments": [experiment_record(one) for one in found],
        "next": {"to_do": step.to_do, "words": step.words, "about": step.about},
    }


def short_record(item: Investigation) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "of": item.of,
        "workflow": item.workflow,
        "recipe": item.recipe,
        "state": item.state,
        "why": item.why,
        "again_on": item.again_on,
        "created": item.created_at,
        "touched": item.touched_at,
    }


def experiment_record(item: Experiment) -> dict[str, Any]:
    return {
        "name": item.name,
        "parent": item.parent_name or None,
        "title": item.title,
        "arm": item.arm,
        "changed": item.changed,
        "settings": item.settings,
        "hypothesis": _hypothesis_record(item.hypothesis),
        "versions": [_hypothesis_record(one) for one in item.versions],
        "outcome": _outcome_record(item),
        "runs": [
            {
                "run": run.run_id,
                "arm": run.arm,
                "state": run.state,
                "quick": run.quick,
                "done": run.done,
                "planned": run.planned,
            }
            for run in item.runs
        ],
    }


def _hypothesis_record(found: Hypothesis | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "expected": found.words,
        "text": found.text,
        "metric": found.metric,
        "relation": found.relation,
        "value": found.value,
        "within": found.within,
        "stated": found.stated_at,
        "late": found.late,
    }


def _outcome_record(item: Experiment) -> dict[str, Any]:
    """``mean``, ``sd`` and ``n`` are of the experiment's own seeds, ``difference`` is to the
    parent's mean; ``interval_of`` says which of the two the interval is of."""
    found, result, of = item.outcome, item.outcome.result, item.outcome.measured
    to_parent = found.is_of_difference(item.hypothesis)
    about = "difference" if to_parent else "mean"
    return {
        "outcome": found.kind,
        "why": found.why,
        "n": of.n if of else 0,
        "mean": of.mean if of else None,
        "sd": of.sd if of else None,
        "difference": result.mean if result and to_parent else None,
        "interval": result.interval if result else None,
        "interval_of": about if result and result.interval else None,
        "test": result.test if result else "",
        "p": result.p if result else None,
    }


def _head(item: Investigation, of: str) -> Iterator[str]:
    yield f"Investigation {item.id}: {item.title}"
    why = f": {item.why}" if item.why else ""
    until = f" until {item.again_on}" if item.again_on else ""
    yield f"{item.state.value}{until}{why}"
    if of:
        yield f"of {of}"
    yield f"recipe: {item.recipe}" if item.recipe else "no recipe yet"


def _steps(
    item: Investigation, steps: Sequence[InvestigationStep], found: Sequence[Experiment]
) -> Iterator[str]:
    for step in steps:
        mark = "✓" if is_done(step, item, found) else "·"
        yield f"{mark} {step.title}  ({step.key})"
        answer = item.answers.get(step.key)
        if answer:
            yield from (f"    {line}" for line in clean(answer).splitlines())
        elif step.wants is not Wants.EXPERIMENTS or not found:
            yield f"    ? {step.question}"


def _experiments(found: Sequence[Experiment]) -> Iterator[str]:
    if not found:
        yield "No experiments yet."
    for depth, item in as_tree(found):
        yield from experiment_lines(item, "   " * depth)


def _of_arm(item: Experiment) -> str:
    return f"  (arm {item.arm})" if item.parent is None else ""
