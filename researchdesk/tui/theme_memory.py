"""The theme that was chosen in the app, for its next start."""

from researchdesk import files
from researchdesk.config import Settings
from researchdesk.errors import DeskError

_NAME = "theme"


def kept_theme(settings: Settings) -> str:
    """The theme to start with: the one chosen last, unless the settings name another since."""
    try:
        chosen, over = files.read_text(settings.state / _NAME).splitlines()[:2]
    except (ValueError, DeskError):
        return settings.theme
    return chosen if over == settings.theme else settings.theme


def keep_theme(settings: Settings, name: str) -> None:
    """Remember what was chosen. Raises BadInputError where it cannot be written."""
    files.write_text(settings.state / _NAME, f"{name}\n{settings.theme}\n")
