"""An entry of a LaTeXML page's bibliography."""

import re
from collections.abc import Iterator

from researchdesk.document.html.text import Element, has_class, is_element, text_of
from researchdesk.document.references.addresses import find_arxiv, find_doi, find_urls
from researchdesk.document.references.title import find_title
from researchdesk.domain.documents import Reference
from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError

_DOI_SITE = re.compile(r"https?://(?:dx\.)?doi\.org/(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
_BRACKETED = re.compile(r"\[(?P<label>[^\[\]]*)\]")
_YEAR = re.compile(r"(?<![\d.:/–-])(?:1[6-9]|20)\d\d(?=[a-z]?(?![\d/]))")
_PARTS = 3
_LONGEST_TITLE = 300


def read_reference(item: Element) -> Reference:
    """What an entry says. Addresses behind its words count as if they were printed."""
    tag = next((part for part in item if is_element(part) and has_class(part, "ltx_tag")), None)
    label = "" if tag is None else _label(text_of(tag))
    parts = list(_parts(item))
    text = one_line(" ".join(parts))
    links = [link for a in item.iter("a") if (link := _address(a))]
    return Reference(
        label=label,
        text=text,
        page=0,
        title=_title(parts) or find_title(text),
        arxiv=find_arxiv(text) or next(filter(None, map(_arxiv, links)), ""),
        doi=find_doi(text) or next(filter(None, map(_doi, links)), ""),
        url=_url(text, links),
        year=_year(text, label),
    )


def _label(printed: str) -> str:
    """Without the brackets around all of it."""
    match = _BRACKETED.fullmatch(printed)
    return match["label"] if match else printed.rstrip(".")


def _parts(item: Element) -> Iterator[str]:
    """Authors, title and the rest, where the entry is marked so."""
    blocks = [part for part in item.iter() if is_element(part) and _is_part(part)]
    if blocks:
        yield from filter(None, map(text_of, blocks))
        return
    rest = [item.text or ""]
    for child in item:
        if is_element(child) and not has_class(child, "ltx_tag"):
            rest.append(text_of(child))
        rest.append(child.tail or "")
    yield one_line("".join(rest))


def _is_part(element: Element) -> bool:
    return has_class(element, "ltx_bibblock")


def _title(parts: list[str]) -> str:
    """The second of three or more parts, as BibTeX's styles set them."""
    if len(parts) < _PARTS:
        return ""
    title = parts[1].strip(' .,“”"')
    return title if title[:1].isalnum() and len(title) <= _LONGEST_TITLE else ""


def _address(link: Element) -> str:
    href = one_line(link.get("href") or "")
    return href if href.lower().startswith(("http://", "https://")) and " " not in href else ""


def _arxiv(link: str) -> str:
    if "arxiv.org/" not in link.lower():
        return ""
    try:
        return parse_arxiv_id(link).base
    except UsageProblemError:
        return ""


def _doi(link: str) -> str:
    match = _DOI_SITE.match(link)
    return find_doi(match["doi"]) if match else ""


def _url(text: str, links: list[str]) -> str:
    printed = find_urls(text)
    return printed[0].url if printed else next(iter(links), "")


def _year(text: str, label: str) -> int:
    """The last year in print, else that of an author-year label."""
    bare = text
    for address in reversed(find_urls(text)):
        bare = bare[: address.start] + " " + bare[address.end :]
    years = _YEAR.findall(bare) or _YEAR.findall(label)
    return int(years[-1]) if years else 0
