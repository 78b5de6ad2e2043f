"""A made paper of two columns and three pages with everything that gets in a reader's way: running
heads, footnotes, a float in the middle of a column, a table, formulas, an appendix."""

from pathlib import Path

import pymupdf

TITLE = "Columns and What Stands Between Them"
AUTHORS = ("Ada Example", "Bo van der Sample")
HEAD = "A. Example and B. Sample: Columns"
Box = tuple[float, float, float, float]
LEFT, RIGHT = (60.0, 292.0), (320.0, 552.0)
FILLER = "the {0} of a paper is read by every reader who has {0} in mind and time for it; "


def prose(name: str, count: int) -> str:
    """Running text of about ``count`` lines of a column, which ends its sentence; its words name
    it and number its clauses."""
    clauses = [FILLER.format(f"{name}{at}") for at in range(max(1, count // 2))]
    return "".join(clauses).strip("; ").capitalize() + "."


class Press:
    """Sets paragraphs one below the other in a column."""

    def __init__(self) -> None:
        self.pdf = pymupdf.open()
        self.y = 0.0
        self.edges = LEFT

    def page(self) -> None:
        """A new page, with its running head and number."""
        self.sheet = self.pdf.new_page(width=612, height=792)
        number = len(self.pdf)
        if number > 1:
            self.sheet.insert_text((230, 40), HEAD, fontsize=8, fontname="tiro")
        self.sheet.insert_text((303, 765), str(number), fontsize=9, fontname="tiro")

    def column(self, edges: tuple[float, float], top: float) -> None:
        self.edges, self.y = edges, top

    def text(self, words: str, size: float = 10, font: str = "tiro", gap: float = 6) -> float:
        """Sets the words justified; gives the height at which they began."""
        top = self.y
        box = pymupdf.Rect(self.edges[0], self.y, self.edges[1], 792)
        spare = self.sheet.insert_textbox(box, words, fontsize=size, fontname=font, align=3)
        self.y += box.height - spare + gap
        return top

    def heading(self, words: str) -> None:
        self.y += 6
        self.sheet.insert_text((self.edges[0], self.y + 10), words, fontsize=12, fontname="tibo")
        self.y += 20

    def formula(self, signs: str, number: str) -> None:
        self.y += 8
        self.sheet.insert_text((self.edges[0] + 60, self.y), signs, fontsize=10, fontname="symb")
        self.sheet.insert_text((self.edges[1] - 16, self.y), number, fontsize=10, fontname="tiro")
        self.y += 10

    def footnote(self, mark: str, words: str, top: float) -> None:
        self.sheet.insert_text((self.edges[0] + 8, top - 3), mark, fontsize=5, fontname="tiro")
        at = (self.edges[0] + 11, top)
        self.sheet.insert_text(at, words, fontsize=8, fontname="tiro")

    def picture(self, height: float) -> Box:
        """A drawing with print inside; its box."""
        x0, x1 = self.edges[0] + 20, self.edges[1] - 20
        box = pymupdf.Rect(x0, self.y, x1, self.y + height)
        self.sheet.draw_rect(box)
        for at in range(5):
            where = (x0 + 10 + 30 * at, self.y + height - 6)
            self.sheet.insert_text(where, f"0.{at}", fontsize=6, fontname="helv")
        self.y += height + 8
        return tuple(box)

    def table(self, rows: list[list[str]]) -> float:
        """Rows under ruled lines; the height of its end."""
        self.sheet.draw_line((self.edges[0] + 20, self.y), (self.edges[1] - 20, self.y))
        for row in rows:
            self.y += 12
            for at, cell in enumerate(row):
                where = (self.edges[0] + 30 + 60 * at, self.y)
                self.sheet.insert_text(where, cell, fontsize=9, fontname="tiro")
        self.y += 5
        self.sheet.draw_line((self.edges[0] + 20, self.y), (self.edges[1] - 20, self.y))
        self.y += 14
        return self.y - 14


def write_two_columns(path: Path) -> dict[str, Box]:
    """Writes the paper; gives the boxes of its picture and its table (without captions)."""
    press = Press()
    boxes = {"picture": _first_page(press), "table": _second_page(press)}
    _last_page(press)
    press.pdf.save(path)
    press.pdf.close()
    return boxes


def _first_page(press: Press) -> Box:
    press.page()
    press.sheet.insert_text((130, 90), TITLE, fontsize=18, fontname="tibo")
    press.sheet.insert_text((150, 120), AUTHORS[0], fontsize=11, fontname="tiro")
    press.sheet.insert_text((350, 120), AUTHORS[1], fontsize=11, fontname="tiro")
    press.column(LEFT, 150)
    press.heading("Abstract")
    press.text(prose("abstract", 12))
    press.heading("1  Introduction")
    press.text(prose("opening", 20))
    press.text(prose("cut", 14).rstrip(".") + " and goes over the end of the column to")
    press.footnote("1", "A footnote of the left column, see https://example.org/one.", 740)
    press.column(RIGHT, 150)
    press.text("the head of the next one, where this sentence ends at last.")
    press.text(prose("formulas", 8).rstrip(".") + ", such as")
    press.formula("a = b + g", "(1)")
    press.text("where the letters are Greek and the sentence goes on after its formula.")
    press.text(prose("before", 10).rstrip(".") + " and meets a float that")
    box = press.picture(90)
    press.text("Figure 1: A picture in the middle of a column.", size=9)
    press.y += 8
    press.text("stands in the middle of its sentence, and then it goes on.")
    return box


def _second_page(press: Press) -> Box:
    press.page()
    press.column(LEFT, 80)
    press.heading("2  Method")
    press.text(prose("method", 16))
    press.heading("2.1  Details")
    press.text(prose("details", 16))
    press.column(RIGHT, 80)
    press.text("Table 1: Numbers of the method.", size=9)
    top = press.y
    end = press.table([["model", "score"], ["small", "71.3"], ["large", "74.9"], ["both", "75.2"]])
    press.heading("3  Conclusion")
    press.text(prose("ending", 14))
    return RIGHT[0] + 20, top, RIGHT[1] - 20, end


def _last_page(press: Press) -> None:
    press.page()
    press.column(LEFT, 80)
    press.heading("References")
    press.text("[1] A. Nother. A work before this one. In Proceedings, pages 1-9, 2019.", size=9)
    press.text("[2] B. Fore. Another work, of which there is more to tell. 2020.", size=9)
    press.heading("A  Proofs")
    press.text(prose("proofs", 12))
    press.column(RIGHT, 80)
    press.text(prose("further", 20))
