"""Reports: what stands on the page, that nothing from outside acts in it, and where it is kept."""

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from markdown_it import MarkdownIt
from support.bench import begun, measure
from support.faketime import FakeTime
from support.funny_runs import RUNG, ended_run
from support.recipe_maker import ARM, CLAIM, write_recipe
from support.tinkered import write_tinkered

from researchdesk.domain.papers import Metadata
from researchdesk.domain.runs import Task
from researchdesk.domain.surprises import SurpriseState
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.harness.training.places import steps_file
from researchdesk.services import experiments, explaining, investigations
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_runs import run_experiments
from researchdesk.services.library import file_metadata
from researchdesk.services.recipes import recipe_for
from researchdesk.services.report_index import write_index
from researchdesk.services.report_pages import page_of
from researchdesk.services.report_writing import form_for, place_for, put, text_of, write_report
from researchdesk.services.reproduction import ReproduceOptions
from researchdesk.services.surprises import add_surprise, resolve

ID = "2001.00001"
OTHER = """
[[arms]]
name = "narrow"
kind = "ablation"
parent = "ours"
[arms.settings]
steps = 3
"""
ORDERING = """
[[claims]]
id = "wide-is-better"
text = "Wide is better"
kind = "ordering"
metric = "score"
arm = "ours"
versus = "narrow"
where = "figure 2"
quote = "wide nets do better"
direction = "at least"
claimed = 0.0
"""


def _page(desk: Desk, *refs: str) -> html.HtmlElement:
    return html.fromstring(text_of(desk, page_of(desk, refs or (ID,)), "html"))


def _words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_the_page_tells_claims_numbers_checks_and_how_to_run_it_again(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, toml=ARM + OTHER + CLAIM + ORDERING)
    file_metadata(desk, Metadata("A tiny thing", ("Ada Author",), arxiv_id=ID, version=2))
    scores = (0.49, 0.5, 0.51, 0.1, 0.11, 0.12)
    run = ended_run(desk, scores, [RUNG], arms=("ours", "narrow"))
    add_surprise(desk, "It is quick", "slow", "quick", f"run:{run}")
    page = _page(desk)
    assert page.find(".//h1").text == "A tiny thing"
    assert page.xpath("//a[@href='https://arxiv.org/abs/2001.00001v2']")
    told = _words(page)
    assert "All 2 claims are reproduced." in told
    rows = page.xpath("//table[contains(@class, 'claims')]/tbody/tr")
    assert [_words(row)[:15] for row in rows] == ["The score is 0.", "Wide is better "]
    assert "0.5 ± 0.2*" in _words(rows[0])
    assert "0.5 ± 0.01 (n=3)" in _words(rows[0])
    for words in ("wide nets do better", "wide enough for a test", "one batch learnt by heart",
                  "loss 2.30; after 200 steps", "It is quick",
                  "researchdesk reproduce 2001.00001-tiny --trust",
                  "one-sided Welch t", "after Holm", "The recipe names no data"):  # fmt: skip
        assert words in told
    assert "Checks failed" in _words(page.xpath("//*[contains(@class, 'caution')]")[0])


def test_a_claims_surprise_is_told_of_a_later_run_with_what_explains_it(
    desk: Desk, fake_time: FakeTime
) -> None:
    write_recipe(desk.settings.recipes)
    write_recipe(desk.settings.recipes, arxiv_id="2002.00002", name="other")
    ended_run(desk, recipe="2002.00002-other")
    first = ended_run(desk)
    kept = add_surprise(desk, "Too high", "0.5", "0.82", f"run:{first}#score")
    add_surprise(desk, "Loud fan", "quiet", "loud", f"run:{first}")
    explaining.explain(desk, kept.id, "the other epsilon")
    explaining.explain(desk, kept.id, "bad luck")
    explaining.rule_out(desk, kept.id, "B", "twenty seeds agree")
    explaining.file_evidence(desk, kept.id, "B", "against", f"run:{first}")
    resolve(desk, kept.id, SurpriseState.EXPLAINED, by="A")
    fake_time.sleep(60)
    again = ended_run(desk)
    became = (
        "Explained by A: the other epsilon. "
        f"Ruled out: B, bad luck (twenty seeds agree) (run:{first})."
    )
    page = _page(desk)
    (told,) = page.xpath("//li[@id='r1-funny-1']")
    assert _words(told) == (
        f"Too high (funny:1, noticed on another run of this recipe, {first}) "
        f"Expected: 0.5. Observed: 0.82. {became}"
    )
    (card,) = page.xpath("//article")
    assert card.xpath(".//a/@href") == ["#r1-funny-1"]
    assert f"funny:1 : {became}" in _words(card)
    assert "Loud fan" not in _words(page)
    assert again in _words(page)
    (known,) = page_of(desk, ["2002.00002"]).runs
    assert known.surprises == ()
    assert "Loud fan" in _words(_page(desk, first))
    markdown = text_of(desk, page_of(desk, [ID]), "markdown")
    assert markdown.count("Explained by A: the other epsilon.") == 2


