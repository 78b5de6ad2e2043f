"""How investigations and experiments are written: a mark, a word and a colour together."""

from collections.abc import Iterator

from textual.content import Content

from researchdesk.domain.clock import local_minute
from researchdesk.domain.investigation_workflows import InvestigationStep
from researchdesk.domain.investigations import (
    LATE,
    Experiment,
    Hypothesis,
    Investigation,
    InvestigationState,
    LinkedRun,
    Outcome,
    OutcomeKind,
)
from researchdesk.domain.next_steps import NextStep, ToDo
from researchdesk.domain.settings import shown
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import keyed
from researchdesk.tui.markdown import preview
from researchdesk.tui.widgets.bench_words import state_words

QUIET = "$text-muted"
MARKS = {
    OutcomeKind.HELD: ("✓", "$text-success"),
    OutcomeKind.REFUTED: ("✗", "$text-error"),
    OutcomeKind.UNDECIDED: ("≈", "$text-warning"),
    OutcomeKind.NOT_TESTED: ("·", QUIET),
}
KEYS = {
    ToDo.ANSWER: "{tinker.open}",
    ToDo.BASELINE: "{tinker.baseline}",
    ToDo.RUN: "{tinker.run}",
    ToDo.TRY: "{tinker.try}",
    ToDo.EXPECT: "{tinker.expect}",
    ToDo.CONCLUDE: "{tinker.try} or {tinker.settle}",
}
_STATES = {
    InvestigationState.OPEN: "$text-accent",
    InvestigationState.PARKED: "$text-warning",
    InvestigationState.STOPPED: QUIET,
    InvestigationState.DONE: "$text-success",
}


def outcome_words(found: Outcome) -> Content:
    """The outcome as mark and word, coloured."""
    mark, colour = MARKS[found.kind]
    return Content.styled(f"{mark} {found.kind.value}", colour)


def investigation_state(item: Investigation) -> Content:
    until = f" until {item.again_on}" if item.again_on else ""
    return Content.styled(f"{item.state.value}{until}", _STATES[item.state])


def next_words(step: NextStep) -> Content:
    """What comes next, with the key for it."""
    key = keyed(KEYS.get(step.to_do, ""))
    return Content.assemble(
        ("Next  ", QUIET), (f"{key}  " if key else "", "bold $text-accent"), step.words
    )


def experiment_line(item: Experiment, depth: int) -> Content:
    """One line: mark, name, what it changes, what is expected of it and what came out."""
    mark, colour = MARKS[item.outcome.kind]
    if item.hypothesis is None:
        mark, colour = ("■" if item.is_run() else "·"), QUIET
    parts = [
        Content("   " * depth + ("└ " if depth else "")),
        Content.styled(f"{mark} ", colour),
        Content.styled(f"{item.name} ", "bold"),
        Content(one_line(item.label)),
    ]
    if item.hypothesis:
        parts.append(Content.styled(f" · {item.outcome.kind.value}", colour))
        parts.append(Content.styled(f": {item.hypothesis.words}", QUIET))
    elif item.parent is None:
        parts.append(Content.styled(f" · arm {item.arm}", QUIET))
    if item.is_late:
        parts.append(Content.styled(f" · {LATE}", "$text-warning"))
    if not item.runs:
        parts.append(Content.styled(" · not run", QUIET))
    return Content("").join(parts)


def step_words(step: InvestigationStep, answer: str) -> Content:
    """The question, what it is about, and the answer so far."""
    parts = [
        Content.styled(step.title, "bold $text-primary"),
        Content(step.question),
        Content.styled(step.hint, QUIET),
    ]
    if answer:
        parts += [Content(""), preview(answer)]
    else:
        parts += [
            Content(""),
            Content.styled(keyed("Not answered yet: {tinker.open}."), "$text-accent"),
        ]
    return Content("\n").join(part for part in parts if part.plain or part is not parts[2])


def experiment_words(item: Experiment) -> Content:
    """The whole of an experiment: change, hypothesis, outcome with its numbers, runs, settings."""
    return Content("\n").join(_experiment_parts(item))


def _experiment_parts(item: Experiment) -> Iterator[Content]:
    yield Content.styled(f"{item.name}  {one_line(item.label)}", "bold $text-primary")
    if item.parent is None:
        yield Content.styled(f"The baseline: the arm {item.arm}.", QUIET)
    else:
        changed = f": {item.changed}" if item.title else ""
        yield Content.styled(f"against {item.parent_name}{changed}", QUIET)
    yield Content("")
    if item.hypothesis is None:
        unsaid = keyed(
            "Nothing is expected of it yet: {tinker.expect} says what, in a form that a run can "
            "refute."
        )
        yield Content.styled(unsaid if item.parent is not None else "", QUIET)
    else:
        yield from _hypothesis(item)
    yield Content("")
    if not item.runs:
        yield Content.styled(keyed("Not run yet: {tinker.run} runs it."), "$text-accent")
    for run in item.runs:
        yield run_words(run)
    yield Content("")
    yield Content.styled("Settings", QUIET)
    for name, value in item.settings.items():
        own = item.changed.startswith(f"{name} = ")
        yield Content.styled(f"  {name} = {shown(value)}", "bold" if own else "")


def _hypothesis(item: Experiment) -> Iterator[Content]:
    for version in item.versions[-1:]:
        yield _version("Expected", version)
        if version.text:
            yield preview(version.text)
    why = f"  {one_line(item.outcome.why)}" if item.outcome.why else ""
    basis = f"  ({item.outcome.basis})" if item.outcome.basis else ""
    yield Content.assemble(outcome_words(item.outcome), why, (basis, QUIET))
    for version in reversed(item.versions[:-1]):
        yield _version("Before  ", version)


def _version(head: str, found: Hypothesis) -> Content:
    late = f"  {LATE}" if found.late else ""
    return Content.assemble(
        (f"{head}  ", QUIET),
        (found.words, "bold"),
        (f"  stated {local_minute(found.stated_at)}", QUIET),
        (late, "bold $text-warning"),
    )


def run_words(run: LinkedRun) -> Content:
    """A linked run with its state and how many seeds of it are done."""
    if run.state is None:
        return Content.styled(f"† {run.run_id} is gone", QUIET)
    quick = "  quick" if run.quick else ""
    return Content.assemble(
        state_words(run.state), f"  {run.done}/{run.planned} seeds{quick}  ", (run.run_id, QUIET)
    )
