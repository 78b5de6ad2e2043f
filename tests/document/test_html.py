"""arXiv's HTML as the parts of a paper."""

import time
from pathlib import Path

import pytest

from researchdesk.document.html.math import readable
from researchdesk.document.html.reading import BROKEN, NO_PAPER, read_html
from researchdesk.domain.documents import BlockKind, Document, FigureKind, SectionKind

PAGE = Path(__file__).with_name("latexml_page.html")
WORDS = "many words of a text " * 20


@pytest.fixture(scope="module")
def page() -> Document:
    return read_html(PAGE.read_text("utf-8"))


def article(inside: str) -> str:
    return (
        '<html><body><article class="ltx_document"><h1 class="ltx_title ltx_title_document">T</h1>'
        f'<p class="ltx_p">{WORDS}</p>{inside}</article></body></html>'
    )


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if block.kind is kind]


def test_who_wrote_what(page: Document) -> None:
    assert page.title == "Warm Pages: A Study"
    assert page.authors == ("Ada Example", "Bo M. Sample", "Cy de la Cruz")
    assert page.abstract.startswith("Warmup lowers the loss from 1.48 ± 0.03 to 1.41.")
    assert (page.stamp, page.source, page.problem) == ("9912.00001v2", "html", "")
    assert texts(page, BlockKind.FRONT)[0] == page.title


def test_the_tree_of_sections(page: Document) -> None:
    told = [(section.level, section.title, section.kind) for section in page.sections]
    assert told == [
        (1, "Abstract", SectionKind.ABSTRACT),
        (1, "1 Introduction", SectionKind.INTRODUCTION),
        (1, "2 Method", SectionKind.BODY),
        (2, "2.1 The Schedule", SectionKind.BODY),
        (4, "Seeds.", SectionKind.BODY),
        (1, "3 Results", SectionKind.BODY),
        (1, "4 Conclusion", SectionKind.CONCLUSION),
        (1, "Acknowledgements", SectionKind.BODY),
        (1, "References", SectionKind.REFERENCES),
        (1, "Appendix A More Seeds", SectionKind.APPENDIX),
        (2, "A.1 Introduction to Seeds", SectionKind.APPENDIX),
    ]
    for section in page.sections:
        assert page.blocks[section.first].text == section.title


def test_running_text_is_free_of_footnotes_and_has_readable_formulas(page: Document) -> None:
    text = texts(page, BlockKind.TEXT)
    assert (
        "Warmup is in every recipe and in few explanations [1]. With α_i ≤ 10^-4 it helps." in text
    )
    assert {"A table of ten seeds;", "(ii) an ablation."} <= set(text)
    assert "Lemma 1 (Calm). The estimate is poor at first." in text
    assert texts(page, BlockKind.FOOTNOTE) == ["But not in all of them.", "Held-out text."]
    assert texts(page, BlockKind.EQUATION) == [r"\eta_{t} =\frac{t}{T}\eta (1)"]
    assert "seed = 1\n    step()" in text


def test_nothing_of_the_page_around_the_paper_is_read(page: Document) -> None:
    whole = "\n".join(block.text for block in page.blocks)
    assert not any(word in whole for word in ("never shown", "License", "LaTeXML", "hdashline"))
    assert "\u202e" not in whole
    assert "Refer to caption" not in whole


def test_figures_tables_and_algorithms(page: Document) -> None:
    told = [(figure.kind, figure.number, figure.caption) for figure in page.figures]
    assert told == [
        (FigureKind.ALGORITHM, "1", "Warmup"),
        (FigureKind.TABLE, "1", "Final loss of the schedules."),
        (FigureKind.FIGURE, "1", "Loss against steps."),
        (FigureKind.TABLE, "2", "In spans."),
    ]
    assert texts(page, BlockKind.GRAPHIC) == ["1: for each step t do\n2:   grow", "(a) Small"]


def test_cells_that_span_are_written_into_each_place(page: Document) -> None:
    first, second = (figure.cells for figure in page.figures if figure.cells)
    assert first == (
        ("Schedule", "Loss", "Loss"),
        ("Schedule", "Small", "Large"),
        ("constant", "1.48 ± 0.03", "1.60"),
        ("warmup", "1.41", "1.52 best"),
    )
    assert second == (("wide", "wide"), ("a", "2.5"))


def test_references_and_links(page: Document) -> None:
    adam, sample = page.references
    assert (adam.label, adam.arxiv, adam.year) == ("1", "1412.6980", 2014)
    assert adam.title == "Adam: A method for stochastic optimization"
    assert (sample.label, sample.doi, sample.title) == ("Sample (2020)", "10.1000/182", "On Pages")
    assert texts(page, BlockKind.REFERENCE)[0].startswith("[1] Diederik P. Kingma")
    assert [link.url for link in page.code_links] == ["https://github.com/example/warmth"]


def test_two_tables_side_by_side_have_their_own_cells() -> None:
    panel = (
        '<figure class="ltx_table ltx_figure_panel"><figcaption class="ltx_caption"><span '
        'class="ltx_tag ltx_tag_table">Table {0}: </span>Of {1}.</figcaption><table '
        'class="ltx_tabular"><tr><td>{1}</td><td>{0}.5</td></tr></table></figure>'
    )
    both = f'<figure class="ltx_table">{panel.format(3, "x")}{panel.format(4, "y")}</figure>'
    found = read_html(article(both)).figures
    assert [(figure.number, figure.cells) for figure in found] == [
        ("3", (("x", "3.5"),)),
        ("4", (("y", "4.5"),)),
    ]


