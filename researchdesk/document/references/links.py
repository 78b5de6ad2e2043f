"""Links to code: in the text and under it, and whether the code is the authors' own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from researchdesk.document.pdf.lines import PageLink
from researchdesk.document.references.addresses import find_urls
from researchdesk.document.references.repositories import CodeAddress, code_address
from researchdesk.document.references.sentences import sentence_at, sentence_spans
from researchdesk.domain.documents import Block, BlockKind, CodeLink, Section, SectionKind
from researchdesk.domain.text import one_line

_CODE = (
    r"(?:codes?|code-?base|implementations?|models?|weights|checkpoints|software|repository|repo|"
    r"librar(?:y|ies)|toolkit|package|scripts|project (?:page|web ?site))"
)
_GIVEN = (
    r"(?:available|releas(?:e|ed|ing)|open[- ]?sourc(?:e|ed|ing)|publish(?:ed)?|provided?|found"
    r"|hosted|accessible|download(?:ed)?|public|share[ds]?|obtained|accessed)"
)
_GIVES = re.compile(
    rf"(?:\b(?:is|are|be|been|made|and)\b|^|:)(?:(?!\bwith\b|\busing\b)[^.]){{0,90}}?\b{_GIVEN}\b",
    re.IGNORECASE,
)
_RELEASES = (
    r"\bwe (?:\w+ ){0,2}(?:releas|provid|publish|open[- ]?sourc|ma[kd]e|shar|host|distribut)"
)
_OURS = re.compile(rf"\bour\b.*\b{_GIVEN}\b|{_RELEASES}", re.IGNORECASE)
_SURE = re.compile(
    rf"\b(?:our|the) (?:(?!us(?:e|ing))\w+ ){{0,3}}{_CODE}\b[\w ,]{{0,70}}"
    r" (?:is|are|has|have|will|can)\b"
    rf"(?: \w+){{0,3}} {_GIVEN}\b|{_RELEASES}",
    re.IGNORECASE,
)
_OF_CODE = re.compile(rf"\b{_CODE}\b", re.IGNORECASE)
_PLAIN = re.compile(
    rf"(?:^|[.;,:(\d]\s*)(?:the |all |source |our |training |pytorch |official )*{_CODE}"
    r"(?:,? (?:and|&|/) [\w -]{3,40})?(?: (?:is|are))?(?: (?:publicly |freely )?(?:available"
    r"|released))?(?: online)?\s*(?:at|on|in|here|via)?\s*[:.]?\s*$",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    rf"\btheir (?:\w+ ){{0,2}}{_CODE}\b|\bauthors?[’']|\bprovided by\b|\bbased (?:up)?on\b"
    r"|\btaken from\b|\bimplemented by\b|\boriginal implementation\b|\bdetails are\b",
    re.IGNORECASE,
)
_USES = re.compile(
    r"\b(?:we|is|are|was|were|and|experiments|models) (?:also )?(?:use[ds]?|adopt|follow|employ"
    r"|modif|borrow|build)|\b(?:using|with|from) the\b|\bsee\b|\bfollowing\b"
    r"|\bdata ?sets?\b(?!.*\bcode)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\bproject (?:page|web ?site|home ?page)\b|\bcode\b", re.IGNORECASE)
_OFFICIAL = re.compile(r"\bofficial\b|\bsource code\b|\bour\b", re.IGNORECASE)
_MARK = re.compile(
    r"(?P<mark>\d{1,2}|[*†‡§])\s?(?=https?:|www\.|[a-z]+\.(?:com|org|io))", re.IGNORECASE
)
_GENERIC = re.compile(
    r"py|pytorch|torch|tensorflow|tf|keras|jax|caffe|code|codes|official|models?|net|network|the"
    r"|master"
    r"|examples?|project|paper|learning|deep|data|research|release|public|implementation"
)
_NOTE_NUMBER = re.compile(
    r"(?:^|(?<=\s))\d{1,2}(?=[A-Z])|(?<=[a-z]{3})\s?\d{1,2}(?=[.,;:)]|$)|(?<=[a-z]{3})\d{1,2}(?=\s)"
)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class _Seen:
    """A link where it was found; ``clicked``: under the text, so that its address is whole."""

    address: CodeAddress
    page: int
    quote: str
    own: bool
    clicked: bool


def find_code_links(
    blocks: Sequence[Block], sections: Sequence[Section], uris: Sequence[PageLink]
) -> tuple[CodeLink, ...]:
    """Links to repositories and project pages, once each, those of the authors first.

    From the text and from ``uris``, the links that can be clicked. Other addresses count only
    where the sentence says that code is there.
    """
    cited = _cited(blocks, sections)
    names = _first_page(blocks, sections)
    seen = [
        found
        for at, block in enumerate(blocks)
        for found in _in_text(block, at in cited, names, blocks)
    ]
    seen += [found for link in uris if (found := _clicked(link, blocks, cited, names))]
    return tuple(_merged(_whole(seen)))


def _cited(blocks: Sequence[Block], sections: Sequence[Section]) -> set[int]:
    """The indices of blocks in the bibliography."""
    listed = {
        at
        for section in sections
        if section.kind is SectionKind.REFERENCES
        for at in range(section.first, section.last)
        if blocks[at].kind is not BlockKind.FOOTNOTE
    }
    return listed | {at for at, b in enumerate(blocks) if b.kind is BlockKind.REFERENCE}


def _first_page(blocks: Sequence[Block], sections: Sequence[Section]) -> frozenset[str]:
    """The words of the first page; where pages are not known, those before the introduction."""
    first = {SectionKind.INTRODUCTION, SectionKind.BODY}
    end = next((s.first for s in sections if s.kind in first), len(blocks))
    paged = any(block.page for block in blocks)
    front = [b for b in blocks if b.page == 1] if paged else blocks[:end]
    texts = (block.text for block in front)
    return frozenset(word for text in texts for word in re.findall(r"[a-z\d]{4,}", text.lower()))


def _in_text(
    block: Block, cited: bool, names: frozenset[str], blocks: Sequence[Block]
) -> Iterator[_Seen]:
    found_urls = find_urls(block.text)
    spans = sentence_spans(block.text) if found_urls else []
    for found in found_urls:
        address = code_address(found.url)
        if address is None:
            continue
        start, end = next(span for span in spans if found.start < span[1])
        start, end = max(start, found.start - _LONGEST), min(end, found.end + _LONGEST)
        entry = cited and len(block.text) <= _LONGEST
        quote = block.text if entry else block.text[start:end]
        before = block.text[start : found.start]
        mark = _MARK.search(block.text[max(found.start - 4, 0) : found.start + 12])
        if mark and len(before.split()) <= 2 and (noted := _noted(block, mark["mark"], blocks)):
            quote, before = f"{noted} {found.url}", noted
        own = _named(quote, address, names) if cited else _is_own(before, quote, block)
        if address.hosted or (own and not cited and _PAGE.search(before)):
            yield _Seen(address, block.page, _shortened(quote), own, False)


def _noted(note: Block, mark: str, blocks: Sequence[Block]) -> str:
    """The sentence on the same page that a footnote's mark hangs on."""
    sign = re.escape(mark)
    hung = re.compile(rf"[^\W\d_][.,;:)”]?{sign}(?=[\s.,;:)]|$)|[a-z] {sign}(?=[.,;:)]|$)")
    for block in blocks:
        fits = block.page == note.page and block is not note and block.kind is BlockKind.TEXT
        match = hung.search(block.text) if fits else None
        if match:
            return sentence_at(block.text, match.start())
    return ""


