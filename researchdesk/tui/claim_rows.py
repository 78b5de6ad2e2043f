"""What stands on the screen of claims: what was accepted, and what may be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from researchdesk.domain.claims import ClaimCandidate, PaperClaim
from researchdesk.domain.text import clean, one_line


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A candidate, the claim that was made of it, or a claim of one's own: one of both at least.

    ``key`` names the row as long as the candidates are the same.
    """

    key: str
    candidate: ClaimCandidate | None = None
    claim: PaperClaim | None = None

    @property
    def accepted(self) -> bool:
        return self.claim is not None

    @property
    def text(self) -> str:
        """What is claimed, in a line."""
        said = self.claim.text if self.claim else self.candidate.text if self.candidate else ""
        return one_line(said)

    @property
    def number(self) -> str:
        """The number as printed, with unit and spread; empty where there is none."""
        if self.candidate is not None:
            printed = f"{self.candidate.printed}{self.candidate.unit}"
            spread = self.candidate.spread
        elif self.claim is not None and self.claim.value is not None:
            printed, spread = f"{self.claim.value:g}{self.claim.unit}", self.claim.spread
        else:
            return ""
        return one_line(printed if spread is None else f"{printed} ± {spread:g}")

    @property
    def what(self) -> str:
        """What the number is of, without the number."""
        item = self.candidate
        if item is None or (self.claim is not None and self.claim.text != one_line(item.text)):
            return self.text
        measured = " ".join(part for part in (item.metric, item.dataset) if part) or item.column
        return one_line(" · ".join(part for part in (item.row, measured) if part) or item.quote)

    @property
    def where(self) -> str:
        item = self.candidate or self.claim
        return one_line(item.where) if item else ""

    @property
    def page(self) -> int | None:
        item = self.candidate or self.claim
        return (item.page or None) if item else None

    @property
    def quote(self) -> str:
        item = self.candidate or self.claim
        return clean(item.quote) if item else ""

    def has(self, words: Sequence[str]) -> bool:
        """Whether every (case-folded) word stands somewhere in it."""
        text = f"{self.number} {self.what} {self.text} {self.where} {self.quote}".casefold()
        return all(word in text for word in words)


def claim_rows(
    candidates: Iterable[ClaimCandidate], claims: Iterable[PaperClaim]
) -> list[ClaimRow]:
    """Claims of one's own first, the last written on top; then the candidates as they are ranked,
    each with the claim that was made of it."""
    left = {claim.id: claim for claim in claims}
    found: list[ClaimRow] = []
    listed = list(candidates)
    exact = [_take(left, item, loose=False) for item in listed]
    for at, (item, claim) in enumerate(zip(listed, exact, strict=True)):
        claim = claim or _take(left, item, loose=True)
        found.append(ClaimRow(f"candidate:{at}", item, claim))
    own = [ClaimRow(f"claim:{claim.slug}", None, claim) for claim in left.values()]
    return [*reversed(own), *found]


def _take(left: dict[int, PaperClaim], item: ClaimCandidate, *, loose: bool) -> PaperClaim | None:
    """The claim made of a candidate; ``loose``: also where its words were changed since."""
    for claim in left.values():
        if (loose or claim.text == one_line(item.text)) and _place(claim) == _place(item):
            return left.pop(claim.id)
    return None


def _place(item: ClaimCandidate | PaperClaim) -> tuple[object, ...]:
    return (
        one_line(item.where),
        item.page or None,
        clean(item.quote).strip(),
        item.value,
        item.spread,
        one_line(item.metric),
        one_line(item.dataset),
    )
