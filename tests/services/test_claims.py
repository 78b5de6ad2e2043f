import math
from dataclasses import replace

import pytest
from support.faketime import FakeTime

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


def test_a_claim_said_in_other_words_is_not_taken_twice(desk: Desk, paper: Paper) -> None:
    first = claims.accept(desk, paper, CANDIDATE)
    said = claims.reword_claim(desk, first.slug, "better")
    assert claims.accept(desk, paper, CANDIDATE) == said
    assert claims.claims_of(desk, paper) == [said]


def test_a_candidate_found_anew_is_the_same_claim(desk: Desk, paper: Paper) -> None:
    first = claims.accept(desk, paper, CANDIDATE)
    moved = replace(CANDIDATE, page=9, quote="Trans-\nformer (big)  28.4", score=9.0)
    assert claims.accept(desk, paper, moved) == first
    other = claims.accept(desk, paper, replace(CANDIDATE, quote="another row 28.4"))
    assert other.slug != first.slug


def test_earlier_words_of_a_claim_are_kept(desk: Desk, paper: Paper, fake_time: FakeTime) -> None:
    first = claims.add_claim(desk, paper, "first")
    fake_time.advance(minutes=1)
    claims.reword_claim(desk, first.slug, "second")
    claims.reword_claim(desk, first.slug, "second")
    claims.remove_claim(desk, first.slug)
    found = claims.revisions(desk, first.slug)
    assert [state.text for state in found] == ["first", "second"]
    assert found[0].saved_at == first.created_at < found[1].saved_at
