"""What the watched process writes is read as text that came from outside."""

from datetime import UTC, datetime

import pytest

from researchdesk.domain.watching import (
    Certainty,
    WatchFinding,
    WatchReport,
    read_findings,
    read_table,
    read_words,
)


def report(*argv: str, findings: tuple[WatchFinding, ...] = ()) -> WatchReport:
    moment = datetime(2026, 3, 14, tzinfo=UTC)
    return WatchReport(argv, "/tmp", "python", 0, "end", moment, 1.0, findings=findings)


def test_the_surest_findings_come_first_and_what_is_none_is_left_out():
    found = read_findings(
        [
            {"name": "b", "certainty": "worth a look", "message": "m", "line": True},
            {
                "name": "a",
                "certainty": "certain",
                "message": "x\x1b[31m",
                "file": "t.py",
                "line": 3,
            },
            {"name": "c", "certainty": "surely"},
            {"certainty": "certain"},
            "words",
        ]
    )
    assert [item.name for item in found] == ["a", "b"]
    assert (found[0].message, found[0].file, found[0].line) == ("x", "t.py", 3)
    assert (found[1].line, found[1].times) == (0, 1)
    assert read_findings({"name": "a"}) == read_findings(None) == ()


def test_words_and_tables_lose_what_a_terminal_would_obey():
    assert read_words(["a\x1b]0;title\x07b", 3]) == ("ab", "3")
    table = read_table({"a\n": "\x1b[1mb", "n": 1, "l": ["\x07c", {"d": "e\x00"}]})
    assert table == {"a": "b", "n": 1, "l": ["c", {"d": "e"}]}
    assert read_words("abc") == ()
    assert read_table([1]) == {}


@pytest.mark.parametrize(
    ("argv", "script", "arguments", "name"),
    [
        (("src/train.py", "-m", "x"), "src/train.py", ("-m", "x"), "train.py"),
        (("-m", "pkg.train", "--lr", "1"), "pkg.train", ("--lr", "1"), "-m pkg.train"),
    ],
)
def test_a_report_knows_its_script(argv, script, arguments, name):
    made = report(*argv)
    assert (made.script, made.arguments, made.name) == (script, arguments, name)


def test_a_report_counts_by_certainty():
    found = tuple(WatchFinding(c.value, c, "m") for c in (*Certainty, Certainty.LOOK))
    made = report("t.py", findings=found)
    assert made.counts == "1 certain, 1 likely, 2 worth a look"
    assert [len(made.at_least(c)) for c in Certainty] == [1, 2, 4]
    assert report("t.py").counts == "nothing found"
