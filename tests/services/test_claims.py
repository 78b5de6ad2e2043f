import math
from dataclasses import replace

import pytest

from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import claims, library
from researchdesk.services.desk import Desk

CANDIDATE = ClaimCandidate(
    printed="28.4",
    value=28.4,
    metric="BLEU",
    dataset="WMT 2014 EN-DE",
    where="Table 2",
    page=8,
    quote="Transformer (big) 28.4 \x1b[31m",
    row="Transformer (big)",
)


def test_nothing_is_a_claim_until_it_is_taken(desk: Desk, paper: Paper) -> None:
    assert claims.claims_of(desk, paper) == []
    first = claims.accept(desk, paper, CANDIDATE)
    assert (first.slug, first.version, first.value, first.page) == ("1904.00001-1", 2, 28.4, 8)
    assert first.text == "Transformer (big): BLEU WMT 2014 EN-DE 28.4"
    assert first.quote == "Transformer (big) 28.4"
    assert claims.claims_of(desk, paper) == [first] == claims.claims_of(desk)


def test_the_same_candidate_is_the_same_claim(desk: Desk, paper: Paper) -> None:
    first = claims.accept(desk, paper, CANDIDATE)
    assert claims.accept(desk, paper, replace(CANDIDATE, score=3.0)) == first
    other = claims.accept(desk, paper, replace(CANDIDATE, value=41.8, printed="41.8"))
    older = claims.accept(desk, paper, CANDIDATE, version=1)
    assert [item.slug[-2:] for item in (first, other, older)] == ["-1", "-2", "-3"]
    claims.remove_claim(desk, first.slug)
    assert claims.accept(desk, paper, CANDIDATE) == first
    assert len(claims.claims_of(desk, paper)) == 3


def test_a_claim_of_ones_own_says_what_is_given(desk: Desk, paper: Paper) -> None:
    kept = claims.add_claim(
        desk, paper, " more\n is better ", value=1.5, spread=0.1, unit="%", page=2, where="abstract"
    )
    assert (kept.text, kept.value, kept.spread, kept.unit) == ("more is better", 1.5, 0.1, "%")
    assert claims.get_claim(desk, kept.slug) == kept
    bad: list[dict[str, float]] = [
        {"value": math.nan},
        {"value": math.inf},
        {"spread": -1.0},
        {"spread": math.nan},
        {"page": 0},
    ]
    for given in bad:
        with pytest.raises(UsageProblemError):
            claims.add_claim(desk, paper, "x", **given)  # type: ignore[arg-type]
    with pytest.raises(UsageProblemError, match="empty"):
        claims.add_claim(desk, paper, " \n")
    assert claims.claims_of(desk, paper) == [kept]


def test_a_claim_is_said_in_other_words(desk: Desk, paper: Paper) -> None:
    first = claims.accept(desk, paper, CANDIDATE)
    said = claims.reword_claim(desk, first.slug, " better\nBLEU ")
    assert said == replace(first, text="better BLEU") == claims.get_claim(desk, first.slug)
    with pytest.raises(UsageProblemError, match="empty"):
        claims.reword_claim(desk, first.slug, " ")
    assert claims.get_claim(desk, first.slug) == said


def test_a_removed_claim_comes_back_and_its_number_is_not_used_again(
    desk: Desk, paper: Paper
) -> None:
    first = claims.add_claim(desk, paper, "a")
    claims.remove_claim(desk, first.slug)
    for verb in (claims.get_claim, claims.remove_claim):
        with pytest.raises(NotOnDeskError, match="removed"):
            verb(desk, first.slug)
    assert claims.add_claim(desk, paper, "b").slug == "1904.00001-2"
    assert claims.restore_claim(desk, first.slug) == first
    assert [item.text for item in claims.claims_of(desk, paper)] == ["a", "b"]
    with pytest.raises(NotOnDeskError, match="no claim"):
        claims.restore_claim(desk, "1904.00001-9")


def test_slugs_of_old_ids_and_keys_are_names_for_links(desk: Desk) -> None:
    old = library.file_metadata(desk, Metadata("Old", arxiv_id="hep-th/9901001"))
    local = library.file_metadata(desk, Metadata("Lecture notes"))
    kept = claims.add_claim(desk, old, "x")
    assert kept.slug == "hep-th_9901001-1"
    assert claims.get_claim(desk, "hep-th/9901001-1") == kept
    assert claims.add_claim(desk, local, "y").slug == "lecture-1"


def test_other_words_for_a_claim_keep_its_name_and_place(desk: Desk, paper: Paper) -> None:
    first = claims.accept(desk, paper, CANDIDATE)
    assert claims.reword_claim(desk, first.slug, " best\nof all ").text == "best of all"
    assert claims.get_claim(desk, first.slug) == replace(first, text="best of all")
    with pytest.raises(UsageProblemError):
        claims.reword_claim(desk, first.slug, " \n ")
    assert claims.get_claim(desk, first.slug).text == "best of all"
