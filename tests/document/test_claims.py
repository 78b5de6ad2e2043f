"""Claim candidates: which numbers, with which heads, and which come first."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.document.claims.finding import find_candidates
from researchdesk.document.claims.names import Names
from researchdesk.document.claims.numbers import cell_numbers, text_numbers
from researchdesk.document.claims.words import Speaks, read_head
from researchdesk.document.extraction import extract, extract_tables
from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.documents import Block, Document, Section, SectionKind, Table

TITLE = "SnailNet: slow nets for fast reading"
ABSTRACT = "We present SnailNet, a net that reads. It reaches 91.5% accuracy on CIFAR-10."
MAIN = (
    ("Model", "CIFAR-10 acc (%)", "ImageNet top-1 error", "Params", "Layers"),
    ("HareNet [3]", "90.1", "24.0", "25.6M", "50"),
    ("TortoiseNet [4]", "90.9 ± 0.3", "22.7", "31.2M", "101"),
    ("SnailNet-S", "91.0 ± 0.1", "22.9", "5.3M", "18"),
    ("SnailNet-L", "91.5 ± 0.2", "21.8", "20.9M", "34"),
)


def paper(
    abstract: str = ABSTRACT, conclusion: str = "", body: str = "", appendix_page: int = 0
) -> Document:
    blocks = [Block(1, "1 Introduction", 1), Block(1, "Reading is slow.")]
    sections = [Section("1 Introduction", 1, SectionKind.INTRODUCTION, 1, 0, 2)]
    parts = [(SectionKind.BODY, body, 5), (SectionKind.CONCLUSION, conclusion, 8)]
    parts.append((SectionKind.APPENDIX, "More." if appendix_page else "", appendix_page))
    for kind, text, page in parts:
        if text:
            blocks += [Block(page, kind.value, 1), Block(page, text)]
            sections.append(Section(kind.value, 1, kind, page, len(blocks) - 2, len(blocks)))
    return Document(TITLE, 12, tuple(blocks), tuple(sections), (), abstract=abstract)


def table(
    cells: Sequence[Sequence[str]],
    caption: str = "Results on test sets.",
    page: int = 6,
    number: str = "1",
) -> Table:
    return Table(number, page, tuple(tuple(row) for row in cells), caption)


def candidates(*tables: Table, document: Document | None = None) -> list[ClaimCandidate]:
    return list(find_candidates(document or paper(abstract=""), tables))


def place(found: Sequence[ClaimCandidate], printed: str) -> int:
    return next(at for at, candidate in enumerate(found) if candidate.printed == printed)


def test_a_number_comes_with_its_heads() -> None:
    found = candidates(table(MAIN))
    candidate = found[place(found, "91.5")]
    assert (candidate.value, candidate.spread, candidate.unit) == (91.5, 0.2, "%")
    assert (candidate.row, candidate.column) == ("SnailNet-L", "CIFAR-10 acc (%)")
    assert (candidate.metric, candidate.dataset) == ("acc", "CIFAR-10")
    assert (candidate.where, candidate.page) == ("Table 1", 6)
    assert candidate.quote == "SnailNet-L | 91.5 ± 0.2 | 21.8 | 20.9M | 34"
    assert candidate.text == "SnailNet-L: acc CIFAR-10 91.5% ± 0.2"


def test_the_papers_own_best_comes_first_and_settings_never() -> None:
    found = candidates(table(MAIN), document=paper())
    assert [c.printed for c in found[:2]] == ["91.5", "21.8"]
    assert place(found, "22.9") < place(found, "22.7") < len(found)
    assert place(found, "21.8") < place(found, "20.9")
    assert not {"18", "34", "50", "101"} & {c.printed for c in found if c.row}
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_smaller_errors_are_better() -> None:
    found = candidates(table([row[:1] + row[2:3] for row in MAIN]))
    assert place(found, "21.8") < place(found, "22.9")
    rows = [("", "Yaw"), ("Able [1]", "3.1"), ("Baker [2]", "4.9"), ("Deep reading", "2.7")]
    found = candidates(table(rows, "Mean errors of the angles."))
    assert found[0].printed == "2.7"


def test_methods_in_the_columns() -> None:
    rows = [
        ("", "Ours", "Ours", "Hare"),
        ("", "(large)", "(small)", "(2019)"),
        ("ImageNet", "88.5", "87.1", "87.5"),
        ("CIFAR-100", "94.5", "93.9", "93.5"),
    ]
    found = candidates(table(rows, "Accuracy on benchmarks."))
    assert (found[0].row, found[0].column) == ("Ours (large)", "ImageNet")
    assert {c.row for c in found[:4]} == {"Ours (large)", "Ours (small)"}
    assert found[0].metric == "Accuracy"


def test_spanning_heads_are_joined_and_counts_left_out() -> None:
    rows = [
        ("System", "Dev", "Dev", "Test"),
        ("", "EM", "F1", "F1"),
        ("", "392k", "363k", "57k"),
        ("Human", "86.3", "89.0", "89.5"),
        ("SnailNet", "84.1", "90.9", "91.8"),
    ]
    found = candidates(table(rows, "SQuAD results."), document=paper())
    columns = {c.printed: c.column for c in found if c.row == "SnailNet"}
    assert columns == {"84.1": "Dev EM", "90.9": "Dev F1", "91.8": "Test F1"}
    assert not any(c.unit == "k" for c in found)


def test_a_cell_with_two_numbers_and_its_head() -> None:
    rows = [("System", "MNLI-(m/mm)"), ("Hare", "84.6/83.4"), ("SnailNet", "86.7/85.9")]
    found = candidates(table(rows, "GLUE test results."), document=paper())
    own = {c.printed: c.column for c in found if c.row == "SnailNet"}
    assert own == {"86.7": "MNLI-m", "85.9": "MNLI-mm"}


def test_a_group_row_says_whose_the_rows_below_are() -> None:
    rows = [
        ("Method", "F1"),
        ("Published", ""),
        ("Net of two layers", "80.1"),
        ("Ours", ""),
        ("Net of four layers", "81.2"),
    ]
    found = candidates(table(rows, "Scores."))
    assert [c.printed for c in found] == ["81.2", "80.1"]


def test_a_caption_of_error_rates_makes_the_smallest_best() -> None:
    rows = [("Model", "A"), ("Able [1]", "24.1"), ("Baker [2]", "29.9"), ("Reading", "21.7")]
    found = candidates(table(rows, "Top-1 error rates."))
    assert found[0].printed == "21.7"
    assert found[0].text == "Reading: Top-1 error A 21.7"


def test_a_sentence_names_metric_and_dataset_whole() -> None:
    told = "SnailNet achieves 28.4 BLEU on the WMT 2014 English-to-German task after 3.5 days."
    texts = [c.text for c in candidates(document=paper(abstract=told))]
    assert texts[0] == "BLEU WMT 2014 English-to-German 28.4"
    assert "days 3.5" in texts


def test_cited_rows_are_others() -> None:
    rows = [
        ("Method", "BLEU"),
        ("Two [5]", "28.4"),
        ("Plain reading", "27.9"),
        ("One et al.", "27.1"),
    ]
    assert candidates(table(rows))[0].row == "Plain reading"


def test_main_tables_before_ablations_and_the_appendix() -> None:
    rows = (("Model", "acc"), ("Hare [1]", "70.1"), ("SnailNet", "71.2"))
    again = (("Model", "acc"), ("Hare [1]", "60.1"), ("SnailNet", "61.2"))
    document = paper(abstract="", appendix_page=10)
    found = candidates(
        table(again, "Ablation of the shell."), table(rows, number="2"), document=document
    )
    assert found[0].printed == "71.2"
    found = candidates(table(again, page=11, number="9"), table(rows, page=7), document=document)
    assert found[0].printed == "71.2"


def test_tables_of_settings_give_settings_no_place() -> None:
    rows = [
        ("Setting", "Value"),
        ("Learning rate", "0.1"),
        ("Dropout", "0.5"),
        ("Batch size", "256"),
    ]
    main = table(MAIN, number="2")
    found = candidates(table(rows, "Hyper-parameters of training."), main)
    assert all(c.where == "Table 2" for c in found[:10])


def test_sentences_of_abstract_and_conclusion() -> None:
    document = paper(
        conclusion="We reached 3.57% error on ImageNet, improving by 0.5% over Section 4.2.",
        body="The rate is 0.001. We obtain an accuracy of 77.7% in training.",
    )
    found = candidates(document=document)
    assert [(c.printed, c.where) for c in found] == [
        ("91.5", "abstract"),
        ("3.57", "conclusion"),
        ("0.5", "conclusion"),
        ("77.7", "page 5"),
    ]
    assert found[0].quote == "It reaches 91.5% accuracy on CIFAR-10."
    assert (found[0].metric, found[0].dataset, found[0].unit) == ("accuracy", "CIFAR-10", "%")


def test_a_number_of_row_and_column_once() -> None:
    found = candidates(table(MAIN), table(MAIN, page=9, number="3"))
    keys = [(c.printed, c.row, c.column) for c in found]
    assert len(set(keys)) == len(keys)
    assert {c.where for c in found} == {"Table 1"}


def test_a_number_that_the_abstract_repeats_comes_first() -> None:
    rows = [("Model", "A", "B", "C"), ("Hare [1]", "70.1", "71.1", "72.1")]
    rows.append(("SnailNet", "73.1", "74.1", "75.1"))
    plain = candidates(table(rows), document=paper(abstract=""))
    told = candidates(table(rows), document=paper(abstract="SnailNet has 75.1 on C."))
    assert place(plain, "75.1") > 0
    assert told[0].printed == "75.1"
    assert told[0].row == "SnailNet"


def test_heads_of_several_columns_run_together_are_parted() -> None:
    head = "Top-1 Params FLOPs"
    rows = [("Model", head, head, head), ("SnailNet", "83.5", "79.1", "15.3")]
    found = candidates(table(rows), document=paper())
    assert {c.printed: c.column for c in found if c.row} == {
        "83.5": "Top-1",
        "79.1": "Params",
        "15.3": "FLOPs",
    }


def test_nothing_in_a_paper_without_numbers() -> None:
    assert candidates(document=paper(abstract="We read.")) == []
    assert candidates(table([]), table([("",)]), table([("a", "b"), ("c", "d")])) == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("88.55 ± 0.04", [(88.55, "", 0.04)]),
        ("93.33±0.04", [(93.33, "", 0.04)]),
        ("81.5%", [(81.5, "%", None)]),
        ("90.72±0.05%", [(90.72, "%", 0.05)]),
        ("84.6/83.4", [(84.6, "", None), (83.4, "", None)]),
        ("95.4 94.9", [(95.4, "", None), (94.9, "", None)]),
        ("54.7 (+1.2)", [(54.7, "", None)]),
        ("70.3 (7s)", [(70.3, "", None), (7.0, "s", None)]),
        ("66.9 [20]", [(66.9, "", None)]),
        ("−0.297", [(-0.297, "", None)]),
        ("3,256", [(3256.0, "", None)]),
        ("25.6M", [(25.6, "M", None)]),
        ("18.3×", [(18.3, "×", None)]),
        ("88.4∗", [(88.4, "", None)]),
        ("ResNet-50", []),
        ("3 × 3", []),
        ("224x224", []),
        ("8 · 10−4", []),
        ("1e-3", []),
        ("-", []),
        ("", []),
    ],
)
def test_numbers_of_a_cell(cell: str, expected: list[tuple[float, str, float | None]]) -> None:
    assert [(n.value, n.unit, n.spread) for n in cell_numbers(cell)] == expected


def test_numbers_of_a_sentence() -> None:
    text = "With 25.6M weights on 8 cards we got 28.4 BLEU and 99.1±0.2% in ResNet-50 (224x224)."
    assert [(n.printed, n.unit, n.spread) for n in text_numbers(text)] == [
        ("25.6", "M", None),
        ("28.4", "", None),
        ("99.1", "%", 0.2),
    ]


@pytest.mark.parametrize(
    ("head", "speaks", "metric", "smaller"),
    [
        ("ImageNet Top-1 Acc (%)", Speaks.METRIC, "Top-1 Acc", False),
        ("top-1 err.", Speaks.METRIC, "top-1 err", True),
        ("IoU threshold", Speaks.SETTING, "", False),
        ("FID ↓", Speaks.METRIC, "FID", True),
        ("#Params (M)", Speaks.COST, "Params", True),
        ("Time per epoch", Speaks.COST, "Time", True),
        ("learning rate", Speaks.SETTING, "", False),
        ("#L", Speaks.SETTING, "", False),
        ("Cora", Speaks.NOTHING, "", False),
        ("newstest17", Speaks.NOTHING, "", False),
    ],
)
def test_what_heads_say(head: str, speaks: Speaks, metric: str, smaller: bool) -> None:
    found = read_head(head)
    assert (found.speaks, found.metric, found.smaller) == (speaks, metric, smaller)


def test_names_of_the_papers_method() -> None:
    text = "We propose a new net, the Reader, and a Slow Shell Attention (SSA). BERT [4] reads."
    names = Names.of("Slow reading is all we want", text)
    assert names.own("Reader (big)") > 0.5
    assert names.own("SSA + pooling") > 0.5
    assert names.own("BERT-base") == 0
    assert names.own("Hare (ours)") == 1
    assert names.own("Readership") == names.own("Reader")
    assert Names.of(TITLE, "").own("SnailNet-L/16") == 1


CELL = st.sampled_from(
    ["", "-", "91.5", "12", "84.6/83.4", "1.0 ± 0.2", "acc", "Params", "Ours", "[3]"]
)
GRID = st.lists(st.lists(CELL | st.text(max_size=8), max_size=5), max_size=6)


@given(st.lists(GRID, max_size=3), st.text(max_size=120), st.text(max_size=60))
def test_any_table_gives_well_formed_candidates(
    grids: list[list[list[str]]], abstract: str, caption: str
) -> None:
    tables = [table(grid, caption, number=str(at)) for at, grid in enumerate(grids)]
    found = find_candidates(paper(abstract=abstract), tables)
    assert found == find_candidates(paper(abstract=abstract), tables)
    keys = [(c.printed, c.row, c.column, c.where) for c in found]
    assert len(set(keys)) == len(keys)
    for candidate in found:
        assert math.isfinite(candidate.value)
        assert candidate.printed in candidate.quote.replace("−", "-").replace("–", "-")
        assert candidate.spread is None or candidate.spread >= 0


@pytest.mark.parametrize(
    ("name", "scores"),
    [("1706.03762v5", [28.4, 41.0, 92.7]), ("1609.02907v4", [79.0, 81.5, 66.0, 70.3])],
)
def test_real_papers(corpus: Callable[[str], Path], name: str, scores: list[float]) -> None:
    pdf = corpus(f"pdf/{name}.pdf")
    document = extract(pdf)
    found = find_candidates(document, extract_tables(pdf, document.figures))
    assert set(scores) <= {c.value for c in found[:40]}
