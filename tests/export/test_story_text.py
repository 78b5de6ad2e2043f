"""A storyline for other people: markdown, LaTeX."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from researchdesk.domain.evidence import EvidenceState, Standing
from researchdesk.domain.papers import Metadata
from researchdesk.export.story_latex import story_latex
from researchdesk.export.story_markdown import story_markdown
from researchdesk.export.story_text import Source, StoryTold, cleaned

_DAY = datetime(2015, 1, 1, tzinfo=UTC)
ADAM = Metadata("Adam *it*", ("D. Kingma", "J. Ba"), published=_DAY, arxiv_id="1412.6980")
SOURCES = {
    "1412.6980": Source(
        "kingma2015adam",
        ADAM,
    ),
    "1904.09237": Source(
        "reddi", Metadata("On It", ("S. Reddi", "S. Kale", "S. Kumar Jr."), arxiv_id="1904.09237")
    ),
    "local": Source("key1", Metadata("No Name", doi="10.1/x")),
}
STATES = {
    "run:r": EvidenceState("run:r", "tiny_run", "reproduced & more", Standing.HOLDS),
    "funny:1": EvidenceState("funny:1", "x", "no", Standing.GONE),
}


def told(text: str) -> StoryTold:
    return StoryTold("why", "Why", 2, text, SOURCES, STATES)


def markdown(text: str, *, questions: bool = False) -> str:
    said = story_markdown(told(text), questions=questions)
    return said.partition("-->\n\n")[2]


def body(text: str) -> str:
    return story_latex(told(text))[0].partition("\\section{Introduction}\n\n")[2].rstrip("\n")


def test_links_become_words_and_papers_a_list() -> None:
    said = markdown(
        "See [[1904.09237]], [[1412.6980]], [[1412.6980|Adam_]] and [[local]]: it falls [[run:r]], "
        "[[run:r|so]], [[funny:1]], `[[run:r]]`."
    )
    assert said == (
        "See Reddi et al. (2019), Kingma and Ba (2015), Adam\\_ and No Name: it falls (tiny\\_run: "
        "reproduced & more), so (reproduced & more), funny:1, `[[run:r]]`.\n\n"
        "## References\n\n"
        "- D. Kingma, J. Ba (2015). Adam \\*it\\*. [arXiv:1412.6980](https://arxiv.org/abs/1412.6980)\n"
        "- No Name. doi:10.1/x\n"
        "- S. Reddi, S. Kale, S. Kumar Jr. (2019). On It. "
        "[arXiv:1904.09237](https://arxiv.org/abs/1904.09237)\n"
    )
    assert "References" not in markdown("None.")


ASKED = """\
# T
<!-- What
is it? -->

One. <!-- why -->
? proof: [[1412.6980]]
  and more
? weak: w
Two.

<!-- More? -->

