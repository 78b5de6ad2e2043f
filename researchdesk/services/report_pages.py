"""Reports: which runs are told of a paper, and all that stands on the page."""

from collections.abc import Sequence
from functools import partial
from hashlib import sha256

from researchdesk import __version__
from researchdesk.domain.identifiers import folder_name
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.papers import Paper
from researchdesk.domain.refs import as_ref
from researchdesk.domain.run_rows import RunChoice
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.subjects import newest_full
from researchdesk.domain.text import one_line
from researchdesk.domain.verdict_counts import counted, in_short, sentence
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import DeskError, NotOnDeskError, UsageProblemError
from researchdesk.export.report_page import OtherRun, PaperHead, ReportPage
from researchdesk.services.desk import Desk
from researchdesk.services.library import as_arxiv_id, paper_named, status_of
from researchdesk.services.reading import passes_of
from researchdesk.services.recipes import recipe_for
from researchdesk.services.report_hypotheses import hypotheses_sentence
from researchdesk.services.report_runs import run_report, seeds_words
from researchdesk.services.reports import Report, report_of
from researchdesk.services.runs import get_run, listed, runs, whole
from researchdesk.services.shipped import shipped_metadata


def page_of(desk: Desk, refs: Sequence[str]) -> ReportPage:
    """The page of one paper (its id, its key, or its recipe's name), or of the runs named.

    Of a paper the newest full run of each recipe is told, a quick or unfinished one only where
    there is no other. Raises NotOnDeskError where there is none, UsageProblemError for a paper
    among others.
    """
    named = [_run_named(desk, ref) for ref in refs]
    told = [run for run in named if run is not None]
    if len(told) == len(refs):
        return _page(desk, tuple({run.id: run for run in told}.values()), (), whole=False)
    if len(refs) > 1:
        raise UsageProblemError(
            "A report is of one paper, or of runs; these are neither. Nothing was written.",
            "Name one paper, or only runs: researchdesk runs list",
        )
    every = runs_of(desk, refs[0])
    chosen = chosen_runs(every)
    others = tuple(run for run in every if run not in chosen)
    return _page(desk, chosen, others, whole=True)


def runs_of(desk: Desk, ref: str) -> list[RunSummary]:
    """The runs of a paper or a recipe, newest first. Raises NotOnDeskError where there is none."""
    arxiv_id = as_arxiv_id(ref)
    if arxiv_id is not None:
        found = runs(desk, arxiv_id.base)
    else:
        found = list(whole(desk, listed(desk, RunChoice(recipe=ref)).rows))
        found = found or _of_key(desk, ref)
    if not found:
        raise _no_run(desk, ref, paper=arxiv_id is not None or paper_named(desk, ref) is not None)
    return found


def _no_run(desk: Desk, ref: str, *, paper: bool) -> NotOnDeskError:
    name = one_line(ref)
    none = f"There is no run of {name} yet, so there is nothing to report."
    try:
        recipe_for(desk, ref)
    except NotOnDeskError as error:
        if paper:
            return NotOnDeskError(none, f"There is no recipe for it, too. {error.hint}")
        return NotOnDeskError(
            f"{name} is no paper, recipe or run of this desk. Nothing was written.",
            "See which runs there are: researchdesk runs list",
        )
    return NotOnDeskError(none, f"Make one: researchdesk reproduce {name}")


def chosen_runs(every: Sequence[RunSummary]) -> tuple[RunSummary, ...]:
    """The run of each recipe that is told in full."""
    best = {run.recipe: run for run in newest_full(every)}
    for run in every:
        best.setdefault(run.recipe, run)
    return tuple(best[name] for name in sorted(best))


def page_name(told: Sequence[RunSummary], *, whole: bool) -> str:
    """The file's name without its ending: the paper's where it is ``whole``, else the run's."""
    first = told[0]
    if whole:
        return folder_name(first.arxiv_id) if first.arxiv_id else first.recipe
    if len(told) == 1:
        return first.id
    digest = sha256("\n".join(run.id for run in told).encode()).hexdigest()[:8]
    return f"{first.id}-and-{len(told) - 1}-more-{digest}"