@pytest.mark.slow
def test_hypotheses_of_an_investigation_count_as_nobodys_claims(
    desk: Desk, tmp_path: Path, fake_time: FakeTime
) -> None:
    write_tinkered(desk.settings.recipes, seeds=2)
    file_metadata(desk, Metadata("A tiny thing", ("Ada Author",), arxiv_id=ID))
    kept = add_surprise(desk, "Gain does nothing", "more", "the same", ID)
    number = investigations.begin(
        desk, "Does gain matter?", of=kept.ref, recipe=f"{ID}-tiny", arm="plain"
    ).id
    experiments.add_experiment(desk, number, change=["gain=2"], expect="score = 0.8 +- 0.1")
    experiments.add_experiment(desk, number, change=["steps=2"], expect="score = 0.9 +- 0.1")
    (report,) = run_experiments(desk, number, (), ReproduceOptions(trust=True, jobs=1)).reports
    page = page_of(desk, [report.run.id])
    assert page.sentence == "1 hypothesis held, 1 was refuted."
    assert (page.counts, sum(item.count for item in page.hypotheses)) == ((), 2)
    told = _words(_page(desk, report.run.id))
    for words in ("What was expected, and what was measured", "✓ held", "✗ refuted",
                  "Made for investigation:1, “Does gain matter?”, which follows up funny:1, “Gain "
                  "does nothing”.", "of “A tiny thing” (arXiv:2001.00001)."):  # fmt: skip
        assert words in told
    assert "written after the result" not in told
    assert "No quote" not in told
    fake_time.sleep(60)
    experiments.state_hypothesis(desk, "1.3", "score = 0.2 +- 0.1")
    assert page_of(desk, [report.run.id]).runs[0].warnings == ()  # the run has what was said before
    (again,) = run_experiments(desk, number, ("1.3",), ReproduceOptions(trust=True)).reports
    (late,) = page_of(desk, [again.run.id]).runs
    assert [one.title for one in late.warnings] == ["Hypotheses written after the result"]
    assert {claim.id: "written after" in claim.where for claim in late.claims} == {
        "hypothesis-1.2": False,
        "hypothesis-1.3": True,
    }
    plain = ended_run(desk, (0.4, 0.41), arms=("plain",))
    both = page_of(desk, [report.run.id, plain])
    assert both.sentence.endswith("1 hypothesis held, 1 was refuted.")
    index = _words(html.fromstring(write_index(desk, tmp_path)[0].path.read_text("utf-8")))
    assert "papers with runs 1" in index
    assert "investigations with runs 1 hypotheses 2" in index


HOSTILE = '<script>alert(1)</script> </svg> $x^2$ ]]> "><img src=x onerror=y> & *b*'


def _hostile(desk: Desk) -> None:
    """A run every text of which tries to be markup."""
    text = json.dumps(HOSTILE)[1:-1]
    claim = CLAIM.replace("The score is 0.5", text).replace("table 1", text)
    toml = ARM + claim + f'quote = "{text}"\nunit = "{text}"\n'
    folder = write_recipe(desk.settings.recipes, toml=toml)
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8").replace("A tiny experiment", text), "utf-8")
    file_metadata(desk, Metadata(HOSTILE, (HOSTILE,), arxiv_id=ID))
    run = ended_run(desk, (0.49, 0.5, 0.51), [{**RUNG, "name": HOSTILE, "message": HOSTILE}])
    add_surprise(desk, HOSTILE, HOSTILE, HOSTILE, f"run:{run}")


