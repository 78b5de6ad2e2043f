"""The report in a real browser, where there is one: nothing is loaded, nothing overflows."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pymupdf
import pytest
from lxml import html
from support.funny_runs import RUNG, ended_run
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.papers import Metadata
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata
from researchdesk.services.report_index import write_index

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="no Chromium is installed here"),
]
ID = "2001.00001"
LIGHT, DARK = "rgb(250, 248, 243)", "rgb(18, 22, 27)"
LOOK = """
<script>
addEventListener("load", () => {
  const root = document.documentElement, wide = [...document.querySelectorAll("body *")]
    .filter(one => !one.closest(".scroll, pre, .unseen, svg, .skip, .stack thead"))
    .filter(one => one.getBoundingClientRect().right > root.clientWidth + 1)
    .map(one => one.tagName + "." + one.className);
  parent.postMessage(JSON.stringify({
    width: innerWidth, overflow: root.scrollWidth - root.clientWidth, wide,
    ground: getComputedStyle(document.body).backgroundColor,
    drawn: [...document.querySelectorAll("svg")].map(one => one.getBoundingClientRect().width),
    inks: [...document.querySelectorAll("svg text")].map(one => getComputedStyle(one).fill),
    loaded: performance.getEntriesByType("resource").map(one => one.name),
  }), "*");
});
</script>
"""

FRAME = """<!DOCTYPE html><meta name="color-scheme" content="light dark"><title></title>
<script>addEventListener("message", told => {{ document.title = told.data; }});</script>
<iframe src="copy.html" style="width: {width}px; height: 900px; border: 0"></iframe>"""
"""A window is 500 wide at least; a frame in it may be less."""


def _chromium(tmp_path: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
               "--disable-dev-shm-usage",
               "--disable-background-networking", "--no-first-run",
               f"--user-data-dir={tmp_path / 'browser'}", *args]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def _look(tmp_path: Path, page: Path, width: int, *, dark: bool = False, zoom: int = 100) -> dict:
    """What a copy of the page measures of itself once it is drawn."""
    text = re.sub(r"<meta http-equiv.*?>", "", page.read_text("utf-8"))
    text = text.replace('<html lang="en">', f'<html lang="en" style="font-size: {zoom}%">')
    copy = tmp_path / "copy.html"
    copy.write_text(text.replace("</body>", f"{LOOK}</body>"), "utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.format(width=width), "utf-8")
    size, soon = "--window-size=1300,1000", "--virtual-time-budget=5000"
    for _ in range(2):  # on a busy machine its time may be over before the page is drawn
        done = _chromium(tmp_path, scheme, size, soon, "--dump-dom", frame.as_uri())
        assert done.returncode == 0, done.stderr[-2000:]
        if said := html.fromstring(done.stdout).findtext(".//title"):
            break
    assert said, done.stderr[-2000:]
    found: dict = json.loads(said)
    return found


@pytest.fixture(scope="module", autouse=True)
def _starts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A browser that is there and cannot start, as in a container without what it needs."""
    done = _chromium(tmp_path_factory.mktemp("empty"), "--dump-dom", "about:blank")
    if done.returncode != 0:
        pytest.skip(f"{BROWSER} does not start here")


@pytest.fixture
def pages(desk: Desk, tmp_path: Path) -> list[Path]:
    """The index and a report with a long word in each text."""
    long = "unbreakable_" * 20
    claim = CLAIM.replace("The score is 0.5", f"The {long} is 0.5").replace("table 1", long)
    write_recipe(desk.settings.recipes, toml=ARM + claim + f'quote = "{long}"\nunit = "{long}"\n')
    file_metadata(desk, Metadata(f"A tiny {long}", (long,), arxiv_id=ID))
    ended_run(desk, (0.49, 0.5, 0.51), [{**RUNG, "message": long}])
    return [item.path for item in write_index(desk, tmp_path / "out")]


def test_both_pages_show_as_they_should(pages: list[Path], tmp_path: Path) -> None:
    for page in pages:
        for width, dark, zoom in ((360, False, 100), (1200, True, 100), (1200, False, 200)):
            seen = _look(tmp_path, page, width, dark=dark, zoom=zoom)
            assert seen["width"] == width
            assert (seen["overflow"], seen["wide"]) == (0, []), (page.name, width, zoom)
            assert seen["ground"] == (DARK if dark else LIGHT)
            assert all(200 < drawn < width for drawn in seen["drawn"])
            assert set(seen["inks"]) <= {"rgb(236, 236, 236)" if dark else "rgb(26, 26, 26)"}
            assert seen["loaded"] == []
        done = _chromium(tmp_path, "--enable-logging=stderr", "--dump-dom", page.as_uri())
        assert "<h1>" in done.stdout
        assert "CONSOLE" not in done.stderr


def test_paper_has_what_is_folded_and_where_links_lead(pages: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "page.pdf"
    scheme = "--blink-settings=preferredColorScheme=0"
    _chromium(
        tmp_path, scheme, "--no-pdf-header-footer", f"--print-to-pdf={out}", pages[1].as_uri()
    )
    with pymupdf.open(out) as printed:
        told = " ".join(" ".join(page.get_text() for page in printed).split())
        ground = printed[0].get_pixmap(dpi=20).pixel(2, 2)
    assert "TOST: |difference|" in told
    assert f"(https://arxiv.org/abs/{ID}v1)" in told
    assert min(ground) > 240  # no dark page, whatever the screen's scheme
