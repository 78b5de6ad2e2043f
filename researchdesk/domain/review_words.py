"""What a review shows, in sentences."""

from researchdesk.domain.durations import in_words
from researchdesk.domain.investigations import LATE
from researchdesk.domain.reviews import Progress, Spent, WorkLeft


def progress_words(progress: Progress) -> list[str]:
    """One line for each sort of progress there was; then the outcomes."""
    if progress.is_none:
        return ["Nothing new: no experiment, no run, no answer."]
    decided = progress.held + progress.refuted
    late = f", {progress.late} of them {LATE}" if progress.late else ""
    lines = [
        _counted(progress.experiments_added, "experiment added", "experiments added"),
        _counted(progress.runs_linked, "run linked", "runs linked"),
        decided
        and f"{progress.held} of {decided} hypotheses held, {progress.refuted} refuted{late}",
        _counted(progress.answers_written, "answer written", "answers written"),
    ]
    return [*(line for line in lines if line), *progress.outcomes]


def spent_words(spent: Spent) -> list[str]:
    """Days since the begin, those on which something was done, and the machines' time."""
    days = _counted(spent.days, "day", "days") or "less than a day"
    done = f"something was done on {spent.active_days}" if spent.active_days else "nothing was done"
    lines = [f"{days} since it was begun, {done}"]
    if spent.machine_seconds:
        lines.append(f"{in_words(spent.machine_seconds)} of training by machines")
    return lines


def left_words(left: WorkLeft) -> list[str]:
    """The estimated impact beside the work that is left by the estimate."""
    impact = f"impact {left.impact} of 5" if left.impact else "impact never said"
    if left.work_days is None or left.days_left is None:
        work = "work never said"
    elif left.days_left > 0:
        work = f"{left.days_left:g} of {left.work_days:g} days of work left"
    elif left.days_left == 0:
        work = f"the {left.work_days:g} days of work are spent"
    else:
        work = f"{-left.days_left:g} days over the {left.work_days:g} that were thought"
    lines = [f"{impact}; {work}"]
    runs = left.experiments_not_run
    if runs:
        lines.append(_counted(runs, "experiment is not run yet", "experiments are not run yet"))
    return lines


def _counted(count: int, one: str, many: str) -> str:
    if not count:
        return ""
    return f"1 {one}" if count == 1 else f"{count} {many}"
