"""Whatever a person does to a released file between two releases, their text stays."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.readmes import commands_in, readme_of, table_rows
from researchdesk.services.release_files import Done, ReleaseWriter

TEXTS = st.sampled_from(["one\n", "two\n", "three\n", "mine\n", ""])
STEPS = st.lists(st.tuples(TEXTS, st.none() | TEXTS), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_no_text_of_its_owner_is_lost(steps: list[tuple[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "README.md"
        ours: str | None = None
        for offered, edited in steps:
            before = target.read_text() if target.exists() else None
            writer = ReleaseWriter(Path(place))
            writer.text("README.md", offered)
            writer.close()
            (done,) = writer.done
            theirs = before is not None and before not in (ours, offered)
            assert target.read_text() == (before if theirs else offered)
            assert (done.done in (Done.KEPT, Done.BESIDE)) is theirs
            if done.beside:
                assert (Path(place) / done.beside).read_text() == offered
            ours = offered
            if edited is not None:
                target.write_text(edited)


README = """# Code

| | score |
| --- | --- |
| a | 0.5 ± 0.1 |
| b | none |

Type `researchdesk reproduce 1512.03385`, or:

```sh
pip install -r requirements.txt
$ python train.py --seed 1
# a comment
```
"""


def test_a_readme_is_read_for_its_table_and_what_to_type() -> None:
    assert table_rows(README) == ["| a | 0.5 ± 0.1 |"]
    assert list(commands_in(README)) == [
        "researchdesk reproduce 1512.03385", "python train.py --seed 1",
    ]  # fmt: skip
    assert readme_of({"docs/README.md": "x", "ReadMe.rst": "y"}) == ("ReadMe.rst", "y")
    assert readme_of({}) == ("", "")


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="|- \n`0a$#", max_size=80))
def test_no_readme_breaks_the_reader(text: str) -> None:
    assert all(any(c.isdigit() for c in row) for row in table_rows(text))
    assert all(typed.strip() == typed for typed in commands_in(text))
