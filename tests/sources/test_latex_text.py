"""LaTeX read to Unicode."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.export.bibtex_entries import text
from researchdesk.sources.latex_text import to_text


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"Lebr{\'o}n", "Lebrón"),
        (r"{\'\i}  \v{c} {\"{\i}} \c c \H{o} G\'abor", "í č ï ç ő Gábor"),
        (r"{{BERT:}} Pre-training of {D}eep", "BERT: Pre-training of Deep"),
        (r"long\textendash term -- and --- so", "long–term – and — so"),
        (r"5\,$\mu$m of {$\alpha$} in $O(n^2)$", "5 μm of α in $O(n^2)$"),
        (r"\emph{really} {\it so} \textsc{Small} 50\% \& \_", "really so Small 50% & _"),
        (r"{\o}re, \AA ngstr\"om, \ss, \L{}ukasz", "øre, Ångström, ß, Łukasz"),
        (r"``a'' \enquote{b} \textquotedblleft", "“a” “b” “"),
        (r"\unheard{of} \X of", r"\unheard{of} \X of"),
        (r"\href{http://x.org}{here} \url{http://a.org/b}", "here http://a.org/b"),
        (r"\~{}x \^{} \textasciitilde{} a~b", "~x ^ ~ a b"),
        ("}{ too {{many", "too many"),
        ("plain,  and\n two lines", "plain, and two lines"),
    ],
)
def test_latex_is_read(latex: str, said: str) -> None:
    assert to_text(latex) == said


@given(st.text(alphabet="aB é{}$\\^_%&#~\"'`-=,\n\u0301c", max_size=60))
def test_no_text_is_too_strange(latex: str) -> None:
    said = to_text(latex)
    assert "\n" not in said
    assert to_text("{" * 300 + latex) is not None


@given(st.text(alphabet="aB é{}\\^_%&#~\"'`–—-=<>|[]*±α→…,", max_size=60))
def test_what_is_written_out_is_read_back(words: str) -> None:
    assert to_text(text(words)) == " ".join(unicodedata.normalize("NFC", words).split())
