"""What a report says of an investigation's run: its claims are hypotheses, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from researchdesk.domain.derived_names import base_name
from researchdesk.domain.investigations import Experiment, OutcomeKind, outcome_kind
from researchdesk.domain.run_rows import RunRow
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.text import one_line
from researchdesk.domain.verdict_counts import VerdictCount
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import DeskError
from researchdesk.export.report_page import ClaimEntry
from researchdesk.services import evidence
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import experiments_of_run
from researchdesk.services.investigation_records import get_investigation
from researchdesk.services.library import paper_named
from researchdesk.services.recipes import recipe_for
from researchdesk.services.shipped import shipped_metadata


@dataclass(frozen=True, slots=True)
class Expected:
    """``words`` say what the run is of."""

    words: str

    def told(self, claims: Iterable[ClaimEntry]) -> tuple[ClaimEntry, ...]:
        """The claims as hypotheses are told: they held or were refuted."""
        return tuple(
            replace(one, verdict=outcome_kind(Verdict(one.verdict)).value) for one in claims
        )


def hypotheses_sentence(counts: Iterable[VerdictCount]) -> str:
    """``1 hypothesis held, 1 was refuted.``; empty where there is none."""
    found = dict.fromkeys(OutcomeKind, 0)
    for item in counts:
        found[outcome_kind(item.verdict)] += item.count
    parts = [f"{count} {_said(kind, count)}" for kind, count in found.items() if count]
    if not parts:
        return ""
    number, _, rest = parts[0].partition(" ")
    of = "hypothesis" if number == "1" else "hypotheses"
    return f"{', '.join([f'{number} {of} {rest}', *parts[1:]])}."


def _said(kind: OutcomeKind, count: int) -> str:
    be = "" if kind is OutcomeKind.HELD else "was " if count == 1 else "were "
    return f"{be}{kind.value}"


def is_investigation(recipe: str, arxiv_id: str) -> bool:
    """Whether a recipe of this name was derived for an investigation: it names no paper."""
    return not arxiv_id and base_name(recipe) != recipe


def expected_of(desk: Desk, run: RunSummary | RunRow) -> Expected | None:
    """What was expected of an investigation's run, and by whom; None for any other run."""
    if not is_investigation(run.recipe, run.arxiv_id):
        return None
    try:
        linked = [item for item, _ in experiments_of_run(desk, run.id)]
    except DeskError:
        linked = []
    told = [_title(desk, linked), _base(desk, base_name(run.recipe))]
    told.append(
        "What is expected here are hypotheses of its own, not a paper's claims; they held or were "
        "refuted by the rules by which a claim is reproduced or different."
    )
    return Expected(" ".join(told))


def _title(desk: Desk, linked: list[Experiment]) -> str:
    """The investigation that the run belongs to, and what that follows up."""
    if not linked:
        return "It was made for an investigation that is not on this desk any more."
    found = get_investigation(desk, linked[0].investigation)
    words = f"Made for {found.ref}, “{one_line(found.title)}”"
    if found.of:
        of = evidence.state_of(desk, found.of)
        words += f", which follows up {of.ref}" + (
            f", “{one_line(of.title)}”" if of.title != of.ref else ""
        )
    return f"{words}."


def _base(desk: Desk, name: str) -> str:
    """The recipe whose code the experiments run, with the paper that it is of."""
    words = f"Its experiments begin from the recipe {one_line(name)}"
    try:
        arxiv_id = recipe_for(desk, name).arxiv_id
    except DeskError:
        return f"{words}."
    if not arxiv_id:
        return f"{words}."
    paper = paper_named(desk, arxiv_id)
    known = paper.metadata if paper else shipped_metadata(arxiv_id)
    title = f"“{one_line(known.title)}” (arXiv:{arxiv_id})" if known else f"arXiv:{arxiv_id}"
    return f"{words}, of {title}."
