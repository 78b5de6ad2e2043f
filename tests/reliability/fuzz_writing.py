"""Parsers of what a person writes: notes, storylines, slides, reviews, pages of vaults."""

from datetime import date

from reliability.fuzzing import BrokenError, Target
from support.talk_file import TALK

from researchdesk.document.references.sentences import sentence_spans as sentences_of_papers
from researchdesk.domain.links import links_in, misshapen, ref_link
from researchdesk.domain.posts import cut, posts_of
from researchdesk.domain.readmes import commands_in, links_to_models, table_rows
from researchdesk.domain.review_points import points_in
from researchdesk.domain.search_query import parse_query
from researchdesk.domain.sentences import sentence_spans
from researchdesk.domain.slide_checks import few_words, messages, no_capitals, readable_font
from researchdesk.domain.slide_formulas import few_formulas, formulas_explained
from researchdesk.domain.snippets import cut as cut_out
from researchdesk.domain.snippets import needles_of, spans
from researchdesk.domain.statements import red_thread, sections, statements
from researchdesk.domain.story_diff import text_diff
from researchdesk.domain.story_lines import comment_spans, story_lines, without_comments
from researchdesk.domain.surprises import sides_in
from researchdesk.domain.talk_notes import audience_of, goals_of
from researchdesk.domain.text import clean, one_line, slug
from researchdesk.domain.word_diff import word_diff
from researchdesk.errors import BadInputError
from researchdesk.export import frontmatter, regions
from researchdesk.export.fences import closed
from researchdesk.export.formulas import harmless
from researchdesk.export.latex import codes_in, is_plain, latex
from researchdesk.export.plain import parted_at_formulas, plain, without_formulas
from researchdesk.export.slides import read_slides
from researchdesk.export.story_text import cleaned
from researchdesk.export.vault import logseq_properties
from researchdesk.tui.markdown import preview

STORY = """# Narrow networks

*Everything in one sentence: width matters little* [[claim:a|said so]].

? what: We narrow a network. ? why: It is smaller.
- [ ] a step, e.g. of Smith et al. [[1706.03762 p. 3]] `[[no link]]`
<!-- a comment
over lines -->

```python
x = "[[none]]"
```
| a | b |
|---|---|
| 1 | $x^2$ |
"""
PAGE = """---
title: "A title" # why
tags: [a, b]
status: read
---
Mine before.

%s

Mine behind. Audience: students
"""
REVIEW = """# Reviewer 2
**Weaknesses:** the paper has no seeds.
1. First point
   goes on here
2. > quoted
- Question: why? ```x```
"""
README = """# R
| a | 91.2 |
|---|---|
```
python train.py --seed 1
```
See [models](https://x.org/m.pt) `make a`
"""
_VALUES = {"title": "New: title", "tags": ["c"], "year": 2017, "read": date(2026, 4, 14), "id": "x"}
_MARKS = ("[[", "]]", "|", "[[a|", "`", "```", "~~~", "<!--", "-->", "# ", "- ", "> ", "$", "$$",
    "\\(", "**", "_", "![", "](", "<", "? why: ", "---\n", "| ", "\n\n", "    ", "e.g. ", "\\",
    "1. ")  # fmt: skip


def _story(text: str) -> object:
    for link in links_in(text):
        if not text[link.start : link.end].startswith("[["):
            raise BrokenError(f"{link} stands elsewhere in {text!r}")
    misshapen(text)
    ref_link(text)
    comment_spans(text)
    if without_comments(text).count("\n") != text.count("\n"):
        raise BrokenError("lines are lost with comments")
    cleaned(text)
    cleaned(text, questions=True)
    sides_in(text)
    return story_lines(text), statements(text), sections(text), red_thread(text)


def _slides(text: str) -> object:
    deck = read_slides(text)
    goals_of(deck.slides)
    audience_of(deck.slides)
    checks = (few_words, messages, no_capitals, readable_font, few_formulas, formulas_explained)
    return [check(deck) for check in checks]