def _is_own(before: str, quote: str, block: Block) -> bool:
    """Whether the sentence, ``before`` the address, gives out the authors' code."""
    told = _NOTE_NUMBER.sub("", before).strip()
    if not _OF_CODE.search(told) and not _given_out(told):
        return bool(block.page <= 1 and _OF_CODE.search(quote) and _OURS.search(quote))
    if _PLAIN.search(told):
        return not re.search(r"\btheir\b", told, re.IGNORECASE)
    return _offers(told)


def _offers(told: str) -> bool:
    """Whether the words offer what is the writers' own, not what they took from others."""
    if _THEIRS.search(told):
        return False
    if _SURE.search(told):
        return True
    return not _USES.search(told) and bool(_OURS.search(told) or _GIVES.search(told))


def _given_out(told: str) -> bool:
    """``… is available under the MIT license at``: no word for code, but it ends so."""
    return bool(
        re.search(r"(?:implemented|open[- ]source|licen[cs]e)\b.*\bat:?$", told, re.IGNORECASE)
    )


def _named(entry: str, address: CodeAddress, names: frozenset[str]) -> bool:
    """Whether a bibliography's entry is the authors' code: official, and called as the paper is."""
    if not _OFFICIAL.search(entry):
        return False
    last = address.url.rsplit("/", 1)[-1].lower()
    words = [w for w in re.findall(r"[a-z\d]{4,}", last) if not _GENERIC.fullmatch(w)]
    told = [w for w in re.findall(r"[a-z\d]{6,}", entry.lower()) if any(c.isdigit() for c in w)]
    return any(word in names for word in (*words, *told))


