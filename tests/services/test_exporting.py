import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.faketime import FakeTime
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.reading import Decision, NoteKind
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.export.vault.page import Page, Rendered
from researchdesk.services import claims, exporting, ideas, notes, reading, vault_figures
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata
from researchdesk.services.reproduction import ReproduceOptions, reproduce


def _export(desk: Desk, folder: Path) -> tuple[Path, bool]:
    """The paper's page, and whether any page changed."""
    done = exporting.export_notes(desk, None, folder).files
    return done[0].path, any(one.changed for one in done)


def test_the_file_tells_the_paper_its_passes_and_its_notes(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    notes.add_note(desk, paper, 1, "**mine**", page=3, quote="a_b <i>", kind=NoteKind.TRICK)
    reading.drop_pass(desk, paper, 1, "no | ablation", date(2026, 12, 1))
    path, changed = _export(desk, tmp_path / "out")
    assert changed
    assert path.name == "1904.00001.md"
    text = path.read_text("utf-8")
    head = yaml.safe_load(text.split("---")[1])
    assert head["id"] == "1904.00001"
    assert (head["version"], head["status"]) == (2, "left in pass 1")
    assert head["authors"] == ["Ada Author", "Bo Writer"]
    assert head["published"] == date(2019, 4, 19)
    assert "# On \\[b\\]Bold\\[/b\\] \\*Claims\\*" in text
    assert "> We claim 94% & \\<b\\>more\\</b\\>." in text
    assert "no \\| ablation" in text
    assert "2026-12-01" in text
    assert "**trick or hack** · p. 3" in text
    assert "> a\\_b \\<i\\>" in text
    assert "\n**mine**\n" in text


def test_written_again_it_changes_only_what_changed(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    path, _ = _export(desk, tmp_path)
    before = path.stat().st_mtime_ns
    assert _export(desk, tmp_path) == (path, False)
    assert path.stat().st_mtime_ns == before
    own = path.read_text("utf-8").replace("---\n", "---\ntags: [mine]\n", 1)
    own = own.replace("<!-- researchdesk:begin notes", "MY WORDS\n\n<!-- researchdesk:begin notes")
    path.write_text(own + "\nand at the end\n", "utf-8")
    notes.add_note(desk, paper, 1, "new note")
    assert _export(desk, tmp_path) == (path, True)
    text = path.read_text("utf-8")
    for words in ("tags: [mine]\n", "MY WORDS\n\n<!--", "\nand at the end\n", "new note"):
        assert words in text
    assert _export(desk, tmp_path) == (path, False)


def test_line_ends_of_the_user_stay(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    path, _ = _export(desk, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert _export(desk, tmp_path) == (path, False)
    notes.add_note(desk, paper, 1, "x")
    _export(desk, tmp_path)
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")


def test_one_odd_line_end_changes_no_other(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    path, _ = _export(desk, tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"mine\r\n")
    assert _export(desk, tmp_path) == (path, False)
    notes.add_note(desk, paper, 1, "x")
    assert _export(desk, tmp_path) == (path, True)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf---\n")
    assert raw.count(b"\r\n") == 1
    assert _export(desk, tmp_path) == (path, False)


def test_a_link_into_a_vault_stays_a_link(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    path, _ = _export(desk, tmp_path)
    vault = tmp_path / "vault.md"
    path.rename(vault)
    path.symlink_to(vault)
    notes.add_note(desk, paper, 1, "through the link")
    assert _export(desk, tmp_path) == (path, True)
    assert path.is_symlink()
    assert "through the link" in vault.read_text("utf-8")


@pytest.mark.slow
def test_each_claim_is_told_by_the_newest_full_run_that_tested_it(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    second = CLAIM.replace('"score"', '"other"', 1).replace('"ours"', '"other"')
    toml = ARM + ARM.replace("ours", "other") + CLAIM + second.replace("The score", "The other")
    write_recipe(desk.settings.recipes, toml=toml, arxiv_id="1904.00001")

    def run(arms: tuple[str, ...] = (), quick: bool = False) -> str:
        options = ReproduceOptions(seeds=2, arms=arms, quick=quick, trust=True, jobs=1)
        return reproduce(desk, "1904.00001", options).run.id

    def told() -> dict[str, str]:
        rows = _export(desk, tmp_path)[0].read_text("utf-8").splitlines()
        cells = [row.strip("| ").split(" | ") for row in rows if row.startswith("| The ")]
        assert all(row[-2].split(":")[0] != "untested" for row in cells)
        return {row[0]: re.sub(r"\[(.*?)\]\(.*?\)", r"`\1`", row[-1]) for row in cells}

    quick = run(quick=True)
    assert set(told().values()) == {f"`{quick}` (quick)"}
    part = run(("ours",))
    assert told() == {"The score is 0.5": f"`{part}`", "The other is 0.5": f"`{quick}` (quick)"}
    full = run()
    again = run(("ours",))
    run(quick=True)
    assert told() == {"The score is 0.5": f"`{again}`", "The other is 0.5": f"`{full}`"}
    assert _export(desk, tmp_path)[1] is False


def test_a_file_that_is_not_ours_is_never_written_over(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    path = tmp_path / "1904.00001.md"
    path.write_text("my own notes")
    with pytest.raises(BadInputError, match="not written by researchdesk"):
        _export(desk, tmp_path)
    assert path.read_text() == "my own notes"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInputError, match="cannot be read"):
        _export(desk, tmp_path)


def test_nothing_to_export_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotOnDeskError):
        exporting.export_notes(desk, None, tmp_path)


def test_questions_claims_time_and_links_are_told(
    desk: Desk, paper: Paper, tmp_path: Path, fake_time: FakeTime
) -> None:
    other = file_metadata(desk, Metadata("Adam", arxiv_id="1412.6980"))
    claim = claims.add_claim(desk, other, "a | b", value=28.4, spread=0.1, unit="%", page=3)
    question = notes.mark(desk, paper, 2, "We claim", text="see [[1412.6980]]")
    answer = notes.resolve(desk, question.id, f"by [[claim:{claim.slug}]] [[note:{question.id}]]")
    assert answer is not None
    item = reading.start_pass(desk, paper, 2)
    reading.spend(desk, item.id, 1500)
    reading.finish_pass(desk, paper, 2, "good", None, Decision.GO_ON)
    first, second = exporting.export_notes(desk, [paper.name, other.name], tmp_path).files
    text = first.path.read_text("utf-8")
    assert "| finished | 2026-04-12 | 2026-04-12 | 25 min | go on | good |  |" in text
    assert 'see [1412.6980](1412.6980.md "Adam")' in text
    assert "[claim 1412.6980-1](1412.6980.md#claim-1412.6980-1)" in text
    assert f"[note {question.id}](1904.00001.md#note-{question.id})" in text
    assert text.index("see [1412") < text.index("by [claim")
    told = second.path.read_text("utf-8")
    assert '- <a id="claim-1412.6980-1"></a>**1412.6980-1** a \\| b (p. 3 · 28.4 ± 0.1%)\n' in told
    fake_time.advance(days=3)
    again = exporting.export_notes(desk, [paper.name, other.name], tmp_path)
    assert [done.changed for done in again.files] == [False, False]


def test_a_link_leads_to_what_is_in_the_folder_and_no_further(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    other = file_metadata(desk, Metadata("Adam", arxiv_id="1412.6980"))
    note = notes.add_note(desk, other, 1, "x")
    notes.add_note(desk, paper, 1, f"[[1412.6980]] [[note:{note.id}]] [[note:99]] [[2001.00001]]")

    def told() -> str:
        (done,) = exporting.export_notes(desk, [paper.name], tmp_path).files
        return done.path.read_text("utf-8")

    assert f"[[1412.6980]] [[note:{note.id}]] [[note:99]] [[2001.00001]]" in told()
    exporting.export_notes(desk, [other.name], tmp_path)
    assert f"(1412.6980.md#note-{note.id}) [[note:99]] [[2001.00001]]" in told()
    notes.delete_note(desk, note.id)
    assert f'(1412.6980.md "Adam") [[note:{note.id}]]' in told()


def test_the_whole_desk_has_what_hangs_on_no_paper(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    ideas.add_idea(desk, "Count the digits")
    exporting.export_notes(desk, [paper.name], tmp_path / "one")
    assert not list(tmp_path.glob("one/**/idea-1.md"))
    exporting.export_notes(desk, None, tmp_path / "all")
    page = next(tmp_path.glob("all/**/idea-1.md"))
    assert "Count the digits" in page.read_text("utf-8")


def _say(page: Path, words: str) -> None:
    """As a person who saves the page in another program."""
    with page.open("a", encoding="utf-8") as file:
        file.write(f"\n{words}\n")


def test_what_a_person_saves_while_figures_are_taken_stays(
    desk: Desk, paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [paper, *(file_metadata(desk, Metadata(f"No. {one}")) for one in range(2))]
    exporting.export_notes(desk, None, tmp_path)
    for one in every:
        notes.add_note(desk, one, 1, "new note")
    pages = sorted(tmp_path.glob("*.md"))
    assert len(pages) == len(every)

    def slowly(_desk: Desk, taken: Paper, *_: object) -> tuple[()]:
        for page in pages:
            _say(page, f"MINE WHILE {taken.name}")
        return ()

    monkeypatch.setattr(vault_figures, "figures_of", slowly)
    exporting.export_notes(desk, None, tmp_path, exporting.VaultOptions(figures=True))
    for page in pages:
        text = page.read_text("utf-8")
        assert [f"MINE WHILE {one.name}" in text for one in every] == [True] * len(every)
        assert text.count("new note") == 1


@pytest.mark.parametrize("times", [1, 99], ids=["once", "again and again"])
def test_a_page_that_is_saved_just_then_is_made_anew(
    desk: Desk, paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    path, _ = _export(desk, tmp_path)
    notes.add_note(desk, paper, 1, "new note")
    made: list[str] = []

    def render(page: Page, old: str, *args: Any, **more: Any) -> Rendered:
        rendered = rendering(page, old, *args, **more)
        made.append(old)
        if len(made) <= times:
            _say(path, f"MINE {len(made)}")
        return rendered

    rendering = exporting.render
    monkeypatch.setattr(exporting, "render", render)
    done = exporting.export_notes(desk, None, tmp_path)
    text = path.read_text("utf-8")
    assert "MINE 1\n" in text
    assert len(made) < 9
    assert f"MINE {min(times, len(made))}\n" in text
    assert ("new note" in text, len(done.files), len(done.problems)) == (
        (True, 1, 0) if times == 1 else (False, 0, 1)
    )
