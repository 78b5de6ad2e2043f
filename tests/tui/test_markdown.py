"""A note's markdown is shown as it is meant, and never as markup."""

from researchdesk.tui.markdown import preview


def styles(content):
    return {content.plain[span.start : span.end]: str(span.style) for span in content.spans}


def test_bold_italics_code_and_links():
    shown = preview("**strong** and *soft*, `code` and see [[1412.6980]].")
    assert shown.plain == "strong and soft, code and see [[1412.6980]]."
    kinds = styles(shown)
    assert "bold" in kinds["strong"]
    assert "italic" in kinds["soft"]
    assert kinds["code"]
    assert "underline" in kinds["[[1412.6980]]"]


def test_what_looks_like_markup_is_text():
    for text in ("see [/b] and [red]x[/]", "[link=x]", "<b>no</b> &lt;"):
        assert preview(text).plain.replace("&lt;", "<") == text.replace("&lt;", "<")


def test_lists_headings_quotes_and_code_blocks():
    shown = preview("# Head\n\n- one\n- two\n  - deep\n\n1. first\n2. second\n\n```\na = 1\n```")
    assert shown.plain.splitlines() == [
        "Head", "• one", "• two", "  • deep", "1. first", "2. second", "a = 1",
    ]  # fmt: skip


def test_a_table_of_nothing_is_nothing():
    assert preview("   ").plain == ""
