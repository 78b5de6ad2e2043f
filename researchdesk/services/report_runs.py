"""One run as a report tells it: from its folder, judged anew by its own copy of the recipe."""

from collections.abc import Iterator, Mapping
from typing import Any

from researchdesk.domain.ablation import AblationTable
from researchdesk.domain.clock import utc_minute
from researchdesk.domain.durations import spent
from researchdesk.domain.investigations import LATE
from researchdesk.domain.recipes import SUBSTITUTE
from researchdesk.domain.runs import RunState, RunSummary, Task
from researchdesk.domain.text import one_line
from researchdesk.domain.verdict_counts import counted, sentence
from researchdesk.errors import DeskError
from researchdesk.export.report_page import (
    Caution,
    CheckEntry,
    CurvePicture,
    PaperHead,
    RunReport,
    SurpriseEntry,
)
from researchdesk.harness.arm_values import measured_arms, metrics_of
from researchdesk.services import report_again
from researchdesk.services.ablation import table_of
from researchdesk.services.curve_bands import Bands, read_curves
from researchdesk.services.desk import Desk
from researchdesk.services.report_claims import Elsewhere, chosen_tolerances, claim_entries
from researchdesk.services.report_hypotheses import expected_of, hypotheses_sentence
from researchdesk.services.reports import Report, report_of
from researchdesk.services.runs import store_of
from researchdesk.services.surprise_words import noticed_about

_MOST_CURVES, _WIDE = 12, 100.0
_STATES: Mapping[bool | None, tuple[str, str, str]] = {
    True: ("passed", "✓", "passed"),
    False: ("failed", "✗", "failed"),
    None: ("open", "·", "could not be made"),
}
_ENDINGS = {
    RunState.RUNNING: (
        "This run is under way",
        "What stands here is what is known so far; the verdicts may still change.",
    ),
    RunState.INTERRUPTED: (
        "This run was stopped before its end",
        "What had finished is judged as it is; the rest is named below.",
    ),
    RunState.CRASHED: (
        "This run ended without a word",
        "Its process died. What had finished is judged as it is; the rest is named below.",
    ),
    RunState.AWAY: (
        "This run's trials are with their engine",
        "Nobody has asked it for their results since; what had come before is judged as it is.",
    ),
    RunState.FAILED: ("This run failed", "No seed of it came to its end: see what failed."),
}


def run_report(
    desk: Desk, run_id: str, paper: PaperHead | None, elsewhere: Elsewhere | None = None
) -> tuple[Report, RunReport]:
    """A run as it is judged, and as it is told. Raises NotOnDeskError, BadInputError."""
    report = report_of(desk, run_id)
    run, recipe, config = report.run, report.recipe, store_of(desk).config(run_id)
    counts, expected = counted(report.claims), expected_of(desk, run)
    claims = claim_entries(report, elsewhere or (lambda claim_id: ""))
    told = RunReport(
        id=run.id,
        anchor=f"run-{run.id}",
        title=one_line(recipe.title or recipe.name),
        summary=one_line(recipe.summary),
        paper=paper,
        state=run.state.value,
        facts=tuple(_facts(report, config.digest)),
        sentence=hypotheses_sentence(counts) if expected and counts else sentence(counts),
        counts=() if expected else counts,
        warnings=(*_cautions(report), *(_late(report) if expected else ())),
        claims=expected.told(claims) if expected else claims,
        chosen=chosen_tolerances(report),
        curves=_curves(desk, report),
        tables=_tables(report),
        of_one_arm=_of_one_arm(report),
        variance=tuple(_variance(report)),
        checks=tuple(map(_check, run.checks)),
        surprises=_surprises(desk, run.id),
        failed=tuple((seed_words(task), last_line(error)) for task, error in run.failures.items()),
        missing=tuple((one_line(arm), one_line(why)) for arm, why in _missing(report)),
        data=report_again.data_taken(report),
        data_note=one_line(recipe.data_note),
        environment=report_again.environment(report),
        commands=report_again.commands(report, config),
        again=report_again.remarks(report, config),
        arms=report_again.arms_told(report),
        notes=tuple(map(one_line, recipe.notes)),
        expected=expected.words if expected else "",
    )
    return report, told


def seeds_words(run: RunSummary) -> str:
    """How many of the run's seeds came to their end."""
    failed = f" ({len(run.failures)} failed)" if run.failures else ""
    return f"{len(run.results)} of {len(run.tasks)}{failed}"


def seed_words(task: Task) -> str:
    vary = f", {task.vary} varied" if task.vary else ""
    return one_line(f"{task.arm}, seed {task.seed}{vary}")


def last_line(message: Any) -> str:
    """What an error says, without where it was raised: that names places of a machine."""
    return one_line((str(message or "").strip().splitlines() or [""])[-1])


def _facts(report: Report, digest: str) -> Iterator[tuple[str, str]]:
    run, recipe = report.run, report.recipe
    yield "run", run.id
    yield "state", run.state.value
    yield "begun", utc_minute(run.started_at)
    yield "seeds done", seeds_words(run)
    if took := spent(sum(result.seconds for result in run.results)):
        yield "time of all seeds", took
    if device := report.environment.get("device"):
        yield "device", one_line(str(device))
    version = f", version {recipe.version} of the paper" if recipe.version else ""
    yield "recipe", one_line(f"{recipe.name} ({digest[:12]}){version}")


