"""A recipe begun from the paper's accepted claims is one that loads."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from researchdesk.domain.claims import ClaimCandidate, PaperClaim
from researchdesk.domain.papers import Paper
from researchdesk.domain.recipes import Recipe, ToleranceRule
from researchdesk.errors import DeskError
from researchdesk.harness.recipes import load_recipe
from researchdesk.services.claims import accept, add_claim, claims_of
from researchdesk.services.desk import Desk
from researchdesk.services.recipe_writing import SHAPES, claims_toml, new_recipe

ID = "1904.00001"


def loaded(folder: Path) -> Recipe:
    """The recipe once it is said to be a template no more."""
    file = folder / "recipe.toml"
    text = file.read_text("utf-8")
    assert text.count("\ntemplate = true") == 1
    file.write_text(text.replace("\ntemplate = true", "\n"), "utf-8")
    return load_recipe(folder, bundled=False)


@pytest.mark.parametrize("shape", SHAPES)
def test_without_claims_it_has_an_example_and_says_how_to_accept_some(
    desk: Desk, shape: str
) -> None:
    folder = new_recipe(desk, ID, 'A "title" \\ with [marks]', shape=shape)
    text = (folder / "recipe.toml").read_text("utf-8")
    assert f"researchdesk claim suggest {ID}" in text
    assert "{{" not in text + (folder / "experiment.py").read_text("utf-8")
    recipe = loaded(folder)
    assert recipe.title == 'A "title" \\ with [marks]'
    assert len(recipe.claims) == 2
    assert any(arm.parent and arm.change for arm in recipe.arms)
    with pytest.raises(DeskError, match="already"):
        new_recipe(desk, ID, 'A "title" \\ with [marks]', shape=shape)


def test_the_papers_claims_are_written_with_place_quote_and_number(
    desk: Desk, paper: Paper
) -> None:
    table = ClaimCandidate(
        printed="94.30",
        value=94.3,
        metric="Top-1 accuracy",
        dataset="CIFAR-10",
        where="Table 2",
        page=7,
        quote="Ours 94.30 ± 0.2",
        spread=0.2,
        unit="%",
        row="Ours",
        column="acc.",
    )
    accept(desk, paper, table)
    accept(desk, paper, replace(table, where="abstract", page=1, spread=None, row="Best"))
    add_claim(desk, paper, "It is simple [and] fast")
    folder = new_recipe(desk, ID, paper.title, claims_of(desk, paper))
    text = (folder / "recipe.toml").read_text("utf-8")
    assert "# No number, so it is not tested: It is simple [and] fast" in text
    first, second = loaded(folder).claims
    assert first.text == "Ours: Top-1 accuracy CIFAR-10 94.30% ± 0.2"
    assert first.where == "Table 2, page 7"
    assert (first.quote, first.verified) == ("Ours 94.30 ± 0.2", False)
    assert (first.claimed, first.printed, first.unit) == (94.3, "94.30%", "%")
    assert (first.spread, first.spread_kind, first.table) == (0.2, "unknown", "Table 2")
    assert (first.metric, first.arm) == ("top_1_accuracy", "ours")
    assert first.tolerance_rule is ToleranceRule.LAST_DIGIT
    assert first.tolerance == pytest.approx(0.005)
    assert (second.table, second.spread) == ("", None)
    assert first.id != second.id


WORDS = st.text(max_size=40)
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_a_claim_says_it_is_toml_that_holds_the_number(data: st.DataObject) -> None:
    claims = [
        PaperClaim(
            number, f"c{number}", 1, 1, data.draw(WORDS), data.draw(WORDS), None,  # type: ignore[arg-type]
            quote=data.draw(WORDS), metric=data.draw(WORDS), dataset=data.draw(WORDS),
            unit=data.draw(WORDS), value=data.draw(NUMBERS), spread=data.draw(NUMBERS),
        )
        for number in range(3)
    ]  # fmt: skip
    written = tomllib.loads(claims_toml(claims)).get("claims", [])
    valued = [claim.value for claim in claims if claim.value is not None]
    assert [entry["claimed"] for entry in written] == valued
    assert len({entry["id"] for entry in written}) == len(written)


def test_a_claim_holds_nothing_that_toml_would_obey(desk: Desk, paper: Paper) -> None:
    words = 'x"\n[[arms]]\nname = "evil" # \\'
    add_claim(desk, paper, words, metric=words, unit="", value=1.5, quote=words, where=words)
    recipe = loaded(new_recipe(desk, ID, paper.title, claims_of(desk, paper)))
    assert all(arm.name != "evil" for arm in recipe.arms)
    assert recipe.claims[0].claimed == 1.5
    assert json.dumps(recipe.claims[0].text)


def test_a_recipe_that_was_broken_off_is_not_in_the_way_of_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing stands where the recipe will before all of it is written, as kill -9 may come."""
    written = Path.write_text

    def one_and_no_more(self: Path, *rest: Any, **named: Any) -> int:
        if self.name == "recipe.toml":
            raise KeyboardInterrupt
        return written(self, *rest, **named)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_text", one_and_no_more)
        with pytest.raises(KeyboardInterrupt):
            new_recipe(desk, "2001.00009", "Tiny")
    folder = new_recipe(desk, "2001.00009", "Tiny")
    assert (folder / "recipe.toml").is_file()
