import pytest

from researchdesk.export.fences import closed


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("```\ncode", "\n```"),
        ("~~~~ py\n~~~\n```", "\n~~~~"),
        ("  ```\nx", "\n```"),
        ("a\n```\nx\n```\nb\n```", "\n```"),
        ("<pre>\nx", "\n</pre>"),
        ("<script>\nx", "\n</script>"),
        ("<?php x", "\n?>"),
        ("<!DOCTYPE", "\n>"),
        ("<![CDATA[ x", "\n]]>"),
    ],
)
def test_what_is_left_open_is_closed(text: str, closing: str) -> None:
    assert closed(text) == text + closing
    assert closed(text + closing) == text + closing


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words `one` ``` two",
        "```\ncode\n```",
        "- a\n  ```\n  code ends with the list",
        "- ```\n  code\n  ```\n\nnext",
        "> ```\n> code ends with the quotation",
        "    ```\n    indented code",
        "<details>\n\n**x**",
        "| a |\n| --- |",
    ],
)
def test_what_ends_by_itself_stays_verbatim(text: str) -> None:
    assert closed(text) == text