def _cautions(report: Report) -> Iterator[Caution]:
    run = report.run
    if run.state in _ENDINGS:
        title, text = _ENDINGS[run.state]
        kind = "bad" if run.state is RunState.FAILED else "unsure"
        yield Caution(kind, title, f"Seeds done: {seeds_words(run)}. {text}")
    if run.quick:
        yield Caution(
            "unsure",
            "A quick look, not the experiment",
            "Arms were shortened and seeds were few. Such a run can show that nothing contradicts "
            "the paper; it can never show that a claim is reproduced.",
        )
    if substitutes := tuple(_substitutes(report)):
        yield Caution(
            "unsure",
            "Other data than the paper's",
            f"{'; '.join(substitutes)}. Numbers are not comparable with the paper's then.",
        )
    if run.failures:
        text = f"{len(run.failures)} of {len(run.tasks)} seeds failed: see below which and why."
        yield Caution("bad", "Seeds failed", text)
    if fell := [
        one_line(str(check.get("name"))) for check in run.checks if check.get("ok") is False
    ]:
        yield Caution("bad", "Checks failed", f"{', '.join(fell)}: see the checks.")
    if changed := report.environment.get("changed_on_resume"):
        named = one_line(", ".join(map(str, changed)))
        yield Caution("unsure", "Resumed in another environment", f"What changed: {named}.")


def _late(report: Report) -> Iterator[Caution]:
    """The hypotheses that say of themselves that the result was known before them."""
    if late := [one_line(claim.id) for claim in report.recipe.claims if claim.where.endswith(LATE)]:
        text = f"{', '.join(late)}: a result of these settings was known when that was stated."
        yield Caution("unsure", "Hypotheses written after the result", text)


def _substitutes(report: Report) -> Iterator[str]:
    for need in report.recipe.data:
        usual = f"{SUBSTITUTE}{need.substitute}" if need.always else ""
        taken = report.run.data.get(need.name, usual)
        if taken.startswith(SUBSTITUTE):
            yield one_line(f"{taken.removeprefix(SUBSTITUTE)} in place of {need.source}")


def _missing(report: Report) -> Iterator[tuple[str, str]]:
    """Arms that were not run, with the reason."""
    run = report.run
    yield from run.missing.items()
    tasked = {task.arm for task in run.tasks} | run.missing.keys()
    for arm in report.recipe.arms:
        if arm.name not in tasked:
            yield arm.name, "left out: it was not asked for"


def _check(check: Mapping[str, Any]) -> CheckEntry:
    kind, mark, word = _STATES[check.get("ok")] if check.get("ok") in _STATES else _STATES[None]
    state = one_line(str(check.get("state") or word))
    return CheckEntry(
        one_line(str(check.get("name", ""))),
        one_line(str(check.get("arm") or "")),
        kind,
        mark,
        state,
        one_line(str(check.get("message") or "")),
    )


def _surprises(desk: Desk, run_id: str) -> tuple[SurpriseEntry, ...]:
    return tuple(
        SurpriseEntry(
            one.surprise.ref,
            one_line(one.surprise.text),
            one_line(one.surprise.expected),
            one_line(one.surprise.observed),
            one.surprise.state.value,
            one_line(one.claim_id),
            one.run_id if one.run_id != run_id else "",
            one.became,
        )
        for one in noticed_about(desk, run_id)
    )


def _tables(report: Report) -> tuple[AblationTable, ...]:
    """The table of arms for each metric that a claim is about, and that several arms have."""
    results, claimed = report.run.results, {claim.metric for claim in report.recipe.claims}
    known = metrics_of(report.recipe, results)
    shared = [name for name in known if len(measured_arms(results, name)) > 1]
    wanted = [name for name in shared if name in claimed] or shared[:1]
    try:
        return tuple(table for name in wanted for table in table_of(report, name))
    except DeskError:
        return ()


def _of_one_arm(report: Report) -> str:
    """Which metrics of the claims one arm only has, so that there is nothing to compare."""
    results = report.run.results
    arms: dict[str, list[str]] = {}
    for name in dict.fromkeys(claim.metric for claim in report.recipe.claims):
        having = measured_arms(results, name)
        if len(having) == 1:
            arms.setdefault(next(iter(having)), []).append(name)
    named = "; ".join(f"{', '.join(names)} ({arm})" for arm, names in arms.items())
    return one_line(f"Measured in one arm only, and so in no table: {named}.") if named else ""


def _variance(report: Report) -> Iterator[tuple[str, ...]]:
    for row in report.variance:
        share = (row.note or "–") if row.share is None else f"{100 * row.share:.0f} %"
        yield row.arm, row.metric, row.source, str(row.n), f"{row.sd:.4g}", share


def _curves(desk: Desk, report: Report) -> tuple[CurvePicture, ...]:
    """The curves of each metric that was logged, those of the claims first."""
    try:
        read = read_curves(desk, [report.run.id])
    except DeskError:
        return ()
    first = read.bands()
    claimed = {claim.metric for claim in report.recipe.claims}
    others = sorted(first.others, key=lambda name: name not in claimed)
    rest = [read.bands(name) for name in others[: _MOST_CURVES - 1]]
    return tuple(_curve(found) for found in (first, *rest) if found.bands)


def _curve(found: Bands) -> CurvePicture:
    ends = [value for band in found.bands for value in (*band.low, *band.high)]
    log = min(ends) > 0 and max(ends) / min(ends) > _WIDE
    told = "; ".join(
        f"{one_line(band.label)} ({band.seeds}) from {band.mean[0]:.4g} at step {band.steps[0]:g} "
        f"to {band.mean[-1]:.4g} at step {band.steps[-1]:g}"
        for band in found.bands
    )
    metric = one_line(found.metric)
    about = f"{metric} over the steps, {found.spread}. {told}."
    return CurvePicture(metric, found.bands, found.spread, about, log)
