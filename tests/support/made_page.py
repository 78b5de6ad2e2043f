"""The small paper of our own making as arXiv's HTML would have it, for tests."""

from html import escape

from support.made_paper import ABSTRACT, AUTHORS, SECTIONS, TITLE

RESULTS = (
    ("Schedule", "Final loss", "Steps to 1.5"),
    ("constant", "1.48 ± 0.03", "4,100"),
    ("linear warmup", "1.41 ± 0.02", "3,200"),
    ("cosine", "1.45 ± 0.03", "3,700"),
    ("both", "1.40 ± 0.02", "3,000"),
)
TABLE = "Final loss on the held-out text, mean and standard deviation over ten seeds."
FIGURE = "Loss against steps for the four schedules; bands are one standard deviation."


def page_of_paper(title: str = TITLE, *, short: bool = False) -> str:
    """A page in LaTeXML's shape. ``short``: cut off after the abstract, as a failed conversion."""
    people = "".join(
        f'<span class="ltx_creator ltx_role_author"><span class="ltx_personname">{name}</span>'
        "</span>"
        for name in AUTHORS.split(", ")
    )
    sections = "" if short else "".join(_section(head, text) for head, text in SECTIONS[1:])
    return (
        '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>'
        '<div class="ltx_page_main"><div class="ltx_page_content"><article class="ltx_document">'
        f'<h1 class="ltx_title ltx_title_document">{escape(title)}</h1>'
        f'<div class="ltx_authors">{people}</div><div class="ltx_abstract">'
        '<h6 class="ltx_title ltx_title_abstract">Abstract</h6>'
        f'<p class="ltx_p">{escape(ABSTRACT)}</p></div>{sections}</article></div></div></body>'
        "</html>"
    )


def _section(heading: str, text: str) -> str:
    number, _, words = heading.partition(" ")
    tag = f'<span class="ltx_tag ltx_tag_section">{number} </span>' if number.isdigit() else ""
    title = words if tag else heading
    kind = "bibliography" if heading == "References" else "section"
    parts = text.split("\n")
    body = _entries(parts) if kind == "bibliography" else "".join(map(_paragraph, parts))
    floats = _float("table", TABLE) + _float("figure", FIGURE) if title == "Results" else ""
    return (
        f'<section class="ltx_{kind}"><h2 class="ltx_title ltx_title_{kind}">{tag}{title}</h2>'
        f"{floats}{body}</section>"
    )


def _paragraph(text: str) -> str:
    return f'<div class="ltx_para"><p class="ltx_p">{escape(text)}</p></div>'


def _entries(entries: list[str]) -> str:
    items = ""
    for entry in entries:
        label, _, rest = entry.partition(" ")
        tag = f'<span class="ltx_tag ltx_tag_bibitem">{label}</span>'
        block = f'<span class="ltx_bibblock">{escape(rest)}</span>'
        items += f'<li class="ltx_bibitem">{tag} {block}</li>'
    return f'<ul class="ltx_biblist">{items}</ul>'


def _float(kind: str, caption: str) -> str:
    tag = f'<span class="ltx_tag ltx_tag_{kind}">{kind.capitalize()} 1: </span>'
    inside = _table() if kind == "table" else '<img src="x1.png" class="ltx_graphics">'
    words = f'<figcaption class="ltx_caption">{tag}{escape(caption)}</figcaption>'
    return f'<figure class="ltx_{kind}">{words}{inside}</figure>'


def _table() -> str:
    rows = "".join(
        "<tr class='ltx_tr'>" + "".join(f"<td class='ltx_td'>{cell}</td>" for cell in row) + "</tr>"
        for row in RESULTS
    )
    return f'<table class="ltx_tabular">{rows}</table>'
