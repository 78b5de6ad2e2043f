"""A report as markdown that GitHub shows well: the same words and numbers, without pictures."""

import re
from pathlib import Path

from researchdesk.export.ablation import write_tables
from researchdesk.export.report_page import ReportPage
from researchdesk.export.templates import fill

_BLANKS = re.compile(r"\n{3,}")


def report_markdown(page: ReportPage, own: Path | None = None) -> str:
    """The page; ``own`` is the folder of the user's templates. Raises BadInputError for these."""
    tables = [write_tables(run.tables, "markdown") if run.tables else "" for run in page.runs]
    runs = list(zip(page.runs, tables, strict=True))
    text = fill("report/page.md.j2", {"page": page, "runs": runs}, own)
    return _BLANKS.sub("\n\n", text).strip() + "\n"
