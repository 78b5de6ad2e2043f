"""What is known of a piece of work when a checklist is put to it, and what answers from that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from researchdesk.domain.checklists import Answer, Evidence, Found
from researchdesk.domain.missing import Missing
from researchdesk.domain.recipes import Arm, Recipe
from researchdesk.domain.rehearsing import Rehearsal
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.seeding import ALL
from researchdesk.domain.subjects import Subject
from researchdesk.domain.verdicts import ClaimResult


@dataclass(frozen=True, slots=True)
class RunKept:
    """A run with its own copy of the recipe and all that its folder keeps.

    ``files`` are the names of what lies in the folder, ``checkpoints`` the sizes in bytes of those
    it keeps, by their path in the folder. ``trains`` is False where nothing in the code that ran
    speaks of a training.
    """

    run: RunSummary
    recipe: Recipe
    claims: tuple[ClaimResult, ...] = ()
    environment: Mapping[str, Any] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    checkpoints: Mapping[str, int] = field(default_factory=dict)
    trains: bool = True

    @property
    def ref(self) -> str:
        return f"run:{self.run.id}"

    @property
    def command(self) -> str:
        """What is typed to run it anew."""
        return f"researchdesk reproduce {self.run.arxiv_id or self.run.recipe}"

    def seeds(self) -> list[tuple[Arm, int]]:
        """How many seeds of each arm finished, of the arms that were run."""
        counted = {arm.name: 0 for arm in self.recipe.arms}
        for result in self.run.results:
            if result.task.vary in ("", ALL) and result.task.arm in counted:
                counted[result.task.arm] += 1
        return [(arm, counted[arm.name]) for arm in self.recipe.arms if counted[arm.name]]


@dataclass(frozen=True, slots=True)
class PaperRead:
    """A paper that the work is about or leans on: how far it was read. ``passes`` are the numbers
    of those that were finished, ``notes`` how many notes there are. ``on_desk``: it can be read
    there at all."""

    ref: str
    title: str
    status: str
    passes: tuple[int, ...] = ()
    notes: int = 0
    on_desk: bool = True


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """A folder of code that is to be given away. ``texts`` are those of its small text files by
    their path in it, ``names`` all paths; hidden folders and what git or Python made are left out.

    ``commit`` is that of its git checkout, ``""`` without one; ``dirty``: something in it is not
    committed. ``citation`` is what its CITATION.cff says, None where there is none to be read.
    ``recipes`` are the digests of the recipes in it by their folder; ``unread`` are the files that
    were not read: they are too large, or there are too many.
    """

    path: Path
    names: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    dirty: bool = False
    citation: Mapping[str, Any] | None = None
    recipes: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slides:
    """A file of slides (Markdown in the form of Marp), and how they were rehearsed."""

    path: Path
    text: str
    rehearsals: tuple[Rehearsal, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that answerers may look at. ``told_in`` is the storyline that tells of the work: the
    subject itself where it is one, else one that links its runs or its paper.

    ``searches`` are runs that drew settings (``--vary hyper``),
    ``repeats`` other runs of the very same recipes on the same machine; ``missing`` is what
    `story missing` finds in the story, ``late`` the experiments whose hypothesis was written after
    their result."""

    subject: Subject | None = None
    runs: tuple[RunKept, ...] = ()
    searches: tuple[RunSummary, ...] = ()
    repeats: tuple[RunSummary, ...] = ()
    papers: tuple[PaperRead, ...] = ()
    missing: tuple[Missing, ...] = ()
    late: tuple[str, ...] = ()
    folder: ReleaseFolder | None = None
    slides: Slides | None = None
    told_in: Subject | None = None


Answerer = Callable[[Facts], Found]
"""A pure function. It says yes only with evidence, and else what is missing."""


def not_known(*mend: str, lacks: str = "") -> Found:
    """The answer where nothing on the desk says it."""
    return Found(Answer.UNKNOWN, (), (lacks,) if lacks else (), tuple(filter(None, mend)))


def graded(good: list[Evidence], lacks: list[str], mend: list[str] | tuple[str, ...] = ()) -> Found:
    """Yes where nothing lacks, partly where something does, no where there is no evidence."""
    typed = tuple(dict.fromkeys(mend))
    if not good:
        return Found(Answer.NO, (), tuple(lacks), typed)
    if lacks:
        return Found(Answer.PARTLY, tuple(good), tuple(lacks), typed)
    return Found(Answer.YES, tuple(good))
