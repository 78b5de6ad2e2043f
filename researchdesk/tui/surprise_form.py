"""A surprise as it is being written, and who can say what it is about."""

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from researchdesk.domain.deltas import Delta
from researchdesk.domain.offers import Offer


@dataclass(frozen=True, slots=True)
class SurpriseForm:
    """``on`` is the ref of where it was met; ``source`` names the offer that it is filled from.

    ``delta`` is that of the offer, exact where the words are rounded. ``told`` is the number of a
    surprise that tells of it already, or 0. ``saved``: the person said to keep it.
    """

    text: str = ""
    expected: str = ""
    observed: str = ""
    on: str = ""
    source: str = ""
    delta: Delta | None = None
    told: int = 0
    saved: bool = False

    @property
    def words(self) -> tuple[str, str, str, str]:
        """What a person wrote, or left as it was filled in."""
        return self.text, self.expected, self.observed, self.on

    def with_words(self, text: str, expected: str, observed: str, on: str) -> "SurpriseForm":
        """The form with other words. Its delta is of the numbers that it was made of alone."""
        same = (expected, observed) == (self.expected, self.observed)
        return replace(
            self,
            text=text,
            expected=expected,
            observed=observed,
            on=on,
            delta=self.delta if same else None,
        )


def form_of(offer: Offer, told: int = 0) -> SurpriseForm:
    """An offer, ready-filled. Of one that is told already only the numbers: to keep it again takes
    words of one's own."""
    if told:
        return SurpriseForm("", offer.expected, offer.observed, offer.on, "", offer.delta, told)
    return SurpriseForm(
        offer.text, offer.expected, offer.observed, offer.on, offer.source, offer.delta
    )


@runtime_checkable
class Surprising(Protocol):
    """A screen that knows what would be funny of what is looked at."""

    def surprise_at_hand(self) -> SurpriseForm:
        """What of it can be filled in. May raise DeskError."""
        ...
