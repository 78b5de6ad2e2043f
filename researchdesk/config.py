"""Settings: defaults, then the TOML file, then environment variables, then the command line."""

import functools
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from researchdesk.errors import BadInputError

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

ENVIRONMENT = {
    "desk": "RESEARCHDESK_DESK",
    "offline": "RESEARCHDESK_OFFLINE",
    "workflow": "RESEARCHDESK_WORKFLOW",
    "theme": "RESEARCHDESK_THEME",
    "ascii": "RESEARCHDESK_ASCII",
    "arxiv_url": "RESEARCHDESK_ARXIV_URL",
    "arxiv_interval": "RESEARCHDESK_ARXIV_INTERVAL",
    "oai_url": "RESEARCHDESK_OAI_URL",
    "rss_url": "RESEARCHDESK_RSS_URL",
    "s2_url": "RESEARCHDESK_S2_URL",
    "s2_key": "RESEARCHDESK_S2_KEY",
    "semantic_scholar": "RESEARCHDESK_SEMANTIC_SCHOLAR",
    "bibtex_keys": "RESEARCHDESK_BIBTEX_KEYS",
    "vault": "RESEARCHDESK_VAULT",
    "vault_keys": "RESEARCHDESK_VAULT_KEYS",
    "engine": "RESEARCHDESK_ENGINE",
    "state": "RESEARCHDESK_STATE",
}

VAULTS = ("", "plain", "obsidian", "logseq")
"""The kinds of vault; empty where the folder tells."""
VAULT_KEYS = (
    "id", "kind", "key", "version", "title", "aliases", "authors", "categories", "status",
    "verdict", "published", "updated", "added", "read", "doi", "tags", "year", "venue", "url",
    "stars", "priority",
)  # fmt: skip
"""What a page of a vault can say of its paper in its properties."""
_VAULT_COMMA = r",(?=(?:[^']*'[^']*')*[^']*$)"
_VAULT_KEY = r"(?:(?P<key>[a-z]+)|'(?P<text>[^'\n]*)')(?:\s*=\s*(?P<name>[A-Za-z_][\w-]*))?"


@functools.cache
def _dirs() -> "PlatformDirs":
    from platformdirs import PlatformDirs  # noqa: PLC0415 - slow to import

    return PlatformDirs("researchdesk", appauthor=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user may set. Paths are absolute; ``arxiv_interval`` is in seconds.

    Semantic Scholar is asked only where ``semantic_scholar`` is on; ``s2_key`` is the user's own
    key for it, or empty. ``bibtex_keys`` is the pattern of the keys that papers get in BibTeX.
    ``vault`` is the kind of vault that notes are exported to, empty where the folder tells;
    ``vault_keys`` are the properties of its pages, as ``parse_vault_keys`` reads them. ``engine``
    is the name of the one that runs trials where none is named, ``engines`` the tables that say of
    each what it is. ``ascii`` is whether all that is shown is ASCII, None where the terminal
    decides; ``keys`` are the user's own keys by the ids of commands, as they stand in the file.
    """

    desk: Path = field(default_factory=lambda: Path(_dirs().user_data_dir))
    offline: bool = False
    workflow: str = "three-pass"
    theme: str = "desk-dark"
    ascii: bool | None = None
    keys: Mapping[str, Any] = field(default_factory=dict)
    arxiv_url: str = "https://export.arxiv.org"
    arxiv_interval: float = 3.0
    oai_url: str = "https://oaipmh.arxiv.org/oai"
    rss_url: str = "https://rss.arxiv.org"
    s2_url: str = "https://api.semanticscholar.org"
    s2_key: str = field(default="", repr=False)
    semantic_scholar: bool = False
    bibtex_keys: str = "{key}"
    vault: str = ""
    vault_keys: str = ""
    engine: str = "local"
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    state: Path = field(default_factory=lambda: Path(_dirs().user_state_dir))

    @property
    def papers(self) -> Path:
        return self.desk / "papers"

    @property
    def runs(self) -> Path:
        return self.desk / "runs"

    @property
    def sweeps(self) -> Path:
        return self.desk / "sweeps"

    @property
    def recipes(self) -> Path:
        return self.desk / "recipes"

    @property
    def cache(self) -> Path:
        return self.desk / "cache"


_DEFAULTS = Settings(desk=Path(), state=Path())
"""Without a look for the user's folders, which is slow."""


def config_path() -> Path:
    """The user's settings file; it need not exist."""
    override = os.environ.get("RESEARCHDESK_CONFIG")
    return Path(override) if override else Path(_dirs().user_config_dir) / "config.toml"


def parse_vault_keys(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """``title, status=state, 'paper'=type`` as the name of each key in the vault, and the value of
    each name that always says the same. Raises ValueError."""
    keys: dict[str, str] = {}
    constants: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in re.split(_VAULT_COMMA, text))):
        match = re.fullmatch(_VAULT_KEY, part)
        key, name = (match["key"], match["name"] or match["key"]) if match else (None, None)
        if match is None or name is None:
            raise ValueError(f"{part!r} is none of: KEY, KEY=NAME, 'TEXT'=NAME")
        if key is not None and key not in VAULT_KEYS:
            raise ValueError(f"there is no {key!r}; there are {', '.join(VAULT_KEYS)}")
        if name in {*keys.values(), *constants} or key in keys:
            raise ValueError(f"{part!r}: that key is there twice")
        if key is None:
            constants[name] = match["text"]
        else:
            keys[key] = name
    return keys, constants


