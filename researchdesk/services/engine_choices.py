"""Which engines a person may choose from."""

from researchdesk.domain.engines import EngineKind
from researchdesk.services.desk import Desk


def engine_choices(desk: Desk) -> tuple[str, ...]:
    """The engines to choose from, that of the settings first; none where the settings name no
    other than the processes of this machine."""
    settings = desk.settings
    if not settings.engines and settings.engine == EngineKind.LOCAL:
        return ()
    names = (settings.engine, str(EngineKind.LOCAL), *settings.engines)
    return tuple(dict.fromkeys(names))
