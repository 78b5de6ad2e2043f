"""The cells of tables, through the worker process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from researchdesk.document.extraction import extract_tables
from researchdesk.domain.documents import Figure, FigureKind

LEFT = (80, 220, 300, 380)


def table(number: str = "1", caption: str = "Scores of all models.", page: int = 1) -> Figure:
    return Figure(FigureKind.TABLE, number, caption, page)


class Sheet:
    """Prints rows of a table from ``y`` on; a rule is drawn where a row is ``None``."""

    def __init__(self, sheet: Any, y: float, x: Sequence[float] = LEFT, end: float = 440) -> None:
        self.sheet, self.y, self.x, self.end = sheet, y, x, end

    def rows(self, *rows: Sequence[str] | None) -> float:
        for row in rows:
            if row is None:
                self.rule(self.x[0] - 4, self.end)
            else:
                for x, text in zip(self.x, row, strict=False):
                    if text:
                        self.sheet.insert_text((x, self.y), text, fontsize=9, fontname="tiro")
                self.y += 12
        return self.y

    def rule(self, start: float, end: float) -> None:
        y = self.y - 8.5
        self.sheet.draw_line((start, y), (end, y), width=0.5)
        self.y += 1.5


HEAD = ("Model", "BLEU", "Cost", "Size")
BODY = (("Small", "27.3", "3.3", "65"), ("Big one", "28.4", "23.0", "213"))


def test_a_ruled_table_under_its_caption(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    end = Sheet(maker.sheet, 124).rows(None, HEAD, None, *BODY, None)
    maker.lines(80, end + 20, ["and these are words of running text that go on and on here"] * 5)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.number == "1"
    assert found.caption == "Scores of all models."
    assert found.page == 1
    assert found.cells == (HEAD, *BODY)
    assert found.box is not None
    assert 110 < found.box[1] < found.box[3] < end


def test_a_ruled_table_above_its_caption(maker: Any, tmp_path: Path) -> None:
    maker.lines(80, 60, ["these are words of running text that go on and on to the end"] * 4)
    end = Sheet(maker.sheet, 140).rows(None, HEAD, None, *BODY, None)
    maker.put(80, end + 8, "Table 1: Scores of all models.", 9)
    maker.lines(80, end + 40, ["and these are words of running text that go on and on here"] * 4)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (HEAD, *BODY)


def test_a_table_without_rules(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    end = Sheet(maker.sheet, 124).rows(HEAD, *BODY, ("Huge", "29.0", "99.5", "500"))
    maker.lines(80, end + 20, ["and these are words of running text that go on and on here"] * 5)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (HEAD, *BODY, ("Huge", "29.0", "99.5", "500"))


def test_rows_beyond_the_first_and_last_rule_belong_to_it(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    end = Sheet(maker.sheet, 124).rows(HEAD, None, *BODY)
    maker.lines(80, end + 30, ["and these are words of running text that go on and on here"] * 5)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (HEAD, *BODY)


def test_a_header_that_spans_columns_is_repeated_in_each(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    sheet = Sheet(maker.sheet, 124)
    sheet.rows(None)
    for x, text in ((250, "Dev"), (380, "Test")):
        maker.sheet.insert_text((x, sheet.y), text, fontsize=9, fontname="tiro")
    maker.sheet.draw_line((218, sheet.y + 3), (310, sheet.y + 3), width=0.4)
    sheet.y += 14
    sheet.rows(("", "EM", "F1", "F1"), None, *BODY, None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (("", "Dev", "Dev", "Test"), ("", "EM", "F1", "F1"), *BODY)


def test_deviations_and_marks_stay_with_their_number(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    body = (("Small", "27.3 \u00b1 0.1", "70.2%", "-1.5"), ("Big", "28.4 \u00b1 0.02", "71%*", "-"))
    Sheet(maker.sheet, 124).rows(None, HEAD, None, *body, None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells[1:] == body


def test_numbers_close_to_each_other_are_cells_of_their_own(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    body = [(f"Model {n}", f"7{n}.5", f"6{n}.1", f"5{n}.2") for n in range(4)]
    x = (80, 130, 149, 168)
    Sheet(maker.sheet, 124, x, 200).rows(None, ("Model", "a", "b", "c"), None, *body, None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (("Model", "a", "b", "c"), *body)


def test_a_power_keeps_apart_from_its_base(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    sheet = Sheet(maker.sheet, 124)
    y = sheet.rows(None, HEAD, None, ("Small", "27.3", "10", "65")) - 12
    maker.sheet.insert_text((309.2, y - 3.5), "18", fontsize=6, fontname="tiro")
    sheet.rows(("Big", "28.4", "23", "213"), None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells[1] == ("Small", "27.3", "10^18", "65")


def test_a_cell_of_several_lines_is_one_cell(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    rows = [
        ("Small", "trained on all", "3.3", "65"),
        ("", "of the data", "", ""),
        ("Big", "trained on half", "9.1", "99"),
    ]
    Sheet(maker.sheet, 124).rows(None, HEAD, None, *rows, None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells[1:] == (("Small", "trained on all of the data", "3.3", "65"), rows[2])


def test_a_line_that_names_the_rows_below_stands_in_the_first_column(
    maker: Any, tmp_path: Path
) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    name = "Models that were trained with much more data than others"
    Sheet(maker.sheet, 124).rows(None, HEAD, None, *BODY, None, (name,), None, *BODY, None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (HEAD, *BODY, (name, "", "", ""), *BODY)


def test_the_words_of_a_crowded_header_go_to_their_columns(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    x = (80, 140, 164.5, 190)
    body = [(f"Model {n}", f"8{n}.1", f"1{n}0", f"{n}315") for n in range(1, 6)]
    head = ("Model", "mIoU", "Param", "Ops")
    Sheet(maker.sheet, 124, x, 215).rows(None, head, None, *body, None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (head, *body)


def test_a_header_that_runs_up_the_page_is_read(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 80, "Table 1: Scores of all models.", 9)
    sheet = maker.sheet
    for x, text in zip((228, 308, 388), ("Caltech", "Flowers", "Pets"), strict=True):
        sheet.insert_text((x, 140), text, fontsize=9, fontname="tiro", rotate=90)
    sheet.draw_line((76, 96), (440, 96), width=0.5)
    maker.lines(80, 300, ["these are words of running text that go on and on to the end"] * 8)
    Sheet(sheet, 153).rows(None, *BODY, None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (("", "Caltech", "Flowers", "Pets"), *BODY)


def test_a_label_halfway_between_its_rows_joins_the_first(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    sheet = Sheet(maker.sheet, 124)
    y = sheet.rows(None, HEAD, None)
    for at, name in ((6, "Base"), (30, "Large")):
        maker.sheet.insert_text((80, y + at), name, fontsize=9, fontname="tiro")
    sheet.rows(*(("", f"mean{n}", f"{n}.5", f"{n}0") for n in range(4)), None)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert [row[0] for row in found.cells] == ["Model", "Base", "", "Large", ""]


def test_a_caption_above_and_one_below_find_the_table_of_their_own(
    maker: Any, tmp_path: Path
) -> None:
    other = (("Tiny", "1.1", "2.2", "3.3"), ("Mini", "4.4", "5.5", "6.6"))
    end = Sheet(maker.sheet, 80).rows(None, HEAD, None, *BODY, None)
    maker.put(80, end + 8, "Table 1: Scores of all models.", 9)
    end = Sheet(maker.sheet, end + 32).rows(None, HEAD, None, *other, None)
    maker.put(80, end + 8, "Table 2: Costs of all models.", 9)
    figures = [table(), table("2", "Costs of all models.")]
    found = extract_tables(maker.save(tmp_path / "a.pdf"), figures)
    assert [(one.number, one.cells) for one in found] == [
        ("1", (HEAD, *BODY)),
        ("2", (HEAD, *other)),
    ]


def test_tables_in_two_columns_do_not_mix(maker: Any, tmp_path: Path) -> None:
    maker.put(60, 100, "Table 1: Scores of all models.", 9)
    maker.put(330, 100, "Table 2: Costs of all models.", 9)
    one, two = (60, 150, 190, 240), (330, 420, 460, 510)
    Sheet(maker.sheet, 124, one, 280).rows(None, HEAD, None, *BODY, None)
    other = (("Tiny", "1.1", "2.2", "3.3"), ("Mini", "4.4", "5.5", "6.6"))
    Sheet(maker.sheet, 124, two, 550).rows(None, HEAD, None, *other, None)
    figures = [table(), table("2", "Costs of all models.")]
    found = extract_tables(maker.save(tmp_path / "a.pdf"), figures)
    assert [(one.number, one.cells) for one in found] == [
        ("1", (HEAD, *BODY)),
        ("2", (HEAD, *other)),
    ]


def test_the_tables_of_several_pages_come_one_after_the_other(maker: Any, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        if number > 1:
            maker.page()
        maker.put(80, 100, f"Table {number}: Scores of all models.", 9)
        Sheet(maker.sheet, 124).rows(None, HEAD, None, *BODY, None)
    told: list[tuple[int, int]] = []
    figures = [table(str(number), page=number) for number in (3, 1)]
    found = extract_tables(
        maker.save(tmp_path / "a.pdf"),
        figures,
        progress=lambda done, total: told.append((done, total)),
    )
    assert [(one.number, one.page) for one in found] == [("1", 1), ("3", 3)]
    assert told == [(1, 2), (2, 2)]


def test_a_table_without_caption_on_such_a_page_has_no_number(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    Sheet(maker.sheet, 124).rows(None, HEAD, None, *BODY, None)
    maker.lines(80, 220, ["these are words of running text that go on and on to the end"] * 8)
    loose = (("Set", "a", "b", "c"), ("Train", "1", "2", "3"), ("Test", "4", "5", "6"))
    Sheet(maker.sheet, 500).rows(None, loose[0], None, *loose[1:], None)
    first, second = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert (first.number, first.cells) == ("1", (HEAD, *BODY))
    assert (second.number, second.caption, second.cells) == ("", "", loose)


def test_a_table_on_its_side_is_read(maker: Any, tmp_path: Path) -> None:
    sheet = maker.sheet
    sheet.insert_text((100, 700), "Table 1: Scores of all models.", fontsize=9, rotate=90)
    places = [700, 560, 480, 400]
    for line, row in enumerate((HEAD, *BODY)):
        for y, text in zip(places, row, strict=True):
            sheet.insert_text((130 + 12 * line, y), text, fontsize=9, rotate=90)
    for x in (120, 132.5, 160):
        sheet.draw_line((x, 704), (x, 360), width=0.5)
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()])
    assert found.cells == (HEAD, *BODY)


def test_running_text_is_no_table(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    maker.lines(80, 130, ["these are words of running text that go on and on to the end"] * 20)
    assert extract_tables(maker.save(tmp_path / "a.pdf"), [table()]) == ()


def test_a_drawing_of_very_many_lines_costs_little(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    Sheet(maker.sheet, 124).rows(None, HEAD, None, *BODY, None)
    shape = maker.sheet.new_shape()
    for line in range(20_000):
        y = 300 + 0.02 * line
        start = 100 + line * 7 % 90
        shape.draw_line((start, y), (start + 9 + line * 13 % 300, y))
        shape.finish(width=0.1)
    shape.commit()
    (found,) = extract_tables(maker.save(tmp_path / "a.pdf"), [table()], timeout=20)
    assert found.cells == (HEAD, *BODY)


def test_without_captions_nothing_is_opened(tmp_path: Path) -> None:
    figure = Figure(FigureKind.FIGURE, "1", "A curve.", 1)
    assert extract_tables(tmp_path / "nowhere.pdf", [figure]) == ()


def test_a_page_that_is_not_there_has_no_tables(maker: Any, tmp_path: Path) -> None:
    maker.put(80, 100, "Table 1: Scores of all models.", 9)
    assert extract_tables(maker.save(tmp_path / "a.pdf"), [table(page=7)]) == ()


@pytest.mark.slow
def test_the_main_results_of_a_real_paper(corpus: Any) -> None:
    path = corpus("pdf/1706.03762v5.pdf")
    caption = "The Transformer achieves better BLEU scores than previous state-of-the-art models"
    (found,) = extract_tables(path, [table("2", caption, page=8)])
    assert found.cells[-1] == (
        "Transformer (big)",
        "28.4",
        "41.8",
        "2.3 \u00b7 10^19",
        "2.3 \u00b7 10^19",
    )
    assert found.cells[0][1:] == ("BLEU", "BLEU", "Training Cost (FLOPs)", "Training Cost (FLOPs)")
