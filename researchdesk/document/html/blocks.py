"""The body of a LaTeXML page, element by element, as blocks in reading order."""

from collections.abc import Callable, Iterable, Iterator

from researchdesk.document.html.floats import is_float, listing_of, read_float, rows_block
from researchdesk.document.html.references import read_reference
from researchdesk.document.html.tables import cells_of, is_table
from researchdesk.document.html.text import (
    DEEPEST,
    Element,
    classes,
    formula,
    has_class,
    is_element,
    is_skipped,
    named,
    pieces_of,
    text_of,
)
from researchdesk.domain.documents import Block, BlockKind, Figure, Reference, SectionKind
from researchdesk.domain.text import one_line

_LEVELS = {
    "ltx_part": 1,
    "ltx_chapter": 1,
    "ltx_section": 1,
    "ltx_appendix": 1,
    "ltx_bibliography": 1,
    "ltx_index": 1,
    "ltx_abstract": 1,
    "ltx_acknowledgements": 1,
    "ltx_subsection": 2,
    "ltx_subsubsection": 3,
    "ltx_paragraph": 4,
    "ltx_subparagraph": 4,
}
_KINDS = {
    "ltx_abstract": SectionKind.ABSTRACT,
    "ltx_bibliography": SectionKind.REFERENCES,
    "ltx_appendix": SectionKind.APPENDIX,
}
_BLOCK_TAGS = named(
    "address article aside blockquote dd details div dl dt figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main ol p pre section table ul"
)
_BLOCK_CLASSES = named(
    "ltx_para ltx_p ltx_tabular ltx_eqn_table ltx_equation ltx_equationgroup ltx_itemize "
    "ltx_enumerate ltx_description ltx_item ltx_figure ltx_table ltx_float ltx_listing "
    "ltx_theorem ltx_proof ltx_bibliography ltx_abstract ltx_block ltx_logical-block "
    "ltx_inline-logical-block ltx_authors ltx_title"
)
_FRONT = ("ltx_authors", "ltx_keywords", "ltx_classification", "ltx_date", "ltx_dates")


