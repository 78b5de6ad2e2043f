import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.identifiers import (
    ArxivId,
    find_stamp,
    folder_name,
    local_key,
    parse_arxiv_id,
)
from researchdesk.errors import UsageProblemError


@pytest.mark.parametrize(
    ("text", "base", "version"),
    [
        ("1706.03762", "1706.03762", None),
        ("1706.03762v5", "1706.03762", 5),
        (" arXiv:1706.03762v5 ", "1706.03762", 5),
        ("ARXIV:0704.0001", "0704.0001", None),
        ("hep-th/9901001", "hep-th/9901001", None),
        ("hep-th/9901001v3", "hep-th/9901001", 3),
        ("math.GT/0309136v1", "math/0309136", 1),
        ("https://arxiv.org/abs/math/0405482", "math/0405482", None),
        ("http://arxiv.org/abs/1706.03762v5", "1706.03762", 5),
        ("https://arxiv.org/pdf/1706.03762v5.pdf", "1706.03762", 5),
        ("https://arxiv.org/pdf/1706.03762", "1706.03762", None),
        ("arxiv.org/html/2401.00001v2/", "2401.00001", 2),
        ("https://export.arxiv.org/abs/1706.03762?context=cs", "1706.03762", None),
        ("https://www.arxiv.org/abs/hep-th%2F9901001#x", "hep-th/9901001", None),
    ],
)
def test_every_form_of_an_id_is_split(text: str, base: str, version: int | None) -> None:
    assert parse_arxiv_id(text) == ArxivId(base, version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1706.0376",
        "1706.037622",
        "1713.03762",
        "0703.0001",
        "1412.12345",
        "1501.1234",
        "1706.03762v0",
        "https://example.org/abs/1706.03762",
        "https://arxiv.org.example.org/abs/1706.03762",
        "../../etc/passwd",
        "１７０６.03762",
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(UsageProblemError):
        parse_arxiv_id(text)


@given(
    st.one_of(
        st.from_regex(r"(0[7-9]|1[0-4])(0[4-9]|1[0-2])\.\d{4}", fullmatch=True),
        st.from_regex(r"(1[5-9]|2\d)(0[1-9]|1[0-2])\.\d{5}", fullmatch=True),
        st.from_regex(r"(hep-th|math|cond-mat|quant-ph)/\d\d(0[1-9]|1[0-2])\d{3}", fullmatch=True),
    ).filter(str.isascii),
    st.none() | st.integers(1, 99),
)
def test_writing_and_parsing_agree(base: str, version: int | None) -> None:
    wanted = ArxivId(base, version)
    assert parse_arxiv_id(str(wanted)) == wanted
    assert parse_arxiv_id(f"https://arxiv.org/abs/{wanted}") == wanted
    assert "/" not in folder_name(base)


@given(st.text())
def test_any_text_is_an_id_or_refused(text: str) -> None:
    try:
        found = parse_arxiv_id(text)
    except UsageProblemError:
        return
    assert parse_arxiv_id(str(found)) == found


def test_the_margin_stamp_gives_id_and_version() -> None:
    assert find_stamp("x arXiv:1706.03762v5  [cs.CL]  6 Dec 2017 y") == ArxivId("1706.03762", 5)
    assert find_stamp("arXiv:math/0405482v2 [math.CO]") == ArxivId("math/0405482", 2)
    assert find_stamp("cites arXiv:1412.6980, no version") is None


def test_a_key_is_made_of_surname_year_and_title() -> None:
    assert local_key("Attention Is All You Need", ("Ashish Vaswani",), 2017) == (
        "vaswani2017attention"
    )
    assert local_key("Über Größen", (), None) == "uber"
    assert local_key("…", (), None) == "untitled"