```
<!-- kept -->


? proof: kept
```
"""


def test_comments_and_questions_are_left_out() -> None:
    assert cleaned(ASKED) == ("# T\n\nOne.\nTwo.\n\n```\n<!-- kept -->\n\n\n? proof: kept\n```\n")
    assert told(ASKED).cited() == []


def test_questions_are_told_where_they_are_asked_for() -> None:
    said = markdown(ASKED, questions=True)
    assert "One.\n\n- *Proof:* Kingma and Ba (2015)\n  and more\n- *Weak:* w\n\nTwo.\n" in said


def test_the_introduction_in_latex() -> None:
    text = (
        '# Title\n\nAdam (*the one*, **not** `a_b`) costs 5 % "more" [[run:r]].\n\n'
        "## What & why\n\n1. It falls [[1412.6980]], as $x_1^2$ and [[1904.09237|they]] say.\n"
        "   - Inner [page](https://e.org/a_b%20c#d)\n\n> said\n\n```\na_b = {1}\n```\n\n"
        "$$\n\\sum_i x_i\n$$\n"
    )
    tex, bib = story_latex(told(text))
    assert tex.startswith("% Written by researchdesk from the storyline why, draft 2 (text ")
    assert body(text) == (
        "Adam (\\emph{the one}, \\textbf{not} \\texttt{a\\_b}) costs 5 \\% ``more''"
        "\\footnote{tiny\\_run: reproduced \\& more (run:r)}.\n\n"
        "\\subsection{What \\& why}\n\n"
        "\\begin{enumerate}\n\\item\n"
        "It falls~\\cite{kingma2015adam}, as $x_1^2$ and they~\\cite{reddi} say.\n"
        "\\begin{itemize}\n\\item\nInner \\href{https://e.org/a\\_b\\%20c\\#d}{page}\n"
        "\\end{itemize}\n\\end{enumerate}\n\n"
        "\\begin{quote}\nsaid\n\\end{quote}\n\n"
        "\\begin{verbatim}\na_b = {1}\n\\end{verbatim}\n\n"
        "$$\n\\sum_i x_i\n$$"
    )
    assert [line for line in bib.splitlines() if line.startswith("@")] == [
        "@misc{kingma2015adam,", "@misc{reddi,",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a <b>c</b> & d", "a \\textless{}b\\textgreater{}c\\textless{}/b\\textgreater{} \\& d"),
        ("\\input{/etc/passwd}", "\\textbackslash{}input\\{/etc/passwd\\}"),
        ("$x % y$ $x \\% y$", "$x \\% y$ $x \\% y$"),
        ("$\\input{/etc/passwd}$", "\\$\\textbackslash{}input\\{/etc/passwd\\}\\$"),
        ("$$\\write18{id}$$", "\\$\\$\\textbackslash{}write18\\{id\\}\\$\\$"),
        ("$x^^5cinput$", "\\$x\\textasciicircum{}\\textasciicircum{}5cinput\\$"),
        ("[a](http://e.org/^^5c$)", "\\href{http://e.org/\\%5E\\%5E5c\\%24}{a}"),
        ("It costs $5 and $6.", "It costs \\$5 and \\$6."),
        ("`$x$` and [[nothing]]", "\\texttt{\\$x\\$} and\\footnote{nothing}"),
        ("one  \ntwo", "one\\\\\ntwo"),
        ("## It [[run:r]]", "\\subsection{It}"),
        ("### [[1904.09237]]", "\\subsubsection{\\cite{reddi}}"),
        ("$a}$ and $\\{b$", "\\$a\\}\\$ and $\\{b$"),
        ("10 − 3 ≈ 7 π", "10 $-$ 3 $\\approx$ 7 $\\pi$"),
        (
            "```\n\\end{verbatim}  x\n\na--b 中\n```",
            "\\begin{flushleft}\\ttfamily\n"
            "\\textbackslash{}end\\{verbatim\\}\\ \\ x\\\\\n\\mbox{}\\\\\n"
            "a-{}-b\\ {\\ifdefined\\Umathcode 中\\else(U+4E2D)\\fi}\n\\end{flushleft}",
        ),
        ("![a](b.png)", "!\\href{b.png}{a}"),
    ],
)
def test_everything_else_is_escaped(text: str, said: str) -> None:
    assert body(text) == said


_TEXT = st.lists(
    st.sampled_from(
        ["a", "*b*", "**", "`c`", "\\", "{", "}", "%", "&", "_", "#", "~", "^", "<",
         "[[1412.6980]]",
         "[[run:r]]", "[x](y)", "\n\n", "\n", "- ", "1. ", "> ", "$x$", '"', "```\n", "    "]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(_TEXT)
def test_any_text_gives_latex_whose_braces_and_environments_pair(text: str) -> None:
    said = body(text)
    bare = said.replace("\\{", "").replace("\\}", "")
    outside = bare.split("\\begin{verbatim}")
    prose = outside[0] + "".join(part.partition("\\end{verbatim}")[2] for part in outside[1:])
    assert prose.count("{") == prose.count("}")
    for name in ("itemize", "enumerate", "quote", "verbatim"):
        assert said.count(f"\\begin{{{name}}}") == said.count(f"\\end{{{name}}}")


@given(_TEXT)
def test_the_papers_cited_stand_below_any_text(text: str) -> None:
    whole = f"{text}\n\n<!-- asked -->\n\n[[1412.6980]]"
    html = MarkdownIt().render(markdown(whole))
    assert ("<h2>References</h2>" in html) is bool(told(whole).cited())
