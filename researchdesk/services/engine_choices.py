"""Which engines a person may choose from, and what can be said of one."""

from researchdesk.domain.engines import EngineKind
from researchdesk.harness.engines.keys import Key, keys_of
from researchdesk.services.desk import Desk


def engine_choices(desk: Desk) -> tuple[str, ...]:
    """The engines to choose from, that of the settings first; none where the settings name no
    other than the processes of this machine."""
    settings = desk.settings
    if not settings.engines and settings.engine == EngineKind.LOCAL:
        return ()
    names = (settings.engine, str(EngineKind.LOCAL), *settings.engines)
    return tuple(dict.fromkeys(names))


def engine_keys(kind: str) -> tuple[Key, ...]:
    """What a table of the settings may say of an engine of this kind (local, ray, slurm)."""
    return keys_of(EngineKind(kind))