class BlockReader:
    """Reads the article of a page into ``blocks`` and ``figures``.

    ``kinds`` says of which kind the section is whose heading is the block with this index, where
    the page says so.
    """

    def __init__(self, article: Element) -> None:
        self.blocks: list[Block] = []
        self.figures: list[Figure] = []
        self.kinds: dict[int, SectionKind] = {}
        self.references: list[Reference] = []
        self._level = 0
        self._shift = int(any(has_class(part, "ltx_chapter") for part in article.iter("section")))
        self._lead = ""
        self._opened = _with_blocks_inside(article)
        self._inside(article, 0)

    def _inside(self, element: Element, depth: int) -> None:
        """Its text and what stands in it; runs of text between blocks are paragraphs."""
        run, notes = [element.text or ""], list[Element]()
        for child in element:
            if is_element(child) and not has_class(child, "ltx_tag_item"):
                if self._is_block(child):
                    self._paragraph("".join(run), notes)
                    self._block(child, depth + 1)
                    run, notes = [], []
                else:
                    run.append(pieces_of(child))
                    notes += _notes(child)
            run.append(child.tail or "")
        self._paragraph("".join(run), notes)

    def _is_block(self, element: Element) -> bool:
        return element in self._opened or _is_block(element)

    def _block(self, element: Element, depth: int) -> None:
        if is_skipped(element) or has_class(element, "ltx_title_document", *_FRONT):
            return
        elif depth > DEEPEST:
            self._paragraph(text_of(element), ())
        elif has_class(element, "ltx_title"):
            self._title(element)
        elif reader := self._reader_of(element):
            reader(element)
        else:
            self._section(element, depth)

    def _reader_of(self, element: Element) -> Callable[[Element], None] | None:
        if is_float(element):
            return self._float
        if element.tag == "math" or has_class(
            element, "ltx_eqn_table", "ltx_equation", "ltx_equationgroup"
        ):
            return self._equation
        if is_table(element):
            return self._table
        if has_class(element, "ltx_listing", "ltx_verbatim") or element.tag == "pre":
            return self._listing
        if has_class(element, "ltx_bibitem"):
            return self._entry
        return None

    def _section(self, element: Element, depth: int) -> None:
        """A section, a list's item or a mere frame: what is in it is read on."""
        level = next((_LEVELS[name] for name in classes(element) if name in _LEVELS), 0)
        before, count = self._level, len(self.blocks)
        if level:
            self._level = level + (self._shift if "ltx_chapter" not in classes(element) else 0)
        if has_class(element, "ltx_item"):
            self._lead += _item_mark(element)
        self._inside(element, depth)
        self._level = before
        kind = next((_KINDS[name] for name in classes(element) if name in _KINDS), None)
        if kind and count < len(self.blocks) and self.blocks[count].heading:
            self.kinds[count] = kind

    def _title(self, title: Element) -> None:
        text = text_of(title)
        if not text:
            return
        if has_class(title, "ltx_runin") or any(
            name.startswith(("ltx_title_theorem", "ltx_title_proof")) for name in classes(title)
        ):
            self._lead = f"{text} "
            return
        self._flush()
        level = self._level or 1
        self.blocks.append(Block(0, text, level, BlockKind.HEADING))
        self._footnotes(_notes(title))

    def _paragraph(self, run: str, notes: Iterable[Element]) -> None:
        text = one_line(run)
        if text and (not self._lead or any(c.isalnum() for c in text)):
            text, self._lead = one_line(self._lead + text), ""
            self.blocks.append(Block(0, text))
        self._footnotes(notes)

    def _flush(self) -> None:
        """What was to lead a paragraph that does not come stands alone."""
        lead, self._lead = self._lead.strip(), ""
        if any(c.isalpha() for c in lead):
            self.blocks.append(Block(0, lead))

    def _float(self, element: Element) -> None:
        found = read_float(element)
        self.blocks += found.blocks
        self.figures += found.figures
        self._footnotes(_notes(element))

    def _table(self, element: Element) -> None:
        cells = cells_of(element)
        if cells:
            self.blocks.append(rows_block(cells))
        self._footnotes(_notes(element))

    def _equation(self, element: Element) -> None:
        self._flush()
        for row in _equation_rows(element):
            formulas = [formula(item) for item in row.iter("math")]
            text = " ".join(part for part in formulas if part) or text_of(row)
            number = next(
                (text_of(tag) for tag in row.iter() if is_element(tag) and _is_number(tag)), ""
            )
            if text := " ".join(part for part in (text, number) if part):
                self.blocks.append(Block(0, one_line(text), kind=BlockKind.EQUATION))

    def _listing(self, element: Element) -> None:
        self._flush()
        if text := listing_of(element):
            self.blocks.append(Block(0, text))

    def _entry(self, element: Element) -> None:
        reference = read_reference(element)
        if reference.text:
            label = f"[{reference.label}] " if reference.label else ""
            self.blocks.append(Block(0, label + reference.text, kind=BlockKind.REFERENCE))
            self.references.append(reference)

    def _footnotes(self, notes: Iterable[Element]) -> None:
        for note in notes:
            if text := _note_text(note):
                self.blocks.append(Block(0, text, kind=BlockKind.FOOTNOTE))


def _notes(element: Element) -> Iterator[Element]:
    """The notes in it, not those within notes."""
    for note in element.iter("span", "div"):
        if not has_class(note, "ltx_note") or has_class(note, "ltx_role_footnotemark"):
            continue
        if not any(has_class(around, "ltx_note") for around in note.iterancestors()):
            yield note


def _note_text(note: Element) -> str:
    content = next((n for n in note.iter() if has_class(n, "ltx_note_content")), note)
    inner = [content.text or ""]
    for child in content:
        if is_element(child) and not has_class(child, "ltx_tag_note"):
            inner.append(pieces_of(child))
        inner.append(child.tail or "")
    return one_line("".join(inner))


def _is_block(element: Element) -> bool:
    if element.tag == "math":
        return bool(element.get("display") == "block")
    return element.tag in _BLOCK_TAGS or not _BLOCK_CLASSES.isdisjoint(
        (element.get("class") or "").split()
    )


def _with_blocks_inside(article: Element) -> set[Element]:
    """The elements in which a block stands, however deep."""
    found: set[Element] = set()
    waiting = [article]
    while waiting:
        for element in waiting.pop():
            if is_skipped(element):
                continue
            if _is_block(element):
                for around in element.iterancestors():
                    if around in found or around is article:
                        break
                    found.add(around)
            if element.tag != "math":
                waiting.append(element)
    return found


def _item_mark(item: Element) -> str:
    """The number of a list's item; bullets say nothing."""
    tag = next((part for part in item if is_element(part) and has_class(part, "ltx_tag")), None)
    mark = "" if tag is None else text_of(tag)
    return f"{mark} " if any(c.isalnum() for c in mark) else ""


def _equation_rows(element: Element) -> list[Element]:
    rows = [
        row
        for row in element.iter()
        if is_element(row) and row is not element and has_class(row, "ltx_eqn_row")
    ]
    return rows or [element]


def _is_number(element: Element) -> bool:
    return has_class(element, "ltx_tag_equation", "ltx_tag_equationgroup")
