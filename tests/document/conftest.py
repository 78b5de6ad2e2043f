"""Papers made on the spot, and the real ones where they are."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pymupdf
import pytest

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
STAMP = "arXiv:2101.00001v3  [cs.LG]  4 Jan 2021"


class PaperMaker:
    """Writes a PDF print by print: 612 by 792 points, text in Times."""

    def __init__(self) -> None:
        self.pdf = pymupdf.open()
        self.outline: list[list[object]] = []

    def page(self) -> "PaperMaker":
        self.sheet = self.pdf.new_page(width=612, height=792)
        return self

    def put(self, x: float, y: float, text: str, size: float = 10, font: str = "tiro") -> float:
        self.sheet.insert_text((x, y), text, fontsize=size, fontname=font)
        return y + 1.2 * size

    def lines(self, x: float, y: float, texts: Sequence[str], size: float = 10) -> float:
        """A paragraph as one block of print; gives the place for what follows."""
        self.sheet.insert_text((x, y), list(texts), fontsize=size, fontname="tiro", lineheight=1.2)
        return y + 1.2 * size * len(texts) + size

    def heading(self, x: float, y: float, text: str, size: float = 12) -> float:
        return self.put(x, y + 6, text, size, "tibo") + 6

    def stamp(self, text: str = STAMP) -> None:
        self.sheet.insert_text((30, 600), text, fontsize=20, fontname="tiro", rotate=90)

    def entry(self, level: int, title: str) -> None:
        self.outline.append([level, title, len(self.pdf)])

    def save(self, path: Path, **options: object) -> Path:
        if self.outline:
            self.pdf.set_toc(self.outline)
        self.pdf.save(path, **options)
        return path


def prose(name: str, count: int, words: int = 7) -> list[str]:
    """Lines of running text, each told from the others by its words."""
    return [
        " ".join(f"{name}{line}{'abcdefghij'[at]}" for at in range(words)) for line in range(count)
    ]


@pytest.fixture
def maker() -> PaperMaker:
    return PaperMaker().page()


@pytest.fixture
def paper(maker: PaperMaker, tmp_path: Path) -> Path:
    """A paper of two columns and two pages with all its parts."""
    m = maker
    m.put(120, 90, "Reading Papers in Passes", 18, "tibo")
    m.put(250, 120, "Ada Example")
    m.stamp()
    y = m.heading(150, 150, "Abstract")
    y = m.lines(60, y, prose("abst", 5, 4))
    y = m.heading(60, y, "1  Introduction")
    m.lines(60, y, prose("left", 30, 5))
    y = m.lines(320, 160, prose("right", 20, 5))
    y = m.heading(320, y, "2  Method")
    y = m.lines(320, y, [*prose("meth", 4, 5), "we pay atten-", "tion to self-", "similar parts."])
    m.put(300, 770, "1")
    m.page()
    y = m.heading(60, 80, "2.1  Details")
    y = m.lines(60, y, prose("deta", 20, 5))
    y = m.lines(60, y, ["Figure 1: A curve that goes up."], 9)
    y = m.lines(60, y, ["Table 2: Numbers of the curve."], 9)
    y = m.heading(60, y, "3  Conclusion")
    m.lines(60, y, prose("conc", 6, 5))
    y = m.heading(320, 80, "References")
    y = m.lines(320, y, ["[1] A. Nother. A work before. 2019."], 9)
    y = m.heading(320, y, "A  Proofs")
    m.lines(320, y, prose("proo", 12, 5))
    m.put(300, 770, "2")
    return m.save(tmp_path / "paper.pdf")


@pytest.fixture(scope="session")
def corpus() -> Callable[[str], Path]:
    """The path of a corpus file; skips where there is none."""

    def find(name: str) -> Path:
        path = CORPUS / name
        if not path.exists():
            pytest.skip(f"the corpus of real papers is not here ({CORPUS})")
        return path

    return find
