import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.storage.search import match_expression


@given(st.text())
def test_any_words_make_a_query_that_sqlite_takes(words: str) -> None:
    expression = match_expression(words)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
        if expression:
            db.execute("SELECT * FROM t WHERE t MATCH ?", [expression]).fetchall()


def test_every_word_is_the_beginning_of_one() -> None:
    assert match_expression("c++ (attent") == '"c"* "attent"*'
    assert match_expression("()") == ""
