"""Runs that came to their end with something funny, made without a worker process."""

from collections.abc import Mapping, Sequence
from typing import Any

from researchdesk.domain.runs import Task
from researchdesk.domain.verdicts import overall
from researchdesk.domain.watching import Certainty, WatchFinding, WatchReport
from researchdesk.harness.claim_records import claim_record
from researchdesk.harness.history import RunConfig
from researchdesk.harness.store import RunStore
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.reports import report_of
from researchdesk.services.watching import keep_report

RUNG = {
    "name": "one batch learnt by heart",
    "rung": "one-batch",
    "state": "failed",
    "ok": False,
    "figure": "loss 2.30",
    "message": "loss 2.30; after 200 steps it is where it began",
}


def ended_run(
    desk: Desk,
    scores: Sequence[float] = (0.81, 0.82, 0.83),
    checks: Sequence[Mapping[str, Any]] = (),
    *,
    recipe: str = "2001.00001-tiny",
    metric: str = "score",
    arms: Sequence[str] = ("ours",),
    more: Mapping[str, float] | None = None,
    data: Mapping[str, str] | None = None,
) -> str:
    """The id of a run whose seeds measured ``scores``, arm by arm, and the same of ``more``."""
    found = recipe_for(desk, recipe)
    seeds = len(scores) // len(arms)
    tasks = tuple(Task(arm, seed) for arm in arms for seed in range(seeds))
    config = RunConfig(found.name, found.digest, found.arxiv_id, found.bundled, False, tasks,
                       data=data or {})  # fmt: skip
    run, _ = RunStore(desk.settings.runs, desk.clock).start(found, config, lambda event: None)
    run.record("run_started", data={"run": run.id})
    for check in checks:
        run.record("check", data={"arm": "ours", **check})
    for task, score in zip(tasks, scores, strict=True):
        run.record("seed_started", task)
        run.record("metric", task, {"step": 1, "name": "loss", "value": 0.5})
        run.record("metric", task, {"step": 2, "name": "loss", "value": 0.25})
        metrics = {metric: score, **(more or {})}
        run.record("seed_finished", task, {"metrics": metrics, "seconds": 1.0})
    claims = report_of(desk, run.id).claims
    said = {"verdict": str(overall(claims)), "claims": [claim_record(one) for one in claims]}
    run.record("run_finished", data=said)
    run.close()
    return run.id


def watched(
    desk: Desk, *findings: WatchFinding, on: str = "", folder: str = "/home/ada"
) -> WatchReport:
    """A report on the desk, with what is likely in it where nothing else is given."""
    usual = WatchFinding(
        "softmax-before-cross-entropy",
        Certainty.LIKELY,
        "Cross-entropy was given probabilities.",
        "train.py",
        7,
    )
    return keep_report(desk, WatchReport(
        ("train.py",), folder, "/usr/bin/python3", 0, "end", desk.clock(), 1.0, "2.13",
        findings or (usual,), on=on,
    ))  # fmt: skip
