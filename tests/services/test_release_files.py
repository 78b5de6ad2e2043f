"""Whatever a person does to a released file between two releases, their text stays."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.checklist_facts import Facts, ReleaseFolder
from researchdesk.domain.checklists import Answer
from researchdesk.domain.readmes import commands_in, readme_of, table_rows
from researchdesk.services.checklists import ANSWERERS
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


def test_a_new_text_that_its_owner_edited_is_kept_too(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    for offered, name in (("one", "README.new.md"), ("two", "README.new.md"), ("three", "")):
        writer = ReleaseWriter(tmp_path)
        writer.text("README.md", offered)
        writer.close()
        assert writer.done[0].beside == (name or "README.new-2.md")
        if offered == "two":
            assert (tmp_path / name).read_text() == "two"
            (tmp_path / name).write_text("half taken over")
    assert (tmp_path / "README.new.md").read_text() == "half taken over"
    assert (tmp_path / "README.new-2.md").read_text() == "three"
    assert (tmp_path / "README.md").read_text() == "mine"


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


def found(name: str, **texts: str) -> tuple[Answer, str]:
    texts = {path.replace("_dot_", "."): text for path, text in texts.items()}
    told = ANSWERERS[name](Facts(folder=ReleaseFolder(Path(), tuple(texts), texts)))
    return told.answer, "; ".join((*(one.text for one in told.evidence), *told.lacks))


def test_a_folder_is_not_believed_more_than_it_says() -> None:
    exact = "torch==2.1\nnumpy==1.26\n"
    assert found("dependencies", requirements_dot_txt=exact) == (Answer.YES, "2 exact versions")
    loose = found("dependencies", requirements_dot_txt="torch==2.1\nnumpy>=1  # any\npandas\n")
    assert (loose[0], "numpy>=1" in loose[1], "pandas" in loose[1]) == (Answer.PARTLY, True, True)
    assert found("dependencies", setup_dot_py="setup()")[0] is Answer.PARTLY
    assert found("dependencies", x_dot_py="")[0] is Answer.NO
    assert found("training code", train_dot_py=" \n")[0] is Answer.NO
    assert found("training code", train_dot_py="fit()")[0] is Answer.YES
    assert found("evaluation code", test_model_dot_py="x")[0] is Answer.NO
    assert found("results table", README_dot_md=README)[0] is Answer.YES
    assert found("results table", README_dot_md=README.replace("±", "and"))[0] is Answer.PARTLY
    assert found("trained models", README_dot_md="https://zenodo.org/record/1")[0] is Answer.YES
    assert found("licence", LICENSE="MIT License\n") == (Answer.YES, "MIT License")
    assert found("licence", README_dot_md="MIT")[0] is Answer.NO
    assert found("private", a_dot_py='key = "/Users/ada/x"')[0] is Answer.NO
    assert found("private", a_dot_py="see ~/x and /home/user/y")[0] is Answer.YES


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="|- \n`0a$#", max_size=80))
def test_no_readme_breaks_the_reader(text: str) -> None:
    assert all(any(c.isdigit() for c in row) for row in table_rows(text))
    assert all(typed.strip() == typed for typed in commands_in(text))
