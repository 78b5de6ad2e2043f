"""Addresses in print: URLs, DOIs and arXiv ids, mended where a line's end has cut them."""

import re
from dataclasses import dataclass

from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.errors import UsageProblemError

_START = re.compile(
    r"(?<![a-z])(?P<scheme>https?\s?:\s?/\s?/\s?)(?=[\w%\[(])"
    r"|(?<![\w./@-])(?=www\.[\w-]{1,60}\."
    r"|(?:github|gitlab|bitbucket|codeberg|huggingface)\.(?:com|org|co)/"
    r"|[\w-]{1,60}\.(?:github|gitlab)\.io\b)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\s<>\"“”{}|\\^`]+")
_CUT = re.compile(r"(?:[/\-_=?&%~#+]|://\S*?[^\s/]*\.)$")
_CONTINUES = re.compile(r"[\w~%#?&=+-][\w./~%#?&=+:@,-]*")
_SUFFIXED = re.compile(
    r"(?:com|org|net|edu|io|gov|co|ai|html?|pdf|php|cfm|aspx?|git|txt|zip|py|md|ipynb)(?![a-z])",
    re.IGNORECASE,
)
_NOT_PART = re.compile(
    r"(?:accessed|retrieved|visited|online|last|in|and|for|the|is|are|to|at|on|or|with|we|version)"
    r"(?![\w/-])|pp?\.|(?:19|20)\d\d[a-z]?[.,;)]*$|\d{1,2}[.,]?$|https?:",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?:github|gitlab|bitbucket|codeberg|huggingface)\.(?:com|org|co)/[\w.-]+/", re.I
)
_TRAILING = ".,;:!?'’”\"*†‡"
_DOI = re.compile(r"\b10\.\d{4,9}/\s?(?P<rest>[^\s\"<>“”,;]+)")
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas"
    "|cond-mat|cs|dg-ga|econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th"
    "|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat"
    "|supr-con"
)
_ARXIV_OLD = re.compile(
    rf"(?<![\w/.-])(?:arxiv\s?[:.]\s?)?(?P<id>(?:{_ARCHIVES})(?:\.[A-Za-z]{{2}})?/\s?\d{{7}})(?!\d)"
    rf"|arxiv\.org/(?:abs|pdf)/(?P<page>(?:{_ARCHIVES})(?:\.[A-Za-z]{{2}})?/\d{{7}})(?!\d)",
    re.IGNORECASE,
)
_ARXIV_NEW = re.compile(
    r"(?:arxiv[^\d]{0,30}?|arxiv\.org/\w+/\s?|\babs/\s?|corr[^\d]{0,12}?|eprint[:\s]{0,2})"
    r"(?<!\d)(?P<id>\d{4}\s?-?\.\s?-?\s?\d{4,5})(?![\d–])",
    re.IGNORECASE,
)
_ARXIV_BARE = re.compile(
    r",\s(?P<id>\d{4}\.\d{4,5})(?:v\d+)?\.?$"
    r"|(?<=[.,]\s)(?P<long>\d{4}\.\d{5})(?=(?:v\d+)?[,.])"
)
_SPLIT_ID = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A URL as it is to be opened, and where it stands in the text."""

    url: str
    start: int
    end: int


def find_urls(text: str) -> list[Address]:
    """The URLs in running text, in order; what blanks have cut is joined, what ends the sentence
    is left off. An address without scheme (``www.…``, ``github.com/…``) is given ``https://``."""
    found: list[Address] = []
    at = 0
    for start in _START.finditer(text):
        if start.start() < at:
            continue
        scheme = re.sub(r"\s", "", start["scheme"] or "https://").lower()
        body, end = _body(text, start.end())
        at = max(end, start.end())
        if "." in body.split("/")[0]:
            found.append(Address(scheme + body, start.start(), end))
    return found


def _body(text: str, start: int) -> tuple[str, int]:
    match = _TOKEN.match(text, start)
    if match is None:
        return "", start
    body, end = match[0], match.end()
    for _ in range(4):
        after = re.compile(r"\s+").match(text, end)
        part = _CONTINUES.match(text, after.end()) if after else None
        if part is None or not _goes_on(body, part[0]):
            break
        body, end = body + part[0], part.end()
    kept = _without_end(body)
    return kept, end - (len(body) - len(kept))


def _goes_on(body: str, part: str) -> bool:
    """Whether a URL cut after ``body`` goes on with ``part``."""
    if body.endswith("."):
        return bool(_SUFFIXED.match(part)) and ("/" in part or "/" not in body)
    if not _CUT.search(body) or _NOT_PART.match(part):
        return False
    if _OWNER.fullmatch(body):
        return True
    if body.endswith("/"):
        marked = any(c in part for c in "/._-~") and not part.rstrip(".,").isalpha()
        return marked or (part.islower() and len(part) > 2)
    return True


def _without_end(body: str) -> str:
    while body:
        last = body[-1]
        unpaired = last in ")]" and body.count(last) > body.count({")": "(", "]": "["}[last])
        if last not in _TRAILING and not unpaired:
            break
        body = body[:-1]
    return body


def find_doi(text: str) -> str:
    """The first DOI in the text, in lower case as they are compared, or ``""``.

    arXiv's own DOIs (``10.48550/…``) count too.
    """
    match = _DOI.search(text)
    if match is None:
        return ""
    rest, end = match["rest"], match.end()
    following = re.compile(r"\s([\w./()-]+)").match(text, end)
    cut = rest.endswith(("-", "_", "/")) or (rest.endswith(".") and not re.search(r"\d", rest))
    if following and cut:
        rest += following[1]
    return re.sub(
        r"\s", "", match[0][: match.start("rest") - match.start()] + _without_end(rest)
    ).lower()


def find_arxiv(text: str) -> str:
    """The base id of the first arXiv paper that the text names, or ``""``.

    A number counts only where arXiv, CoRR, ``abs/`` or an archive's name says what it is, or where
    it stands by itself between commas or full stops.
    """
    patterns = (_ARXIV_NEW, _ARXIV_OLD, _ARXIV_BARE)
    found = [match for pattern in patterns for match in pattern.finditer(text.rstrip())]
    for match in sorted(found, key=lambda match: match.start()):
        raw = next(group for group in match.groups() if group)
        try:
            return parse_arxiv_id(_cased(_SPLIT_ID.sub("", raw) if raw[0].isdigit() else raw)).base
        except UsageProblemError:
            continue
    return ""


def _cased(identifier: str) -> str:
    archive, slash, number = identifier.replace(" ", "").partition("/")
    return archive.split(".")[0].lower() + slash + number if slash else identifier
