"""Quotes of a recipe held against the paper's own text, where this desk has it parsed."""

from collections.abc import Collection

from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.recipes import Claim, Recipe
from researchdesk.services.desk import Desk
from researchdesk.services.quotes import find_quote
from researchdesk.storage import papers


def not_in_the_text(desk: Desk, recipe: Recipe) -> tuple[Claim, ...]:
    """Claims whose quote is said to be verified, but does not stand in the paper's text.

    None is told where the version that the recipe is about is not on this desk and parsed.
    """
    return tuple(
        claim
        for claim in recipe.claims
        if claim.verified and _stands(desk, recipe.arxiv_id, claim.quote, recipe.version) is False
    )


def in_the_text(desk: Desk, arxiv_id: str, claims: Collection[PaperClaim]) -> frozenset[int]:
    """Ids of the claims whose quote stands in the text of the version that it was taken from."""
    return frozenset(
        claim.id
        for claim in claims
        if claim.quote and _stands(desk, arxiv_id, claim.quote, claim.version)
    )


def _stands(desk: Desk, arxiv_id: str, quote: str, version: int | None) -> bool | None:
    paper = papers.find(desk.database.connection, arxiv_id=arxiv_id) if arxiv_id else None
    return None if paper is None else find_quote(desk, paper, quote, version).found
