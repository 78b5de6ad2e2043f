"""Prose in markdown parted into sentences. Links, code, formulas and addresses stay whole."""

import re

_END = re.compile(r"(?:[.!?…]+)[\"'”’»)\]*_]*(?=\s|\Z)")
_WHOLE = re.compile(
    r"\[\[[^\[\]\n]*\]\]"
    r"|(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)\1(?!`)"
    r"|\$\$(?:(?!\n[ \t]*\n)[^$])+\$\$"
    r"|(?<![\\$\w])\$(?![\s$])(?:(?!\n[ \t]*\n)(?:\\.|[^$\\]))*?(?<![\s\\])\$(?![\d$])"
    r"|\]\([^()\s]*(?:\s\"[^\"\n]*\")?\)"
    r"|<?https?://[^\s<>]*[^\s<>.,;:!?)\]\"']>?",
    re.S,
)
_LINK = re.compile(r"\[\[[^\[\]\n]*\]\]")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\[“\"'*_~/–—-])(?:e\.\s?g|i\.\s?e|et\s+al|cf|vs|viz|resp|approx|ca|w\.\s?r\.\s?t|i\.i\.d"
    r"|a\.k\.a"
    r"|[Ff]igs?|[Ee]qn?s?|[Ss]ec(?:t|s)?|[Tt]ab(?:s|l)?|[Rr]efs?|[Cc]h(?:ap)?|[Aa]pp|[Aa]lgs?"
    r"|[Tt]hms?|[Pp]rop|[Dd]ef|[Ll]em|[Cc]or|[Nn]os?|[Vv]ols?|pp?|eds?|[Ee]sp|incl|excl|[Ss]t"
    r"|std|dev|avg|max|min|seq|dim|lr|Dr|Mrs?|Ms|Prof|Jr|Sr|Inc|Ltd)\.[\"'”’)\]*_]*$"
)
_MAY_END = re.compile(r"(?:^|[\s(\[])(?:etc|et\s+al|i\.i\.d|no)\.[\"'”’)\]*_]*$", re.I)
_INITIAL = re.compile(r"(?:^|[\s(.\[-])[A-Z]\.$")
_STARTERS = re.compile(
    r"(?:An?|The|This|That|These|Those|It|Its|In|On|At|For|With|Without|We|Our|They|Their|There"
    r"|Then|Thus|Hence|However|But|And|If|When|While|As|By|So|Here|Each|Both|All|No|Not|Yet|To"
    r"|From|Where|Which|What|Why|How|Since|After|Before|Only|Such|Both)\b"
)
_LOOK_BACK = 14


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a paragraph begins and ends; blanks between them belong to none.

    A sentence ends with ``.``, ``!``, ``?`` or ``…`` before white space, but not after an
    abbreviation (e.g., et al., Fig.) or an initial, nor before a small letter. Links that stand
    alone behind a sentence's end belong to it.
    """
    hidden = _WHOLE.sub(lambda match: "X" * len(match[0]), text)
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(hidden):
        if match.start() < start or not _is_end(hidden, match.start(), match.end()):
            continue
        end = _with_links(text, match.end())
        spans.append((start, end))
        start = end
    spans.append((start, len(text)))
    trimmed = (
        (end - len(text[at:end].lstrip()), at + len(text[at:end].rstrip())) for at, end in spans
    )
    return [(at, end) for at, end in trimmed if at < end]


def _is_end(text: str, mark: int, end: int) -> bool:
    """Whether the signs at ``mark``..``end`` end a sentence."""
    after = text[end:].lstrip().lstrip("\"'“‘«([*_")[:24]
    if not after:
        return True
    if text[mark] in "!?":
        return not (after[0].islower() and text[end - 1] in "\"'”’»)]")
    if after[0].islower():
        return False
    before = text[max(0, mark - _LOOK_BACK) : end]
    if _MAY_END.search(before):
        return _STARTERS.match(after) is not None
    if _ABBREVIATED.search(before):
        return False
    return _INITIAL.search(before) is None or _STARTERS.match(after) is not None


def _with_links(text: str, end: int) -> int:
    """The end of a sentence with the links that follow it and begin nothing themselves."""
    at = end
    while match := _LINK.match(text, at + len(text[at:]) - len(text[at:].lstrip())):
        at = match.end()
    after = text[at:].lstrip()
    begins = not after or (at < len(text) and text[at].isspace() and not after[0].islower())
    return at if at > end and begins else end