def _page(
    desk: Desk, chosen: Sequence[RunSummary], others: Sequence[RunSummary], *, whole: bool
) -> ReportPage:
    heads = {run.arxiv_id: paper_head(desk, run.arxiv_id) for run in chosen}
    tested = _Elsewhere(desk, others)
    both = [
        run_report(desk, run.id, heads[run.arxiv_id], partial(tested, run.recipe)) for run in chosen
    ]
    told = tuple(page for _, page in both)
    again = len({run.recipe for run in chosen}) < len(chosen)
    counts = counted(
        result for report, page in both if not page.expected for result in report.claims
    )
    hypotheses = counted(
        result for report, page in both if page.expected for result in report.claims
    )
    said = [sentence(counts) if counts or not hypotheses else "", hypotheses_sentence(hypotheses)]
    paper = heads[chosen[0].arxiv_id] if len(heads) == 1 else None
    title = paper.title if paper else told[0].title if len(told) == 1 else f"{len(told)} runs"
    return ReportPage(
        name=page_name(chosen, whole=whole),
        title=title,
        version=__version__,
        paper=paper,
        counts=() if again else counts,
        sentence=f"{len(told)} runs; some test the same claims, so that each is told by itself."
        if again
        else " ".join(filter(None, said)),
        runs=told,
        others=tuple(map(_other, others)),
        hypotheses=() if again else hypotheses,
    )


def paper_head(desk: Desk, arxiv_id: str) -> PaperHead | None:
    """What is known of a paper by its id; None for no id."""
    if not arxiv_id:
        return None
    paper = paper_named(desk, arxiv_id)
    words = paper.metadata if paper else shipped_metadata(arxiv_id)
    facts = [("arXiv", arxiv_id + (f"v{words.version}" if words else ""))]
    if words and words.published:
        facts.append(("published", f"{words.published:%Y-%m-%d}"))
    if paper:
        facts.append(("reading", _read(desk, paper)))
    return PaperHead(
        title=one_line(words.title) if words else f"arXiv:{arxiv_id}",
        authors=one_line(", ".join(words.authors)) if words else "",
        name=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}" + (f"v{words.version}" if words else ""),
        facts=tuple(facts),
    )


def _read(desk: Desk, paper: Paper) -> str:
    """Where the reading stands, and which versions it was of."""
    versions = sorted({item.version for item in passes_of(desk, paper)})
    of = f", of version {', '.join(map(str, versions))}" if versions else ""
    return f"{status_of(desk, paper)}{of}"


def _run_named(desk: Desk, ref: str) -> RunSummary | None:
    """The run of this id or ref; None where the ref is no run's."""
    link = ref_link(as_ref(ref))
    if link is not None and link.kind is LinkKind.RUN:
        return get_run(desk, link.target.partition("#")[0])
    return None


def _of_key(desk: Desk, ref: str) -> list[RunSummary]:
    paper = paper_named(desk, ref)
    arxiv_id = paper.metadata.arxiv_id if paper else None
    return runs(desk, arxiv_id) if arxiv_id else []


class _Elsewhere:
    """What other finished runs say of a claim; each is judged once, and only if it is asked."""

    def __init__(self, desk: Desk, others: Sequence[RunSummary]) -> None:
        self._desk = desk
        self._others = [run for run in others if run.state is RunState.FINISHED]
        self._reports: dict[str, Report | None] = {}

    def __call__(self, recipe: str, claim_id: str) -> str:
        for run in sorted(self._others, key=lambda run: run.quick):
            report = self._judged(run.id) if run.recipe == recipe else None
            for result in report.claims if report else ():
                if result.claim_id == claim_id and result.verdict is not Verdict.UNTESTED:
                    quick = "quick run" if run.quick else "run"
                    return f"The {quick} {run.id} tested it: {result.verdict.value}."
        return ""

    def _judged(self, run_id: str) -> Report | None:
        if run_id not in self._reports:
            try:
                self._reports[run_id] = report_of(self._desk, run_id)
            except DeskError:
                self._reports[run_id] = None
        return self._reports[run_id]


def _other(run: RunSummary) -> OtherRun:
    says = in_short(counted(run.claims)) or "not judged"
    quick = ", quick" if run.quick else ""
    return OtherRun(run.id, run.recipe, f"{run.state.value}{quick}", seeds_words(run), says)
