"""Pictures of pages and of parts of them, through the worker process."""

from pathlib import Path
from typing import Any

import pymupdf
import pytest

from researchdesk.document.extraction import PictureWish, render
from researchdesk.errors import BadInputError

LETTER = (612, 792)


def size(path: Path) -> tuple[int, int]:
    picture = pymupdf.Pixmap(str(path))
    return picture.width, picture.height


def dark(path: Path) -> tuple[float, float]:
    """Where the dark pixels lie on average, as shares of width and height."""
    picture = pymupdf.Pixmap(str(path))
    seen = [
        (x, y)
        for y in range(picture.height)
        for x in range(picture.width)
        if sum(picture.pixel(x, y)[:3]) < 300
    ]
    assert seen
    across, down = (sum(values) / len(seen) for values in zip(*seen, strict=True))
    return across / picture.width, down / picture.height


def test_a_whole_page_at_its_resolution(paper: Path, tmp_path: Path) -> None:
    (path,) = render(paper, [PictureWish(1, dpi=72)], tmp_path / "pictures")
    assert path.suffix == ".png"
    assert path.parent == tmp_path / "pictures"
    assert size(path) == LETTER


def test_a_box_of_a_page(maker: Any, tmp_path: Path) -> None:
    maker.sheet.draw_rect((100, 100, 200, 150), fill=(0, 0, 0))
    pdf = maker.save(tmp_path / "a.pdf")
    wishes = [PictureWish(1, (100, 100, 200, 150), 144), PictureWish(1, (300, 300, 400, 340), 144)]
    inside, outside = render(pdf, wishes, tmp_path / "p")
    assert size(inside) == (200, 100)
    assert pymupdf.Pixmap(str(inside)).pixel(100, 50)[:3] == (0, 0, 0)
    assert pymupdf.Pixmap(str(outside)).pixel(100, 40)[:3] == (255, 255, 255)


def test_several_pictures_in_the_order_asked_for(paper: Path, tmp_path: Path) -> None:
    wishes = [PictureWish(2, dpi=36), PictureWish(1, (0, 0, 100, 50), 72), PictureWish(1, dpi=36)]
    found = render(paper, wishes, tmp_path / "p")
    assert [size(path) for path in found] == [(306, 396), (100, 50), (306, 396)]
    assert len(set(found)) == 3


def test_the_same_wish_has_the_same_name_and_another_another(paper: Path, tmp_path: Path) -> None:
    wishes = [PictureWish(1, (0, 0, 50, 50)), PictureWish(1, (0, 0, 50, 51)), PictureWish(1)]
    first = render(paper, wishes, tmp_path / "p")
    assert render(paper, wishes, tmp_path / "p") == first
    assert len(set(first)) == 3
    assert sorted((tmp_path / "p").iterdir()) == sorted(first)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_that_is_turned_is_upright(maker: Any, tmp_path: Path, turn: int) -> None:
    maker.sheet.insert_text((100, 100), "words at the top of the page", fontsize=14)
    maker.sheet.set_rotation(turn)
    (path,) = render(maker.save(tmp_path / "a.pdf"), [PictureWish(1, dpi=36)], tmp_path / "p")
    assert size(path) == (306, 396)
    assert dark(path)[1] < 0.2


def test_a_table_printed_on_its_side_is_upright(maker: Any, tmp_path: Path) -> None:
    for at in range(5):
        maker.sheet.insert_text((100 + 14 * at, 700), "words up the page", fontsize=12, rotate=90)
    pdf = maker.save(tmp_path / "a.pdf")
    whole, part = render(
        pdf, [PictureWish(1, dpi=36), PictureWish(1, (80, 80, 300, 170), 36)], tmp_path
    )
    assert size(whole) == (396, 306)
    across, down = dark(whole)
    assert across < 0.4
    assert down < 0.3
    dark(part)


def test_a_page_without_words_stands_as_its_file_says(maker: Any, tmp_path: Path) -> None:
    maker.sheet.draw_rect((10, 10, 60, 60), fill=(0, 0, 0))
    maker.sheet.set_rotation(90)
    (path,) = render(maker.save(tmp_path / "a.pdf"), [PictureWish(1, dpi=36)], tmp_path / "p")
    assert size(path) == (396, 306)


def test_no_picture_is_larger_than_fits(tmp_path: Path) -> None:
    pdf = pymupdf.open()
    pdf.new_page(width=14_000, height=10_000)
    pdf.save(tmp_path / "wall.pdf")
    (path,) = render(tmp_path / "wall.pdf", [PictureWish(1, dpi=400)], tmp_path / "p")
    width, height = size(path)
    assert width * height <= 12_500_000
    assert max(width, height) <= 8_001
    assert width / height == pytest.approx(1.4, rel=0.01)


@pytest.mark.parametrize(
    "box",
    [(5000, 5000, 6000, 6000), (100, 100, 100, 100), (200, 200, 100, 100), (float("nan"), 0, 9, 9)],
)
def test_a_box_off_the_page_gives_the_whole_page(
    paper: Path, tmp_path: Path, box: tuple[float, float, float, float]
) -> None:
    (path,) = render(paper, [PictureWish(1, box, 72)], tmp_path / "p")
    assert size(path) == LETTER


@pytest.mark.parametrize("dpi", [-5, 0, 100_000])
def test_a_senseless_resolution_is_brought_into_bounds(
    paper: Path, tmp_path: Path, dpi: int
) -> None:
    (path,) = render(paper, [PictureWish(1, (0, 0, 144, 144), dpi)], tmp_path / "p")
    assert 20 <= size(path)[0] <= 801


@pytest.mark.parametrize("page", [0, -1, 3])
def test_a_page_that_is_not_there_is_bad_input(paper: Path, tmp_path: Path, page: int) -> None:
    with pytest.raises(BadInputError, match=f"no page {page}") as caught:
        render(paper, [PictureWish(1, dpi=30), PictureWish(page)], tmp_path / "p")
    assert caught.value.hint
    assert len(list((tmp_path / "p").iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_bad_input(paper: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BadInputError, match="cannot be written"):
        render(paper, [PictureWish(1)], tmp_path / "file" / "pictures")
    assert (tmp_path / "file").read_text() == "mine"


def test_nothing_wished_is_nothing_done(tmp_path: Path) -> None:
    assert render(tmp_path / "nowhere.pdf", [], tmp_path / "p") == []
    assert not (tmp_path / "p").exists()
