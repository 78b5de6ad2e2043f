"""The page over all papers with runs; the reports that changed are written beside it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from researchdesk import __version__, files
from researchdesk.assets import folder
from researchdesk.domain.clock import utc_day
from researchdesk.domain.identifiers import folder_name
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.run_rows import RunRow
from researchdesk.domain.text import one_line
from researchdesk.domain.verdict_counts import VerdictCount
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import DeskError, NotOnDeskError, UsageProblemError
from researchdesk.export.report_html import index_html
from researchdesk.export.report_marks import marked
from researchdesk.export.report_page import IndexPage, IndexRow, ReportPage
from researchdesk.harness.open_run import ENVIRONMENT, EVENTS
from researchdesk.services.desk import Desk
from researchdesk.services.library import list_papers
from researchdesk.services.report_hypotheses import expected_of, is_investigation
from researchdesk.services.report_pages import page_of, paper_head
from researchdesk.services.report_writing import (
    Written,
    place_for,
    put,
    refuse_foreign,
    reports_folder,
    text_of,
)
from researchdesk.services.runs import listed
from researchdesk.services.surprise_words import noticed_about

Tell = Callable[[str, int, int], None]
"""Hears the title of the paper whose page comes next, its number, and how many there are."""
Fell = Callable[[str, str], None]
"""Hears which paper could not be told, and why."""

INDEX = "index"
_KEPT = "reports.json"
_UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class _Group:
    """The runs of one paper, newest first; of a recipe that is of no paper, its runs."""

    ref: str
    name: str
    runs: tuple[RunRow, ...]


def write_index(
    desk: Desk, to: Path | None = None, tell: Tell | None = None, fell: Fell | None = None
) -> list[Written]:
    """Write the index and each paper's page into a folder; the index is the first of the files.

    A paper that cannot be told keeps no other back: ``fell`` hears of it, and the index says so.

    Raises NotOnDeskError where nothing was run or read, UsageProblemError where ``to`` is a file,
    BadInputError where a file there is not ours; then nothing is written over.
    """
    place = to or reports_folder(desk)
    if place.is_file() or place.suffix.lower() in (".html", ".htm", ".md", ".json"):
        raise UsageProblemError(f"{place} is no folder.", "The index is written with its pages.")
    groups, read = _groups(listed(desk).rows), _read_without(desk)
    if not groups and not read:
        raise NotOnDeskError(
            "Nothing was run or read on this desk yet, so there is nothing to report.",
            "Begin: researchdesk reproduce 1904.09237",
        )
    home = place_for(desk, INDEX, "html", place)
    refuse_foreign(home)
    kept = _Kept(desk)
    rows, done = [], []
    for number, group in enumerate(groups, start=1):
        if tell is not None:
            tell(group.ref, number, len(groups))
        row, written = _row(desk, group, place, kept)
        rows.append(row)
        done += [written] if written else []
        if row.problem and fell is not None:
            fell(group.ref, row.problem)
    kept.save()
    named = {group.ref for group in groups}
    rows += [row for row in read if row.name not in named]
    index = IndexPage(__version__, _totals(rows), tuple(rows))
    return [put(home, index_html(index, desk.root / "templates")), *done]


def _groups(every: Iterable[RunRow]) -> list[_Group]:
    """The paper with the newest run first."""
    found: dict[str, list[RunRow]] = {}
    for run in every:
        found.setdefault(run.arxiv_id or run.recipe, []).append(run)
    return [
        _Group(ref, folder_name(ref) if of[0].arxiv_id else ref, tuple(of))
        for ref, of in found.items()
    ]


def _read_without(desk: Desk) -> list[IndexRow]:
    """The papers that somebody began to read, by title."""
    found = [item for item in list_papers(desk) if item.status != _UNREAD]
    rows = [
        IndexRow(
            name=item.paper.name,
            title=one_line(item.paper.title),
            authors=one_line(", ".join(item.paper.metadata.authors)),
            status=item.status,
        )
        for item in found
    ]
    return sorted(rows, key=lambda row: (row.title.casefold(), row.name))


def _row(desk: Desk, group: _Group, place: Path, kept: "_Kept") -> tuple[IndexRow, Written | None]:
    """A paper's line, and its page, made anew only where something of it changed."""
    path = place_for(desk, group.name, "html", place)
    newest = group.runs[0]
    head = paper_head(desk, newest.arxiv_id)
    facts = dict(head.facts) if head else {}
    row = IndexRow(
        name=group.ref,
        title=head.title if head else group.ref,
        authors=head.authors if head else "",
        status=facts.get("reading", ""),
        newest=newest.id,
        when=utc_day(newest.started_at).isoformat(),
        state=newest.state.value,
        is_paper=not is_investigation(newest.recipe, newest.arxiv_id),
    )
    try:
        told, written = _told(desk, group, path, kept)
    except DeskError as error:
        return replace(row, problem=one_line(error.message)), None
    counts = tuple(VerdictCount(Verdict(word), number) for word, number in told["counts"])
    told_row = replace(
        row,
        title=told["title"],
        sentence=told["sentence"],
        counts=counts,
        hypotheses=told["hypotheses"],
        cautions=tuple(told["cautions"]),
        link=path.name,
    )
    return told_row, written


