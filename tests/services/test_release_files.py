"""Whatever a person does to a released file between two releases, their text stays."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.checklist_facts import Facts, ReleaseFolder
from researchdesk.domain.checklists import Answer
from researchdesk.domain.readmes import commands_in, readme_of, table_rows
from researchdesk.services.checklist_facts import release_folder
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
    assert readme_of({"README.new.md": "x", "README_zh.md": "y"}) == ("", "")


def found(name: str, **texts: str) -> tuple[Answer, str]:
    texts = {path.replace("_dot_", "."): text for path, text in texts.items()}
    told = ANSWERERS[name](Facts(folder=ReleaseFolder(Path(), tuple(texts), texts)))
    return told.answer, "; ".join((*(one.text for one in told.evidence), *told.lacks))


def test_a_folder_is_not_believed_more_than_it_says() -> None:
    exact = "torch==2.1\nnumpy==1.26\n"
    assert "2 exact versions" in found("dependencies", requirements_dot_txt=exact)[1]
    loose = found("dependencies", requirements_dot_txt="torch==2.1\nnumpy>=1  # any\npandas\n")
    assert (loose[0], "numpy>=1" in loose[1], "pandas" in loose[1]) == (Answer.PARTLY, True, True)
    assert found("dependencies", setup_dot_py="setup()")[0] is Answer.PARTLY
    assert found("dependencies", x_dot_py="")[0] is Answer.NO
    assert found("dependencies", uv_dot_lock=" \n")[0] is Answer.NO
    assert found("training code", train_dot_py=" \n")[0] is Answer.NO
    assert found("evaluation code", test_model_dot_py="x")[0] is Answer.NO
    bare = found("results table", README_dot_md=README.replace("±", "and"))
    assert "no ± and no interval" in bare[1]
    assert found("licence", LICENSE="MIT License\n") == (Answer.YES, "MIT License")
    assert found("licence", README_dot_md="MIT")[0] is Answer.NO
    assert found("licence", LICENSE="\n")[0] is Answer.NO
    entry = "@misc{x, title = {A}, author = {B}}"
    assert found("citation", README_dot_md=entry) == (Answer.YES, entry)
    assert found("citation", README_dot_md="@misc{x, title={A}}")[0] is Answer.PARTLY
    assert found("citation", CITATION_dot_cff="a: b: c")[0] is Answer.NO


def test_what_looks_right_in_a_folder_that_no_run_stands_behind_is_no_yes() -> None:
    told = f"{README}Trained on 2 cores in 3 min, see https://huggingface.co/datasets/mnist\n"
    for name, texts in (
        ("dependencies", {"requirements_dot_txt": "torch==2.1\n"}),
        ("dependencies", {"uv_dot_lock": "x"}),
        ("training code", {"train_dot_py": "fit()"}),
        ("evaluation code", {"eval_dot_py": "x"}),
        *((name, {"README_dot_md": told}) for name in
          ("trained models", "results table", "commands", "machine told")),
    ):  # fmt: skip
        assert found(name, **texts)[0] is Answer.PARTLY, name
    assert found("machine told", README_dot_md="The core was found 3 days ago")[0] is Answer.NO


def test_keys_and_home_folders_are_found(tmp_path: Path) -> None:
    secret = "abcdefghijklmnopqrst"
    for line in (
        'key = "/Users/ada/x"', r'"C:\Users\ada"', r'"C:\\Users\\ada"', f"TOKEN=ghp_{secret}",
        f"x: hf_{secret}", f"API_KEY=a1{secret}", f'password = "{secret}"',
        "-----BEGIN RSA PRIVATE KEY-----",
    ):  # fmt: skip
        assert found("private", a_dot_py=line)[0] is Answer.NO, line
    for line in ("see ~/x and /home/user/y", "tokens = 5", "token=args.token", "password: str"):
        assert found("private", a_dot_py=line)[0] is Answer.YES, line
    (tmp_path / ".env").write_text(f"API_KEY=a1{secret}\n")
    (tmp_path / "big.json").write_text("1" * 500_000)
    (tmp_path / "model.pt").write_bytes(b"\0" * 500_000)
    folder = release_folder(tmp_path)
    assert folder.unread == ("big.json",)
    assert ANSWERERS["private"](Facts(folder=folder)).answer is Answer.NO
    (tmp_path / ".env").unlink()
    assert ANSWERERS["private"](Facts(folder=release_folder(tmp_path))).answer is Answer.PARTLY


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="|- \n`0a$#", max_size=80))
def test_no_readme_breaks_the_reader(text: str) -> None:
    assert all(any(c.isdigit() for c in row) for row in table_rows(text))
    assert all(typed.strip() == typed for typed in commands_in(text))


def test_a_large_file_outlives_a_loss_of_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lasting, sync = set[int](), os.fsync

    def note(handle: int) -> None:
        lasting.add(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    (tmp_path / "source").write_bytes(b"w" * 5000)
    with_it = tmp_path / "out"
    ReleaseWriter(with_it).large("models/a.pt", tmp_path / "source")
    whole = with_it / "models" / "a.pt"
    assert whole.read_bytes() == b"w" * 5000
    assert {whole.stat().st_ino, whole.parent.stat().st_ino} <= lasting
