"""Notes into vaults: what hangs on papers, where pages stand, what a person changed."""

import errno
import os
from pathlib import Path

import pytest
from support.funny_runs import ended_run, watched
from support.made_paper import write_paper
from support.recipe_maker import write_recipe

from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.surprises import Side
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.export.regions import Settle
from researchdesk.services import (
    acquire,
    claims,
    explaining,
    ideas,
    investigations,
    labels,
    notes,
    surprises,
)
from researchdesk.services.desk import Desk
from researchdesk.services.exporting import Export, VaultOptions, export_notes
from researchdesk.services.library import file_metadata

_NEW = VaultOptions(settle=Settle.NEW)


def _made(folder: Path, sign: str = "") -> Path:
    (folder / sign).mkdir(parents=True)
    return folder


def _text(folder: Path, file: str) -> str:
    return (folder / file).read_text("utf-8")


def _changed(done: Export) -> list[str]:
    return [one.ref for one in done.files if one.changed]


def _loop(desk: Desk, paper: Paper) -> None:
    """A surprise on the paper's claim, an idea and an investigation of it, notes that link them."""
    claim = claims.add_claim(desk, paper, "94 % | b", value=94)
    one = surprises.add_surprise(desk, "the loss rises", "1", "2", f"claim:{claim.slug}")
    told = explaining.explain(desk, one.id, "a bug", "it goes")
    explaining.file_evidence(desk, one.id, told.letter, Side.FOR, paper.name, "seen [[note:1]]")
    ideas.add_idea(desk, "warm up", of=one.ref)
    found = investigations.begin(desk, "Why?", one.ref)
    investigations.answer(desk, found.id, "benchmark", f"as in [[{paper.name}]]")
    notes.add_note(desk, paper, 1, f"[[claim:{claim.slug}]] [[funny:1|odd]] [[run:gone]] #x")


@pytest.mark.parametrize(
    ("sign", "kind", "links"),
    [
        (
            "",
            "plain",
            {
                "1904.00001.md": (
                    "[claim 1904.00001-1](1904.00001.md#claim-1904.00001-1) "
                    '[odd](surprises/funny-1.md "the loss rises") [[run:gone]] #x',
                    '- [funny 1](surprises/funny-1.md "the loss rises") · being investigated:',
                ),
                "surprises/funny-1.md": (
                    "on [claim 1904.00001-1](../1904.00001.md#claim-1904.00001-1)",
                    "for: [1904.00001](../1904.00001.md",
                    "seen [note 1](../1904.00001.md#note-1)",
                    '[idea 1](../ideas/idea-1.md "warm up")',
                ),
                "investigations/investigation-1.md": ("[funny 1](../surprises/funny-1.md",),
                "ideas/idea-1.md": ("came from [funny 1](../surprises/funny-1.md",),
            },
        ),
        (
            ".obsidian",
            "obsidian",
            {
                "1904.00001.md": (
                    "[[1904.00001#^claim-1904-00001-1|claim 1904.00001-1]] [[funny-1|odd]] "
                    "\\[\\[run:gone\\]\\] #x",
                    " ^claim-1904-00001-1\n",
                    "note 1 ^note-1\n",
                    "aliases:\n- On [b]Bold[/b] *Claims*\n",
                    "tags:\n- to-read\n",
                ),
                "surprises/funny-1.md": ("seen [[1904.00001#^note-1|note 1]]",),
            },
        ),
        (
            "logseq",
            "logseq",
            {
                "pages/1904.00001.md": (
                    "title:: 1904.00001\ndesk-id:: 1904.00001\n",
                    "tags:: to read\n",
                    "\t  id:: ",
                    "[odd]([[surprises/funny-1]]) \\[\\[run:gone\\]\\] #x\n- <!-- researchdesk:end",
                ),
                "pages/surprises___funny-1.md": ("title:: surprises/funny-1\n",),
            },
        ),
    ],
)
def test_links_lead_through_each_kind_of_vault(
    desk: Desk,
    paper: Paper,
    tmp_path: Path,
    sign: str,
    kind: str,
    links: dict[str, tuple[str, ...]],
) -> None:
    _loop(desk, paper)
    labels.tag(desk, [paper.id], ["to read"])
    vault = _made(tmp_path / "vault", sign)
    done = export_notes(desk, None, vault)
    assert done.kind == kind
    assert {one.ref for one in done.files} == {
        "1904.00001", "funny:1", "idea:1", "investigation:1",
    }  # fmt: skip
    for file, told in links.items():
        for words in told:
            assert words in _text(vault, file), file
    assert _changed(export_notes(desk, None, vault)) == []


