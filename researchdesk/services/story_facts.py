"""What is known of the runs and papers that a sentence of a storyline leans on."""

from collections.abc import Iterable, Iterator

from researchdesk.domain.evidence import EvidenceState, Standing
from researchdesk.domain.investigations import Experiment
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.recipes import SUBSTITUTE, Arm, Recipe
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.seeding import ALL
from researchdesk.domain.story_facts import ArmFacts, Facts, PaperFacts, RunFacts
from researchdesk.errors import DeskError
from researchdesk.services import evidence
from researchdesk.services.claim_runs import last_result
from researchdesk.services.claims import get_claim
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import experiments_of, get_experiment
from researchdesk.services.library import paper_named
from researchdesk.services.recipes import recipe_for
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.run_summaries import summary
from researchdesk.services.shipped import shipped_metadata
from researchdesk.storage import experiments


class FactsOf:
    """Facts by refs; what was asked for once is not looked up again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._runs: dict[str, tuple[RunFacts, ...]] = {}
        self._papers: dict[str, PaperFacts | None] = {}
        self._said: dict[str, EvidenceState] = {}

    def __call__(self, refs: Iterable[str]) -> Facts:
        there = [ref for ref in refs if self._is_there(ref)]
        runs = [run for ref in there for run in self._runs_of(ref)]
        papers = [paper for ref in there if (paper := self._paper(ref)) is not None]
        shown = [ref for ref in there if self._shows(ref)]
        outdated = [f"{ref}: {since}" for ref in there if (since := self._state(ref).since)]
        return Facts(tuple(there), tuple(shown), tuple(runs), tuple(papers), tuple(outdated))

    def _state(self, ref: str) -> EvidenceState:
        if ref not in self._said:
            self._said[ref] = evidence.state_of(self._desk, ref)
        return self._said[ref]

    def _is_there(self, ref: str) -> bool:
        return self._state(ref).standing is not Standing.GONE

    def _shows(self, ref: str) -> bool:
        """Whether it was measured or is cited; a surprise, whether it holds."""
        link = ref_link(ref)
        if link is None or link.kind is LinkKind.IDEA:
            return False
        if link.kind is LinkKind.FUNNY:
            return self._state(ref).standing is Standing.HOLDS
        if link.kind in (LinkKind.INVESTIGATION, LinkKind.EXPERIMENT):
            return bool(self._runs_of(ref))
        return True

    def _paper(self, ref: str) -> PaperFacts | None:
        if ref not in self._papers:
            self._papers[ref] = _paper(self._desk, ref)
        return self._papers[ref]

    def _runs_of(self, ref: str) -> tuple[RunFacts, ...]:
        if ref not in self._runs:
            try:
                self._runs[ref] = tuple(_runs(self._desk, ref))
            except DeskError:
                self._runs[ref] = ()
        return self._runs[ref]


def _runs(desk: Desk, ref: str) -> Iterator[RunFacts]:
    """The runs that a ref leads to. Raises DeskError."""
    link = ref_link(ref)
    if link is None:
        return
    if link.kind is LinkKind.RUN:
        run_id, _, claim = link.target.partition("#")
        yield _run(desk, summary(desk, run_id), claim=claim)
    elif link.kind is LinkKind.CLAIM:
        found = last_result(desk, get_claim(desk, link.target))
        if found is not None:
            yield _run(desk, found[0], claim=found[1].claim_id)
    elif link.kind is LinkKind.EXPERIMENT:
        yield from _of_experiment(desk, get_experiment(desk, link.target, judge=False))
    elif link.kind is LinkKind.INVESTIGATION:
        for item in experiments_of(desk, int(link.target), judge=False):
            yield from _of_experiment(desk, item)


def _of_experiment(desk: Desk, item: Experiment) -> Iterator[RunFacts]:
    beside = bool(item.parent_name) and get_experiment(desk, item.parent_name, judge=False).is_run(
        quick=True
    )
    for linked in item.runs:
        if linked.state is not None:
            yield _run(desk, summary(desk, linked.run_id), arm=linked.arm, against_parent=beside)


def _run(
    desk: Desk, run: RunSummary, *, claim: str = "", arm: str = "", against_parent: bool = False
) -> RunFacts:
    """A run as evidence: all of it, what it says of one claim, or one arm of it."""
    recipe = recipe_in(desk, run.id)
    meant = tuple(item.name for item in recipe.arms)
    for stated in recipe.claims:
        if claim and stated.id == claim:
            meant = tuple(filter(None, (stated.arm, stated.versus)))
    meant = (arm,) if arm else meant
    return RunFacts(
        id=run.id,
        recipe=run.recipe,
        arxiv_id=run.arxiv_id,
        arms=tuple(_arm(item, run) for item in recipe.arms),
        meant=meant,
        data=tuple(sorted(_data(recipe, run, meant))),
        seeds=recipe.seeds,
        against_parent=against_parent,
        investigation=_investigation(desk, run.id),
    )


def _investigation(desk: Desk, run_id: str) -> int:
    """The investigation whose experiments a run's arms are, which are named as these are; or 0."""
    linked = experiments.linked_to(desk.database.connection, run_id)
    return next((number for number, item, arm in linked if arm == f"{number}.{item}"), 0)


def _arm(arm: Arm, run: RunSummary) -> ArmFacts:
    seeds = {
        result.task.seed
        for result in run.results
        if result.task.arm == arm.name and result.task.vary in ("", ALL)
    }
    return ArmFacts(
        arm.name, arm.kind, arm.parent, arm.deterministic, frozenset(seeds), arm.description
    )


def _data(recipe: Recipe, run: RunSummary, meant: Iterable[str]) -> set[str]:
    """The names of the data that these arms worked on, where they were run."""
    done = {result.task.arm for result in run.results}
    arms = [arm for arm in recipe.arms if arm.name in done and arm.name in meant]
    every = [need.name for need in recipe.data]
    needs = {name for arm in arms for name in (arm.needs or every)}
    return {run.data.get(name, name).removeprefix(SUBSTITUTE) for name in needs}


def _paper(desk: Desk, ref: str) -> PaperFacts | None:
    link = ref_link(ref)
    if link is None or link.kind is not LinkKind.PAPER:
        return None
    paper = paper_named(desk, link.target)
    words = paper.metadata if paper else shipped_metadata(link.target)
    if words is None:
        return None
    name = words.arxiv_id or link.target
    try:
        has_recipe = recipe_for(desk, name) is not None
    except DeskError:
        has_recipe = False
    return PaperFacts(name, words.title, paper.key if paper else "", has_recipe)
