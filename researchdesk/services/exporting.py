"""Notes out of the desk, as markdown files that stay the user's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from researchdesk import files
from researchdesk.domain.identifiers import folder_name
from researchdesk.domain.links import Link, LinkKind
from researchdesk.domain.papers import Paper
from researchdesk.domain.runs import RunState
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.export import frontmatter
from researchdesk.export.markdown import ClaimTold, PaperExport, render
from researchdesk.export.notes import LinkTarget
from researchdesk.services.claims import claims_of, get_claim
from researchdesk.services.desk import Desk
from researchdesk.services.library import (
    get_paper,
    list_papers,
    paper_named,
    paper_of,
    status_of,
)
from researchdesk.services.links import links_in
from researchdesk.services.notes import get_note, is_deleted, notes_of
from researchdesk.services.reading import passes_of
from researchdesk.services.reproduction import Report, report_of, runs


@dataclass(frozen=True, slots=True)
class Exported:
    """A file of a paper; ``changed`` is False where it said everything already."""

    paper: Paper
    path: Path
    changed: bool


def export_notes(desk: Desk, refs: Sequence[str] | None, folder: Path) -> list[Exported]:
    """Write one markdown file for each paper (``None``: all on the desk) into ``folder``.

    What the user wrote outside the marked regions stays as it is. Raises BadInputError before
    anything is written where a file's marks are broken, or a file of that name is not ours.
    """
    chosen = (
        [item.paper for item in list_papers(desk)]
        if refs is None
        else [get_paper(desk, ref) for ref in refs]
    )
    if not chosen:
        raise NotOnDeskError(
            "There is no paper on this desk yet.", "Put one there: researchdesk add 1706.03762"
        )
    chosen = list(dict.fromkeys(chosen))
    library = _Folder(desk, folder, frozenset(paper.id for paper in chosen))
    planned = []
    for paper in chosen:
        path = folder / _file_of(paper)
        old = files.read_text(path)
        _refuse_foreign(paper, path, old)
        planned.append((paper, path, render(_gather(desk, paper, library), old, str(path))))
    return [Exported(paper, path, files.write_text(path, text)) for paper, path, text in planned]


@dataclass(frozen=True, slots=True)
class _Folder:
    """The folder of export, and the papers that are being written there."""

    desk: Desk
    path: Path
    written: frozenset[int]

    def target_of(self, link: Link) -> LinkTarget | None:
        """Where what a link means stands in the folder; None where it does not."""
        paper = self._paper_of(link)
        if paper is None:
            return None
        file = _file_of(paper)
        if paper.id not in self.written and not (self.path / file).is_file():
            return None
        return LinkTarget(file, paper.title if link.kind is LinkKind.PAPER else "")

    def _paper_of(self, link: Link) -> Paper | None:
        """The paper in whose file the target stands."""
        if link.kind is LinkKind.PAPER:
            return paper_named(self.desk, link.target)
        try:
            if link.kind is LinkKind.CLAIM:
                return paper_of(self.desk, get_claim(self.desk, link.target).paper_id)
            if link.kind is LinkKind.NOTE and not is_deleted(self.desk, int(link.target)):
                return paper_of(self.desk, get_note(self.desk, int(link.target)).paper_id)
        except NotOnDeskError:
            return None
        return None


def _gather(desk: Desk, paper: Paper, folder: _Folder) -> PaperExport:
    notes = notes_of(desk, paper)
    found = {link: folder.target_of(link) for note in notes for link in links_in(note.text)}
    return PaperExport(
        paper=paper,
        status=status_of(desk, paper),
        passes=passes_of(desk, paper),
        notes=notes,
        claims=_last_verdicts(desk, paper),
        taken=claims_of(desk, paper),
        targets={(link.kind, link.target): to for link, to in found.items() if to is not None},
    )


def _file_of(paper: Paper) -> str:
    return f"{folder_name(paper.name)}.md"


def _last_verdicts(desk: Desk, paper: Paper) -> list[ClaimTold]:
    """Each claim of the newest run of each recipe, by the run that says most of it.

    That is the newest finished run that tested it, a quick one only where no other did.
    """
    if paper.metadata.arxiv_id is None:
        return []
    done = [run for run in runs(desk, paper.metadata.arxiv_id) if run.state is RunState.FINISHED]
    told: list[ClaimTold] = []
    for recipe in dict.fromkeys(run.recipe for run in done):
        reports = [report_of(desk, run.id) for run in done if run.recipe == recipe]
        full_first = sorted(reports, key=lambda report: report.run.quick)
        for claim in reports[0].recipe.claims:
            candidates = [item for report in full_first for item in _told(report, claim.id)]
            tested = [item for item in candidates if item.result.verdict is not Verdict.UNTESTED]
            told += (tested or candidates)[:1]
    return told


def _told(report: Report, claim_id: str) -> list[ClaimTold]:
    results = {result.claim_id: result for result in report.claims}
    return [
        ClaimTold(claim, results[claim_id], report.run.id, report.run.quick)
        for claim in report.recipe.claims
        if claim.id == claim_id and claim_id in results
    ]


def _refuse_foreign(paper: Paper, path: Path, old: str) -> None:
    ours = f"id: {paper.name}" in frontmatter.split(old)[1].replace("'", "").replace('"', "")
    if old.strip() and not ours and "<!-- researchdesk:begin" not in old:
        raise BadInputError(
            f"{path} is there already and was not written by researchdesk. Nothing was written.",
            "Move it away, or export to another folder.",
        )
