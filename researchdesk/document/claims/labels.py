"""What a number of a table is called: its metric, its dataset, its part of a head."""

import re

from researchdesk.document.claims.grid import Side
from researchdesk.document.claims.words import Speaks, dataset_in, dataset_of_caption

_SPLIT = re.compile(
    r"\W*(?:dev|test|val|valid|validation|train|clean|other)[\w-]*(?: set)?\W*", re.IGNORECASE
)
_UNITS = re.compile(r"\(\s?(?:%|↑|↓|\w{1,2})\s?\)|[↑↓%∗*†‡]")
_ENDS = re.compile(r"^[\s\-–—.:]+|[\s\-–—.:]+$")
_SHORT = 40
_FEW = 4


def dataset_for(subject: Side, measure: Side, label: str, caption: str) -> str:
    """A dataset that the heads or the caption name; else the head of a number that tells neither
    metric nor cost, as that says what the number was measured on."""
    if measure.head.dataset:
        return measure.head.dataset
    known = dataset_in(caption) or subject.head.dataset or dataset_of_caption(caption)
    if measure.head.speaks is not Speaks.NOTHING or not 0 < len(label) <= _SHORT:
        return known
    return f"{known} {label}".strip() if _SPLIT.fullmatch(label) else label


def metric_for(subject: Side, measure: Side, label: str) -> str:
    """What the heads of a number say it is; a short head is taken whole (``AP box 50``)."""
    head = measure.head
    if head.speaks is Speaks.METRIC and not head.dataset and len(label.split()) <= _FEW:
        return _ENDS.sub("", _UNITS.sub("", label)) or head.metric
    return head.metric or (subject.head.metric if subject.head.speaks is Speaks.METRIC else "")


def part_of(label: str, part: int, parts: int) -> str:
    """Of a head such as ``MNLI-(m/mm)``, the part that the number belongs to."""
    if part < 0 or label.count("/") != parts - 1:
        return label
    before, brace, inside = label.partition("(")
    if brace and inside.count("/") == parts - 1:
        return before + inside.rstrip(")").split("/")[part].strip()
    return label.split("/")[part].strip()
