"""The front of a paper: title, authors, abstract."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from researchdesk.document.pdf.lines import BodyStyle, Line, PageText, join_baselines
from researchdesk.document.pdf.words import Vocabulary, comparable, is_capitals, join_lines, mend
from researchdesk.domain.documents import Block, BlockKind, Section, SectionKind
from researchdesk.domain.identifiers import find_stamp
from researchdesk.domain.text import one_line

_PARTED = re.compile(r"[,;&\u00b7\u2022|]|\band\b|\s{3,}", re.IGNORECASE)
_MARKS = re.compile(
    r"[\d*\u2217\u2020\u2021\u00a7\u00b6\u2660-\u2666\u266e\u266f\u22c6\u2605\u2606\u2225\u25e6"
    r"\u2709#^()+]"
)
_PARTICLE = "van|von|de|der|den|di|da|del|della|dos|du|la|le|ten|ter|bin|ibn|al|el|y"
_CAPITALISED = r"[^\W\d_a-z][^\W\d_]*(?:['\u2019\u00b4`\u00a8\u02c6\u02c7.-]+[^\W\d_]*)*"
_NAME = re.compile(rf"{_CAPITALISED}(?:\s(?:(?:{_PARTICLE})\s){{0,2}}{_CAPITALISED}){{1,4}}")
_PLACE = re.compile(
    r"univ|institut|depart|dept|school|college|laborator|\blabs?\b|research|google|facebook|\bmeta\b"
    r"|microsoft|amazon|apple|nvidia|deepmind|openai|brain|\bintel\b|\bibm\b|adobe|baidu|tencent"
    r"|alibaba|huawei|samsung|megvii|group|corporat|\binc\b|\bltd|gmbh|technolog|scien|engineer"
    r"|academy|centre|center|faculty|hospital|company|polytech|foundation|conference|proceed"
    r"|workshop|volume|published|preprint|submitted|accepted|dated|appear|version|abstract|author"
    r"|equal|contribut|correspond|member|fellow|student|ieee|street|avenue|\b(?:usa|uk|china)\b"
    r"|keyword|mathemat|physic|comput|learning|intelligence|national|cambridge|toronto|stanford"
    r"|berkeley|\bmit\b|\beth\b|\bcmu\b|chapel|california|\btech\b|robotic|united|\bco\b|\buc\b|\biiit\b|\bcnrs\b|copyright|license|rights|\bthe\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"@|https?:|www\.|\{|\}|\.(?:com|edu|org)\b")
_LONGEST = 45
_ABSTRACT = re.compile(r"(?:abstract|summary)\b", re.IGNORECASE)


def title_lines(page: PageText, body: BodyStyle) -> list[Line]:
    """The largest print in the upper part of the first page, or nothing.

    Where nothing is larger than the text, the first lines in bold or capitals.
    """
    lines = [line for line in join_baselines(page.lines, reach=1.25) if _wordy(line)]
    upper = sorted((line for line in lines if line.y0 < 0.5 * page.height), key=lambda x: x.y1)
    largest = max((line.top for line in upper), default=0.0)
    if largest > body.size + 0.9:
        at = next(at for at, line in enumerate(upper) if line.top > largest - 0.6)
    else:
        at = next((at for at, line in enumerate(upper) if _stands_out(line, body)), -1)
    if at < 0:
        return []
    chosen = [upper[at]]
    for line in upper[at + 1 : at + 6]:
        if not _same_title(chosen[-1], line):
            break
        chosen.append(line)
    return chosen


def title_of(lines: Iterable[Line]) -> str:
    """The title that these lines print."""
    title = one_line(join_lines((line.text for line in lines), Vocabulary()))[:400]
    return title.rstrip("*\u2217\u2020\u2021 ")


def _stands_out(line: Line, body: BodyStyle) -> bool:
    return line.top > body.size - 0.6 and (line.bold or is_capitals(line.text))


def _same_title(above: Line, line: Line) -> bool:
    alike = abs(line.top - above.top) < 0.6 or abs(line.size - above.size) < 0.2
    same = alike and line.bold == above.bold
    return same and line.y0 - above.y1 < 1.2 * above.top


def _wordy(line: Line) -> bool:
    return sum(c.isalpha() for c in line.text) >= 3 and not find_stamp(line.text)


def authors_of(page: PageText, title: Sequence[Line]) -> tuple[str, ...]:
    """Names printed between the title and the text, in order; without places and addresses."""
    if not title:
        return ()
    top = title[-1].y1
    pieces = join_baselines(page.lines, reach=0.9)
    below = sorted((line for line in pieces if line.y0 > top - 2), key=lambda line: line.y1)
    front: list[Line] = []
    for line in below:
        if _is_text(line):
            break
        front.append(line)
    named = [(line, _names(line.text)) for line in _by_rows(front)]
    counts = Counter(name for _, names in named for name in set(names))
    first = next((line for line, names in named if names), None)
    if first is None:
        return ()
    found = [
        name
        for line, names in named
        if abs(line.top - first.top) < 0.6 and line.bold == first.bold
        for name in names
        if counts[name] == 1
    ]
    return tuple(dict.fromkeys(found))


def _by_rows(lines: Sequence[Line]) -> list[Line]:
    """Top to bottom, those of one height from left to right."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and abs(rows[-1][0].middle - line.middle) < 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.x0)]


def _is_text(line: Line) -> bool:
    text = mend(line.text)
    running = len(text) > 55 and sum(word.islower() for word in text.split()) >= 6
    heading = comparable(text) in {"introduction", "abstract", "contents"}
    return running or heading or bool(_ABSTRACT.match(text))


def _names(text: str) -> list[str]:
    if _ADDRESS.search(text):
        return []
    parts = _PARTED.split(_MARKS.sub(",", text.replace("\xa0", " ")))
    return [_cased(name) for name in map(mend, parts) if _is_name(name)]


def _is_name(text: str) -> bool:
    bare = text.strip(" .:")
    whole = any(len(word) > 2 for word in bare.split())
    return (
        whole and bool(_NAME.fullmatch(bare)) and len(bare) <= _LONGEST and not _PLACE.search(bare)
    )


def _cased(name: str) -> str:
    return name.strip(" .:").title() if is_capitals(name) else name.strip(" :")


def abstract_of(blocks: Sequence[Block], sections: Sequence[Section]) -> str:
    """Its paragraphs, parted by a newline: what the abstract's section holds, or the running text
    before the first section of a paper with an introduction."""
    section = next((s for s in sections if s.kind is SectionKind.ABSTRACT), None)
    if section:
        inside = blocks[section.first : section.last]
    else:
        introduced = any(s.kind is SectionKind.INTRODUCTION for s in sections)
        first = sections[0].first if introduced else 0
        inside = [block for block in blocks[:first] if block.page < 3]
    texts = [block.text for block in inside if block.kind is BlockKind.TEXT]
    return "\n".join(texts)
