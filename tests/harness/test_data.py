"""What data is taken, and what cannot be run for the want of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from researchdesk.domain.recipes import Arm, DataNeed, Recipe
from researchdesk.errors import BadInputError
from researchdesk.harness import data
from researchdesk.harness.data import datasets_available, resolve

MNIST = DataNeed("mnist", "hf:ylecun/mnist@abc123", "scikit-learn:digits", why="it is large")
ALONE = replace(MNIST, name="alone", substitute="")
DIGITS = DataNeed("digits", "scikit-learn:digits")


def recipe(*needs: DataNeed, arms: tuple[Arm, ...] = (Arm("ours"),)) -> Recipe:
    return Recipe(
        name="2001.00001-tiny",
        folder=Path("tiny"),
        arxiv_id="2001.00001",
        version=1,
        title="Tiny",
        summary="",
        seeds=3,
        arms=arms,
        claims=(),
        digest="0",
        bundled=False,
        data=needs,
    )


@pytest.fixture(autouse=True)
def _extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra for data sets were installed, whether it is or not."""

    def why_not(source: str, cache: Path, *, offline: bool) -> str:
        if not source.startswith(("hf:ylecun/", "scikit-learn:digits")):
            raise BadInputError(f"{source!r} is no source of data.")
        return "fetching is off" if offline and source.startswith("hf:") else ""

    monkeypatch.setattr(data, "why_not", why_not)


def yes() -> bool:
    return True


def no() -> bool:
    return False


def never() -> bool:
    raise AssertionError("the network was asked")


def test_what_comes_along_or_is_made_needs_no_network(tmp_path: Path) -> None:
    for source in ("scikit-learn:digits", "made", "made: two moons"):
        assert datasets_available(DataNeed("d", source), tmp_path, False, never) == ""
    assert datasets_available(MNIST, tmp_path, True, never) == "fetching is off"


def test_the_hub_is_asked_where_the_cache_has_it_not(tmp_path: Path) -> None:
    assert datasets_available(MNIST, tmp_path, False, yes) == ""
    assert "network does not answer" in datasets_available(MNIST, tmp_path, False, no)
    with pytest.raises(BadInputError):
        datasets_available(replace(MNIST, source="hf:nonsense"), tmp_path, False, yes)


def test_a_substitute_stands_in_and_it_is_said(tmp_path: Path) -> None:
    made = recipe(MNIST, DIGITS)
    here = resolve(made, made.arms, tmp_path, False, yes)
    assert (here.taken, here.missing, here.notes) == (
        {"mnist": "mnist", "digits": "digits"},
        {},
        (),
    )
    away = resolve(made, made.arms, tmp_path, False, no)
    assert away.taken == {"mnist": "substitute:scikit-learn:digits", "digits": "digits"}
    assert away.missing == {}
    (note,) = away.notes
    assert note.startswith("scikit-learn:digits stands in for mnist: it is not in the cache")


def test_a_substitute_that_is_always_taken_asks_nobody(tmp_path: Path) -> None:
    made = recipe(replace(MNIST, always=True))
    found = resolve(made, made.arms, tmp_path, False, never)
    assert found.taken == {"mnist": "substitute:scikit-learn:digits"}
    assert found.notes == ("scikit-learn:digits stands in for mnist: it is large.",)


def test_an_arm_is_missing_only_where_it_needs_the_data(tmp_path: Path) -> None:
    arms = (Arm("large", needs=("alone",)), Arm("small", needs=("digits",)), Arm("both"))
    found = resolve(recipe(ALONE, DIGITS, arms=arms), arms, tmp_path, True, never)
    assert found.taken == {"digits": "digits"}
    assert set(found.missing) == {"large", "both"}
    assert (
        found.missing["large"] == "needs the data alone (hf:ylecun/mnist@abc123): fetching is off"
    )
    only_small = resolve(recipe(ALONE, DIGITS, arms=arms), arms[1:2], tmp_path, True, never)
    assert (only_small.taken, only_small.missing) == ({"digits": "digits"}, {})
