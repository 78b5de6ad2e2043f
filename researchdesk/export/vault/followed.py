"""Pages of surprises, ideas, investigations with their experiments, and watched scripts."""

from collections.abc import Sequence
from dataclasses import dataclass

from researchdesk.domain.clock import utc_day, utc_minute
from researchdesk.domain.ideas import Idea, score
from researchdesk.domain.investigations import LATE, Experiment, Investigation
from researchdesk.domain.surprises import Case, Doubt, Evidence, Explanation
from researchdesk.domain.watching import WatchReport
from researchdesk.export.vault.blocks import Block, Blocks, heading, item
from researchdesk.export.vault.page import Page
from researchdesk.export.vault.papers import Follows, follows_blocks
from researchdesk.export.vault.pen import Pen


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment as its page tells it. ``late``: what is expected was written after a result;
    ``runs`` are their ids with the arms that are meant."""

    name: str
    label: str
    changed: str = ""
    expected: str = ""
    late: bool = False
    outcome: str = ""
    basis: str = ""
    runs: tuple[tuple[str, str], ...] = ()

    @property
    def ref(self) -> str:
        return f"experiment:{self.name}"


def trial_of(one: Experiment) -> Trial:
    """What is told of an experiment whose outcome is known."""
    stated = one.hypothesis
    return Trial(
        one.name,
        one.label,
        one.changed,
        stated.words if stated else "",
        one.is_late,
        one.outcome.words if stated else "",
        one.outcome.basis,
        tuple((run.run_id, run.arm) for run in one.runs),
    )


def surprise_page(case: Case, follows: Sequence[Follows], pen: Pen) -> Page:
    """A surprise with its two sides, its explanations and what was brought forward."""
    one = case.surprise
    lines = [
        f"{one.state.value}{f': {pen.line(one.why)}' if one.why else ''}",
        f"expected: {pen.line(one.expected)}",
        f"observed: {pen.line(one.observed)}",
        f"on {pen.to(one.on)}" if one.on else "",
        f"what would tell its explanations apart: {pen.line(one.apart)}" if one.apart else "",
    ]
    weighed: list[Block] = []
    for doubt in Doubt:
        weighed += [item(doubt.question, *_evidence(case.about(doubt), pen))]
    weighed += [_explanation(case, told, pen) for told in case.explanations]
    parts: dict[str, Blocks] = {
        "surprise": (_titled(f"Surprise {one.id}", one.text, lines, pen),),
        "evidence": (heading(2, "Evidence", *weighed),),
        "follows": follows_blocks(follows, pen),
    }
    values = _values(one.ref, "surprise", one.state.value, utc_day(one.noticed_at))
    return Page(one.ref, one.text, values, parts)


def idea_page(idea: Idea, follows: Sequence[Follows], pen: Pen) -> Page:
    """An idea with what it promises and costs."""
    weighed = (("impact", idea.impact), ("days of work", idea.work_days), ("fun", idea.fun))
    weights = ", ".join(f"{name} {value:g}" for name, value in weighed if value is not None)
    lines = [
        f"{idea.state.value}{f': {pen.line(idea.why)}' if idea.why else ''}",
        f"came from {pen.to(idea.of)}" if idea.of else "",
        f"score {pen.safe(score(idea).words)}{f' ({weights})' if weights else ''}",
        f"instead: {pen.line(idea.instead)}" if idea.instead else "",
        f"parked until {idea.again_on}" if idea.again_on else "",
    ]
    parts: dict[str, Blocks] = {
        "idea": (_titled(f"Idea {idea.id}", idea.text, lines, pen),),
        "follows": follows_blocks(follows, pen),
    }
    values = _values(idea.ref, "idea", idea.state.value, utc_day(idea.created_at))
    return Page(idea.ref, idea.text, values, parts)


def investigation_page(
    found: Investigation, steps: Sequence[tuple[str, str]], trials: Sequence[Trial], pen: Pen
) -> Page:
    """An investigation: ``steps`` are questions with their newest answers, ``trials`` its
    experiments."""
    lines = [
        f"{found.state.value}{f': {pen.line(found.why)}' if found.why else ''}",
        f"follows up {pen.to(found.of)}" if found.of else "",
        f"recipe {pen.safe(found.recipe)}" if found.recipe else "",
    ]
    answered = [heading(3, pen.safe(name), Block(pen.own(text))) for name, text in steps]
    parts: dict[str, Blocks] = {
        "investigation": (_titled(f"Investigation {found.id}", found.title, lines, pen),),
        "answers": (heading(2, "Steps", *answered),) if answered else (),
        "experiments": (heading(2, "Experiments", *(_trial(one, pen) for one in trials)),)
        if trials
        else (),
    }
    values = _values(found.ref, "investigation", found.state.value, utc_day(found.created_at))
    return Page(found.ref, found.title, values, parts)


def watch_page(report: WatchReport, on: str, pen: Pen) -> Page:
    """A watched script: what was found, the surest first. ``on`` is the ref it belongs to."""
    lines = [
        f"{utc_minute(report.began_at)}: {pen.safe(' '.join(report.argv))}",
        f"on {pen.to(on)}" if on else "",
        pen.safe(report.unsure),
    ]
    found = sorted(report.findings, key=lambda one: one.certainty.rank)
    told = [
        item(
            f"{one.certainty.value}: **{pen.safe(one.name)}** {pen.safe(one.message)}"
            + (f" ({pen.safe(one.file)}:{one.line})" if one.file else "")
        )
        for one in found
    ]
    ref = f"watch:{report.id}"
    parts: dict[str, Blocks] = {
        "watch": (_titled(f"Watch report {report.id}", report.name, lines, pen),),
        "findings": (heading(2, "Findings", *(told or [Block("Nothing was found.")])),),
    }
    return Page(ref, report.name, _values(ref, "watch report", "", utc_day(report.began_at)), parts)


def _titled(name: str, text: str, lines: Sequence[str], pen: Pen) -> Block:
    shown = " ".join(text.split())
    return heading(1, f"{name}: {pen.line(shown)}", *(item(line) for line in lines if line))


def _values(ref: str, kind: str, state: str, day: object) -> dict[str, object]:
    values = {"id": ref, "kind": kind, "status": state, "added": day}
    return {key: value for key, value in values.items() if value}


def _evidence(found: Sequence[Evidence], pen: Pen) -> list[Block]:
    if not found:
        return [item("nothing yet")]
    return [
        item(f"{one.side.value}: {' '.join(filter(None, (_ref(one, pen), pen.line(one.words))))}")
        for one in found
    ]


def _ref(one: Evidence, pen: Pen) -> str:
    return pen.to(one.ref) if one.ref else ""


def _explanation(case: Case, told: Explanation, pen: Pen) -> Block:
    gone = f" (ruled out: {pen.line(told.ruled_out)})" if told.ruled_out else ""
    more = (("predicts", told.predicts), ("would be refuted by", told.refuted_by))
    under = [item(f"{name} {pen.line(text)}") for name, text in more if text]
    counted = case.about(told.letter)
    under += _evidence(counted, pen) if counted else []
    return item(f"explanation {pen.safe(told.letter)}: {pen.line(told.text)}{gone}", *under)


def _trial(one: Trial, pen: Pen) -> Block:
    lines = [
        f"changes {pen.safe(one.changed)}" if one.changed else "",
        f"expected: {pen.safe(one.expected)}{f' ({LATE})' if one.late else ''}"
        if one.expected
        else "",
        pen.safe(one.outcome),
        pen.safe(one.basis),
        *(f"{pen.to(f'run:{run}', run)}, arm {pen.safe(arm)}" for run, arm in one.runs),
    ]
    under = [item(line) for line in lines if line]
    return item(f"**{one.name}** {pen.safe(one.label)}", *under, anchor=one.ref)
