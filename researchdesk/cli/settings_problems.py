"""What is wrong with the user's settings, keys and theme, for those who look at all at once."""

import importlib

from researchdesk.assets import folder
from researchdesk.cli.context import Session
from researchdesk.config import Settings
from researchdesk.domain.health import Check
from researchdesk.services import surroundings


def problems_of_settings(session: Session) -> list[Check]:
    """All that is wrong; the modules of the app are loaded for it only where something is set."""
    if session.problem is not None:
        return surroundings.settings_problems(session.problem, [], [])
    settings = session.settings
    return surroundings.settings_problems(None, _of_keys(settings), _of_theme(settings))


def _of_keys(settings: Settings) -> list[str]:
    if not settings.keys:
        return []
    own = importlib.import_module("researchdesk.tui.own_keys")
    return [one.words for one in own.check(settings.keys).problems]


def _of_theme(settings: Settings) -> list[str]:
    if settings.theme == Settings.__dataclass_fields__["theme"].default:
        return []
    themes = importlib.import_module("researchdesk.tui.themes")
    found, _ = themes.load_themes([folder("themes"), settings.desk / "themes"])
    if any(one.name == settings.theme for one in found):
        return []
    return [f"There is no theme {settings.theme!r} that can be used; the usual one is shown."]
