"""Reports: what stands on the page, that nothing from outside acts in it, and where it is kept."""


from lxml import html
from support.funny_runs import RUNG, ended_run
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.papers import Metadata
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata
from researchdesk.services.report_pages import page_of
from researchdesk.services.report_writing import text_of
from researchdesk.services.surprises import add_surprise

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
                  "loss 2.30; after 200 steps", "It is quick", "researchdesk reproduce 2001.00001",
                  "one-sided Welch t", "after Holm", "The recipe names no data"):  # fmt: skip
        assert words in told
    assert "Checks failed" in _words(page.xpath("//*[contains(@class, 'caution')]")[0])
