"""What a bug report says, without a word of the user's: words of ours alone, and how many."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from researchdesk.domain.health import Health

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})*\.\d%?|\d{4}-\d\d-\d\d")
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})*|\d{1,6}")
_MODE = re.compile(r"[0-7]{3,4}")
_AROUND = "\"'`()[]{}<>.,;:!?"
_GAP = "…"
_STEP = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of an examination, in words of the program's own."""

    name: str
    health: Health
    words: str


@dataclass(frozen=True, slots=True)
class BugReport:
    """What stands in a report. ``counts`` are rounded down to powers of ten, as words."""

    versions: Mapping[str, str]
    platform: Mapping[str, str]
    terminal: Mapping[str, str]
    settings: Mapping[str, str]
    schema: str
    counts: Mapping[str, str]
    health: Health
    findings: Sequence[Finding]
    faults: Sequence[Mapping[str, object]]


def rounded(count: int, *, exact: bool = False) -> str:
    """The order of magnitude: ``0``, ``1-9``, ``10-99``, ``100-999`` …; ``exact``: below ten the
    number itself."""
    if count <= 0 or (exact and count < _STEP):
        return str(count)
    low = 1
    while low * _STEP <= count:
        low *= _STEP
    return f"{low:,}-{low * _STEP - 1:,}"


def own_words(text: str, ours: frozenset[str]) -> str:
    """``text`` with every word left out that is not one of ``ours``, and numbers rounded.

    The mode of a ``chmod`` counts nothing and is kept.

    Paths, titles, names, hosts and ids are left out so, whatever they look like.
    """
    kept: list[str] = []
    for word in text.split():
        bare = word.strip(_AROUND)
        if kept[-1:] == ["chmod"] and _MODE.fullmatch(bare):
            kept.append(word)
        elif _COUNT.fullmatch(bare):
            kept.append(word.replace(bare, rounded(int(bare.replace(",", "")), exact=True)))
        elif bare in ours or _NUMBER.fullmatch(bare) or (word and not bare):
            kept.append(word)
        elif kept and kept[-1] == _GAP:
            continue
        else:
            kept.append(_GAP)
    return " ".join(kept)


def as_markdown(report: BugReport) -> str:
    """The report as text to paste into an issue."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: BugReport) -> Iterator[str]:
    yield from ("### What I did", "", "### What I expected", "", "### What happened", "")
    for title, table in (
        ("Versions", report.versions),
        ("Platform", report.platform),
        ("Terminal", report.terminal),
        ("Settings that are set", report.settings),
        ("On the desk", {"schema": report.schema, **report.counts}),
    ):
        yield from (f"### {title}", "")
        yield from (f"- {name}: {value}" for name, value in table.items())
        yield from ("- none",) if not table else ()
        yield ""
    yield from (f"### Health: {report.health.value}", "")
    yield from (
        f"- {one.name}: {one.health.value}. {one.words}".rstrip() for one in report.findings
    )
    yield from ("", "### Last faults", "")
    if not report.faults:
        yield "- none"
    for fault in report.faults:
        yield f"{fault['at']}, researchdesk {fault['version']}, {fault['where']}:"
        yield from ("", "```text")
        frames = fault["frames"]
        yield from (str(frame) for frame in (frames if isinstance(frames, (list, tuple)) else ()))
        yield f"{fault['kind']}: {fault['words']}"
        yield from ("```", "")
