"""Themes from files: the shipped ones are sound, broken ones are told and left out."""

import pytest
from textual.color import Color

from researchdesk.assets import folder
from researchdesk.tui.themes import load_themes

SHIPPED = ("desk-contrast", "desk-contrast-light", "desk-dark", "desk-light")


def test_the_themes_that_ship_and_all_are_sound():
    themes, problems = load_themes([folder("themes")])
    assert problems == []
    assert {theme.name for theme in themes} >= set(SHIPPED)
    assert {theme.dark for theme in themes} == {True, False}


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("key", ["foreground", "primary", "accent", "error", "success", "warning"])
def test_words_can_be_read_on_every_ground(name, key):
    theme = next(item for item in load_themes([folder("themes")])[0] if item.name == name)
    wanted = 7.0 if "contrast" in name or key == "foreground" else 4.5
    for ground in ("background", "surface", "panel"):
        ratio = contrast(Color.parse(getattr(theme, key)), Color.parse(getattr(theme, ground)))
        assert ratio >= wanted, (key, ground, ratio)
    muted = Color.parse(theme.variables["text-muted"])
    assert contrast(muted, Color.parse(theme.background)) >= 4.5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('primary = "#12"', "primary: '#12' is no colour"),
        ('primry = "#123456"', "primry: unknown key"),
        ("dark = true", "primary: missing"),
        ('primary = "red"\ndark = "yes"', "dark: 'yes'"),
        ('primary = "red"\ntext_alpha = 3', "text_alpha: 3"),
        ('primary = "red"\n[variables]\nno-such = "red"', "variables.no-such: no such variable"),
        ('primary = "red"\n[variables]\nborder = "rde"', "variables.border: 'rde' is no colour"),
        ('primary = "red"\n[variables]\nlink-style = "fat"', "variables.link-style: 'fat'"),
        ('primary = "red"\nvariables = 3', "variables: a table"),
        ("primary = ", "Invalid value"),
    ],
)
def test_a_broken_file_is_told_by_file_and_key(tmp_path, text, told):
    (tmp_path / "mine.toml").write_text(text)
    (tmp_path / "sound.toml").write_text('primary = "#123456"')
    themes, problems = load_themes([tmp_path, tmp_path / "not-there"])
    assert [theme.name for theme in themes] == ["sound"]
    (problem,) = problems
    assert problem.startswith("mine.toml: ")
    assert told in problem


def test_a_file_that_is_not_text_is_told(tmp_path):
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    assert len(load_themes([tmp_path])[1]) == 1


async def test_broken_themes_give_one_notice_and_the_rest_load(make_app, desk, until):
    own = desk.root / "themes"
    own.mkdir()
    (own / "a.toml").write_text('primary = "#12"')
    (own / "b.toml").write_text("nonsense")
    (own / "mine.toml").write_text('primary = "#aabbcc"')
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app._notifications)
        (notice,) = app._notifications
        assert "a.toml" in notice.message
        assert "b.toml" in notice.message
        assert {"mine", *SHIPPED} <= set(app.available_themes)
        assert app.theme == "desk-dark"


def contrast(one: Color, other: Color) -> float:
    """WCAG 2 contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Color) -> float:
    parts = [
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in colour.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
