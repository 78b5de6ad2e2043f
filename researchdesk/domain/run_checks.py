"""What the runs answer of how a result came about: seeds, spread, machine, search, statistics."""

from collections.abc import Mapping

from researchdesk.domain.checklist_facts import Answerer, Facts, graded, not_known
from researchdesk.domain.checklists import Evidence, Found
from researchdesk.domain.story_facts import ENOUGH_SEEDS


def no_runs(facts: Facts) -> Found:
    """The answer of every question about runs where there are none."""
    if facts.subject is None:
        return not_known("Name what is released, too: a paper, a run, a story, an investigation.")
    wanted = facts.subject.wanted
    typed = [f"researchdesk reproduce {one.arxiv_id or one.name}" for one in wanted[:1]]
    link = "Link the runs that show it in the story: [[run:ID]]."
    mend = typed or ([link] if facts.subject.story else ["Run it: researchdesk reproduce ID"])
    return not_known(*mend, lacks="No run of it is on the desk.")


def seeds(facts: Facts) -> Found:
    """Whether each arm that is not exact was run on several seeds."""
    if not facts.runs:
        return no_runs(facts)
    good: list[Evidence] = []
    lacks: list[str] = []
    mend: list[str] = []
    for kept in facts.runs:
        counted = [(arm.name, count) for arm, count in kept.seeds() if not arm.deterministic]
        exact = [arm.name for arm, _ in kept.seeds() if arm.deterministic]
        few = [f"{name} ({count})" for name, count in counted if count < ENOUGH_SEEDS]
        if exact:
            good.append(Evidence(f"{_named(exact)}: exact, one run is all there is", kept.ref))
        if counted:
            good.append(Evidence(_seeds_said(counted), kept.ref))
        if few:
            lacks.append(f"fewer than {ENOUGH_SEEDS} seeds in {kept.run.id}: {', '.join(few)}")
            mend.append(f"{kept.command} --seeds {max(ENOUGH_SEEDS, kept.recipe.seeds)}")
        if kept.run.quick:
            lacks.append(f"{kept.run.id} is a quick run, with shortened settings")
            mend.append(kept.command)
    return graded(good, lacks, mend)


def _seeds_said(counted: list[tuple[str, int]]) -> str:
    counts = sorted({count for _, count in counted})
    arms = "arm" if len(counted) == 1 else "arms"
    if len(counts) == 1:
        word = "seed" if counts[0] == 1 else "seeds"
        return f"{counts[0]} {word} in each of {len(counted)} {arms}"
    return f"{counts[0]} to {counts[-1]} seeds in {len(counted)} {arms}"


def _named(names: list[str], most: int = 6) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


ANSWERERS: Mapping[str, Answerer] = {"seeds": seeds}