def _told(
    desk: Desk, group: _Group, path: Path, kept: "_Kept"
) -> tuple[Mapping[str, Any], Written]:
    refuse_foreign(path)
    inputs = _digest(_inputs(desk, group))
    before = kept.of(path)
    if before and before["inputs"] == inputs and before["output"] == _digest_of(path):
        return before, Written(path, changed=False)
    page = page_of(desk, [group.ref])
    text = text_of(desk, page, "html")
    written = put(path, text)
    told = {
        "inputs": inputs,
        "output": sha256(marked(text, "html").encode()).hexdigest(),
        "title": page.title if page.paper else page.runs[0].title,
        "sentence": page.sentence,
        "counts": [[item.word, item.count] for item in page.counts],
        "hypotheses": sum(item.count for item in page.hypotheses),
        "cautions": _cautions(page),
    }
    kept.keep(path, told)
    return told, written


def _cautions(page: ReportPage) -> list[str]:
    """What is to be known before a page's counts are believed, each once."""
    found = Counter(item.title for run in page.runs for item in run.warnings)
    whole = len(page.runs)
    return [
        title if count == whole else f"{title} ({count} of {whole} runs)"
        for title, count in found.items()
    ]


def _inputs(desk: Desk, group: _Group) -> Iterator[str]:
    """All that a paper's page depends on, as texts that change when it does."""
    yield __version__
    for root in (folder("data") / "templates", desk.root / "templates"):
        for path in sorted((root / "report").glob("*")):
            yield f"{path.name} {_digest_of(path)}"
    yield repr(paper_head(desk, group.runs[0].arxiv_id))
    for run in group.runs:
        yield f"{run.id} {run.state}"
        for name in (EVENTS, ENVIRONMENT):
            path = desk.settings.runs / run.id / name
            told = path.stat() if path.is_file() else None
            yield f"{name} {told.st_mtime_ns} {told.st_size}" if told else f"no {name}"
        yield repr(noticed_about(desk, run.id))
        if is_investigation(run.recipe, run.arxiv_id):
            yield repr(expected_of(desk, run))


def _digest(texts: Iterable[str]) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()


def _digest_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _totals(rows: Sequence[IndexRow]) -> tuple[VerdictCount, ...]:
    found = dict.fromkeys(Verdict, 0)
    for row in rows:
        for item in row.counts:
            found[item.verdict] += item.count
    return tuple(VerdictCount(word, number) for word, number in found.items() if number)


class _Kept:
    """What was told of each page when it was written last, beside the desk's other caches."""

    def __init__(self, desk: Desk) -> None:
        self._path = desk.settings.cache / _KEPT
        try:
            found = parse_json(files.read_text(self._path) or "{}")
        except (ValueError, DeskError):
            found = {}
        self._pages: dict[str, Any] = found if isinstance(found, dict) else {}

    def of(self, path: Path) -> Mapping[str, Any] | None:
        """None where the page was not written yet, or the note of it is not whole."""
        found = self._pages.get(str(path.absolute()))
        if not isinstance(found, dict):
            return None
        try:
            [VerdictCount(Verdict(word), int(number)) for word, number in found["counts"]]
            int(found["hypotheses"])
            texts = [found[key] for key in ("inputs", "output", "title", "sentence")]
            texts += found["cautions"]
        except (KeyError, ValueError, TypeError, OverflowError):
            return None
        return found if all(isinstance(text, str) for text in texts) else None

    def keep(self, path: Path, told: Mapping[str, Any]) -> None:
        self._pages[str(path.absolute())] = told

    def save(self) -> None:
        files.write_text(self._path, json.dumps(self._pages, sort_keys=True, indent=1))
