import json
from pathlib import Path

from support.tiny_pdf import tiny_pdf

LIBRARY = """@article{doe2001, title = {A long enough title}, author = {Doe, Jo}, year = 2001}
@article{again, title = {A Long Enough Title}, author = {Doe, Jo}, year = 2001}
@article{open, title = {Never closed}
"""


def test_import_says_what_came_in_and_undo_takes_it_back(run, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(LIBRARY, "utf-8")
    looked = run("import", "refs.bib", "--dry-run")
    assert looked.returncode == 0, looked.stderr
    assert "3 entries: 2 papers would be added, 1 joined to papers" in looked.stdout
    assert "undo" not in looked.stderr
    done = run("import", "refs.bib", "--tag", "mine", "--collection", "Old")
    assert "joined    refs.bib:2 again is doe2001: the same title, author and year" in done.stdout
    assert "mended    refs.bib:3 the entry is not closed: a } is missing" in done.stdout
    assert "To take it back: researchdesk undo" in done.stderr
    again = json.loads(run("import", "refs.bib", "--json").stdout)
    assert (again["added"], again["already"], again["change"]) == ([], 3, None)
    assert again["mended"] == [
        {"where": "refs.bib", "line": 3, "why": "the entry is not closed: a } is missing"}
    ]
    taken = run("undo", "--yes")
    assert taken.stderr == "Taken back: 2 papers imported, 1 joined to papers.\n"
    assert json.loads(run("list", "--json").stdout)["papers"] == []


def test_papers_that_may_be_one_are_told_and_do_not_keep_the_import_from_being_undone(
    run, tmp_path: Path
) -> None:
    two = "@article{doe2001, title = {A long enough title}, author = {Doe, Jo}, year = 2001}\n"
    (tmp_path / "refs.bib").write_text(two, "utf-8")
    assert "may be one" not in run("import", "refs.bib").stderr
    (tmp_path / "more.bib").write_text(two.replace("2001", "2002"), "utf-8")
    assert "may be one" not in run("import", "more.bib", "--dry-run").stderr
    done = run("import", "more.bib")
    assert "1 pair of papers may be one: researchdesk merge list" in done.stderr
    assert "doe2002" in run("merge", "list").stdout
    assert run("undo", "--yes").returncode == 0
    assert run("merge", "list").stdout == ""
    assert json.loads(run("import", "more.bib", "--json").stdout)["merge_proposals"] == 1


def test_what_cannot_come_in_changes_nothing(run, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(LIBRARY, "utf-8")
    (tmp_path / "other.txt").write_text("no library")
    strict = run("import", "refs.bib", "--strict")
    assert (strict.returncode, "refs.bib:3" in strict.stderr) == (5, True)
    assert run("import", "refs.bib", "other.txt").returncode == 5
    assert run("import", "nowhere.bib").returncode == 2
    (tmp_path / "x.ris").write_text("\ufeffTY  - JOUR\nTI  - A title\nER  - \n", "utf-8")
    ris = run("import", "x.ris")
    assert ris.returncode == 5
    assert "x.ris is RIS, which is not read. Nothing was changed." in ris.stderr
    assert "BibTeX, CSL-JSON or Zotero RDF" in ris.stderr
    assert json.loads(run("list", "--json").stdout)["papers"] == []


def test_a_folder_of_pdfs(run, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "one.pdf").write_bytes(tiny_pdf("A paper"))
    (tmp_path / "papers" / "bad.pdf").write_bytes(b"bad")
    (tmp_path / "papers" / "refs.bib").write_text(LIBRARY, "utf-8")
    done = run("--offline", "import", "papers", "--tag", "folder")
    assert done.returncode == 0, done.stderr
    assert "left out  papers/bad.pdf bad.pdf is not a PDF" in done.stdout
    assert "aside     papers/refs.bib" in done.stdout
    assert "2 PDFs: 1 papers added" in done.stdout
    told = json.loads(run("--offline", "import", "papers", "--json").stdout)["pdfs"]
    assert (told["added"], told["already"]) == ([], 1)


def test_export_to_stdout_and_to_a_file(run, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(LIBRARY, "utf-8")
    run("import", "refs.bib")
    told = run("export", "bibtex", "doe2001")
    assert told.stdout.startswith("@article{doe2001,\n  title = {A long enough title},")
    written = run("export", "ris", "--all", "--to", "out.ris")
    assert (written.stdout, "2 papers" in written.stderr) == ("", True)
    assert (tmp_path / "out.ris").read_bytes().startswith(b"TY  - JOUR\r\n")
    record = json.loads(run("export", "csl", "--query", "closed", "--json").stdout)
    assert (record["format"], record["papers"]) == ("csl", 1)
    assert json.loads(record["text"])[0]["title"] == "Never closed"
    assert run("export", "bibtex").returncode == 2
    assert run("export", "bibtex", "doe2001", "--all").returncode == 2
    assert run("export", "bibtex", "nobody").returncode == 3


def test_the_pattern_of_keys_comes_from_the_settings(run, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "a.json").write_text('[{"title": "Some words", "author": [{"family": "Doe"}]}]')
    run("import", "a.json")
    monkeypatch.setenv("RESEARCHDESK_BIBTEX_KEYS", "{Author}-{word}")
    assert run("export", "bibtex", "--all").stdout.startswith("@misc{Doe-some,")
    monkeypatch.setenv("RESEARCHDESK_BIBTEX_KEYS", "{nope}")
    done = run("export", "bibtex", "--all")
    assert (done.returncode, "{author}" in done.stderr) == (2, True)


def test_a_key_that_another_paper_has_is_told_wherever_it_is_used(run, tmp_path: Path) -> None:
    first = "@article{doe, title = {A long enough title}, author = {Doe, Jo}, year = 2001}"
    other = "@article{Doe, title = {Another matter of things}, author = {Bo, Li}, year = 2002}"
    (tmp_path / "a.bib").write_text(first, "utf-8")
    (tmp_path / "b.bib").write_text(other, "utf-8")
    assert "its key" not in run("import", "a.bib").stdout
    done = run("import", "b.bib")
    assert "its key   b.bib:1 Doe is doe here: the paper of this entry is Doea" in done.stdout
    out = run("export", "bibtex", "doea")
    assert "@article{Doea," in out.stdout
    assert "warning: Doe is doe, “A long enough title”." in out.stderr
    assert "Cite that one as Doea." in out.stderr
    told = json.loads(run("export", "bibtex", "--all", "--json").stdout)["disputed"]
    assert told == [{"key": "Doe", "paper": "doe", "other": "Doea", "as": "Doea"}]
    for words in (
        ("show", "doe"),
        ("tag", "add", "zoo", "--to", "doe"),
        ("note", "add", "DOE", "said"),
    ):
        assert "“Another matter of things”: if you mean that one, say Doea." in run(*words).stderr
    assert "warning" not in run("show", "doea").stderr
    tagged = run("tag", "add", "zoo", "--to", "doea", "--dry-run")
    assert (tagged.returncode, "Another matter" in tagged.stdout) == (0, True)


def test_what_was_taken_from_a_paper_does_not_come_back_with_an_edited_entry(
    run, tmp_path: Path
) -> None:
    def brought(marks: str, note: str) -> str:
        text = "@article{doe, title = {A long enough title}, author = {Doe, Jo}, "
        (tmp_path / "a.bib").write_text(f"{text}{marks}, note = {{{note}}}}}", "utf-8")
        return run("import", "a.bib").stdout

    def now() -> tuple[int, int, list[str], str]:
        (paper,) = json.loads(run("list", "--json").stdout)["papers"]
        return (
            paper["stars"],
            paper["priority"],
            paper["tags"],
            run("search", "in:Thesis", "--json").stdout,
        )

    one = "ranking = {rank5}, priority = {prio1}, groups = {Thesis, Two}, keywords = {ml, cv}"
    came = brought(one, "a")
    assert "2 collections made, 1 paper given stars, 1 paper given a priority." in came
    assert now()[:3] == (5, 3, ["cv", "ml"])
    run("mark", "doe", "--stars", "0")
    run("tag", "remove", "cv", "--from", "doe")
    run("collection", "remove", "Thesis", "doe")
    told = brought(one, "b")
    assert "1 updated" in told
    assert "given" not in told
    stars, priority, tags, held = now()
    assert (stars, priority, tags, "doe" in held) == (0, 3, ["ml"], False)
    two = "ranking = {rank4}, priority = {prio3}, groups = {Thesis, New}, keywords = {cv, nlp}"
    assert "1 collection made, 1 paper given stars" in brought(two, "b")
    stars, priority, tags, held = now()
    assert (stars, priority, tags, "doe" in held) == (4, 1, ["ml", "nlp"], False)
    assert run("undo", "--yes").returncode == 0
    assert now()[:3] == (0, 3, ["ml"])
    report = json.loads(run("import", "a.bib", "--dry-run", "--json").stdout)
    assert (report["collections_made"], report["starred"], report["prioritized"]) == (["New"], 1, 1)
