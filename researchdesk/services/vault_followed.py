"""What hangs on exported papers: runs, surprises, ideas, investigations, watched scripts."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from researchdesk.domain.ideas import Idea
from researchdesk.domain.investigations import Investigation
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.refs import as_ref
from researchdesk.domain.surprises import Case, Surprise
from researchdesk.domain.watching import WatchReport
from researchdesk.errors import DeskError
from researchdesk.export.vault import followed, runs
from researchdesk.export.vault.page import Page
from researchdesk.export.vault.papers import Follows
from researchdesk.export.vault.pen import Pen, links_of
from researchdesk.services import ideas, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.investigation_records import (
    get_investigation,
    list_investigations,
    steps_of,
)
from researchdesk.services.vault_judged import judged_experiments
from researchdesk.services.vault_runs import VaultRuns
from researchdesk.services.watching import watch_report
from researchdesk.storage import experiments, explanations


@dataclass(frozen=True, slots=True)
class Thing:
    """A page that is not a paper's: what it is called, what it says, what it leads to.

    ``parts`` are the refs that mean a block of it.
    """

    ref: str
    title: str
    write: Callable[[Pen], Page]
    leads: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(slots=True)
class Followed:
    """Reads the desk: everything of these kinds, by what it hangs on."""

    desk: Desk
    runs: VaultRuns
    every: list[str] = field(init=False, default_factory=list)
    """The refs of all surprises, ideas and investigations, of what hangs on nothing too."""
    _surprises: dict[int, Surprise] = field(init=False, default_factory=dict)
    _on: dict[str, list[Follows]] = field(init=False, default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for surprise in surprises.list_surprises(self.desk):
            self._surprises[surprise.id] = surprise
            self._add(surprise.on, surprise.ref, surprise.text, surprise.state.value)
        for idea in ideas.list_ideas(self.desk, every=True):
            self._add(idea.of, idea.ref, idea.text, idea.state.value)
        for one in list_investigations(self.desk, every=True):
            self._add(one.of, one.ref, one.title, one.state.value)

    def of(self, *refs: str) -> list[Follows]:
        """What came of these, each once, surprises before ideas and investigations."""
        found = {one.ref: one for ref in refs for one in self._on.get(ref, ())}
        return sorted(found.values(), key=lambda one: (one.ref.partition(":")[0], _number(one.ref)))

    def things(self, start: Iterable[str]) -> dict[str, Thing]:
        """The pages that these refs mean, and all that those lead to; what is gone lacks."""
        found: dict[str, Thing] = {}
        waiting = [page_ref(ref) for ref in {*start}]
        while waiting:
            ref = waiting.pop()
            if not ref or ref in found:
                continue
            try:
                found[ref] = self._thing(ref)
            except DeskError:
                continue
            waiting += [page_ref(lead) for lead in found[ref].leads]
        return dict(sorted(found.items()))

    def _add(self, on: str, ref: str, text: str, state: str) -> None:
        self.every.append(ref)
        if on:
            self._on[page_ref(on) or on].append(Follows(ref, text, state))

    def _thing(self, ref: str) -> Thing:
        kind, _, target = ref.partition(":")
        return _READERS[LinkKind(kind)](self, target)

    def _run(self, target: str) -> Thing:
        ref = f"run:{target}"
        linked = experiments.linked_to(self.desk.database.connection, target)
        trials = [
            Follows(f"experiment:{number}.{trial}", f"with the arm {arm}", "experiment")
            for number, trial, arm in linked
        ]
        told = self.runs.told(target, [*self.of(ref), *trials])
        leads = tuple(one.ref for one in told.follows)
        parts = tuple(f"{ref}#{claim.id}" for claim, _ in told.claims)
        return Thing(ref, f"Run {target}", lambda pen: runs.run_page(told, pen), leads, parts)

    def _surprise(self, target: str) -> Thing:
        number = int(target)
        one = self._surprises.get(number) or surprises.get_surprise(self.desk, number)
        db = self.desk.database.connection
        told, evidence = explanations.explanations(db, one.id), explanations.evidence(db, one.id)
        case = Case(one, told, evidence)
        follows = self.of(one.ref)
        refs = (one.on, *(found.ref for found in case.evidence if found.counts))
        leads = (*refs, *_linked(one.text, one.expected, one.observed, one.why, one.apart))
        leads += tuple(follow.ref for follow in follows)
        return Thing(
            one.ref, one.text, lambda pen: followed.surprise_page(case, follows, pen), leads
        )

    def _idea(self, target: str) -> Thing:
        idea: Idea = ideas.get_idea(self.desk, int(target))
        follows = self.of(idea.ref)
        leads = (idea.of, *_linked(idea.text, idea.instead), *(one.ref for one in follows))
        return Thing(idea.ref, idea.text, lambda pen: followed.idea_page(idea, follows, pen), leads)

    def _investigation(self, target: str) -> Thing:
        found: Investigation = get_investigation(self.desk, int(target))
        steps = [
            (step.title, found.answers[step.key])
            for step in steps_of(self.desk, found)
            if step.key in found.answers
        ]
        trials = judged_experiments(self.desk, found.id)
        runs_of = [f"run:{run}" for trial in trials for run, _ in trial.runs]
        leads = (found.of, *runs_of, *_linked(*(text for _, text in steps)))
        return Thing(
            found.ref,
            found.title,
            lambda pen: followed.investigation_page(found, steps, trials, pen),
            leads,
            tuple(trial.ref for trial in trials),
        )

    def _watched(self, target: str) -> Thing:
        report: WatchReport = watch_report(self.desk, int(target))
        on = as_ref(report.on)
        return Thing(
            f"watch:{target}", report.name, lambda pen: followed.watch_page(report, on, pen), (on,)
        )


def page_ref(ref: str) -> str:
    """The ref of the page, not a paper's, on which what this ref means stands; ``""`` for none."""
    if ref.partition(":")[0] not in _PAGES:
        return ""
    link = ref_link(ref)
    if link is None:
        return ""
    if link.kind is LinkKind.EXPERIMENT:
        return f"investigation:{link.target.partition('.')[0]}"
    return f"{link.kind.value}:{link.target.partition('#')[0]}"


def _linked(*texts: str) -> tuple[str, ...]:
    return tuple(link.ref for text in texts for link in links_of(text))


def _number(ref: str) -> int:
    digits = ref.partition(":")[2]
    return int(digits) if digits.isdigit() else 0


_READERS: dict[LinkKind, Callable[[Followed, str], Thing]] = {
    LinkKind.RUN: Followed._run,
    LinkKind.FUNNY: Followed._surprise,
    LinkKind.IDEA: Followed._idea,
    LinkKind.INVESTIGATION: Followed._investigation,
    LinkKind.WATCH: Followed._watched,
}
_PAGES = frozenset((*_READERS, LinkKind.EXPERIMENT))
