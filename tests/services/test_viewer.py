"""What is opened beside the terminal, and what is said where nothing can be."""

import sys
import time

import pytest

from researchdesk.errors import DeskError
from researchdesk.services import viewer
from researchdesk.services.viewer import open_outside

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is of Linux")


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """A script takes its time to begin on a busy machine."""
    monkeypatch.setattr(viewer, "_SOON_S", 60.0)


@pytest.fixture
def tools(tmp_path, monkeypatch):
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def make(name, script):
        tool = folder / name
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)

    return make


def test_without_a_display_the_path_is_told(tmp_path):
    with pytest.raises(DeskError) as caught:
        open_outside(tmp_path / "x.png", environ={"SSH_CONNECTION": "a b c d"})
    assert "over SSH" in caught.value.message
    assert str(tmp_path / "x.png") in caught.value.hint


def test_a_picture_goes_to_xdg_open(tmp_path, tools):
    tools("xdg-open", f"echo $1 > {tmp_path}/opened")
    open_outside(tmp_path / "x.png", environ={"DISPLAY": ":0"})
    assert (tmp_path / "opened").read_text().strip() == str(tmp_path / "x.png")


def test_a_pdf_opens_at_its_page_where_the_viewer_takes_one(tmp_path, tools):
    tools("xdg-mime", "echo org.gnome.Evince.desktop")
    tools("evince", f"echo $1 $2 > {tmp_path}/opened")
    open_outside(tmp_path / "x.pdf", 7, {"WAYLAND_DISPLAY": "wayland-0"})
    assert (tmp_path / "opened").read_text().split() == ["--page-index=7", str(tmp_path / "x.pdf")]


def test_a_viewer_that_fails_is_told_and_one_that_stays_is_not_waited_for(
    tmp_path, tools, monkeypatch
):
    tools("xdg-open", "exit 3")
    with pytest.raises(DeskError, match="ended with 3"):
        open_outside(tmp_path / "x.png", environ={"DISPLAY": ":0"})
    monkeypatch.setattr(viewer, "_SOON_S", 0.5)
    tools("xdg-open", "sleep 30")
    start = time.monotonic()
    open_outside(tmp_path / "x.png", environ={"DISPLAY": ":0"})
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("name", ["x.desktop", "x.sh", "x", "x.pdf.app"])
def test_what_may_be_started_is_not_opened(tmp_path, tools, name):
    tools("xdg-open", f"touch {tmp_path}/opened")
    with pytest.raises(DeskError, match="nothing was opened"):
        open_outside(tmp_path / name, environ={"DISPLAY": ":0"})
    assert not (tmp_path / "opened").exists()
