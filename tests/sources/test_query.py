"""What a person types becomes words to look for, whatever it is."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.queries import FindQuery
from researchdesk.errors import UsageProblemError
from researchdesk.sources.query import expression

TODAY = date(2026, 4, 12)
TERM = r'(?:all|ti|au|abs):(?:[A-Za-z0-9]+|"[^"()\\]*[^\W_][^"()\\]*")'
GRAMMAR = re.compile(rf"{TERM}(?: AND {TERM})*")


def ask(**fields: object) -> str:
    return expression(FindQuery(**fields), TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"words": "deep learning"}, "all:deep AND all:learning"),
        ({"words": '"deep learning" Adam'}, 'all:"deep learning" AND all:Adam'),
        ({"words": '"unclosed phrase'}, "all:unclosed AND all:phrase"),
        ({"title": "attention", "author": "Vaswani"}, "ti:attention AND au:Vaswani"),
        ({"author": "Adrian Del Maestro"}, 'au:"Adrian Del Maestro"'),
        ({"author": "del_maestro"}, 'au:"del maestro"'),
        ({"author": "Kingma, Ba"}, "au:Kingma AND au:Ba"),
        ({"author": "Hölder"}, 'au:"Hölder"'),
        ({"abstract": "semi-supervised"}, 'abs:"semi-supervised"'),
        ({"words": "AND OR not"}, 'all:"AND" AND all:"OR" AND all:"not"'),
        ({"words": "GPT-3.5 (large)"}, 'all:"GPT-3.5" AND all:large'),
        ({"words": "ti:evil) OR (cat:cs.LG"}, 'all:"ti evil" AND all:"OR" AND all:"cat cs.LG"'),
        ({"words": "back\\slash *"}, 'all:"back slash"'),
        ({"categories": ("cs.lg",)}, "cat:cs.LG"),
        ({"categories": ("cs.LG", "stat.ML")}, "(cat:cs.LG OR cat:stat.ML)"),
        ({"categories": ("cs",)}, "cat:cs.*"),
        ({"categories": ("cs.*",)}, "cat:cs.*"),
        ({"categories": ("hep-th",)}, "cat:hep-th"),
        ({"categories": ("astro-ph",)}, "cat:astro-ph*"),
        ({"categories": ("cond-mat.mtrl-sci",)}, "cat:cond-mat.mtrl-sci"),
        (
            {"since": date(2024, 1, 2), "until": date(2024, 3, 4)},
            "submittedDate:[202401020000 TO 202403042359]",
        ),
        ({"since": date(2024, 1, 2)}, "submittedDate:[202401020000 TO 202604122359]"),
        ({"until": date(2024, 1, 2)}, "submittedDate:[199101010000 TO 202401022359]"),
        ({"since": date(2027, 1, 1)}, "submittedDate:[202701010000 TO 202701012359]"),
    ],
)
def test_forms(fields: dict[str, object], text: str) -> None:
    assert ask(**fields) == text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"words": ' () "" \x00\n--'},
        {"words": "x", "limit": 0},
        {"words": "x", "start": -1},
        {"words": "x", "start": 29_999, "limit": 2},
        {"words": "x " * 2000},
        {"categories": ("cs.LG) OR (all:x",)},
        {"categories": ("",)},
        {"since": date(2024, 3, 4), "until": date(2024, 1, 2)},
    ],
)
def test_what_cannot_be_asked(fields: dict[str, object]) -> None:
    with pytest.raises(UsageProblemError):
        ask(**fields)


@given(words=st.text(max_size=60), author=st.text(max_size=30), title=st.text(max_size=30))
def test_any_text_is_terms_of_the_language_and_nothing_more(
    words: str, author: str, title: str
) -> None:
    try:
        text = ask(words=words, author=author, title=title)
    except UsageProblemError:
        assert not any(c.isalnum() for c in words + author + title)
    else:
        assert GRAMMAR.fullmatch(text)
        assert text.encode()
        assert text.isprintable()


@given(st.text(alphabet='ab"()[]:*?\\ANDOR \t-', max_size=40))
def test_every_letter_typed_is_looked_for(words: str) -> None:
    letters = re.findall(r"\w+", words)
    if letters:
        found = re.sub(r" AND all:|^all:", " ", ask(words=words))
        assert re.findall(r"\w+", found) == letters
