"""Words that two texts have in common."""

from researchdesk.domain.common_words import content_words, in_common


def test_the_rarer_words_lead() -> None:
    others = {
        "norm": "the Jacobian's spectral norm",
        "grid": "a grid of points, a Jacobian",
        "seed": "seeds of the grid",
        "none": "nothing of the kind",
        "more": "a Jacobian on its own",
    }
    found = in_common("Spectral norms on a grid?", others, {"the", "of", "on"})
    assert found == [("norm", ("Spectral", "norms"))]
    assert in_common("Which Jacobian on which grid?", others, {"which"})[0] == (
        "grid",
        ("Jacobian", "grid"),
    )


def test_one_word_alone_counts_only_where_it_is_rare() -> None:
    many = {str(number): f"common word{number}x" for number in range(8)}
    assert in_common("common", many) == []
    assert in_common("common", {"a": "common", "b": "other"}) == [("a", ("common",))]
    assert in_common("", many) == []
    assert in_common("words", {}) == []
    assert list(content_words("Losses, loss & a 12x GPU's seeds", {"loss"})) == [
        "losse",
        "gpu",
        "seed",
    ]
