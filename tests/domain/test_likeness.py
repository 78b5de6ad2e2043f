"""Whether two records may be of one paper: what is proposed, and above all what is not."""

import pytest

from researchdesk.domain.likeness import (
    Likely,
    alike,
    initial,
    same_authors,
    same_doi,
    same_title,
    surname,
    title_words,
)
from researchdesk.services.merge_proposing import rules

PREPRINT = ("Sara Sabour", "Nicholas Frosst", "Geoffrey E. Hinton")


def record(number, title, authors=PREPRINT, year=2017, arxiv_id="", doi=""):
    return Likely(number, arxiv_id, doi, title, tuple(authors), year, title_words(title))


def why(one, other):
    return alike(one, other, rules())


PAPER = record(1, "Dynamic Routing Between Capsules", arxiv_id="1710.09829")


@pytest.mark.parametrize(
    ("title", "authors", "year"),
    [
        ("Dynamic Routing between Capsules", ("Sabour, Sara", "Frosst, Nicholas"), 2017),
        ("{D}ynamic {R}outing {B}etween {C}apsules.", ("Sabour, S.", "Frosst, N."), 2018),
        ("Dynamic routing between the capsules", ("S. Sabour",), 2019),
        ("Dynamic Routing Betwen Capsules", ("Sara Sabour", "Nicholas Frosst"), 2017),
        ("Dynamic Routing Between Capsules", ("Sara Sabour", "others"), None),
    ],
    ids=["surnames first", "braces", "a small word", "misspelt", "no year, same title"],
)
def test_preprint_and_published_version_are_proposed(title, authors, year) -> None:
    assert why(PAPER, record(2, title, authors, year))


@pytest.mark.parametrize(
    ("title", "authors", "year"),
    [
        ("Dynamic Routing Between Capsules", ("Sara Sabour",), 2021),
        ("Dynamic Routing Between Capsules", ("Ada Example", "Nicholas Frosst"), 2017),
        ("Dynamic Routing Between Capsules", ("Tom Sabour",), 2017),
        ("Dynamic Routing Between Capsules", ("Sara Sabour", "Other Person"), 2017),
        ("Dynamic Routing Between Capsules", (), 2017),
        ("Dynamic Routing Between Capsules II", PREPRINT, 2017),
        ("No Dynamic Routing Between Capsules", PREPRINT, 2017),
        ("Static Routing Between Capsules", PREPRINT, 2017),
        ("Dynamic Routing Betwen Capsules", PREPRINT, None),
    ],
    ids=[
        "four years later",
        "another first author",
        "another given name",
        "another second author",
        "no authors",
        "part two",
        "no",
        "another word",
        "misspelt and no year",
    ],
)
def test_what_a_title_alone_says_is_not_enough(title, authors, year) -> None:
    assert why(PAPER, record(2, title, authors, year)) == ""


def test_two_ids_of_arxiv_and_two_dois_of_publishers_are_two_papers() -> None:
    title = "Dynamic Routing Between Capsules"
    assert not why(PAPER, record(2, title, arxiv_id="1710.00001"))
    journal, talk = record(2, title, doi="10.1/j"), record(3, title, doi="10.1/c")
    assert not why(journal, talk)
    assert why(journal, record(4, title, doi="10.48550/arxiv.1710.09829"))


@pytest.mark.parametrize("title", ["Editorial", "Preface", "Reply", "Deep learning"])
def test_titles_that_many_papers_have_say_nothing_unless_all_fits(title) -> None:
    one, other = record(1, title, year=2017), record(2, title, year=2017)
    assert bool(why(one, other)) is (title == "Deep learning")
    assert not why(record(1, title, year=None), other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Auto-Encoding Variational Bayes", "Autoencoding variational Bayes", True),
        ("Learning with $\\ell_1$ norms", "Learning with ell1 norms", False),
        ("Über-learning of things", '{\\"U}ber learning of things', True),
        ("Hamilton's principle for nets", "Hamiltons principle for nets", True),
        ("ResNet-50 on CIFAR-10", "ResNet-50 on CIFAR-100", False),
        ("Symmetric networks", "Asymmetric networks", False),
        ("Supervised learning of maps", "Unsupervised learning of maps", False),
        ("An encoder for speech", "A decoder for speech", False),
        ("Minimization of regret", "Maximization of regret", False),
        ("Optimisation of deep nets", "Optimization of deep nets", True),
        ("深度学习", "深度学习", True),
        ("", "", True),
    ],
)
def test_titles_are_compared_word_by_word(one, other, same) -> None:
    assert same_title(title_words(one), title_words(other), rules()) is same


@pytest.mark.parametrize(
    ("name", "family", "first"),
    [
        ("Laurens van der Maaten", "maaten", "l"),
        ("van der Maaten, Laurens", "maaten", "l"),
        ("Özel, B.", "ozel", "b"),
        ("OpenAI", "openai", ""),
        ("Yann LeCun", "lecun", "y"),
        ("", "", ""),
    ],
)
def test_names_in_their_forms(name, family, first) -> None:
    assert (surname(name), initial(name)) == (family, first)


def test_authors_need_to_be_there() -> None:
    assert not same_authors((), ())
    assert not same_authors(("others",), ("others",))


def test_a_doi_shared_by_chapters_of_a_book_makes_them_no_paper() -> None:
    one = record(1, "Gradient Flow in Recurrent Nets", ("Sepp Hochreiter",), doi="10.1/book")
    other = record(2, "On Spectral Clustering", ("Andrew Ng",), doi="10.1/book")
    assert same_doi(one, other) == ""
    renamed = record(3, "The vanishing gradient problem", ("Hochreiter, S.",), doi="10.1/book")
    assert same_doi(one, renamed) == "same DOI 10.1/book"
