"""Reports as files: where they go, and that nobody's own file is written over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from researchdesk import files
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.export.report_html import report_html
from researchdesk.export.report_markdown import report_markdown
from researchdesk.export.report_marks import is_as_written, marked, says_already
from researchdesk.export.report_page import ReportPage
from researchdesk.services import own_files
from researchdesk.services.desk import Desk
from researchdesk.services.report_pages import page_of

ENDINGS = {"html": ".html", "markdown": ".md", "json": ".json"}
FORMS = tuple(ENDINGS)
_FORM_OF = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown"}
_FORM_OF[".json"] = "json"
_FILE_NAME = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,6}")
_SIGNS = ('name="generator" content="researchdesk', "<!-- researchdesk report", '"generator": "res')
_HEAD = 2000


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a report; ``changed`` is False where it said everything already.

    ``instead_of`` is the file that a person changed by hand: it stays, and this one is beside it.
    """

    path: Path
    changed: bool
    instead_of: Path | None = None


def form_for(to: Path | None, form: str = "") -> str:
    """The form that is asked for, or that the file's name says; HTML where neither does.

    Raises UsageProblemError where the two do not go together, or the file is of another kind.
    """
    named = _FORM_OF.get(to.suffix.lower()) if to is not None and not to.is_dir() else None
    if to is not None and not named and not to.is_dir() and _FILE_NAME.fullmatch(to.suffix):
        raise UsageProblemError(
            f"A report is no {to.suffix} file. Nothing was written.",
            f"Name one that ends in {', '.join(ENDINGS.values())}, or a folder without an ending; "
            "a browser prints the HTML.",
        )
    if form and named and named != form:
        raise UsageProblemError(
            f"{to} is the name of a {named} file, but {form} is asked for. Nothing was written.",
            "Leave --format out, or name the file otherwise.",
        )
    return form or named or "html"


def reports_folder(desk: Desk) -> Path:
    """Where reports go that nobody named a place for."""
    return desk.root / "reports"


def place_for(desk: Desk, name: str, form: str, to: Path | None = None) -> Path:
    """The file of a report: ``to`` itself if it is named like one, else one in that folder."""
    if to is not None and not to.is_dir() and to.suffix.lower() in _FORM_OF:
        return to
    return (to or reports_folder(desk)) / f"{name}{ENDINGS[form]}"


def text_of(desk: Desk, page: ReportPage, form: str) -> str:
    """A report as HTML or markdown, by the user's own templates where there are some."""
    own = desk.root / "templates"
    return report_html(page, own) if form == "html" else report_markdown(page, own)


def put(path: Path, text: str, form: str = "html") -> Written:
    """Write a report; beside a file of ours that somebody changed by hand, where it says more.

    Raises BadInputError, and writes nothing, over a file that is not ours.
    """
    refuse_foreign(path)
    new, old = marked(text, form), files.read_text(path)
    if says_already(old, new) and not is_as_written(old):
        return Written(path, changed=False)
    to = own_files.place_for(path, _is_untouched)
    return Written(to, files.write_text(to, new), instead_of=path if to != path else None)


def _is_untouched(path: Path) -> bool:
    text = files.read_text(path)
    return not text.strip() or is_as_written(text)


def refuse_foreign(path: Path) -> None:
    """Raises BadInputError where a file stands there that researchdesk did not write."""
    if not path.exists():
        return
    text = path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else ""
    ours = any(sign in text[:_HEAD] for sign in _SIGNS) or is_as_written(text)
    if not ours and (text or not path.is_file()):
        raise BadInputError(
            f"{path} is there already and was not written by researchdesk. Nothing was written.",
            "Move it away, or name another place with --to.",
        )


def write_report(desk: Desk, refs: Sequence[str]) -> Written:
    """The page of a paper or of runs, as HTML in the desk's folder of reports.

    Raises as ``page_of`` and ``put`` do.
    """
    page = page_of(desk, refs)
    return put(place_for(desk, page.name, "html"), text_of(desk, page, "html"))