def _page(text: str) -> object:
    merged = regions.merge(text, {"notes": "- a\n- b", "claims": ""}, "the page").text
    if regions.merge(merged, {"notes": "- a\n- b", "claims": ""}, "the page").text != merged:
        raise BrokenError(f"a page is not the same when it is written again: {merged!r}")
    return regions.names_in(text), regions.bodies_in(text, "the page")


def _front(text: str) -> object:
    merged = frontmatter.merge(text, _VALUES)
    if frontmatter.merge(merged, _VALUES) != merged:
        raise BrokenError(f"front matter is not the same when it is written again: {merged!r}")
    before, head, after = frontmatter.split(text)
    if before + head + after != text and before not in ("", "\ufeff"):
        raise BrokenError(f"parts of front matter are lost: {text!r}")
    return frontmatter.simple_value(head, "title")


def _logseq(text: str) -> object:
    merged = logseq_properties.merge(text, _VALUES)
    if logseq_properties.merge(merged, _VALUES) != merged:
        raise BrokenError(f"properties are not the same when they are written again: {merged!r}")
    return logseq_properties.value_of(text, "title")


def _sentences(text: str) -> object:
    for found in (sentence_spans(text), sentences_of_papers(text)):
        if any(not 0 <= begin <= end <= len(text) for begin, end in found):
            raise BrokenError(f"sentences beyond their text: {found}")
    needles = needles_of(parse_query("attention author:a -b").terms)
    found = spans(text, needles)
    return cut_out(text, found) if found else (), posts_of(text, 280), cut(text, 50)


def _latex(text: str) -> object:
    return (
        codes_in(latex(text)), is_plain(text), harmless(text), plain(text),
        without_formulas(text), parted_at_formulas(text), closed(text), clean(text),
        one_line(text), slug(text),
    )  # fmt: skip


def _changed(text: str) -> object:
    old = text[: len(text) // 2] + text[len(text) // 3 :]
    return len(word_diff(text, old)), len(text_diff(text, old))


def _readme(text: str) -> object:
    return table_rows(text), list(commands_in(text)), links_to_models(text), points_in(text)


TARGETS = (
    Target("storylines", _story, (STORY,), (), _MARKS, costly=2.0),
    Target("slides", _slides, (TALK,), (), ("---\n", "marp: true\n", "<style>", "font-size: ",
        "<!-- ", "Audience: ", *_MARKS), ("export.slides:_mapping",), costly=4.0),
    Target("markdown on the screen", preview, (STORY, TALK), (), _MARKS, costly=4.0),
    Target("regions of pages", _page, (PAGE % regions.wrap("notes", "- old"), PAGE % regions.wrap
        ("claims", "x").replace("\n", "\r\n")), (BadInputError,), (
        "<!-- researchdesk:begin notes -->", "<!-- researchdesk:end notes -->", "\r\n",
        "<!-- researchdesk:")),
    Target("front matter", _front, (PAGE,), (), ("---\n", "title: ", "tags:\n- ", "&a ", "*a",
        "!!int ", "<<: ", "|\n ", "2024-02-30", '"', "? ", "{", "}", "\t", "---\r\n", "# "), (
        "export.frontmatter:_parsed",), costly=2.0),
    Target("properties of Logseq", _logseq, ("title:: A\ntags:: a, [[b]]\n\n- text\n",), (), (
        "::", "title:: ", "[[", "\r\n")),
    Target("sentences", _sentences, (STORY,
        "It is so, e.g. of A. B. Smith et al. (2015). Next one? Yes!"), (), (". ", "e.g. ",
        "et al. ", "A. ", "? ", '." ', *_MARKS), costly=2.0),
    Target("text for LaTeX", _latex, (STORY, r"a \alpha_{1} & 50% of $\frac{a}{b}$"), (), (
        "\\frac{", "\\input{", *_MARKS), costly=4.0),
    Target("drafts compared", _changed, (STORY,), (), _MARKS, costly=8.0),
    Target("reviews and READMEs", _readme, (REVIEW, README), (), ("Reviewer ", "R2", "|",
        "](http://", *_MARKS)),
)  # fmt: skip
