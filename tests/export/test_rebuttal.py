"""A rebuttal's file: points are ours, answers are the writer's."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from researchdesk.errors import BadInputError
from researchdesk.export import rebuttal
from researchdesk.export.own_words import own_words
from researchdesk.export.written_marks import is_as_written, marked, says_already

_KEYS = ("aaaa", "bbbb", "cccc")
_ANSWERS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=80
).filter(lambda text: "<!--" not in text)


def answered(head: str, bodies: Mapping[str, str], answers: Mapping[str, str]) -> str:
    """A file in which a person answered below the prompts, in their order."""
    first, *rest = rebuttal.written(head, bodies).split(rebuttal.PROMPT)
    said = (f"{rebuttal.PROMPT}\n\n{answers.get(key, '')}\n" for key in bodies)
    return first + "".join(f"{one}{after}" for one, after in zip(said, rest, strict=True))


@settings(max_examples=60)
@given(
    st.lists(_ANSWERS, min_size=3, max_size=3),
    st.lists(st.text(alphabet="ab >#`\n", max_size=30), min_size=6, max_size=6),
)
def test_answers_stay_whatever_is_said_of_the_points(answers: list[str], bodies: list[str]) -> None:
    said = dict(zip(_KEYS, answers, strict=True))
    first = answered("# Head", dict(zip(_KEYS, bodies[:3], strict=True)), said)
    assert rebuttal.answers_in(first) == {key: text.strip() for key, text in said.items()}
    later = rebuttal.merged(first, dict(zip(_KEYS, bodies[3:], strict=True)), "f")
    assert rebuttal.answers_in(later.text) == rebuttal.answers_in(first)
    assert (later.new, later.gone, later.edited) == ((), {}, ())
    again = rebuttal.merged(later.text, dict(zip(_KEYS, bodies[3:], strict=True)), "f")
    assert again.text == later.text


def test_a_new_point_comes_to_the_end_and_one_that_is_gone_stays() -> None:
    old = answered("# Head", {"aaaa": "> one", "bbbb": "> two"}, {"aaaa": "Yes."})
    old = old.replace("# Head", "# My own head\n\nThanks.").replace("> two", "> two, by my hand")
    found = rebuttal.merged(old, {"bbbb": "> two\n\nnewer", "cccc": "> three"}, "f")
    assert (found.new, found.gone, found.edited) == (("cccc",), {"aaaa": "“one”"}, ("bbbb",))
    assert found.text.startswith(old)
    assert "newer" not in found.text
    assert rebuttal.answers_in(found.text) == {"aaaa": "Yes.", "bbbb": "", "cccc": ""}
    assert rebuttal.unanswered(found.text, ["cccc", "aaaa"]) == ["cccc"]
    windows = rebuttal.merged(old.replace("\n", "\r\n"), {"cccc": "> three"}, "f").text
    assert windows.count("\n") == windows.count("\r\n")
    with pytest.raises(BadInputError, match="no partner"):
        rebuttal.merged(old.replace("<!-- researchdesk:end pointaaaa -->", ""), {}, "f")


@given(st.lists(st.sampled_from(
    ["<b>", "`", "``", "\\", "\n", "\n\n", "```", "~~~", "# ", "---", "a", " ", "    ", "> ", "- ",
     "<!--", "-->", "[x](y)", "<http://x>", "&"]
), max_size=12).map("".join))  # fmt: skip
def test_no_html_comes_through(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(own_words(text, lambda _: ""))
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inline)}
    assert not kinds & {"html_block", "html_inline"}
    assert own_words(text, lambda _: "") == own_words(f"\n{text}\n", lambda _: "")


def test_code_stays_as_it_is_written() -> None:
    text = "The `<pad>` token, <b>not</b> this:\n\n```html\n<b>\n---\n# x\n```\n\n    <i>"
    said = text.replace("<b>not</b>", "&lt;b>not&lt;/b>")
    assert own_words(text, lambda _: "") == said


def test_what_is_a_persons_own_keeps_its_marks_but_no_html() -> None:
    said = own_words(
        "# Big\n**b** <script>x</script> 1 < 2 [[1412.6980]]\n```\nopen", lambda _: "A"
    )
    assert said == "\\# Big\n**b** &lt;script>x&lt;/script> 1 < 2 A\n```\nopen\n```"
    assert own_words("Title\n---\nmore", lambda _: "") == "Title\n\\---\nmore"


def test_a_file_tells_whether_it_is_as_it_was_written() -> None:
    text = marked("review", "a key --> x", "# Body\n")
    assert is_as_written(text)
    assert text.count("-->") == 1
    assert not is_as_written(text + "mine")
    assert says_already(text + "mine", "# Body\n")
    assert not says_already(text, "# Other\n")
    assert marked("r", "x", "b", tex=True).startswith("% Written")
