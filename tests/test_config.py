from pathlib import Path

import pytest

from researchdesk.config import load_settings, parse_vault_keys
from researchdesk.errors import BadInputError


def test_the_later_source_wins(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    engines = "[engines.ray]\ncpus = 2\n"
    file.write_text(f'workflow = "keshav"\ntheme = "desk-light"\narxiv_interval = 5\n{engines}')
    environ = {"RESEARCHDESK_THEME": "desk-contrast", "RESEARCHDESK_OFFLINE": "yes"}
    settings = load_settings(environ, file, desk=tmp_path / "d", offline=None)
    assert settings.workflow == "keshav"
    assert settings.theme == "desk-contrast"
    assert settings.arxiv_interval == 5.0
    assert settings.offline is True
    assert settings.engines == {"ray": {"cpus": 2}}
    assert settings.desk == tmp_path / "d"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("workflow = ", "cannot be read"),
        ("wrokflow = 'x'", "unknown key: wrokflow"),
        ("offline = 'maybe'", "offline"),
        ("arxiv_interval = 'soon'", "arxiv_interval"),
        ("theme = 3", "theme"),
        ("vault = 'roam'", "vault: 'roam' is none of: plain, obsidian, logseq"),
        ("vault_keys = 'titel'", "there is no 'titel'; there are id, kind"),
        ("vault_keys = 'title=a b'", "'title=a b' is none of: KEY"),
        ("vault_keys = \"'text'\"", "is none of: KEY"),
        ("vault_keys = 'title, doi=title'", "that key is there twice"),
        ("[engine.c]\nkind = 'ray'", r"\[engine.c\] is a table; did you mean \[engines.c\]"),
        ("engines = 'ray'", "engines: it is made of tables"),
    ],
)
def test_a_bad_file_is_named_with_its_key(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(BadInputError, match=words):
        load_settings({}, file)


def test_keys_of_a_vault_are_named_renamed_and_made_up() -> None:
    keys, constants = parse_vault_keys("title, status = state,'a, b'=type,, id=desk_id")
    assert keys == {"title": "title", "status": "state", "id": "desk_id"}
    assert constants == {"type": "a, b"}


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path / "none.toml")
    assert settings.arxiv_url == "https://export.arxiv.org"
    assert settings.arxiv_interval == 3.0
    assert settings.desk.is_absolute()
