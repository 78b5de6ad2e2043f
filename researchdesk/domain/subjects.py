"""What is told of: a paper, a run, a storyline, an investigation, with what was run of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from researchdesk.domain.investigations import Investigation
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.seeding import ALL
from researchdesk.domain.stories import Story


class SubjectKind(StrEnum):
    PAPER = "paper"
    RUN = "run"
    STORY = "story"
    INVESTIGATION = "investigation"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is told about. ``ref`` names it in its one form: ``1512.03385``, ``run:ID``,
    ``story:SLUG``, ``investigation:3``.

    ``runs`` are the runs told, those of a paper the newest full one of each recipe; ``recipes``
    are their own copies of what they ran, in the same order. ``wanted`` are the desk's recipes for
    the paper, run or not. ``words`` are of the paper, where there is one; ``paper`` is None where
    it is not on the desk. ``refs`` are what the story's newest draft links, ``cited`` the words of
    the papers among these.
    """

    ref: str
    kind: SubjectKind
    title: str
    runs: tuple[RunSummary, ...] = ()
    recipes: tuple[Recipe, ...] = ()
    wanted: tuple[Recipe, ...] = ()
    words: Metadata | None = None
    paper: Paper | None = None
    story: Story | None = None
    investigation: Investigation | None = None
    refs: tuple[str, ...] = ()
    cited: tuple[Metadata, ...] = ()

    @property
    def name(self) -> str:
        """For a file: the paper's id, the run's id, the story's slug, ``investigation-3``."""
        if self.kind is SubjectKind.INVESTIGATION:
            return self.ref.replace(":", "-")
        return self.ref.rpartition(":")[2].replace("/", "_")


def newest_full(runs: Iterable[RunSummary]) -> list[RunSummary]:
    """Of each recipe the run to tell of, the recipes in the order of their names.

    One of the arms' results before one that varied single sources of randomness, a full one before
    a quick one, a finished one before one that was stopped, one of more arms before one of fewer;
    then the newest. Runs that measured nothing are left out.
    """
    best: dict[str, RunSummary] = {}
    for run in runs:
        if run.results and (run.recipe not in best or _worth(run) > _worth(best[run.recipe])):
            best[run.recipe] = run
    return [best[name] for name in sorted(best)]


def _worth(run: RunSummary) -> tuple[object, ...]:
    arms = {result.task.arm for result in run.results if result.task.vary in ("", ALL)}
    ended = run.state is RunState.FINISHED
    return bool(arms), not run.quick, ended, len(arms), run.started_at, run.id
