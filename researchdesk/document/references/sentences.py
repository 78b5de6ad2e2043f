"""Running text parted into sentences."""

import re

_END = re.compile(r"[.!?][”\"’)\]]{0,2}(?:\d{1,2}(?![\d.]))?\s+(?=[“\"(\[]?[^\W_a-z])")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|et al|cf|vs|resp|approx|etc|w\.r\.t|Figs?|Eqs?|Eqns?|Secs?|Tabs?"
    r"|Refs?"
    r"|Chap|Apps?|Alg|Thm|Prop|Def|No|Nos|Vol|pp|St|Dr|Mr|Prof|[A-Z])\.$"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends; together they hold all of the text but blanks."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if _ABBREVIATED.search(text[start : match.start() + 1][-12:]):
            continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    trimmed = ((at, at + len(text[at:end].rstrip())) for at, end in spans)
    return [(at, end) for at, end in trimmed if end > at]


def sentence_at(text: str, offset: int) -> str:
    """The sentence that stands at the offset, ``""`` in an empty text."""
    spans = sentence_spans(text)
    chosen = next((span for span in spans if offset < span[1]), spans[-1] if spans else (0, 0))
    return text[chosen[0] : chosen[1]].strip()
