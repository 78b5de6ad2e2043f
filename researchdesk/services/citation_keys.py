"""The keys by which papers are cited: those that came with them, else the desk's or a pattern's."""

import json
import re
from collections import Counter
from collections.abc import Mapping

from researchdesk.domain.bibliography import plain
from researchdesk.domain.papers import Metadata
from researchdesk.domain.references import check_pattern, key_of, unique
from researchdesk.storage import imports, records
from researchdesk.storage.database import Database
from researchdesk.storage.imports import Filed

Handle = tuple[str, int]
"""``record`` or ``paper``, and its row."""
_UNFIT = re.compile(r"[\s,{}()\"#=%~\\]")


def keys(db: Database, pattern: str) -> dict[Handle, str]:
    """The key of every record that came with one, and of every paper that has no such record.

    Of the whole desk: what is exported beside a paper does not count. A pattern of ``{key}`` gives
    the key of the desk, which never changes; one of words gives the same library the same keys, in
    whatever order it came. Raises
    UsageProblemError where the pattern cannot be used.
    """
    check_pattern(pattern)
    papers = {paper.id: paper for paper in imports.filed(db) if not paper.removed}
    taken: set[str] = set()
    found, named = _imported(db, papers, taken)
    taken |= {papers[number].key.casefold() for number in named}
    wanted = (
        (("paper", paper.id), key_of(pattern, _words(paper), paper.key), _marks(paper))
        for paper in papers.values()
        if paper.id not in named
    )
    return found | unique(wanted, taken)


def paper_cited(db: Database, pattern: str, key: str) -> int | None:
    """The row of the paper that stands under this key in an export; None where none does."""
    handle = next((h for h, k in keys(db, pattern).items() if k.casefold() == key.casefold()), None)
    if handle is None:
        return None
    kind, number = handle
    return number if kind == "paper" else records.paper_of(db, number)


def _imported(
    db: Database, papers: Mapping[int, Filed], taken: set[str]
) -> tuple[dict[Handle, str], set[int]]:
    """The keys of records, and the papers that have one. Records of one paper that came with one
    key from files of different kinds share it."""
    times: Counter[tuple[int, str, str]] = Counter()
    wanted: dict[tuple[int, str, int], str] = {}
    of_record: dict[int, tuple[int, str, int]] = {}
    for number, paper_id, source, key in records.keys(db):
        fit = "" if "://" in key or key.startswith("#") else _UNFIT.sub("", key)
        if not fit or paper_id not in papers:
            continue
        times[paper_id, source, fit.casefold()] += 1
        of_record[number] = (paper_id, fit.casefold(), times[paper_id, source, fit.casefold()])
        wanted.setdefault(of_record[number], fit)
    made = unique(
        ((one, key, (*_marks(papers[one[0]]), str(one[2]))) for one, key in wanted.items()), taken
    )
    found: dict[Handle, str] = {("record", n): made[one] for n, one in of_record.items()}
    return found, {one[0] for one in wanted}


def _words(paper: Filed) -> Metadata:
    return Metadata(
        paper.title,
        tuple(json.loads(paper.authors)),
        arxiv_id=paper.arxiv_id or None,
        stated_year=paper.year,
    )


def _marks(paper: Filed) -> tuple[str, ...]:
    """What papers of the same key are put in order by: the older first."""
    year = f"{paper.year:04}" if paper.year else "9999"
    return (year, paper.arxiv_id, paper.doi.casefold(), plain(paper.title), paper.authors)
