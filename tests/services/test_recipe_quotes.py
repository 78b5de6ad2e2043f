"""What a recipe says to have verified, held against the paper that the desk has parsed."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.made_paper import write_paper

from researchdesk.domain.papers import Paper
from researchdesk.harness.recipes import load_recipe
from researchdesk.services import acquire, claims, documents
from researchdesk.services.desk import Desk
from researchdesk.services.recipe_quotes import in_the_text, not_in_the_text
from researchdesk.services.recipe_writing import new_recipe

STANDS = "the second-\nmoment  ESTIMATE of Adam is initial-\nised"


@pytest.fixture
def stamped(desk: Desk, tmp_path: Path) -> Paper:
    """A paper with an arXiv id, taken apart already."""
    paper = acquire.add(desk, str(write_paper(tmp_path / "paper.pdf"))).paper
    documents.document_of(desk, paper)
    return paper


def test_what_stands_in_the_text_begins_verified_and_what_does_not_is_told(
    desk: Desk, stamped: Paper
) -> None:
    assert stamped.arxiv is not None
    base = stamped.arxiv.base
    found = claims.add_claim(desk, stamped, "so much", quote=STANDS, value=1.5, metric="a")
    other = claims.add_claim(desk, stamped, "no more", quote="no such words", value=2.5)
    bare = claims.add_claim(desk, stamped, "unquoted", value=3.5)
    assert in_the_text(desk, base, (found, other, bare)) == {found.id}
    folder = new_recipe(desk, base, stamped.title, (found, other))
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8").replace("\ntemplate = true", "\n"), "utf-8")
    recipe = load_recipe(folder, bundled=False)
    assert [claim.verified for claim in recipe.claims] == [True, False]
    assert not_in_the_text(desk, recipe) == ()

    believed = tuple(replace(claim, verified=True) for claim in recipe.claims)
    assert not_in_the_text(desk, replace(recipe, claims=believed)) == believed[1:]
    for unknown in ({"arxiv_id": ""}, {"arxiv_id": "2001.00009"}, {"version": 9}):
        assert not_in_the_text(desk, replace(recipe, claims=believed, **unknown)) == ()
