"""A desk in a folder that a program copies between machines is warned about, once a desk."""

from researchdesk import files
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.synced_folders import keeper_of

_NAME = "warned-of-synced-desks"


def synced_warning(desk: Desk) -> str:
    """What is to be said the first time that this desk is opened; ``""`` after that."""
    keeper = keeper_of(desk.root)
    if not keeper:
        return ""
    place = desk.settings.state / _NAME
    line = f"{desk.root.absolute()}: {keeper}"
    try:
        told = files.read_text(place).splitlines()
        if line in told:
            return ""
        files.write_text(place, "\n".join([*told, line, ""]))
    except DeskError:
        pass
    return (
        f"{desk.root} is a folder of {keeper}. Two machines that write the desk there tear it: "
        "move it out, and let only copies of it be synced (researchdesk backup --to DIR)."
    )
