"""Code that trains, by its words."""

import pytest

from researchdesk.assets import folder
from researchdesk.domain.training_words import may_train


@pytest.mark.parametrize(
    ("name", "trains"),
    [("1706.02515-selu", False), ("2001.05016-neural-arithmetic-units", True),
     ("1904.09237-amsgrad", True), ("1803.03635-lottery-ticket", True)],
)  # fmt: skip
def test_the_shipped_recipes_are_told_apart(name: str, trains: bool) -> None:
    recipe = folder("data") / "recipes" / name
    assert may_train(path.read_text("utf-8") for path in recipe.glob("*.py")) is trains


def test_models_of_trees_are_trained_too() -> None:
    assert may_train(["tree = RandomForest()\ntree.fit(x)"])
    assert not may_train(["", "print(1 + 1)"])