def load_settings(
    environ: Mapping[str, str] | None = None, file: Path | None = None, **overrides: Any
) -> Settings:
    """Settings from file, environment and ``overrides`` (``None`` means not given).

    Raises BadInputError where the file is not TOML, has an unknown key, or a value of another kind.
    """
    environ = os.environ if environ is None else environ
    path = config_path() if file is None else file
    values: dict[str, Any] = {}
    for key, value in _read(path).items():
        values[key] = _convert(key, value, f"{path}: {key}")
    for key, name in ENVIRONMENT.items():
        if environ.get(name):
            values[key] = _convert(key, environ[name], name)
    for key, value in overrides.items():
        if value is not None:
            values[key] = _convert(key, value, key)
    return Settings(**values)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    if not text:
        return {}
    import tomllib  # noqa: PLC0415 - slow to import, and most have no such file

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, error) from error
    known = {item.name for item in fields(Settings)}
    for key in table:
        if key not in known:
            raise BadInputError(
                f"The settings file {path} has an unknown key: {key}",
                f"Known keys: {', '.join(sorted(known))}.",
            )
    return table


def _unreadable(path: Path, error: Exception) -> BadInputError:
    return BadInputError(
        f"The settings file {path} cannot be read: {error}", "Mend it, or move it away."
    )


def _convert(key: str, value: Any, where: str) -> Any:
    default = getattr(_DEFAULTS, key)
    try:
        if isinstance(default, bool) or key == "ascii":
            return value if isinstance(value, bool) else _boolean(str(value))
        if isinstance(default, Path):
            return _path(value)
        if isinstance(default, float):
            return _seconds(value)
        if key == "keys":
            return _keys(value)
        if isinstance(default, dict):
            return _tables(value)
        if not isinstance(value, str):
            raise ValueError(_no_text(key, value))
        if key == "vault" and value not in VAULTS:
            raise ValueError(f"{value!r} is none of: {', '.join(filter(None, VAULTS))}")
        if key == "vault_keys":
            parse_vault_keys(value)
    except ValueError as error:
        raise BadInputError(f"{where}: {error}", "Mend the value, or leave it out.") from error
    return value.rstrip("/") if key.endswith("_url") else value


def _path(value: Any) -> Path:
    if not isinstance(value, str | Path) or "\0" in str(value):
        raise ValueError(f"{value!r} is no path")
    # pathlib's own fails where there is nobody of that name
    return Path(os.path.expanduser(value)).absolute()  # noqa: PTH111


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{value!r} is no number")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not 0 <= found < math.inf:
        raise ValueError(f"{value!r} is no number from 0 on")
    return found


def _no_text(key: str, value: Any) -> str:
    if key == "engine" and isinstance(value, dict):
        meant = [name for name, one in value.items() if isinstance(one, dict)] or ["NAME"]
        return (
            f"it is the name of an engine, and [engine.{meant[0]}] is a table; "
            f"did you mean [engines.{meant[0]}]?"
        )
    return f"{value!r} is not text"


def _tables(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise ValueError("it is made of tables, one for each engine: [engines.NAME]")
    return value


def _keys(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("it is a table of commands and their keys, below [keys]")
    return value


def _boolean(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"{text!r} is neither true nor false")