def test_a_caption_written_twice_counts_once() -> None:
    caption = (
        '<figcaption class="ltx_caption"><span class="ltx_tag ltx_tag_figure">Figure 2: </span>'
        "Left.</figcaption>"
    )
    found = read_html(article(f'<figure class="ltx_figure">{caption}<p>x</p>{caption}</figure>'))
    assert [(figure.number, figure.caption) for figure in found.figures] == [("2", "Left.")]
    assert texts(found, BlockKind.CAPTION) == ["Figure 2: Left."]


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Ada Example\u2003Bo Sample<br>Cy Third", ("Ada Example", "Bo Sample", "Cy Third")),
        ("Ada Example<sup>1,*</sup> &amp; Bo Sample", ("Ada Example", "Bo Sample")),
        ("Ada Example<br>Institute of Pages<br>ada@example.org", ("Ada Example",)),
        ("Łukasz Kaiser and Aaron van den Oord", ("Łukasz Kaiser", "Aaron van den Oord")),
        ("{ada,bo}@example.org", ()),
    ],
)
def test_names_of_people_as_authors_write_them(field: str, names: tuple[str, ...]) -> None:
    people = (
        '<div class="ltx_authors"><span class="ltx_creator ltx_role_author">'
        f'<span class="ltx_personname">{field}</span></span></div>'
    )
    assert read_html(article(people)).authors == names


def test_chapters_push_sections_down() -> None:
    text = (
        '<section class="ltx_chapter"><h2 class="ltx_title ltx_title_chapter">1 One</h2>'
        '<section class="ltx_section"><h3 class="ltx_title ltx_title_section">1.1 In it</h3>'
        '<p class="ltx_p">x</p></section></section>'
    )
    assert [(s.level, s.title) for s in read_html(article(text)).sections] == [
        (1, "1 One"),
        (2, "1.1 In it"),
    ]


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\displaystyle\alpha_{i}\leq 0.5", "α_i ≤ 0.5"),
        (r"28.4\pm 0.1", "28.4 ± 0.1"),
        (r"94.2\%", "94.2%"),
        (r"\mathbf{28.4}_{\pm 0.1}", "28.4 ± 0.1"),
        (r"28.4^{\dagger*}", "28.4†*"),
        (r"f^{\prime}(x)", "f′(x)"),
        ("1{,}234", "1,234"),
        ("f\\colon X%\n\\times Y", "f: X × Y"),
        (r"\frac{QK^{T}}{\sqrt{d_{k}}}", "QK^T/√d_k"),
        (r"3.3\cdot 10^{18}", "3.3·10^18"),
        (r"\mathrm{softmax}(x)", "softmax(x)"),
        (r"\unheardof{x}", r"\unheardof x"),
        pytest.param("{" * 5000 + "x", "x", id="many braces"),
        ("\\", ""),
    ],
)
def test_formulas_in_a_line(tex: str, shown: str) -> None:
    assert readable(tex).replace("(QK^T)", "QK^T") == shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", NO_PAPER),
        ("<html><p>No HTML for this paper</p></html>", NO_PAPER),
        ('<article class="ltx_document"><p class="ltx_p">too short</p></article>', BROKEN),
        (article('<span class="ltx_ERROR undefined">\\x</span>' * 30), BROKEN),
    ],
)
def test_a_page_without_a_paper_says_so(text: str, problem: str) -> None:
    assert read_html(text).problem == problem


@pytest.mark.parametrize(
    "inside",
    [
        '<div class="ltx_para">' * 5000 + "deep" + "</div>" * 5000,
        "<p class='ltx_p'>" + "<span>" * 5000 + "deep",
        "<table class='ltx_tabular'><tr><td>" * 300 + "x",
        "<math alttext='" + "{" * 3000 + "'>" + "<mrow>" * 3000,
        '<table class="ltx_tabular"><tr><td colspan="99999999" rowspan="99999999">x</table>',
        "<figure class='ltx_table'>" * 100 + "<figcaption>Table 1: x</figcaption>",
        "<p class='ltx_p'>a" + "<span class='ltx_note'>n" * 200,
        "\0\x1b[31m\ud800\u202e",
        "<![CDATA[x]]><?php x ?><!-- <p> -->",
    ],
    ids=range(9),
)
def test_strange_pages_are_read_all_the_same(inside: str) -> None:
    begun = time.process_time()
    found = read_html(article(inside))
    assert found.blocks[1].text.startswith("many words")
    assert not {"\x1b", "\u202e", "\0"} & set("".join(block.text for block in found.blocks))
    assert time.process_time() - begun < 10


def test_entities_from_outside_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    head = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    found = read_html(head + article('<p class="ltx_p">&a;</p>'))
    assert "hidden words" not in "".join(block.text for block in found.blocks)


def test_pictures_within_the_page_cost_nothing() -> None:
    heavy = f'<img src="data:image/png;base64,{"A" * 20_000_000}"><p class="ltx_p">after it</p>'
    assert read_html(article(heavy)).blocks[-1].text == "after it"