def _clicked(
    link: PageLink, blocks: Sequence[Block], cited: set[int], names: frozenset[str]
) -> _Seen | None:
    address = code_address(one_line(link.uri))
    if address is None:
        return None
    at = _under(link, blocks)
    if at is None:
        told = _told(link, blocks, cited)
        found = _Seen(address, link.page, _shortened(told), bool(told), True)
        return found if address.hosted else None
    text = blocks[at].text
    quote = sentence_at(text, _offset(link, blocks[at]))
    own = _gives_code(quote) or _is_own(quote, quote, blocks[at])
    if at in cited:
        own = _named(quote, address, names)
    if not address.hosted and not (own and at not in cited and _PAGE.search(quote)):
        return None
    return _Seen(address, link.page, _shortened(quote), own, True)


def _told(link: PageLink, blocks: Sequence[Block], cited: set[int]) -> str:
    """The one sentence of the page that gives out code and names no address, where the link's
    place is not known."""
    told = [
        block.text[start:end]
        for at, block in enumerate(blocks)
        if block.page == link.page and block.box is None and at not in cited
        for start, end in sentence_spans(block.text)
    ]
    fitting = [text for text in told if _gives_code(text) and not find_urls(text)]
    return fitting[0] if len(fitting) == 1 else ""


def _gives_code(text: str) -> bool:
    text = _NOTE_NUMBER.sub("", text)
    of_code = re.search(r"\bcode|implement|open[- ]sourc", text, re.IGNORECASE)
    return bool(_OF_CODE.search(text) and of_code) and _offers(text)


def _under(link: PageLink, blocks: Sequence[Block]) -> int | None:
    """The block that the link stands in."""
    x, y = (link.box[0] + link.box[2]) / 2, (link.box[1] + link.box[3]) / 2
    for at, block in enumerate(blocks):
        if block.page == link.page and block.box:
            x0, y0, x1, y1 = block.box
            if x0 - 2 <= x <= x1 + 2 and y0 - 2 <= y <= y1 + 2:
                return at
    return None


def _offset(link: PageLink, block: Block) -> int:
    """About where in the block's text the link stands."""
    if block.box is None:
        return 0
    x0, y0, x1, y1 = block.box
    lines = max(round((y1 - y0) / 11), 1)
    line = min(int(((link.box[1] + link.box[3]) / 2 - y0) / max(y1 - y0, 1) * lines), lines - 1)
    along = ((link.box[0] + link.box[2]) / 2 - x0) / max(x1 - x0, 1)
    return int((max(line, 0) + min(max(along, 0), 0.99)) / lines * len(block.text))


def _shortened(quote: str) -> str:
    return quote if len(quote) <= _LONGEST else quote[: _LONGEST - 1].rstrip() + "…"


def _whole(seen: Sequence[_Seen]) -> list[_Seen]:
    """Without addresses that print has cut: those that a link on the same page goes on from."""
    clicked = [found for found in seen if found.clicked]
    kept = []
    for found in seen:
        longer = [
            other.address
            for other in clicked
            if other.page == found.page
            and other.address.key.startswith(found.address.key)
            and other.address.key != found.address.key
        ]
        cut = longer and not found.clicked and found.address.hosted
        kept.append(replace(found, address=longer[0]) if cut else found)
    return kept


def _merged(seen: Sequence[_Seen]) -> list[CodeLink]:
    best: dict[str, CodeLink] = {}
    for found in seen:
        link = CodeLink(
            found.address.url, found.page, found.quote, found.address.cloneable, found.own
        )
        known = best.get(found.address.key)
        if known is None or (not known.own and link.own) or (not known.quote and link.quote):
            own = link.own or (known is not None and known.own)
            best[found.address.key] = replace(link, own=own)
    return sorted(best.values(), key=lambda link: (not link.own, not link.cloneable, link.page))
