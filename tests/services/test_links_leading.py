"""Links that lead nowhere are told, and kept."""

from researchdesk.services import links


def test_what_leads_nowhere_is_named_as_it_was_written(desk, paper):
    text = "See [[1904.00001]], [[funny:zz]], [[claim:none-1|that]], `[[funny:yy]]` and [[note:9]]."
    assert set(links.leading_nowhere(desk, text)) == {
        "[[funny:zz]]",
        "[[claim:none-1|that]]",
        "[[note:9]]",
    }


def test_a_text_without_dead_links_names_none(desk, paper):
    assert links.leading_nowhere(desk, "Plain [[1904.00001]], and [x](y).") == ()
