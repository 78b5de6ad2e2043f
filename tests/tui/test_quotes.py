"""Where a quote stands in a text."""

from researchdesk.domain.documents import Block
from researchdesk.tui.quotes import QuoteFinder

BLOCKS = (
    Block(1, "The same words. And more."),
    Block(2, "A para-\ngraph that is broken over lines"),
    Block(3, "and over pages. The same words."),
)


def found(quote, page=None):
    return [BLOCKS[p.block].text[p.start : p.end] for p in QuoteFinder(BLOCKS).find(quote, page)]


def test_breaks_and_hyphens_do_not_count():
    assert found("a para graph") == []
    assert found("A paragraph that  is") == ["A para-\ngraph that is"]


def test_a_quote_over_two_blocks_has_two_pieces():
    assert found("over lines and over pages.") == ["over lines", "and over pages."]


def test_of_two_places_the_one_nearest_to_the_page_is_meant():
    finder = QuoteFinder(BLOCKS)
    assert finder.find("The same words.", 3)[0].block == 2
    assert finder.find("The same words.", 1)[0].block == 0


def test_a_quote_that_ends_otherwise_is_found_by_its_beginning():
    quote = "A paragraph that is broken over lines and then something that is nowhere here at all"
    assert found(quote)[0].startswith("A para-\ngraph that is")
    assert found("nowhere") == []
    assert found("  ") == []
