"""The rung that trains under observation, and names the silent bugs that were seen."""

from pathlib import PurePath

from researchdesk.harness.training.ladder.climbing import Climb, Found, failed, not_run, passed
from researchdesk.harness.training.one_seed import Training, step_count
from researchdesk.harness.training.watch.findings import LOOK, Finding
from researchdesk.harness.training.watch.observer import observed

_STEPS = 200
_ENOUGH = 10
_NAMED = 5
_OF_THE_HARNESS = ("seed-not-set", "seed-set-late")


def silent_bugs(climb: Climb) -> Found:
    """What ``researchdesk watch`` would say of the experiment's training, some of its steps long.

    The last rung of its process: what observes stays in place.
    """
    session = observed()
    try:
        run = climb.fresh()
        training = Training(climb.experiment, run, climb.split)
        most = min(_STEPS, step_count(climb.experiment, run, climb.split))
        while training.step < most and not climb.over:
            training.advance(training.batch())
        if not climb.over:
            training.evaluate()
        session.finish()
        found = [one for one in session.findings() if one.name not in _OF_THE_HARNESS]
    finally:
        session.close()
    loud = [one for one in found if one.certainty != LOOK]
    quiet = len({one.name for one in found} - {one.name for one in loud})
    figure = f"{training.step} steps watched"
    if loud:
        return failed(f"{figure}, {_count(loud)} seen", "; ".join(map(_told, loud[:_NAMED])))
    if training.step < _ENOUGH:
        return not_run(f"{training.step} steps fitted into the time.", figure)
    return passed(figure, f"{quiet} worth a look: {_names(found)}" if quiet else "")


def _count(found: list[Finding]) -> str:
    return "1 finding" if len(found) == 1 else f"{len(found)} findings"


def _told(one: Finding) -> str:
    at = f" at {PurePath(one.site.file).name}:{one.site.line}" if one.site.file else ""
    return f"{one.name} ({one.certainty}){at}: {one.message.rstrip('.')}"


def _names(found: list[Finding]) -> str:
    return ", ".join(sorted({one.name for one in found}))
