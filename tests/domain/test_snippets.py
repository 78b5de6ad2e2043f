from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.library_rows import Piece
from researchdesk.domain.search_query import parse_query
from researchdesk.domain.snippets import Needle, cut, folded, marked, needles_of, spans


def _marked(text: str, query: str) -> str:
    found = spans(text, needles_of(parse_query(query).terms))
    return "".join(f"<{p.text}>" if p.hit else p.text for p in marked(text, found))


def test_words_are_marked_where_they_begin() -> None:
    assert _marked("A neuron, the Neural-net, bineural", "neur") == (
        "A <neuron>, the <Neural>-net, bineural"
    )
    assert _marked("Schölkopf and Müller", "scholk mull") == "<Schölkopf> and <Müller>"
    assert _marked("nothing here", "zebra") == "nothing here"


def test_phrases_stand_as_they_are() -> None:
    text = "all you need; all-you needed; you all"
    assert _marked(text, '"all you need"') == "<all you need>; all-you needed; you all"
    assert _marked(text, '"all you nee') == "<all you need>; <all-you needed>; you all"
    assert _marked(text, "-all need") == "all you <need>; all-you <needed>; you all"


def test_a_needle_bound_to_a_field_is_found_only_there() -> None:
    needles = needles_of(parse_query("title:deep learning").terms)
    assert needles == (Needle(("deep",), False, "title"), Needle(("learning",), False))
    assert len(spans("deep learning", needles, "abstract")) == 1
    assert len(spans("deep learning", needles, "title")) == 2


def test_a_cut_has_the_words_that_stand_near_each_other() -> None:
    text = "attention " + "filler " * 60 + "where attention\n and  memory meet " + "filler " * 60
    found = spans(text, needles_of(parse_query("memory attention").terms))
    pieces = cut(text, found, 80)
    assert [piece.text for piece in pieces if piece.hit] == ["attention", "memory"]
    said = "".join(piece.text for piece in pieces)
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert "where attention and memory meet" in said
    assert len(said) < 100


@given(st.text(), st.text())
def test_pieces_are_the_text_and_folding_keeps_places(text: str, query: str) -> None:
    assert len(folded(text)) == len(text)
    found = spans(text, needles_of(parse_query(query).terms))
    assert "".join(piece.text for piece in marked(text, found)) == text
    if found:
        assert any(piece.hit for piece in cut(text, found))


def test_markup_in_a_text_is_text() -> None:
    found = spans("see [b]bold[/b]", needles_of(parse_query("bold").terms))
    assert marked("see [b]bold[/b]", found) == (
        Piece("see [b]"),
        Piece("bold", True),
        Piece("[/b]"),
    )