def test_nothing_from_outside_becomes_markup(desk: Desk) -> None:
    _hostile(desk)
    told = HOSTILE
    page = page_of(desk, [ID])
    text = text_of(desk, page, "html")
    tree = html.fromstring(text)
    assert tree.xpath("//script | //img | //link | //iframe | //*[@onerror]") == []
    assert tree.find(".//h1").text == told
    (claim,) = tree.xpath("//article")
    assert claim.find("h3").text == told
    assert told in claim.xpath(".//*[local-name() = 'title']/text()")[0]
    assert told in _words(claim.xpath(".//figure")[0])  # the unit on the axis is no mathematics
    for place in ("//blockquote", "//*[@id='r1-checks']/following::tr[2]", "//li[strong]"):
        assert told in _words(tree.xpath(place)[0])
    shown = MarkdownIt("commonmark").enable("table").render(text_of(desk, page, "markdown"))
    marked = html.fromstring(shown)
    assert marked.xpath("//script | //img | //em | //svg") == []
    assert told in _words(marked)


def test_whoever_cannot_see_it_finds_the_way(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, toml=ARM + OTHER + CLAIM + ORDERING)
    run = ended_run(desk, (0.49, 0.5, 0.51, 0.1, 0.11, 0.12), [RUNG], arms=("ours", "narrow"))
    for seed in range(3):
        file = steps_file(desk.settings.runs / run, "ours", seed)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('{"s": 1, "m": {"loss": 0.5}}\n{"s": 2, "m": {"loss": 0.25}}\n', "utf-8")
    text = text_of(desk, page_of(desk, [ID]), "html")
    page = html.fromstring(text)
    assert page.get("lang") == "en"
    levels = [int(item.tag[1]) for item in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    refs = [ref for value in page.xpath("//@aria-labelledby") for ref in value.split()]
    refs += [link[1:] for link in page.xpath("//@href") if link.startswith("#")]
    assert set(refs) <= set(ids)
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    for table in page.xpath("//table"):
        assert table.xpath("caption") and table.xpath(".//th[@scope='col']")  # noqa: PT018
        assert all(row.xpath("th[@scope='row']") for row in table.xpath("tbody/tr"))
    pictures = page.xpath("//*[local-name() = 'svg']")
    assert len(pictures) == 3  # two claims, and the curve of the loss
    assert {picture.get("role") for picture in pictures} == {"img"}
    value, ordering, curve = (_words(one.xpath("*[local-name() = 'desc']")[0]) for one in pictures)
    assert "Claimed: 0.5 ± 0.2*. ours: 0.49, 0.5, 0.51. Measured: 0.5 ± 0.01 (n=3)." in value
    assert "95 % interval of the mean: 0.4752 … 0.5248. Verdict: reproduced." in value
    assert "narrow: 0.1, 0.11, 0.12." in ordering
    assert "ours (n=3) from 0.5 at step 1 to 0.25 at step 2" in curve
    outside = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?!#)([^\"') >]+)", text)
    assert set(outside) == {f"https://arxiv.org/abs/{ID}"}
    assert not re.search(r"#010a..", text)  # every colour of a picture is one of the page's
    badges = page.xpath("//*[contains(@class, 'badge')]")
    assert all(len(_words(badge)) > 3 for badge in badges)  # a mark and a word, not colour alone


def test_what_is_no_whole_experiment_is_said_before_any_number(desk: Desk) -> None:
    recipe = '[[data_needs]]\nname = "toy"\nsource = "made"\nsubstitute = "made"\n'
    write_recipe(desk.settings.recipes, toml=recipe + ARM + OTHER + CLAIM + ORDERING)
    run = begun(desk)
    measure(run, 0)
    error = "Traceback\n  /home/ada/x.py\nValueError: 5"
    run.record("seed_failed", Task("ours", 1), {"error": error})
    page = _page(desk)
    cautions = " ".join(_words(item) for item in page.xpath("//*[contains(@class, 'caution')]"))
    assert "This run is under way. Seeds done: 1 of 3 (1 failed)." in cautions
    assert "Seeds failed" in cautions
    told = _words(page)
    assert "ours: 0.5. Verdict: not comparable." in told  # what one arm measured is no difference
    assert "Difference:" not in told
    rows = [_words(row) for row in page.xpath("//table[contains(@class, 'claims')]/tbody/tr")]
    assert ["– – –" in row for row in rows] == [False, True]
    assert "ours, seed 1 ValueError: 5" in told
    assert "/home/ada" not in told
    assert "narrow left out: it was not asked for" in told
    run.record("run_interrupted")
    run.close()
    stopped = _words(_page(desk, f"run:{run.id}"))
    assert "This run was stopped before its end" in stopped
    assert f"researchdesk runs resume {run.id}" in stopped
    assert "Wide is better : one seed of ours finished; a spread needs two at least" in stopped
    whole = ended_run(desk, (0.1, 0.5, 0.9), data={"toy": "substitute:smaller"})
    page = _page(desk)
    assert "Other data than the paper's. smaller in place of made" in _words(page)
    assert "ours (other data)" in _words(page)
    assert f"{run.id} interrupted 1 of 3 (1 failed) not judged" in _words(page)
    assert whole in _words(page)


def test_a_full_run_comes_before_a_newer_quick_one(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    full = ended_run(desk, (0.49, 0.5, 0.51))
    quick = ended_run(desk, (0.49, 0.5))
    config = desk.settings.runs / quick / "config.toml"
    config.write_text(config.read_text("utf-8").replace("quick = false", "quick = true"), "utf-8")
    page = page_of(desk, [ID])
    assert ([run.id for run in page.runs], [run.id for run in page.others]) == ([full], [quick])
    assert page.name == ID
    (told,) = page_of(desk, [quick]).runs
    assert [warning.title for warning in told.warnings] == ["A quick look, not the experiment"]
    assert told.commands[0] == f"researchdesk reproduce {ID}-tiny --quick --seeds 2 --trust"
    both = page_of(desk, [quick, f"run:{full}", quick])
    assert [run.id for run in both.runs] == [quick, full]
    assert re.fullmatch(rf"{quick}-and-1-more-[0-9a-f]{{8}}", both.name)
    assert both.sentence.startswith("2 runs; some test the same claims")
    assert both.counts == ()
    tree = html.fromstring(text_of(desk, both, "html"))
    assert len(tree.xpath("//section[@class='run']")) == 2
    assert len(tree.xpath("//@id")) == len(set(tree.xpath("//@id")))


def test_of_a_paper_with_several_recipes_each_run_is_made_again_by_its_own(desk: Desk) -> None:
    for name in ("alpha", "tiny"):
        write_recipe(desk.settings.recipes, name=name)
        ended_run(desk, recipe=f"{ID}-{name}")
    page = page_of(desk, [ID])
    typed = [shlex.split(run.commands[0])[2] for run in page.runs]
    assert [recipe_for(desk, ref).name for ref in typed] == [f"{ID}-alpha", f"{ID}-tiny"]
    assert sum(item.count for item in page.counts) == 2


def test_refs_that_name_nothing_to_tell(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    with pytest.raises(NotOnDeskError, match=r"no run of 2001\.00001 yet"):
        page_of(desk, [ID])
    run = ended_run(desk)
    assert page_of(desk, ["2001.00001-tiny"]).name == page_of(desk, ["arXiv:2001.00001v3"]).name
    with pytest.raises(UsageProblemError):
        page_of(desk, [ID, run])
    with pytest.raises(NotOnDeskError):
        page_of(desk, ["20200101-000000-nothing"])


def test_a_file_is_the_same_each_time_and_nobodys_own_is_written_over(
    desk: Desk, tmp_path: Path
) -> None:
    write_recipe(desk.settings.recipes)
    ended_run(desk)
    first = write_report(desk, [ID])
    assert first.path == desk.root / "reports" / f"{ID}.html"
    before = first.path.read_bytes()
    again = write_report(desk, [ID])
    assert (first.changed, again.changed) == (True, False)
    assert again.path.read_bytes() == before
    own = tmp_path / "mine.html"
    own.write_text("<p>mine", "utf-8")
    with pytest.raises(BadInputError, match="not written by researchdesk"):
        put(own, "new")
    assert own.read_text("utf-8") == "<p>mine"
    assert put(first.path, "<p>new").changed
    assert place_for(desk, "a", "markdown", tmp_path) == tmp_path / "a.md"
    assert place_for(desk, "a", "html", own) == own
    assert form_for(Path("x.md")) == "markdown"
    with pytest.raises(UsageProblemError):
        form_for(Path("x.md"), "json")


def test_a_template_of_the_users_takes_the_place_of_ours(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    ended_run(desk)
    own = desk.root / "templates" / "report"
    own.mkdir(parents=True)
    (own / "page.md.j2").write_text("{{ page.sentence }}", "utf-8")
    text = text_of(desk, page_of(desk, [ID]), "markdown")
    assert text == "The one claim is different from what is claimed.\n"


def test_numbers_beyond_reason_are_told_and_not_drawn(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    ended_run(desk, (float("nan"), 1e300, float("-inf")))
    page = page_of(desk, [ID])
    assert page.runs[0].claims[0].picture is None
    assert "not comparable" in text_of(desk, page, "html")
    ended_run(desk, (1e99, -1e99, 0.5))
    assert "1e+99" in text_of(desk, page_of(desk, [ID]), "html")
