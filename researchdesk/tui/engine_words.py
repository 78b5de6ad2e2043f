"""Whether an engine can be asked now, and where not, the key that leads to another one."""

from researchdesk.errors import DeskError, EngineError
from researchdesk.services.carrying_out import engine_of
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed

_OFFLINE = (
    "The app was started with --offline (or RESEARCHDESK_OFFLINE). The engine local needs no "
    "network: {bench.choose} on the bench lets you choose it."
)


def in_app(desk: Desk, error: DeskError) -> DeskError:
    """The error, with keys in place of options where the desk is offline and the engine far."""
    if isinstance(error, EngineError) and desk.settings.offline and "--offline" in error.hint:
        return EngineError(error.message, keyed(_OFFLINE))
    return error


def require_engine(desk: Desk, name: str) -> None:
    """Raises DeskError where the engine of this name, else the usual one, cannot be asked."""
    try:
        engine_of(desk, name)
    except EngineError as error:
        raise in_app(desk, error) from error
