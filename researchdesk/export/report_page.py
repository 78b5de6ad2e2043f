"""What stands in a report: words and numbers as a person reads them, ready for any form."""

from dataclasses import dataclass

from researchdesk.domain.ablation import AblationTable
from researchdesk.domain.claim_pictures import ClaimPicture
from researchdesk.domain.verdict_counts import VerdictCount
from researchdesk.export.plots.curves import Band

Pairs = tuple[tuple[str, str], ...]
"""Names with what stands for each."""


@dataclass(frozen=True, slots=True)
class PaperHead:
    """The paper; ``url`` is its page at arXiv, or ``""``. ``read`` tells how far it was read."""

    title: str
    authors: str
    name: str
    url: str
    facts: Pairs


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """One claim, judged; ``""`` where there is nothing to say.

    ``rule`` is what the tolerance follows from. ``elsewhere`` tells which other run tested a claim
    that this one did not, and what it says.
    """

    id: str
    text: str
    where: str
    quote: str
    verified: bool
    kind: str
    mark: str
    verdict: str
    why: str
    claimed: str
    rule: str
    paper: str
    measured: str
    n: str
    interval: str
    interval_name: str
    test: str
    p: str
    holm: str
    effect: str
    measure: str
    arithmetic: tuple[str, ...]
    causes: tuple[str, ...]
    shortfall: str
    elsewhere: str
    picture: ClaimPicture | None


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """A check or a rung of the ladder; ``kind`` is passed, failed or open."""

    name: str
    arm: str
    kind: str
    mark: str
    state: str
    message: str


@dataclass(frozen=True, slots=True)
class Caution:
    """What a reader must know before any number: ``kind`` is bad or unsure."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SurpriseEntry:
    """A surprise about the run, or about ``claim`` of it when the recipe ran another time: then
    ``elsewhere`` is that run. ``became`` tells what explains it, what was ruled out and with what.
    """

    ref: str
    text: str
    expected: str
    observed: str
    state: str
    claim: str
    elsewhere: str
    became: str


@dataclass(frozen=True, slots=True)
class CurvePicture:
    """The curves of one metric, one for each arm; ``about`` tells them in words and numbers.

    ``log``: the values span so much that their axis is logarithmic.
    """

    metric: str
    bands: tuple[Band, ...]
    spread: str
    about: str
    log: bool


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run as it is told. ``anchor`` is its name within the page; ``of_one_arm`` says which
    metrics have no place in ``tables``. ``expected`` says of an investigation's run what it belongs
    to: its claims are hypotheses, and ``counts`` is empty; ``""`` for any other."""

    id: str
    anchor: str
    title: str
    summary: str
    paper: PaperHead | None
    state: str
    facts: Pairs
    sentence: str
    counts: tuple[VerdictCount, ...]
    warnings: tuple[Caution, ...]
    claims: tuple[ClaimEntry, ...]
    chosen: Pairs
    curves: tuple[CurvePicture, ...]
    tables: tuple[AblationTable, ...]
    of_one_arm: str
    variance: tuple[tuple[str, ...], ...]
    checks: tuple[CheckEntry, ...]
    surprises: tuple[SurpriseEntry, ...]
    failed: Pairs
    missing: Pairs
    data: tuple[tuple[str, str, str], ...]
    data_note: str
    environment: Pairs
    commands: tuple[str, ...]
    again: tuple[str, ...]
    arms: Pairs
    notes: tuple[str, ...]
    expected: str

    @property
    def untested(self) -> tuple[ClaimEntry, ...]:
        """The claims of which nothing can be said, each with its reason in ``why``."""
        return tuple(claim for claim in self.claims if claim.shortfall)


@dataclass(frozen=True, slots=True)
class OtherRun:
    """A run that is not told in full; ``says`` is its verdicts in short."""

    id: str
    recipe: str
    state: str
    seeds: str
    says: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report: of one paper, or of the runs that a person named. ``counts`` are of claims only,
    ``hypotheses`` of what was expected in investigations."""

    name: str
    title: str
    version: str
    paper: PaperHead | None
    counts: tuple[VerdictCount, ...]
    sentence: str
    runs: tuple[RunReport, ...]
    others: tuple[OtherRun, ...] = ()
    hypotheses: tuple[VerdictCount, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A paper in the page over all of them; ``link`` is its report's file, beside that page.

    ``cautions`` are the titles of what is to be known before its counts are believed; ``problem``
    says why it could not be told. ``is_paper`` is False of an investigation's runs: then
    ``counts`` is empty, and ``hypotheses`` is how many there are.
    """

    name: str
    title: str
    authors: str = ""
    status: str = ""
    sentence: str = ""
    counts: tuple[VerdictCount, ...] = ()
    newest: str = ""
    when: str = ""
    state: str = ""
    cautions: tuple[str, ...] = ()
    link: str = ""
    problem: str = ""
    is_paper: bool = True
    hypotheses: int = 0


@dataclass(frozen=True, slots=True)
class IndexPage:
    """All papers that were tested or read, the newest run first."""

    version: str
    counts: tuple[VerdictCount, ...]
    rows: tuple[IndexRow, ...]

    @property
    def tested(self) -> tuple[IndexRow, ...]:
        return tuple(row for row in self.rows if row.newest)

    @property
    def papers(self) -> int:
        """How many papers have runs; a recipe of no paper counts as one."""
        return sum(row.is_paper for row in self.tested)

    @property
    def hypotheses(self) -> int:
        return sum(row.hypotheses for row in self.rows)

    @property
    def read(self) -> tuple[IndexRow, ...]:
        return tuple(row for row in self.rows if not row.newest)
