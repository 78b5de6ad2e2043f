"""Claims of papers: taken from candidates or written by hand. Nothing becomes one by itself."""

import math
from collections.abc import Mapping
from dataclasses import replace

from researchdesk.domain.claims import ClaimCandidate, ClaimRevision, PaperClaim
from researchdesk.domain.identifiers import folder_name
from researchdesk.domain.papers import Paper
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.quotes import page_for
from researchdesk.storage import claims


def claims_of(desk: Desk, paper: Paper | None = None) -> list[PaperClaim]:
    """The claims of a paper (of all), in the order they were taken."""
    return claims.claims(desk.database.connection, None if paper is None else paper.id)


def accept(
    desk: Desk, paper: Paper, candidate: ClaimCandidate, version: int | None = None
) -> PaperClaim:
    """Take a candidate as a claim. The same one again is the same claim, in the words it has now,
    back if it was removed."""
    claim = replace(
        _blank(desk, paper, candidate.text, version),
        where=candidate.where,
        quote=candidate.quote,
        page=candidate.page if candidate.page > 0 else None,
        metric=candidate.metric,
        dataset=candidate.dataset,
        value=candidate.value,
        spread=candidate.spread,
        unit=candidate.unit,
    )
    claim = _checked(claim)
    with desk.database.writing() as db:
        known = claims.same(db, claim)
        if known is not None:
            claims.set_removed(db, known.id, None)
            return known
        return claims.insert(db, folder_name(paper.name), claim)


def add_claim(
    desk: Desk,
    paper: Paper,
    text: str,
    *,
    metric: str = "",
    dataset: str = "",
    value: float | None = None,
    spread: float | None = None,
    unit: str = "",
    page: int | None = None,
    quote: str = "",
    where: str = "",
    version: int | None = None,
) -> PaperClaim:
    """Keep a claim in one's own words.

    A quote without a page gets the page it stands on, where the paper is parsed already. Raises
    UsageProblemError where there are no words, for a page that the paper has not, and for a value
    or spread that is no number.
    """
    page = page_for(desk, paper, page, quote, version)
    claim = replace(
        _blank(desk, paper, text, version),
        metric=metric,
        dataset=dataset,
        value=value,
        spread=spread,
        unit=unit,
        page=page,
        quote=quote,
        where=where,
    )
    claim = _checked(claim)
    with desk.database.writing() as db:
        return claims.insert(db, folder_name(paper.name), claim)


def get_claim(desk: Desk, slug: str) -> PaperClaim:
    """The claim of this slug. Raises NotOnDeskError, also where it was removed."""
    claim = _named(desk, slug)
    if claims.is_removed(desk.database.connection, claim.id):
        raise NotOnDeskError(
            f"The claim {claim.slug} was removed.",
            f"Bring it back with: researchdesk claim restore {claim.slug}",
        )
    return claim


def reword_claim(desk: Desk, slug: str, text: str) -> PaperClaim:
    """Say a claim in other words; value, quote and place stay, the earlier words among its
    revisions. Raises UsageProblemError without words, NotOnDeskError where there is none."""
    text = _words(text)
    with desk.database.writing() as db:
        claim = get_claim(desk, slug)
        if claim.text != text:
            claims.set_text(db, claim.id, text, desk.clock())
    return replace(claim, text=text)


def revisions(desk: Desk, slug: str) -> list[ClaimRevision]:
    """What a claim said, oldest first; of a removed one too. Raises NotOnDeskError."""
    return claims.revisions(desk.database.connection, _named(desk, slug).id)


def remove_claim(desk: Desk, slug: str) -> PaperClaim:
    """Take a claim off the desk's lists; ``restore_claim`` brings it back."""
    claim = get_claim(desk, slug)
    with desk.database.writing() as db:
        claims.set_removed(db, claim.id, desk.clock())
    return claim


def restore_claim(desk: Desk, slug: str) -> PaperClaim:
    """Bring a removed claim back. Raises NotOnDeskError."""
    claim = _named(desk, slug)
    with desk.database.writing() as db:
        claims.set_removed(db, claim.id, None)
    return claim


def put_back(desk: Desk, was: Mapping[str, str | None]) -> None:
    """Let claims say again what ``was`` says, by their names; those of None are removed, what was
    removed is back. Raises NotOnDeskError."""
    with desk.database.writing():
        for slug, text in was.items():
            if text is None:
                remove_claim(desk, slug)
            else:
                restore_claim(desk, slug)
                reword_claim(desk, slug, text)


def _named(desk: Desk, slug: str) -> PaperClaim:
    named = clean(slug).strip().replace("/", "_")
    claim = claims.by_slug(desk.database.connection, named)
    if claim is None:
        raise NotOnDeskError(
            f"There is no claim {slug!r}.", "See them with: researchdesk claim list"
        )
    return claim


def _words(text: str) -> str:
    words = one_line(text)
    if not words:
        raise UsageProblemError("The claim is empty; nothing was kept.", "Say what is claimed.")
    return words


def _blank(desk: Desk, paper: Paper, text: str, version: int | None) -> PaperClaim:
    """A claim that nothing but its words is said of."""
    return PaperClaim(0, "", paper.id, version or paper.version, text, "", desk.clock())


def _checked(claim: PaperClaim) -> PaperClaim:
    """The claim with every text cleaned. Raises UsageProblemError as ``add_claim`` does."""
    for name, number in (("value", claim.value), ("spread", claim.spread)):
        if number is not None and not math.isfinite(number):
            raise UsageProblemError(
                f"The {name} {number} is no number; nothing was kept.",
                "Give a plain number, as 0.91.",
            )
    if claim.spread is not None and claim.spread < 0:
        raise UsageProblemError(
            "A spread is not below 0; nothing was kept.", "Give it without its sign."
        )
    return replace(
        claim,
        text=_words(claim.text),
        where=one_line(claim.where),
        quote=clean(claim.quote).strip(),
        metric=one_line(claim.metric),
        dataset=one_line(claim.dataset),
        unit=one_line(claim.unit),
    )
