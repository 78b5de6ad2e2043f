"""Prose parted into sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.sentences import sentence_spans


def parts(text: str) -> list[str]:
    return [text[at:end] for at, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It falls, e.g. on MNIST, by half.",
        "It falls (cf. Fig. 3 and Eqs. 4 to 6 of Reddi et al. 2018).",
        "It is 0.5 % better than v1.2 at lr=1e-3.",
        "As [[1412.6980]] says, it converges.",
        "[[1412.6980]] says so.",
        "It is so in `a. B` and in $f(x). X$ alone.",
        "See https://example.org/a.B?c=D. for more",
        "The work of D. P. Kingma and J. Ba is cited.",
        "That is “so.”",
        "It is faster... and it stays so.",
        "It falls w.r.t. Adam, i.e. it is worse.",
        "It falls. [[run:20260101-000000-x]]",
        "Is it so?",
        "*It is so.*",
        "See [the page](https://example.org/a.B) for it.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert parts(sentence) == [sentence]


@pytest.mark.parametrize(
    "sentences",
    [
        ["It falls.", "It rises."],
        ["Does it fall?", "yes, it does."],
        ["It is of dimension N.", "We show that."],
        ["They do as Kingma et al.", "We do not."],
        ["It costs $5 and $6.", "That is much."],
        ["It falls. [[run:20260101-000000-x]] [[1412.6980]]", "Then it rises."],
        ["It falls.", "[[1412.6980]] says why."],
        ["(It falls.)", "It rises."],
        ["It fell in 2019.", "It rose…", "And fell!"],
        ["It is 5 %.", "`Adam` is worse."],
    ],
)
def test_several_are_parted(sentences: list[str]) -> None:
    assert parts(" ".join(sentences)) == sentences
    assert parts("\n".join(sentences)) == sentences


_WORD = st.sampled_from(
    [
        "Adam",
        "falls",
        "[[1412.6980]]",
        "e.g.",
        "0.5",
        "%",
        "`a. B`",
        "et al.",
        "Fig. 3",
        "than",
        "$x. Y$",
    ]
)
_SENTENCE = st.builds(
    lambda words, end: f"We {' '.join(words)} so{end}",
    st.lists(_WORD, min_size=1, max_size=6),
    st.sampled_from([".", "!", "?"]),
)


@given(st.lists(_SENTENCE, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_wrapping_lines_elsewhere_changes_no_sentence(sentences: list[str], dice) -> None:
    text = " ".join(sentences)
    wrapped = "".join(
        "\n" if sign == " " and dice.random() < 0.2 else sign for at, sign in enumerate(text)
    )
    said = [" ".join(part.split()) for part in parts(wrapped)]
    assert said == sentences == parts(text)


@given(st.text(alphabet="aB .!?…[]`$()\"'\n*_0<>-", max_size=80))
def test_all_words_are_in_one_sentence_and_in_order(text: str) -> None:
    spans = sentence_spans(text)
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat)
    assert all(text[at:end].strip() == text[at:end] for at, end in spans)
    kept = "".join(text[at:end] for at, end in spans)
    assert "".join(kept.split()) == "".join(text.split())
