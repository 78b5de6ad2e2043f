"""The title in an entry of a bibliography: a guess from how entries are punctuated."""

import re

_QUOTED = re.compile(r"[“\"‟]\s?(?P<title>[^”\"]{8,300}?)[,.?!]?\s?[”\"]")
_YEAR_FIRST = re.compile(
    r"[.,]?\s\(?(?:1[6-9]|20)\d\d[a-z]?\)?[.,:]\s+(?!URL|https?:)(?P<rest>\S.*)"
)
_INITIALS = r"(?:[A-Z][a-z]?\.[- ]?)+"
_SURNAME = (
    r"(?:(?:van|von|de|der|den|di|da|del|la|le)\s){0,2}[^\W\d_a-z][\w’'´`¨^~ˇ-]*"
    r"(?:\s[^\W\d_a-z][\w’'´-]*)?"
)
_INVERTED = re.compile(
    rf"{_SURNAME},\s?{_INITIALS}(?:(?:[,;]\s?(?:and\s|&\s)?|\s?and\s"
    rf"|\s?&\s){_SURNAME},\s?{_INITIALS})*"
    r"(?:,?\s?et al\.?)?(?P<mark>[:.,]?)\s*"
)
_STOP = re.compile(
    r"(?<=[^\W\d_]{2}[.?!])\s+(?=[^\W\d_a-z\s]|\d|arXiv)|(?<=[\d)][.?!])\s+(?=[^\W\d_a-z])"
    r"|(?<=et al\.)\s+"
    r"|(?<=[^\W\d_]\.)\s+(?=[a-z][\w-]*[:\d])"
    r"|(?<=\s[A-Z]\.)\s+(?=[A-Z][\w-]+(?::\s|\s(?!and\b|van\b|von\b|de\b|der\b|et\b)[a-z]{2}))"
)
_NO_STOP = re.compile(
    r"(?:^|[\s(.])(?:vs|et|Proc|Int|Conf|St|Dr|Jr|Sr|eds?|[Nn]o|[Vv]ol|pp?|al)\.$"
)
_NAME = re.compile(
    r"(?:and\s|&\s)?(?:(?:[A-Z]\.[- ]?)+\s?)?(?:(?:van|von|de|der|den|di|da|del|la|le|Jr\.)\s){0,2}"
    r"[^\W\d_a-z][\w’'´`¨.-]*(?:\s(?:and\s)?[^\W\d_a-z][\w’'´`¨.-]*){0,5}(?:\set al\.?)?\s?"
)
_NAMELIKE = re.compile(r"(?:[^\W\d_a-z]\S*|and|&|et|al\.?|van|von|de|der|den|di|da|del|la|le)")
_NO_TITLE = re.compile(
    r"In\s|arXiv|https?:|www\.|URL|pages\s|pp?\.\s|(?:Adv|Rev|Phys|Mod|Soc|Proc)\b|unpublished"
)
_ADDRESS = re.compile(r"https?:|www\.|Available")
_LONGEST = 300


def find_title(text: str) -> str:
    """The title that the entry names, ``""`` where its punctuation does not show one."""
    if quoted := _QUOTED.search(text):
        return quoted["title"].strip(" ,.")
    dated = _YEAR_FIRST.search(text)
    if dated and " In " not in text[: dated.start()] and _named(text[: dated.start()]):
        return _sentence(dated["rest"])
    if inverted := _INVERTED.match(text):
        return _sentence(text[inverted.end() :])
    sentences = _sentences(text)
    if len(sentences) > 1 and _named(sentences[0]):
        return _plain(sentences[1]) or _plain(sentences[0])
    return _after_commas(text) or _before_address(text)


def _sentences(text: str) -> list[str]:
    parts: list[str] = []
    for part in _STOP.split(text):
        if part and parts and _NO_STOP.search(parts[-1]) and not parts[-1].endswith("et al."):
            parts[-1] += " " + part
        else:
            parts.append(part)
    return parts


def _sentence(text: str) -> str:
    sentences = _sentences(text)
    return _plain(sentences[0]) if sentences else ""


def _plain(title: str) -> str:
    bare = re.split(r",?\s(?:arXiv|CoRR|https?:)|,\s(?:19|20)\d\d\b", title)[0].strip(" ,.;:")
    wordy = sum(1 for word in bare.split() if sum(c.isalpha() for c in word) > 1) >= 1
    return bare if wordy and len(bare) <= _LONGEST and not _NO_TITLE.match(bare) else ""


def _named(text: str) -> bool:
    """Whether these are names: nearly all words begin with a capital, or join names."""
    words = text.replace(",", " ").replace(";", " ").split()
    alike = sum(1 for word in words if _NAMELIKE.fullmatch(word))
    return bool(words) and alike >= 0.8 * len(words)


def _before_address(text: str) -> str:
    """What stands before a web address where an entry has no more than the two."""
    match = _ADDRESS.search(text)
    before = text[: match.start()] if match else ""
    return _plain(before) if len(before.split()) < 15 else ""


def _after_commas(text: str) -> str:
    """The first part between commas that is no name, as mathematicians print it."""
    parts = re.split(r",\s|:\s", text)
    for at, part in enumerate(parts[:12]):
        if at and not _NAME.fullmatch(part) and sum(c.islower() for c in part) > 6:
            return _plain(part)
    return ""
