"""Pictures of runs for a paper: what is in the file, and what is refused."""

from pathlib import Path

import pytest
from lxml import etree
from pylatexenc.latexwalker import LatexWalker
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import run_figures
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce

EXPERIMENT = """
def measure(run):
    for step in range(1, 6):
        run.log(step, score=0.5 - step / 5 + run.seed / 100, loss=1 / step)
    return {"score": 0.5 + 0.01 * run.seed, "loss": 0.2}
"""


@pytest.mark.slow
def test_curves_and_claims_are_written_with_their_runs_and_never_over_another_file(
    desk: Desk, tmp_path: Path
) -> None:
    write_recipe(desk.settings.recipes, EXPERIMENT, toml=ARM + CLAIM)
    ran = reproduce(desk, "2001.00001", ReproduceOptions(trust=True, jobs=1, quick=True)).run.id
    curves = run_figures.curves(desk, [ran])
    assert curves.caption.startswith("score over the steps: mean over n seeds; band: low")
    assert "Of a shortened run." in curves.caption
    (claims,) = run_figures.intervals(desk, [ran])
    assert claims.caption.startswith("The score is 0.5.")
    for picture in (curves, claims):
        _files(picture, ran, tmp_path)
    _snippet(curves, ran)
    _refused(desk, ran)


def _files(picture: run_figures.RunFigure, ran: str, folder: Path) -> None:
    for form in ("svg", "pdf", "png"):
        path = folder / f"{picture.kind}.{form}"
        assert run_figures.write(picture, path)
        assert ran.encode() in path.read_bytes()
        assert not run_figures.write(picture, path)
    svg = folder / f"{picture.kind}.svg"
    descriptions = [node.text for node in etree.parse(svg).iter("{*}desc")]
    assert picture.caption.split(";")[0] in descriptions[0]
    svg.write_bytes(svg.read_bytes().replace(b"</svg>", b"<g/></svg>"))
    with pytest.raises(BadInputError, match="Nothing was written"):
        run_figures.write(picture, svg)
    assert b"<g/></svg>" in svg.read_bytes()
    assert run_figures.write(picture, svg, force=True)
    foreign = folder / f"{picture.kind}-mine.pdf"
    foreign.write_bytes(b"%PDF-1.4 mine")
    with pytest.raises(BadInputError):
        run_figures.write(picture, foreign)
    with pytest.raises(UsageProblemError):
        run_figures.write(picture, folder / "x.gif")


def _snippet(picture: run_figures.RunFigure, ran: str) -> None:
    tex = run_figures.snippet(picture, Path("figures/score_1.pdf"))
    LatexWalker(tex, tolerant_parsing=False).get_latex_nodes()
    assert r"\includegraphics{figures/score_1.pdf}" in tex
    assert f"% From run {ran}" in tex
    assert r"\begin{figure}" in tex
    for name in ("a.svg", "50%.pdf", "two words.pdf"):
        with pytest.raises(UsageProblemError):
            run_figures.snippet(picture, Path(name))


def _refused(desk: Desk, ran: str) -> None:
    with pytest.raises(UsageProblemError, match="no logarithm"):
        run_figures.curves(desk, [ran], "score", log=True)
    assert run_figures.curves(desk, [ran], "loss", log=True, width="page").width == "page"
    with pytest.raises(NotOnDeskError, match="nothing to draw"):
        run_figures.intervals(desk, [ran], ["loss"])
    with pytest.raises(UsageProblemError, match="no claim 'socre'") as error:
        run_figures.intervals(desk, [ran], claims=["socre"])
    assert "score" in (error.value.hint or "")


@pytest.mark.slow
def test_claims_that_one_page_does_not_hold_go_onto_several(desk: Desk, tmp_path: Path) -> None:
    claims = "".join(CLAIM.replace('id = "score"', f'id = "score-{at}"') for at in range(20))
    write_recipe(desk.settings.recipes, EXPERIMENT, toml=ARM + claims)
    ran = reproduce(desk, "2001.00001", ReproduceOptions(trust=True, jobs=1)).run.id
    pages = run_figures.intervals(desk, [ran], width="page")
    assert [page.title[-8:] for page in pages] == ["(1 of 2)", "(2 of 2)"]
    heights = [25.4 * page.figure.get_figheight() for page in pages]
    assert all(high <= 220 for high in heights)
    assert 14 * 20 <= sum(heights) <= 18 * 20
    places = run_figures.places(Path("a/claims.svg"), pages)
    assert places == [Path("a/claims-1.svg"), Path("a/claims-2.svg")]
    (tmp_path / "c-2.svg").write_text("mine")
    with pytest.raises(BadInputError, match="Nothing was written"):
        run_figures.write_all(pages, tmp_path / "c.svg")
    assert [path.name for path in tmp_path.glob("c*")] == ["c-2.svg"]
    (one,) = run_figures.intervals(desk, [ran], claims=["score-3"])
    assert run_figures.places(Path("claims.svg"), [one]) == [Path("claims.svg")]
