"""An answered checklist as markdown: an appendix for a paper, or a file of a release."""

import re
from pathlib import Path
from typing import Any

from researchdesk.domain.checklists import Answered, Sheet
from researchdesk.export.templates import fill
from researchdesk.services.desk import Desk
from researchdesk.services.own_files import write_marked

_NOT_IN_A_MARK = re.compile(r"[^a-z0-9]+")


def markdown_of(desk: Desk, sheet: Sheet) -> str:
    """By the template ``checklist/appendix.md.j2``, the user's own where there is one."""
    told = {
        "title": sheet.checklist.title,
        "of": f"{sheet.title} ({sheet.of})" if _tellable(sheet) else sheet.title,
        "source": sheet.checklist.source,
        "counts": counts_said(sheet),
        "parts": [
            {"name": name, "questions": [_told(item) for item in items]}
            for name, items in sheet.parts()
        ],
    }
    return fill("checklist/appendix.md.j2", told, desk.root / "templates")


def write_markdown(desk: Desk, sheet: Sheet, path: Path, *, force: bool = False) -> bool:
    """Write it to ``path``; False where it says that already. Raises BadInputError, and nothing is
    written, where a file stands there that is not as we wrote it and ``force`` is not given."""
    of = sheet.of if _tellable(sheet) else sheet.title
    kind = f"checklist-{_NOT_IN_A_MARK.sub('-', sheet.checklist.name.casefold())}"
    return write_marked(path, kind, of, markdown_of(desk, sheet), force=force)


def counts_said(sheet: Sheet) -> str:
    """``7 yes, 2 partly, 1 no``; what is counted nowhere is left out."""
    counted = sheet.counts.items()
    return ", ".join(f"{number} {answer.value}" for answer, number in counted if number)


def _tellable(sheet: Sheet) -> bool:
    """Whether its ref may be told to others: no path of this machine."""
    return not sheet.of.startswith(("folder:", "file:"))


def _told(item: Answered) -> dict[str, Any]:
    return {
        "question": item.item.question,
        "answer": item.answer.value,
        "own": item.is_own,
        "why": item.own.why if item.own and item.is_own else "",
        "evidence": [{"text": one.text, "ref": one.ref} for one in item.found.evidence],
        "lacks": item.found.lacks,
        "found": item.found.answer.value,
        "contradicts": item.contradicts,
    }
