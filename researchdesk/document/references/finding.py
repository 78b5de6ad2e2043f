"""The bibliography: its entries, and what each says of the work it names."""

import re
from collections.abc import Sequence

from researchdesk.document.pdf.words import CAPTION
from researchdesk.document.references.addresses import find_arxiv, find_doi, find_urls
from researchdesk.document.references.split import Entry, split_entries
from researchdesk.document.references.title import find_title
from researchdesk.domain.documents import Block, BlockKind, Reference, Section, SectionKind

_SKIPPED = {BlockKind.HEADING, BlockKind.CAPTION, BlockKind.GRAPHIC, BlockKind.FRONT}
_BACK = re.compile(r"(?<=[.)/\w])\s+\d{1,2}(?:,\s?\d{1,2})*$")
_BACKED = re.compile(r"[.)/]\s+\d{1,2}(?:,\s?\d{1,2})*$")
_YEAR = re.compile(r"(?<![\d.:/–-])(?P<year>(?:1[6-9]|20)\d\d)(?=[a-z]?(?![\d/]|\.\d))")
_LEADING_YEAR = re.compile(
    r"\((?P<year>(?:1[6-9]|20)\d\d)[a-z]?\)|\.\s(?P<bare>(?:1[6-9]|20)\d\d)[a-z]?\.\s"
)
_NOISE = re.compile(
    r"\d+\s*[–-]\s*\d+|(?:accessed|retrieved|visited)[^.]*|\barxiv\S*\s?\S*\d{4}\.\d{4,5}(?:v\d+)?"
    r"|abs/\S+",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?:\[1\]|1\.|\(1\)|1)\s?(?=[A-Z“\"])")
_FEWEST = 4
_LATEST = 2040


def find_references(blocks: Sequence[Block], sections: Sequence[Section]) -> tuple[Reference, ...]:
    """The entries of the bibliography in the order of print.

    Taken from the sections of references, or from blocks marked as such; where there are neither,
    from a counted list at the end of the paper.
    """
    groups = _bibliographies(blocks, sections)
    found = [entry for group in groups for entry in split_entries(group)]
    if not found:
        found = _unheaded(blocks)
    backed = 2 * sum(1 for entry in found if _BACKED.search(entry.text)) > len(found)
    return tuple(_reference(entry, backed) for entry in found)


def _bibliographies(blocks: Sequence[Block], sections: Sequence[Section]) -> list[list[Block]]:
    groups = []
    for section in sections:
        if section.kind is SectionKind.REFERENCES:
            inside = blocks[section.first : section.last]
            groups.append([block for block in inside if not _skipped(block)])
    marked = [block for block in blocks if block.kind is BlockKind.REFERENCE]
    if any(groups):
        chosen = [[b for b in group if _of_entries(b, group)] for group in groups]
        return [group for group in chosen if group]
    return [marked] if marked else []


def _skipped(block: Block) -> bool:
    caption = CAPTION.match(block.text)
    return bool(block.heading or block.kind in _SKIPPED or (caption and caption["mark"]))


def _of_entries(block: Block, group: Sequence[Block]) -> bool:
    """Footnotes are left out where most paragraphs of the section are marked as entries."""
    marked = sum(1 for other in group if other.kind is BlockKind.REFERENCE)
    return block.kind is not BlockKind.FOOTNOTE or 2 * marked < len(group)


def _unheaded(blocks: Sequence[Block]) -> list[Entry]:
    """A counted list in the last third of the blocks that no heading announces."""
    late = blocks[2 * len(blocks) // 3 :]
    for at, block in enumerate(late):
        if not block.heading and _FIRST.match(block.text):
            entries = split_entries([b for b in late[at:] if not b.heading])
            dated = sum(1 for entry in entries if _YEAR.search(entry.text))
            if len(entries) >= _FEWEST and 2 * dated > len(entries):
                return entries
    return []


def _reference(entry: Entry, backed: bool) -> Reference:
    text = _BACK.sub("", entry.text) if backed else entry.text
    urls = find_urls(text)
    arxiv = find_arxiv(text)
    return Reference(
        label=entry.label,
        text=text,
        page=entry.page,
        title=find_title(text),
        arxiv=arxiv,
        doi=find_doi(text),
        url=urls[0].url if urls else "",
        year=_year_of(text, arxiv),
    )


def _year_of(text: str, arxiv: str) -> int:
    """The year of print: the one after the authors, else the last one named, else arXiv's."""
    bare = text
    for address in reversed(find_urls(text)):
        bare = bare[: address.start] + " " + bare[address.end :]
    if lead := _LEADING_YEAR.search(bare[:400]):
        return int(lead["year"] or lead["bare"])
    years = [int(match["year"]) for match in _YEAR.finditer(_NOISE.sub(" ", bare))]
    years = [year for year in years if year <= _LATEST]
    if years:
        return years[-1]
    return 2000 + int(arxiv[:2]) if arxiv[:1].isdigit() else 0
