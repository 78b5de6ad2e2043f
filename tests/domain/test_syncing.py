"""What is made of what arXiv says: venues, withdrawals, marks."""

import pytest

from researchdesk.domain.papers import Metadata
from researchdesk.domain.syncing import (
    HistoryRecord,
    Known,
    VersionRecord,
    Withdrawal,
    newer,
    published,
    reason,
    venue_in,
    withdrawal,
)
from researchdesk.domain.version_marks import Standing, mark, version_words


@pytest.mark.parametrize(
    ("reference", "venue"),
    [
        ("Nature 521 (2015) 436-444", "Nature"),
        ("Phys.Rev.Lett. 93 (2004) 120501", "Phys.Rev.Lett."),
        ("J. Mach. Learn. Res., vol. 3, pp. 1-10", "J. Mach. Learn. Res."),
        ("ICML 2020", "ICML"),
        ("Proceedings of the 36th International Conference on Machine Learning, 2019",
         "Proceedings of the 36th International Conference on Machine Learning"),
        ("2018 IEEE Conference on Computer Vision", "2018 IEEE Conference on Computer Vision"),
        ("AI 3 (1999)", "AI 3 (1999)"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_venue_is_what_stands_before_volume_and_year(reference, venue) -> None:
    assert venue_in(reference) == venue


def history(*sizes: int | None) -> HistoryRecord:
    versions = (VersionRecord(at, None, size) for at, size in enumerate(sizes, start=1))
    return HistoryRecord("2001.00001", versions=tuple(versions))


@pytest.mark.parametrize(
    ("sizes", "version"),
    [
        ((12, 0), 2),
        ((12, 0, 0), 2),
        ((0, 12), None),
        ((12, 0, 12), None),
        ((12, None), None),
        ((0,), 1),
        ((), None),
    ],
)
def test_the_first_of_the_last_versions_without_files_took_it_back(sizes, version) -> None:
    words = Metadata("T", comment="an error", version=len(sizes) or 1)
    found = withdrawal(words, history(*sizes))
    assert found == (Withdrawal(version, "an error") if version else None)


def test_a_history_that_ends_before_says_nothing() -> None:
    assert withdrawal(Metadata("T", version=3), history(12, 0)) is None


def test_a_long_reason_is_cut_and_an_empty_one_is_the_abstract() -> None:
    assert reason(Metadata("T", abstract="This paper has been withdrawn.")) == (
        "This paper has been withdrawn."
    )
    assert len(reason(Metadata("T", comment="so " * 200))) <= 240


def test_the_same_withdrawal_is_no_news_twice() -> None:
    known = Known(1, Metadata("T", version=1), latest=2, withdrawn=2)
    assert newer(known, 2, Withdrawal(2, "why")) is None


def test_a_journal_alone_is_a_publication_and_its_correction_is_not() -> None:
    told = published(Metadata("T"), Metadata("T", journal_ref="ICML 2020"))
    assert told is not None
    assert told.text == "published: ICML 2020"
    known = Metadata("T", journal_ref="to appear in ICML")
    assert published(known, Metadata("T", journal_ref="ICML 2020")) is None


@pytest.mark.parametrize(
    ("version", "now", "said"),
    [
        (1, Standing(1), ""),
        (1, Standing(3), "v3 is out; this was read in v1"),
        (1001, Standing(3), ""),
        (2, Standing(3, 3), "withdrawn in v3"),
        (1001, Standing(3, 3, "an error"), "withdrawn in v3: an error"),
    ],
)
def test_marks(version, now, said) -> None:
    assert mark(version, now) == said


def test_versions_in_words() -> None:
    assert (version_words(2), version_words(1001)) == ("v2", "published")
