"""How pictures are shown, in terminals of every kind."""

import pytest
from PIL import Image

from researchdesk.tui import pictures
from researchdesk.tui.halfblocks import fitted, strips
from researchdesk.tui.pictures import Manner


def test_a_picture_fits_into_its_room():
    assert fitted((200, 100), 80, 24) == (80, 20)
    assert fitted((100, 400), 80, 24) == (12, 24)
    assert fitted((10, 10), 80, 24) == (10, 5)
    assert fitted((0, 0), 80, 24) == (1, 1)


def test_two_pixels_stand_in_a_cell(tmp_path):
    picture = Image.new("RGB", (4, 4), (255, 0, 0))
    for x in range(4):
        picture.putpixel((x, 1), (0, 0, 255))
    picture.save(tmp_path / "x.png")
    made = strips(tmp_path / "x.png", 4, 2)
    assert [strip.text for strip in made] == ["▀▀▀▀", "▀▀▀▀"]
    (segment,) = list(made[0])
    assert segment.style.color.triplet == (255, 0, 0)
    assert segment.style.bgcolor.triplet == (0, 0, 255)


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "foot"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0"}, False),
        ({"TERM": "xterm-kitty", "SSH_CONNECTION": "a 1 b 2"}, False),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, False),
        ({}, False),
    ],
)
def test_only_terminals_that_answer_are_asked(environ, asked):
    assert pictures._may_ask(environ, lambda: True) is asked
    assert not pictures._may_ask(environ, lambda: False)


def test_without_a_terminal_half_blocks_do():
    assert pictures.prepare({"TERM": "xterm-kitty"}) is Manner.BLOCKS
    assert pictures.image_widget() is None