def test_runs_that_decide_claims_have_pages_that_lead_back(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    write_recipe(desk.settings.recipes, arxiv_id="1904.00001")
    run = ended_run(desk, [0.5, 0.51, 0.49], recipe="1904.00001")
    surprises.add_surprise(desk, "too good", "0.1", "0.5", run)
    report = watched(desk, on=run)
    notes.add_note(desk, paper, 1, f"[[run:{run}#score]] [[watch:{report.id}]]")
    export_notes(desk, None, tmp_path / "out")
    page = _text(tmp_path / "out", f"runs/{run}.md")
    assert "of the paper [1904.00001](../1904.00001.md" in page
    assert '<a id="claim-score"></a>**The score is 0.5**' in page
    assert "; 95 % interval of the mean (TOST" in page
    assert "[funny 1](../surprises/funny-1.md" in page
    told = _text(tmp_path / "out", "1904.00001.md")
    assert f"[{run}](runs/{run}.md" in told
    assert "[funny 1](surprises/funny-1.md" in told
    assert f"(runs/{run}.md#claim-score) [watch 1](watch/watch-1.md" in told
    assert f"on [run {run}](../runs/{run}.md" in _text(tmp_path / "out", "watch/watch-1.md")
    assert _changed(export_notes(desk, None, tmp_path / "out")) == []


def test_pages_that_were_moved_are_found_and_links_follow(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    other = file_metadata(desk, Metadata("Adam", arxiv_id="1412.6980"))
    notes.add_note(desk, other, 1, "[[1904.00001]]")
    vault = _made(tmp_path / "vault", ".obsidian")
    folder = vault / "Papers"
    export_notes(desk, None, folder, VaultOptions("plain"))
    (folder / "a.md").write_text("---\nid: '1904.00001'\n---\nmy own, on this paper")
    (folder / "read").mkdir()
    (folder / "1904.00001.md").rename(folder / "read" / "my name.md")
    done = export_notes(desk, None, folder, VaultOptions("plain"))
    assert _changed(done) == ["1412.6980"]
    assert "(read/my%20name.md" in _text(folder, "1412.6980.md")
    assert not (folder / "1904.00001.md").exists()
    one = export_notes(desk, ["1412.6980"], folder, VaultOptions("plain"))
    assert _changed(one) == []
    (folder / "read" / "my name.md").rename(vault / "elsewhere.md")
    inside = export_notes(desk, None, folder)
    assert inside.kind == "obsidian"
    assert not (folder / "1904.00001.md").exists()
    assert "[[elsewhere|1904.00001]]" in _text(folder, "1412.6980.md")
    (vault / "1412.6980.md").write_text("my own page of that name")
    notes.add_note(desk, paper, 1, "[[1412.6980]]")
    export_notes(desk, None, folder)
    assert "[[Papers/1412.6980|1412.6980]]" in _text(vault, "elsewhere.md")
    assert _text(vault, "1412.6980.md") == "my own page of that name"


def test_new_text_goes_beside_what_a_person_changed_until_it_is_settled(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    notes.add_note(desk, paper, 1, "first")
    page, beside = tmp_path / "1904.00001.md", tmp_path / "1904.00001.new.md"
    export_notes(desk, None, tmp_path)
    page.write_text(page.read_text().replace("first", "MINE"))
    (told,) = export_notes(desk, None, tmp_path).files
    assert (told.edited, told.conflicts, told.beside) == (("notes",), (), None)
    notes.add_note(desk, paper, 1, "second")
    (told,) = export_notes(desk, None, tmp_path).files
    assert (told.conflicts, told.beside) == (("notes",), beside)
    assert "second" in beside.read_text()
    assert "MINE" in page.read_text()
    assert "second" not in page.read_text()
    assert _changed(export_notes(desk, None, tmp_path)) == []
    mine = VaultOptions(settle=Settle.MINE)
    (told,) = export_notes(desk, None, tmp_path, mine).files
    assert (told.conflicts, beside.exists(), "MINE" in page.read_text()) == ((), False, True)
    notes.add_note(desk, paper, 1, "third")
    export_notes(desk, None, tmp_path)
    assert "third" in beside.read_text()
    beside.write_text(beside.read_text() + "my thoughts")
    done = export_notes(desk, None, tmp_path, _NEW)
    assert "wrote in" in done.problems[0].message
    assert "my thoughts" in beside.read_text()
    assert "MINE" not in page.read_text()
    assert "third" in page.read_text()


def test_one_bad_file_keeps_no_other_from_being_written(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    file_metadata(desk, Metadata("Adam", arxiv_id="1412.6980"))
    foreign = tmp_path / "1904.00001.md"
    foreign.write_text("my own")
    done = export_notes(desk, None, tmp_path)
    assert [one.ref for one in done.files] == ["1412.6980"]
    assert "not written by researchdesk" in done.problems[0].message
    assert foreign.read_text() == "my own"
    foreign.unlink()
    export_notes(desk, None, tmp_path)
    broken = foreign.read_text().replace("<!-- researchdesk:end notes -->", "")
    foreign.write_text(broken)
    done = export_notes(desk, None, tmp_path)
    assert "has no partner" in done.problems[0].message
    assert foreign.read_text() == broken


def test_papers_whose_files_would_be_one_get_two(desk: Desk, tmp_path: Path) -> None:
    file_metadata(desk, Metadata("Old", arxiv_id="hep-th/9901001"))
    one = file_metadata(desk, Metadata("A <b> [x]] | #t", arxiv_id="1904.00009"))
    with desk.database.writing() as db:
        db.execute(
            "UPDATE papers SET arxiv_id = NULL, key = 'HEP-TH_9901001' WHERE id = ?", [one.id]
        )
    vault = _made(tmp_path, ".obsidian")
    export_notes(desk, None, vault)
    export_notes(desk, ["HEP-TH_9901001"], vault)
    assert {path.name for path in vault.glob("*.md")} == {
        "hep-th_9901001.md", f"HEP-TH_9901001-{one.id}.md",
    }  # fmt: skip
    assert "# A \\<b\\> \\[x\\]\\] \\| \\#t" in _text(vault, f"HEP-TH_9901001-{one.id}.md")


def test_figures_are_copied_once_and_a_changed_one_stays(desk: Desk, tmp_path: Path) -> None:
    acquire.add(desk, str(write_paper(tmp_path / "made.pdf", stamp="")))
    vault = tmp_path / "vault"
    assert export_notes(desk, None, vault).pictured == 0
    wished = VaultOptions(figures=True)
    done = export_notes(desk, None, vault, wished)
    (picture,) = vault.rglob("*.png")
    assert (done.pictures, done.pictured) == (1, 1)
    (page,) = vault.glob("*.md")
    assert f"![Figure 1]({picture.relative_to(vault)})\n\n**Figure 1** " in page.read_text()
    picture.write_bytes(b"mine")
    done = export_notes(desk, None, vault, wished)
    assert (done.pictures, _changed(done), picture.read_bytes()) == (0, [], b"mine")
    assert _changed(export_notes(desk, None, vault)) == []


def test_a_full_disk_leaves_whole_files_and_says_how_far_it_came(
    desk: Desk, paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_metadata(desk, Metadata("Adam", arxiv_id="1412.6980"))
    synced: list[int] = []

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 3:  # that of the folder comes between
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInputError, match=r"No space left.* 1 of 2 files were written, whole"):
        export_notes(desk, None, tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 1
    assert len(_changed(export_notes(desk, None, tmp_path / "out"))) == 1


def test_there_are_only_these_kinds_of_vault(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    with pytest.raises(UsageProblemError, match="no kind of vault 'roam'"):
        export_notes(desk, None, tmp_path, VaultOptions("roam"))
    (tmp_path / "logseq").mkdir()
    below = tmp_path / "mine"
    assert export_notes(desk, None, below).kind == "plain"
    (tmp_path / "logseq" / "config.edn").write_text("{}")
    assert export_notes(desk, None, below / "x").kind == "logseq"
    assert (tmp_path / "pages" / "1904.00001.md").is_file()
